"""Who may do what in the news room."""
