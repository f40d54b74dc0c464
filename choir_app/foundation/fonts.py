"""Small web fonts out of the packaged ones: only the letters we write, in the data folder, never in the repository.

Text is set in Atkinson Hyperlegible, headings and all digits in Schibsted Grotesk (its zero has no slash). The letters
of other languages lie in files of their own that a browser fetches only when a page needs them.
"""

import logging
import os
from hashlib import sha256
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter, save_font
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

log = logging.getLogger("choir.fonts")

RECIPE = "2"
"""Raise it when the code below makes other files than before."""

LATIN = (
    "U+20-7E,U+A0,U+A7,U+A9,U+AB,U+B0,U+B7,U+BB,U+C4-C5,U+C9,U+D6,U+DC,U+E0,U+E4-E5,U+E8-E9,U+F6,U+FC,"
    "U+2009-200B,U+2010-2026,U+202F,U+2212"
)
"""What Swedish is written with; each letter more is fetched by every first visitor, and kerned with all others."""
LATIN_MORE = "U+A1-2CC,U+2DA-2DC,U+1E00-1EFF,U+2000-206F,U+20AC,U+2122,U+2215,U+2C60-2C7F"
"""The other Latin letters, fetched when a page has one; named before LATIN, which is taken where both have a letter."""
DIGITS = "U+0030-0039"

ATKINSON = "fontpkg_atkinson_hyperlegible"
GROTESK = "fontpkg_schibsted_grotesk"

Face = tuple[str, str, str, str, int, str]
"""File, package, source, family, weight, letters."""

GROTESK_FILE = "SchibstedGrotesk[wght].ttf"
FACES: tuple[Face, ...] = (
    ("atkinson-400-more", ATKINSON, "AtkinsonHyperlegible-Regular.ttf", "Atkinson", 400, LATIN_MORE),
    ("atkinson-700-more", ATKINSON, "AtkinsonHyperlegible-Bold.ttf", "Atkinson", 700, LATIN_MORE),
    ("atkinson-400", ATKINSON, "AtkinsonHyperlegible-Regular.ttf", "Atkinson", 400, LATIN),
    ("atkinson-700", ATKINSON, "AtkinsonHyperlegible-Bold.ttf", "Atkinson", 700, LATIN),
    ("grotesk-700-more", GROTESK, GROTESK_FILE, "Grotesk", 700, LATIN_MORE),
    ("grotesk-700", GROTESK, GROTESK_FILE, "Grotesk", 700, LATIN),
    ("digits-400", GROTESK, GROTESK_FILE, "Siffror", 400, DIGITS),
)


def make_fonts(folder: Path) -> bool:
    """Fill the folder with web fonts and the style sheet that names them; does nothing when they are there already.

    Gives False, and leaves the phone's own fonts to do the work, when a font package is missing.
    """
    try:
        stamp = _stamp()
    except (ModuleNotFoundError, metadata.PackageNotFoundError) as missing:
        log.warning("fonts are not made: %s", missing)
        return False
    if (folder / "stamp").is_file() and (folder / "stamp").read_text() == stamp:
        return True
    folder.mkdir(parents=True, exist_ok=True)
    for face in FACES:
        _put(folder / f"{face[0]}.woff2", _subset(face))
    _put(folder / "fonts.css", _style_sheet().encode())
    _put(folder / "stamp", stamp.encode())
    return True


def _source(face: Face) -> Traversable:
    return resources.files(face[1]) / "files" / face[2]


def _stamp() -> str:
    versions = [
        f"{name}={metadata.version(name.replace('_', '-'))}" for name in (ATKINSON, GROTESK, "fonttools")
    ]
    recipe = repr((RECIPE, FACES, _style_sheet(), versions))
    for face in FACES:
        if not _source(face).is_file():
            raise ModuleNotFoundError(face[2])
    return sha256(recipe.encode()).hexdigest()


def _subset(face: Face) -> bytes:
    """The woff2 of one face: first fewer letters, then one weight (the other order fails)."""
    font = TTFont(BytesIO(_source(face).read_bytes()))
    options = Options()
    options.layout_features = ["kern", "liga", "ccmp", "locl", "mark", "tnum", "lnum"]
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = [0, 1, 2, 13, 14]
    options.flavor = "woff2"  # type: ignore[assignment]  # the library says None and takes a word
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_letters(face[5]))
    subsetter.subset(font)
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, {"wght": face[4]})
    made = BytesIO()
    save_font(font, made, options)
    return made.getvalue()


def _letters(ranges: str) -> list[int]:
    found: list[int] = []
    for piece in ranges.replace("U+", "").split(","):
        first, _, last = piece.partition("-")
        found += range(int(first, 16), int(last or first, 16) + 1)
    return sorted(set(found) - set(_letters(LATIN))) if ranges == LATIN_MORE else found


def _style_sheet() -> str:
    """The @font-face rules. Digits come first in the stack, from the grotesk, whatever the text around them."""
    rules = [_rule(family, name, weight, letters) for name, _package, _file, family, weight, letters in FACES]
    rules.append(_rule("Siffror", "grotesk-700", 700, DIGITS))
    return "\n".join(rules) + "\n"


def _rule(family: str, name: str, weight: int, letters: str) -> str:
    return (
        f'@font-face {{ font-family: "{family}"; src: url("../fonts/{name}.woff2") format("woff2");'
        f" font-weight: {weight}; font-display: swap; unicode-range: {letters}; }}"
    )


def _put(path: Path, body: bytes) -> None:
    """Write whole or not at all: two starts may do this at once."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_bytes(body)
    draft.replace(path)
