"""The tables of the rehearsals room."""
