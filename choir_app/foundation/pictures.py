"""Pictures that people upload: what is taken in, what is kept, and how a page offers the width that fits.

Kept is never what came in but new WebP and AVIF files in up to three widths, whole and cropped around the point where
the eye shall rest, made by `darkroom.py` in a process of its own. A picture is named after its content: the same upload
twice is one picture, and a name never changes what it shows; a crop is named after its point, so neither does that.
"""

import json
import os
import re
import shutil
import struct
import subprocess  # nosec B404
import sys
import tempfile
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

CROPS = tuple(darkroom.CROPS)
"""The shapes in which a picture is cropped, by their names."""
CENTRE = (darkroom.CENTRE, darkroom.CENTRE)
KINDS = {"webp": "image/webp", "avif": "image/avif"}

_RECIPE = b"2"  # another recipe gives other names, so that what a browser has kept never goes stale
_NAME = re.compile(r"[0-9a-f]{32}")
_COPY = re.compile(r"(?:(?:1x1|4x3|16x9)-[0-9]{1,5}-[0-9]{1,5}-)?[0-9]{1,4}\.(?:webp|avif)")
_SECONDS = 60  # on a machine that is busy with other things; the darkroom itself counts its work
_MADE_AT_ONCE = BoundedSemaphore(2)
_LET_THROUGH = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")


class PictureRefused(Refusal):
    """The uploaded file cannot be used as a picture; the message says what to do."""


@dataclass(frozen=True)
class PictureFile:
    """One kept picture: its name, the size in pixels of its widest copy, the widths there are, and its crops.

    `PictureFile(name, width, height, has_crops=…, rests_at=…)` gives back what `take_in` answered: the widths follow
    from the width. A picture from before there were crops has none, and no AVIF.
    """

    name: str
    width: int
    height: int
    widths: tuple[int, ...] = ()
    has_crops: bool = False
    rests_at: tuple[int, int] = CENTRE
    """Where the eye rests, from the left and from the top, in basis points."""

    def __post_init__(self) -> None:
        if not self.widths:
            object.__setattr__(self, "widths", widths_of(self.width))

    def width_nearest(self, wanted: int, shape: str | None = None) -> int:
        """The smallest kept width that fills `wanted` pixels, or the widest there is."""
        widths = self.widths_in(shape)
        return next((width for width in widths if width >= wanted), widths[-1])

    def height_at(self, width: int, shape: str | None = None) -> int:
        """The height in pixels of the copy that is this wide."""
        wide, high = self._size_in(shape)
        return max(1, round(high * width / wide))

    def widths_in(self, shape: str | None) -> tuple[int, ...]:
        """The widths there are of the whole picture, or of it cropped to a shape."""
        return widths_of(self._size_in(shape)[0]) if self.has_crops and shape else self.widths

    def copy(self, width: int, shape: str | None = None, kind: str = "webp") -> str:
        """What one copy is called. Without crops, the whole picture stands for all of them."""
        x_bp, y_bp = self.rests_at
        before = f"{shape}-{x_bp}-{y_bp}-" if self.has_crops and shape else ""
        return f"{before}{width}.{kind}"

    def _size_in(self, shape: str | None) -> tuple[int, int]:
        if self.has_crops and shape:
            return darkroom.crop_size(self.width, self.height, shape)
        return self.width, self.height


