"""The code on the wall: six signs that change every minute, easy to read aloud and to type."""

import hmac
from datetime import datetime
from hashlib import sha256

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What a code is made of: no 0, 1, I, L, O or U, which are read as something else."""
CODE_LENGTH = 6
"""Thirty to the sixth is 729 million: nobody guesses one of two good codes within their minutes."""
MINUTES_TO_ANSWER = 10
"""So long one may take from opening the code's page to pressing its button."""
MOST_ARRIVALS = 30
"""So many may wait for the leader at one rehearsal."""


def minute_of(moment: datetime) -> int:
    """The minutes since 1970 until a moment."""
    return int(moment.timestamp()) // 60


def code_of_minute(seed: bytes, minute: int) -> str:
    """The code of one minute; who knows one cannot tell the next."""
    number = int.from_bytes(hmac.new(seed, minute.to_bytes(8), sha256).digest()[:16])
    signs: list[str] = []
    for _place in range(CODE_LENGTH):
        number, rest = divmod(number, len(SIGNS))
        signs.append(SIGNS[rest])
    return "".join(signs)


def code_as_meant(typed: str) -> str:
    """What somebody meant who typed a code: small letters and spaces do not matter."""
    return "".join(sign for sign in typed.upper() if sign in SIGNS)[: CODE_LENGTH + 1]
