"""The tables of the funding room."""