def take_in(upload: bytes, *, data_folder: Path, field: str | None = "picture") -> PictureFile:
    """Keep an uploaded picture (JPEG, PNG, WebP or AVIF) as copies without any metadata, cropped around its middle.

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
    return PictureFile(name, *size, has_crops=True)


def crop(name: str, rests_at: tuple[int, int], *, data_folder: Path) -> PictureFile | None:
    """Make the crops of a kept picture around another point, and what copies it lacks; None when there is none.

    They are made of its widest copy, since the upload is not kept. Doing it again writes nothing.
    """
    kept = find(name, data_folder=data_folder)
    if kept is None:
        return None
    moved = PictureFile(name, kept.width, kept.height, kept.widths, has_crops=True, rests_at=rests_at)
    final = _shelf(data_folder) / name
    lacking = [
        shape
        for shape in (None, *CROPS)
        for width in moved.widths_in(shape)
        for kind in KINDS
        if not (final / moved.copy(width, shape, kind)).is_file()
    ]
    if not lacking:
        return moved
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=_shelf(data_folder)))
    try:
        widest = (final / f"{kept.widths[-1]}.webp").read_bytes()
        with _MADE_AT_ONCE:
            _developed(
                widest,
                kind="WEBP",
                folder=making,
                field=None,
                rests_at=rests_at,
                with_whole=None in lacking,
            )
        for made in making.iterdir():
            if not (final / made.name).exists():
                _write_down(made)
                made.rename(final / made.name)
        _write_down(final)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return moved


def remove(name: str, *, data_folder: Path) -> None:
    """Take a kept picture away for good, with all its copies; any text may be asked for."""
    folder = _shelf(data_folder) / name
    if not _NAME.fullmatch(name) or not folder.is_dir():
        return
    gone = Path(tempfile.mkdtemp(prefix=".gone-", dir=_shelf(data_folder)))
    try:
        folder.rename(gone / name)
    finally:
        shutil.rmtree(gone, ignore_errors=True)


def find(name: str, *, data_folder: Path) -> PictureFile | None:
    """The kept picture of this name, or None; any text may be asked for."""
    if not _NAME.fullmatch(name):
        return None
    folder = _shelf(data_folder) / name
    widths = sorted(int(path.stem) for path in folder.glob("*.webp") if path.stem.isdecimal())
    if not widths:
        return None
    width, height = _size_of(folder / f"{widths[-1]}.webp")
    plain = PictureFile(name, width, height, tuple(widths), has_crops=True)
    is_cropped = (folder / plain.copy(plain.widths_in("16x9")[-1], "16x9")).is_file()
    return PictureFile(name, width, height, tuple(widths), has_crops=is_cropped)


def path_of(name: str, width: int, *, data_folder: Path) -> Path | None:
    """Where one whole copy of a kept picture (`image/webp`) lies on disk, or None; any text may be asked for."""
    return path_of_copy(name, f"{int(width)}.webp", data_folder=data_folder)


def path_of_copy(name: str, copy: str, *, data_folder: Path) -> Path | None:
    """Where a copy that `PictureFile.copy` named lies on disk, or None; any text may be asked for."""
    if not (_NAME.fullmatch(name) and _COPY.fullmatch(copy)):
        return None
    path = _shelf(data_folder) / name / copy
    return path if path.is_file() else None


def kind_of_copy(copy: str) -> str:
    """The media type of a copy by its name."""
    return KINDS[copy.rpartition(".")[2]]


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


def _developed(
    upload: bytes,
    *,
    kind: str,
    folder: Path,
    field: str | None,
    rests_at: tuple[int, int] = CENTRE,
    with_whole: bool = True,
) -> tuple[int, int]:
    """Let the darkroom make the copies; the width and height in pixels of the widest."""
    environment = {
        name: os.environ[name] for name in _LET_THROUGH if name in os.environ
    }  # no secrets in there
    answer: dict[str, Any]
    try:
        done = subprocess.run(  # noqa: S603 - our program and arguments # nosec B603
            [
                sys.executable,
                "-I",
                darkroom.__file__,
                kind,
                str(folder),
                *map(str, (*rests_at, int(with_whole))),
            ],
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
        _write_down(path)
    _write_down(making)
    try:
        making.rename(final)
    except OSError:
        if not final.is_dir():
            raise
        return  # somebody uploaded the same picture at the same moment, and theirs stands
    _write_down(final.parent)


def _write_down(path: Path) -> None:
    """Make sure that a file, or the names in a folder, outlive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _size_of(path: Path) -> tuple[int, int]:
    """The size of one of our own copies, from the head of a plain WebP file."""
    with path.open("rb") as copy:
        width, height = struct.unpack("<26xHH", copy.read(30))
    return width & 0x3FFF, height & 0x3FFF
