"""What the tests of the house's rules look at: its files and its plan."""

from pathlib import Path

from choir_app.floors import ROOMS
from choir_app.foundation.settings import PROJECT

CODE = PROJECT / "choir_app"
TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))
MODULES = sorted(path for path in CODE.rglob("*.py") if "migrations" not in path.parts)
ROOM_NAMES = tuple(room.name for room in ROOMS)

OWN_FOLDERS = ("__pycache__", "migrations", "translations")
"""Folders of choir_app that are no rooms."""


def place_of(path: Path) -> tuple[str, str]:
    """The (room, piece of furniture) that a module belongs to; a module beside the rooms stands in room ''."""
    parts = path.relative_to(CODE).with_suffix("").parts
    return ("", parts[0]) if len(parts) == 1 else (parts[0], parts[1])


def said(path: Path) -> str:
    """How a test calls a file."""
    return str(path.relative_to(PROJECT))
