"""What we tell: posts with bylines, pictures and revisions, and feeds (inlägg, nyheter).

Written by editors, read by everybody.
"""
