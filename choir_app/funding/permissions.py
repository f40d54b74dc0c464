"""Who may do what in the funding room."""
