"""What only the house can read: a phone seals what it could not send, and anybody may carry it here.

The house makes a pair of keys once and keeps the private one in its data folder, readable to nobody else. A phone gets
the public one with a *ticket* that says whose phone it is. Both go into the envelope, so that what lies on a phone
after signing out says nothing to anybody and opens nothing. Keys are numbered files: the one with the highest number
is handed out, and every one that lies in the folder still opens.
"""

import base64
import binascii
import hmac
import json
import os
import tempfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from choir_app.foundation import clock

FOLDER = "seal_keys"
BITS = 2048
"""Short enough that opening twenty envelopes takes a twentieth of a second and that one still fits in a QR code."""
LASTS = timedelta(days=180)
"""How long a ticket lets somebody's acts in."""
LARGEST_OPENED = 1_000_000
"""Bytes that an envelope may hold when it is unpacked; five hundred acts need a third of it."""

_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
_DEFLATED = 1


class CannotOpen(Exception):  # noqa: N818 - an answer, not a programming error
    """The envelope is damaged, or was never made for this house."""


@dataclass(frozen=True)
class Ticket:
    """Whose phone it is: an account, or the holder of a loan; by which sign-in, which device; when it was given."""

    account_id: UUID | None
    loan_id: UUID | None
    device_id: str | None
    given_at: datetime
    sign_in_id: UUID | None = None
    """None for a loan, and on a ticket from before sign-ins stood on them."""

    @property
    def is_old(self) -> bool:
        """Whether what it vouches for is looked at by a person before it counts."""
        return clock.now() > self.given_at + LASTS


class Seal:
    """One pair of keys."""

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        self._private = private
        spki = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.key_id = sha256(spki).hexdigest()[:16]
        self.public_key = to_text(spki)

    @cached_property
    def _signing_key(self) -> bytes:
        raw = self._private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return sha256(b"tickets of the roll" + raw).digest()

    def ticket(
        self,
        *,
        account_id: UUID | None,
        loan_id: UUID | None,
        device_id: str | None,
        sign_in_id: UUID | None = None,
    ) -> str:
        """A ticket of this moment, signed."""
        said = {
            "account": str(account_id) if account_id else None,
            "loan": str(loan_id) if loan_id else None,
            "sign_in": str(sign_in_id) if sign_in_id else None,
            "device": device_id,
            "at": int(clock.now().timestamp()),
        }
        body = to_text(json.dumps({key: value for key, value in said.items() if value}).encode())
        return f"{body}.{self._signature(body)}"

    def read_ticket(self, text: object) -> Ticket | None:
        """What a ticket says, or None when it is not one of ours."""
        if not isinstance(text, str) or not text.isascii() or len(text) > 1000:
            return None
        body, _, signature = text.partition(".")
        if not hmac.compare_digest(signature, self._signature(body)):
            return None
        said = json.loads(from_text(body))
        return Ticket(
            account_id=UUID(said["account"]) if "account" in said else None,
            loan_id=UUID(said["loan"]) if "loan" in said else None,
            device_id=said.get("device"),
            given_at=datetime.fromtimestamp(said["at"], UTC),
            sign_in_id=UUID(said["sign_in"]) if "sign_in" in said else None,
        )

    def _signature(self, body: str) -> str:
        return to_text(hmac.new(self._signing_key, body.encode(), "sha256").digest())

    def open(self, *, key: bytes, iv: bytes, data: bytes, about: bytes) -> dict[str, Any]:
        """What lies in an envelope: RSA-OAEP around a key, AES-GCM around JSON, which may be deflated.

        `about` is what the phone bound to it unsealed. Raises CannotOpen for anything that no phone of ours made.
        """
        try:
            plain = AESGCM(self._private.decrypt(key, _OAEP)).decrypt(iv, data, about)
            said = json.loads(_unpacked(plain))
        except (ValueError, InvalidTag, RecursionError, zlib.error) as fault:
            raise CannotOpen from fault
        if not isinstance(said, dict):
            raise CannotOpen
        return said


def _unpacked(plain: bytes) -> bytes:
    if plain[:1] != bytes([_DEFLATED]):
        return plain[1 : 1 + LARGEST_OPENED]
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    unpacked = unpacking.decompress(plain[1:], LARGEST_OPENED)
    if unpacking.unconsumed_tail:
        raise CannotOpen
    return unpacked


class Seals:
    """All pairs of keys that the data folder holds; the first is made when somebody asks for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: list[Seal] = []

    @property
    def newest(self) -> Seal:
        """The one that phones are given."""
        if not self._known:
            self._read()
        if not self._known:
            self.make()
        return self._known[-1]

    def with_id(self, key_id: str) -> Seal | None:
        """The one that an envelope was made with, or None when the house does not have it (any more)."""
        known = self._among_known(key_id)
        if known is None:
            self._read()
            known = self._among_known(key_id)
        return known

    def make(self) -> Seal:
        """A new pair; of two processes that make the first one at once, one wins and both use its."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = 1 + max((int(file.stem) for file in self._files()), default=0)
        private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
        written = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        handle, draft = tempfile.mkstemp(dir=self.folder, prefix=".")  # 0600
        with os.fdopen(handle, "wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, self.folder / f"{number}.pem")
        except FileExistsError:
            pass  # the other process was faster
        finally:
            Path(draft).unlink()
        self._read()
        return self._known[-1]

    def _files(self) -> list[Path]:
        return sorted(
            (file for file in self.folder.glob("*.pem") if file.stem.isdigit()), key=lambda it: int(it.stem)
        )

    def _read(self) -> None:
        found = []
        for file in self._files():
            private = serialization.load_pem_private_key(file.read_bytes(), password=None)
            if isinstance(private, rsa.RSAPrivateKey):
                found.append(Seal(private))
        self._known = found

    def _among_known(self, key_id: str) -> Seal | None:
        return next((seal for seal in self._known if seal.key_id == key_id), None)


def seals() -> Seals:
    """The keys of this house."""
    known: dict[str, Any] = current_app.extensions
    if "seals" not in known:
        known["seals"] = Seals(current_app.config["DATA_FOLDER"] / FOLDER)
    return known["seals"]


def to_text(raw: bytes) -> str:
    """Bytes as letters, digits, dashes and underscores, without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """The bytes again; raises ValueError for what is no such text."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeError) as fault:
        raise ValueError(str(fault)) from fault
