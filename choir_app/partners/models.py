"""The tables of the partners room."""
