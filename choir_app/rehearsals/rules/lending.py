"""How long a roll is lent, and to how many."""

from datetime import time

MOST_LOANS = 10
"""Loans of one roll that hold at the same time."""
DAYS_AHEAD = 7
"""So many days before its rehearsal a roll may be lent; the loan itself opens on the day."""
ENDS_AT = time(4)
"""On the clock in Sweden, the morning after."""
LONGEST_TAKER = 80
"""Signs of what the holder of a link is called."""
DAYS_WITH_NAME = 730
"""After these the name of a link's holder is taken away; what they marked stays."""
