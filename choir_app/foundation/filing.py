"""Papers that people upload: PDF, pictures and office files, known by their content and kept as they came.

Nothing of a paper is opened or shown by us; whoever may have it gets it as a file to save. It lies in the data
folder under its content's own name, so that no name that somebody typed is ever a path, and the same paper twice
is one file.
"""

import io
import os
import re
import time
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from choir_app.foundation import text
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal

MOST_BYTES = 15_000_000
MOST_PIECES = 5_000
"""Files within an office file; no report has more."""
KINDS = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
"""Endings of the kinds that are taken in, and what they are served as."""
ACCEPT = ",".join(f".{ending}" for ending in (*KINDS, "jpeg"))
"""For the `accept` of a file field."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_OPEN_DOCUMENTS = {kind: ending for ending, kind in KINDS.items() if "opendocument" in kind}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ORPHANS_STAY = 24 * 60 * 60
"""Seconds that a file which no row names is left alone: its row may be about to be written."""


@dataclass(frozen=True)
class Filed:
    """A paper that is kept: its content's name, what it is, how large, and what it was called."""

    digest: str
    kind: str
    size: int
    name: str
    """Without its ending, which follows from the kind."""


def take_in(upload: bytes, *, name: str, data_folder: Path, field: str | None = "file") -> Filed:
    """Keep an uploaded paper under its content's name; raises Refusal, about the form's `field`, with what to do."""
    kind = kind_of(upload, field=field)
    called = _called(name, kind, field=field)
    digest = sha256(upload).hexdigest()
    place = _place(digest, data_folder)
    if not place.is_file():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        making = place.with_name(f".{uuid4().hex}")
        handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(upload)
                file.flush()
                os.fsync(file.fileno())
            making.replace(place)
        finally:
            making.unlink(missing_ok=True)
    else:
        os.utime(place)  # so that it is not taken for an orphan while its row is written
    return Filed(digest, kind, len(upload), called)


def path_of(digest: str, *, data_folder: Path) -> Path | None:
    """Where a kept paper lies on disk, or None; any text may be asked for."""
    if not _DIGEST.fullmatch(digest):
        return None
    place = _place(digest, data_folder)
    return place if place.is_file() else None


def forget_others(kept: Collection[str], *, data_folder: Path) -> int:
    """Delete the papers that no row names any more; says how many. What was just taken in is left alone."""
    gone = 0
    for place in (Path(data_folder) / "documents").glob("*/*"):
        if place.name not in kept and time.time() - place.stat().st_mtime > _ORPHANS_STAY:
            place.unlink(missing_ok=True)
            gone += 1
    return gone


def kind_of(upload: bytes, *, field: str | None = "file") -> str:
    """What the content says the file is, whatever it is called; raises Refusal for everything else."""
    if not upload:
        raise Refusal(_("Filen är tom. Välj den igen."), field=field)
    if len(upload) > MOST_BYTES:
        raise Refusal(
            _(
                "Filen är på %(size)s MB. Välj en fil på högst %(most)s MB.",
                size=-(-len(upload) // 1_000_000),
                most=MOST_BYTES // 1_000_000,
            ),
            field=field,
        )
    if upload.startswith(b"%PDF-") and b"%%EOF" in upload[-2048:]:
        return "pdf"
    if upload.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if upload.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if upload[:4] == b"RIFF" and upload[8:12] == b"WEBP":
        return "webp"
    if upload.startswith(_OLD_OFFICE):
        raise Refusal(
            _("Filen är i ett gammalt format eller låst med lösenord. Spara den som PDF och välj den igen."),
            field=field,
        )
    if upload.startswith(b"PK\x03\x04") and (kind := _office_kind(upload, field)):
        return kind
    raise Refusal(
        _(
            "Vi tar emot PDF, bilder (JPEG, PNG, WebP) och filer från Word, Excel, PowerPoint och LibreOffice."
        ),
        field=field,
    )


def _office_kind(upload: bytes, field: str | None) -> str | None:
    """Which office file a zip archive is; only its table of contents and one short word are read."""
    try:
        with zipfile.ZipFile(io.BytesIO(upload)) as archive:
            names = set(archive.namelist()) if len(archive.infolist()) <= MOST_PIECES else set[str]()
            if any(name.lower().endswith("vbaproject.bin") for name in names) or any(
                name.startswith("Basic/") for name in names
            ):
                raise Refusal(
                    _("Filen innehåller makron. Spara den utan makron, eller som PDF, och välj den igen."),
                    field=field,
                )
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                return _OPEN_DOCUMENTS.get(archive.read("mimetype").decode("ascii", "replace").strip())
            if "[Content_Types].xml" in names:
                return next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        return None
    return None


def _called(name: str, kind: str, *, field: str | None) -> str:
    """The name that a file came with, without folders and ending, as it may be shown and kept."""
    last = re.split(r"[\\/]", text.that_can_be_shown(name))[-1]
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", last)
    called = re.sub(r"\s+", " ", re.sub(r'[\x00-\x1f"<>|:*?]', " ", stem)).strip(" .")[:150]
    try:
        called = text.clean(called) or kind.upper()
    except ValueError:
        called = kind.upper()
    if text.has_identity_number(called):
        raise Refusal(
            _("Filens namn ser ut att innehålla ett personnummer. Byt namn på filen och välj den igen."),
            field=field,
        )
    return called


def _place(digest: str, data_folder: Path) -> Path:
    return Path(data_folder) / "documents" / digest[:2] / digest
