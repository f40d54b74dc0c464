"""Passwords: hashed by Argon2id, checked in the same time whether or not there is anything to check.

`common_passwords.txt` holds fingerprints (ten hexadecimal digits of SHA-256) of some eleven hundred passwords of ten
signs or more that leaked lists are full of, so that the words themselves, many of them ugly, need not lie here.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
"""What OWASP's sheet on password storage gives as the least for Argon2id: two turns over 19 MiB."""


def hashed(password: str) -> str:
    """The password as it is kept."""
    return HASHER.hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Whether the password is the kept one. Without a kept one the same work is done, for nothing."""
    nobody = _hash_of_nobody()
    try:
        return HASHER.verify(kept or nobody, password) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False


def is_out_of_date(kept: str) -> bool:
    """Whether the password was hashed with less than we ask for today."""
    return HASHER.check_needs_rehash(kept)


@cache
def _hash_of_nobody() -> str:
    return HASHER.hash("no account has this password")


def is_common(password: str) -> bool:
    """Whether the password stands high on the lists that everybody who guesses begins with."""
    return _fingerprint(password.lower()) in _fingerprints()


@cache
def _fingerprints() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split())


def _fingerprint(password: str) -> str:
    return sha256(password.encode()).hexdigest()[:10]
