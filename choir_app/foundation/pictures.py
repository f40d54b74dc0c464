"""Pictures that people upload: what is taken in, what is kept, and how a page offers the width that fits.

Kept is never what came in but new WebP files in up to three widths, made by `darkroom.py` in a process of its
own. A picture is named after its content: the same upload twice is one picture, and a name never changes what
it shows.
"""

import json
import os
import re
import shutil
import struct
import subprocess  # nosec B404
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from choir_app.foundation import darkroom
from choir_app.foundation.darkroom import widths_of
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal

WIDTHS = darkroom.WIDTHS
MOST_BYTES = 20_000_000
MOST_PIXELS = darkroom.MOST_PIXELS
ACCEPT = "image/jpeg,image/png,image/webp,image/avif"
"""For the `accept` of a file field; telephones then hand over JPEG where they keep HEIC."""

_RECIPE = b"1"  # another recipe gives other names, so that what a browser has kept never goes stale
_NAME = re.compile(r"[0-9a-f]{32}")
_SECONDS = 30
_MADE_AT_ONCE = BoundedSemaphore(2)
_LET_THROUGH = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")


class PictureRefused(Refusal):
    """The uploaded file cannot be used as a picture; the message says what to do."""


@dataclass(frozen=True)
class PictureFile:
    """One kept picture: its name, the size in pixels of its widest copy, and the widths there are.

    `PictureFile(name, width, height)` gives back what `take_in` answered: the widths follow from the width.
    """

    name: str
    width: int
    height: int
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.widths:
            object.__setattr__(self, "widths", widths_of(self.width))

    def width_nearest(self, wanted: int) -> int:
        """The smallest kept width that fills `wanted` pixels, or the widest there is."""
        return next((width for width in self.widths if width >= wanted), self.widths[-1])

    def height_at(self, width: int) -> int:
        """The height in pixels of the copy that is this wide."""
        return max(1, round(self.height * width / self.width))

    def srcset(self, address: Callable[[str, int], str]) -> str:
        """The `srcset` of an img element; `address(name, width)` says where one copy is served."""
        return ", ".join(f"{address(self.name, width)} {width}w" for width in self.widths)


def take_in(upload: bytes, *, data_folder: Path, field: str | None = "picture") -> PictureFile:
    """Keep an uploaded picture (JPEG, PNG, WebP or AVIF) as WebP copies without any metadata.

    Raises PictureRefused, about the form's `field`, when the file is no picture, too large or broken.
    The same upload again answers the same picture and writes nothing.
    """
    kind = _kind_of(upload, field=field)
    name = sha256(_RECIPE + upload).hexdigest()[:32]
    if kept := find(name, data_folder=data_folder):
        return kept
    shelf = _shelf(data_folder)
    shelf.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=shelf))
    try:
        with _MADE_AT_ONCE:
            size = _developed(upload, kind=kind, folder=making, field=field)
        _put(making, shelf / name)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return PictureFile(name, *size)


def find(name: str, *, data_folder: Path) -> PictureFile | None:
    """The kept picture of this name, or None; any text may be asked for."""
    if not _NAME.fullmatch(name):
        return None
    folder = _shelf(data_folder) / name
    widths = sorted(int(path.stem) for path in folder.glob("*.webp") if path.stem.isdecimal())
    if not widths:
        return None
    width, height = _size_of(folder / f"{widths[-1]}.webp")
    return PictureFile(name, width, height, tuple(widths))


def path_of(name: str, width: int, *, data_folder: Path) -> Path | None:
    """Where one copy of a kept picture (`image/webp`) lies on disk, or None; any text may be asked for."""
    if not _NAME.fullmatch(name):
        return None
    path = _shelf(data_folder) / name / f"{int(width)}.webp"
    return path if path.is_file() else None


def _shelf(data_folder: Path) -> Path:
    return Path(data_folder) / "pictures"


def _kind_of(upload: bytes, *, field: str | None) -> str:
    """What the first bytes say the file is, whatever it is called; it is opened as that and nothing else."""
    if not upload:
        raise PictureRefused(_("Filen är tom. Välj bilden igen."), field=field)
    if len(upload) > MOST_BYTES:
        message = _(
            "Filen är på %(size)s MB. Välj en bild på högst %(most)s MB.",
            size=-(-len(upload) // 1_000_000),
            most=MOST_BYTES // 1_000_000,
        )
        raise PictureRefused(message, field=field)
    if upload.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if upload.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if upload[:4] == b"RIFF" and upload[8:12] == b"WEBP":
        return "WEBP"
    if upload[4:8] == b"ftyp":
        brands = {upload[at : at + 4] for at in range(8, min(len(upload), 64), 4)}
        if brands & {b"avif", b"avis"}:
            return "AVIF"
        if brands & {b"heic", b"heix", b"mif1", b"hevc"}:
            raise PictureRefused(
                _("Bilden är i formatet HEIC. Spara den som JPEG och välj den igen."), field=field
            )
    raise PictureRefused(
        _("Filen är ingen bild som vi kan läsa. Välj en bild i formatet JPEG, PNG, WebP eller AVIF."),
        field=field,
    )


def _developed(upload: bytes, *, kind: str, folder: Path, field: str | None) -> tuple[int, int]:
    """Let the darkroom make the copies; the width and height in pixels of the widest."""
    environment = {
        name: os.environ[name] for name in _LET_THROUGH if name in os.environ
    }  # no secrets in there
    answer: dict[str, Any]
    try:
        done = subprocess.run(  # noqa: S603 - our program and arguments # nosec B603
            [sys.executable, "-I", darkroom.__file__, kind, str(folder)],
            input=upload,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, "MALLOC_ARENA_MAX": "2"},
            timeout=_SECONDS,
            check=False,
        )
        answer = json.loads(
            done.stdout or b'{"unfit": "heavy"}'
        )  # silent when it was stopped at one of its limits
    except subprocess.TimeoutExpired:
        answer = {"unfit": "heavy"}
    if unfit := answer.get("unfit"):
        raise PictureRefused(_why(*unfit.split()), field=field)
    return answer["width"], answer["height"]


def _why(word: str, pixels: str = "0") -> str:
    match word:
        case "pixels":
            return _(
                "Bilden har %(pixels)s miljoner bildpunkter. Gör den mindre, högst %(most)s miljoner.",
                pixels=-(-int(pixels) // 1_000_000),
                most=MOST_PIXELS // 1_000_000,
            )
        case "narrow":
            return _(
                "Bilden är för lång och smal. Klipp till den så att ena sidan är högst 10 gånger den andra."
            )
        case "heavy":
            return _("Bilden är för tung att läsa. Spara den som JPEG i mindre storlek och välj den igen.")
        case _broken:
            return _("Bilden är inte hel. Öppna den, spara den på nytt som JPEG och välj den igen.")


def _put(making: Path, final: Path) -> None:
    """All copies stand in their place at once and for good, or none does."""
    making.chmod(0o755)
    for path in making.iterdir():
        with path.open("rb") as copy:
            os.fsync(copy.fileno())
    _write_down(making)
    try:
        making.rename(final)
    except OSError:
        if not final.is_dir():
            raise
        return  # somebody uploaded the same picture at the same moment, and theirs stands
    _write_down(final.parent)


def _write_down(folder: Path) -> None:
    """Make sure that the names in a folder outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _size_of(path: Path) -> tuple[int, int]:
    """The size of one of our own copies, from the head of a plain WebP file."""
    with path.open("rb") as copy:
        width, height = struct.unpack("<26xHH", copy.read(30))
    return width & 0x3FFF, height & 0x3FFF
