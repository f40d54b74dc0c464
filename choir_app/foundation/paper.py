"""Paper: a page to print and sign, set by typst from data as a tagged PDF that a screen reader can read.

What people have written reaches the page as data only, never as markup: a name may hold any sign.
"""

import json
import logging
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import typst

from choir_app.foundation.settings import PROJECT

log = logging.getLogger("choir.paper")

TEMPLATES = PROJECT / "templates"
FACES = ("fontpkg_atkinson_hyperlegible", "fontpkg_schibsted_grotesk", "fontpkg_noto_sans_arabic")
PDF_TYPE = "application/pdf"


def pdf(template: str, data: dict[str, Any], *, at: datetime) -> bytes:
    """The template under `templates/` filled with the data; the same data and moment give the same bytes.

    It follows PDF/UA-1. A name in letters that no face here has would be refused by that standard: it is then
    printed with empty boxes for those letters, still tagged, since a list that cannot be printed helps nobody.
    """
    try:
        return _set(template, data, at, standard="ua-1")
    except RuntimeError as trouble:
        if "could not be displayed with font" not in str(trouble):
            raise
        log.warning("a page is printed without some letters, since no face has them")
        return _set(template, data, at, standard=None)


def _set(template: str, data: dict[str, Any], at: datetime, *, standard: Literal["ua-1"] | None) -> bytes:
    made = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=_faces(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=standard or [],
        timestamp=int(at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("one template makes one document")
    return made


def _faces() -> list[str]:
    return [str(Path(str(resources.files(package))) / "files") for package in FACES]
