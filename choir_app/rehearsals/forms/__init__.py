"""What is asked in the rehearsals room."""
