"""Who may do what in the rehearsals room."""
