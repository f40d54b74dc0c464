"""How far a choir's calendar reaches."""

DAYS_BACK = 60
DAYS_AHEAD_IN_CALENDAR = 400
"""What a calendar holds, seen from today."""
