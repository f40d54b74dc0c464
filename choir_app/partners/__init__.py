"""Those who make it possible: organisations, the people there, what was said and what comes next (partner, kontakter).

Used by project managers.
"""
