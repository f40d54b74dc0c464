"""Who may do what in the partners room."""
