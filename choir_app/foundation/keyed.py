"""Secrets that are never stored: made again whenever they are shown, from the house's key and what they are for.

Nobody who reads the database alone can make them; changing SECRET_KEY makes all of them new.
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from flask import current_app


def digest(purpose: str, *parts: bytes | str) -> bytes:
    """32 bytes that only this house can make from these parts; `purpose` keeps one use from another."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    message = b"\x00".join(part.encode() if isinstance(part, str) else part.hex().encode() for part in parts)
    return hmac.new(key, purpose.encode() + b"\x00" + message, sha256).digest()


def secret(purpose: str, *parts: bytes | str) -> str:
    """The same as signs that may stand in an address: 32 of them, 192 bits."""
    return urlsafe_b64encode(digest(purpose, *parts)[:24]).decode()
