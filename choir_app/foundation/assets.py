"""Style sheets, scripts, icons and fonts: read once at start, sewn together, compressed once, kept by browsers.

There are three style sheets: `css/house.css` for every page, `css/work.css` for the rooms behind the sign-in, which
a visitor never has to fetch, and `css/desk.css` for the pages on which news are written.

Every address carries the hash of the whole bundle (`/static/<version>/js/roll.js`), so that a module's relative
imports and a style sheet's relative fonts need no import map, and nothing old is ever mixed with something new.
"""

import gzip
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import brotli
from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue

from choir_app.foundation.audience import for_everyone
from choir_app.foundation.settings import PROJECT

STATIC = PROJECT / "static"
LAYERS = "@layer reset,tokens,page,parts,rooms,helpers,print;"
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_MOMENT = "public, max-age=300"

KINDS = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
ALREADY_SMALL = {".png", ".webp", ".woff2", ".ico"}
FIRST_FONTS = ("fonts/atkinson-400.woff2", "fonts/grotesk-700.woff2")


@dataclass
class Piece:
    """One file as it is sent; compressed the first time a browser asks for it so."""

    name: str
    body: bytes
    kind: str = field(init=False)
    mark: str = field(init=False)

    def __post_init__(self) -> None:
        self.kind = KINDS[Path(self.name).suffix]
        self.mark = sha256(self.body).hexdigest()[:16]

    @property
    def can_shrink(self) -> bool:
        """Whether compressing helps; fonts and pictures are compressed already."""
        return Path(self.name).suffix not in ALREADY_SMALL and len(self.body) > 200

    @cached_property
    def brotli(self) -> bytes:
        """As brotli makes it."""
        return brotli.compress(self.body, quality=11)

    @cached_property
    def gzip(self) -> bytes:
        """As gzip makes it."""
        return gzip.compress(self.body, 9, mtime=0)

    def packed(self, accepted: str) -> tuple[bytes, str]:
        """The body in the best form that the browser takes, and the name of that form ("" for as it is)."""
        if self.can_shrink and "br" in accepted:
            return self.brotli, "br"
        if self.can_shrink and "gzip" in accepted:
            return self.gzip, "gzip"
        return self.body, ""


class Assets:
    """The bundle of one start: pieces by name, and the hash of them all."""

    def __init__(self, static: Path, fonts: Path | None = None, *, network: str = "The Rockin' Pots") -> None:
        bodies = dict(_files_under(static))
        if fonts and fonts.is_dir():
            bodies |= {f"fonts/{file.name}": file.read_bytes() for file in sorted(fonts.glob("*.woff2"))}
        bodies["css/house.css"] = sewn(static / "css", fonts)
        bodies["css/work.css"] = sewn(static / "css" / "work")
        bodies["css/desk.css"] = sewn(static / "css" / "desk")
        bodies["site.webmanifest"] = _manifest(network)
        self.pieces = {name: Piece(name, body) for name, body in bodies.items()}
        whole = sha256()
        for name in sorted(self.pieces):
            whole.update(f"{name}:{self.pieces[name].mark};".encode())
        self.version = whole.hexdigest()[:10]

    def url(self, name: str) -> str:
        """The address of a file; a name that nobody knows is a mistake in a template and said so."""
        if name not in self.pieces:
            raise LookupError(f"no file called static/{name}")
        return f"/static/{self.version}/{name}"

    @property
    def first_fonts(self) -> list[str]:
        """Fonts that every first view needs, so that the page can ask for them early."""
        return [self.url(name) for name in FIRST_FONTS if name in self.pieces]

    def answer(self, version: str, name: str) -> Response:
        """The file, for ever when the version is today's, else for a moment: an old page still gets its style."""
        piece = self.pieces.get(name)
        if piece is None or not re.fullmatch(r"[0-9a-f]{10}", version):
            abort(404)
        body, form = piece.packed(request.headers.get("Accept-Encoding", ""))
        response = Response(body, content_type=piece.kind)
        response.headers["Cache-Control"] = FOR_EVER if version == self.version else FOR_A_MOMENT
        if piece.can_shrink:
            response.headers["Vary"] = "Accept-Encoding"
        if form:
            response.headers["Content-Encoding"] = form
        response.set_etag(f"{piece.mark}-{form}" if form else piece.mark)
        response.make_conditional(request)
        return response


def sewn(folder: Path, fonts: Path | None = None) -> bytes:
    """All style sheets as one: the order of the layers first, the fonts if there are any, then each file by name."""
    texts = [LAYERS]
    if fonts and (fonts / "fonts.css").is_file():
        texts.append((fonts / "fonts.css").read_text())
    texts += [file.read_text() for file in sorted(folder.glob("*.css"))]
    return smaller("\n".join(texts)).encode()


def smaller(css: str) -> str:
    """The same style sheet without comments and needless space; text in quotes is left alone."""
    out = []
    for part in re.split(r"(\"[^\"\n]*\"|'[^'\n]*')", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        if part[:1] not in ('"', "'"):
            part = re.sub(r"\s+", " ", part)
            part = re.sub(r" ?([{};,]) ?", r"\1", part)
            part = re.sub(r": ", ":", part).replace(";}", "}")
            part = re.sub(r"(?<![\w.])0\.(?=\d)", ".", part)
        out.append(part)
    return "".join(out).strip()


def install(app: Flask, font_folder: Path) -> None:
    """Read everything, give templates `asset(name)` and open the doors of /static/ and /favicon.ico."""
    settings = app.config.get("SETTINGS")
    network = {"network": settings.network} if settings else {}
    assets = Assets(STATIC, font_folder, **network)
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.url
    app.jinja_env.globals["first_fonts"] = assets.first_fonts

    @app.get("/static/<version>/<path:name>", endpoint="static")
    @for_everyone
    def static(version: str, name: str) -> ResponseReturnValue:
        return assets.answer(version, name)

    @app.get("/favicon.ico", endpoint="favicon")
    @for_everyone
    def favicon() -> ResponseReturnValue:
        response = assets.answer(assets.version, "favicon.ico")
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response


def _files_under(folder: Path) -> list[tuple[str, bytes]]:
    return [
        (file.relative_to(folder).as_posix(), file.read_bytes())
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.suffix in KINDS and folder / "css" not in file.parents
    ]


def _manifest(network: str) -> bytes:
    """What a phone needs to keep the site as an app; icons lie beside it."""
    icons = [
        ("icon-192.png", 192, "any"),
        ("icon-512.png", 512, "any"),
        ("icon-512-round.png", 512, "maskable"),
    ]
    return json.dumps(
        {
            "id": "/",
            "name": network,
            "short_name": network.removeprefix("The ")[:12],
            "start_url": "/app",
            "scope": "/",
            "display": "standalone",
            "lang": "sv",
            "background_color": "#f6f9fd",
            "theme_color": "#f6f9fd",
            "icons": [
                {"src": f"icons/{name}", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
                for name, size, purpose in icons
            ],
            "shortcuts": [{"name": "I kväll", "url": "/ikvall"}, {"name": "Sångare", "url": "/min-kor"}],
        },
        ensure_ascii=False,
    ).encode()
