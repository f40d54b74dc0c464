"""The front of the house: a start page for each role and the public pages of the choirs.

Reads from every room below and is known by none.
"""
