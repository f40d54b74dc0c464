"""How envelopes with acts look from outside: pure values."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from choir_app.foundation.seal import from_text

MOST_ENVELOPES = 20
"""In one delivery; a phone with more comes again."""
MOST_HANDED_OVER = 200
"""In one text that a signed-in leader pastes; each holds a few acts, so that it fits in a QR code."""
LARGEST_ENVELOPE = 1_000_000
"""Signs of one envelope."""


@dataclass(frozen=True)
class Envelope:
    """Acts that a phone sealed when it could not send them. `id` is the phone's own."""

    id: UUID
    key_id: str
    key: bytes
    iv: bytes
    data: bytes

    @property
    def about(self) -> bytes:
        """What is bound to it unsealed, so that no part can be put on another."""
        return f"{self.id}.{self.key_id}".encode()


def envelope_id(raw: object) -> str | None:
    """What an envelope calls itself, if that can be said back."""
    claimed = raw.get("id") if isinstance(raw, dict) else None
    return claimed if isinstance(claimed, str) and re.fullmatch(r"[\x20-\x7e]{1,64}", claimed) else None


def read_envelope(raw: object) -> Envelope | None:
    """An envelope from JSON, or None for what is none."""
    if not isinstance(raw, dict):
        return None
    given: dict[Any, Any] = raw
    texts = [given.get(name) for name in ("id", "key_id", "key", "iv", "data")]
    if not all(isinstance(text, str) and len(text) <= LARGEST_ENVELOPE for text in texts):
        return None
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", given["id"]):
        return None
    if not re.fullmatch(r"[0-9a-f]{16}", given["key_id"]):
        return None
    try:
        key, iv, data = (from_text(given[name]) for name in ("key", "iv", "data"))
    except ValueError:
        return None
    return Envelope(UUID(given["id"]), given["key_id"], key, iv, data) if len(iv) == 12 else None


_IN_TEXT = re.compile(r"kor1\.([0-9a-f-]+)\.([0-9a-f]+)\.([\w-]+)\.([\w-]+)\.([\w-]+)", re.ASCII)


def envelopes_in(pasted: str) -> list[dict[str, str]]:
    """The envelopes in a text that somebody pasted, whatever stands around them and wherever its lines were broken.

    One line each, as static/js/seal.js writes them: kor1.<id>.<key_id>.<key>.<iv>.<data>
    """
    lines = re.split(r"(?=kor1\.)", pasted)
    found = [_IN_TEXT.match(re.sub(r"\s+", "", line)) for line in lines]
    return [
        dict(zip(("id", "key_id", "key", "iv", "data"), one.groups(), strict=True)) for one in found if one
    ]
