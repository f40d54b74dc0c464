"""The tables of the news room."""
