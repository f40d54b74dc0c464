"""Style sheets, scripts, icons and fonts as they are sent."""

import gzip
import json
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask

from choir_app.foundation.assets import KINDS, LAYERS, STATIC, Assets, install, smaller
from choir_app.foundation.fonts import FACES, make_fonts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    static = tmp_path / "static"
    (static / "css").mkdir(parents=True)
    (static / "js").mkdir()
    (static / "css" / "tokens.css").write_text("@layer tokens { :root { --a: 1px; } } /* why */")
    (static / "css" / "card.css").write_text(
        '@layer parts { .card::after { content: "a  /* b"; } }'.replace("/*", "/")
    )
    (static / "js" / "roll.js").write_text("export const patience = 8000 // seconds\n" * 20)
    (static / "icons.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'></svg>")
    (static / "secret.key").write_text("not for the web")
    return static


@pytest.fixture(scope="module")
def server() -> Flask:
    """A bare application with nothing but the files."""
    app = Flask("files", static_folder=None)
    install(app, Path("nowhere"))
    return app


class TestTheBundle:
    def test_sews_all_sheets_with_the_layers_first(self, folder: Path) -> None:
        sheet = Assets(folder).pieces["css/house.css"].body.decode()
        assert sheet.startswith(LAYERS)
        assert sheet.index(".card") < sheet.index(":root"), "files by name"
        assert "why" not in sheet
        assert 'content:"a  / b"' in sheet, "text in quotes is left alone"

    def test_one_change_changes_every_address(self, folder: Path) -> None:
        before = Assets(folder)
        assert Assets(folder).version == before.version
        (folder / "js" / "roll.js").write_text("export const patience = 9000")
        assert Assets(folder).url("icons.svg") != before.url("icons.svg")

    def test_a_name_nobody_knows_is_a_mistake(self, folder: Path) -> None:
        with pytest.raises(LookupError, match=r"css/gone\.css"):
            Assets(folder).url("css/gone.css")

    def test_takes_only_kinds_it_knows(self, folder: Path) -> None:
        assert "secret.key" not in Assets(folder).pieces
        assert "css/card.css" not in Assets(folder).pieces, "sheets are sent as one"

    def test_the_manifest_names_the_network(self, folder: Path) -> None:
        manifest = json.loads(Assets(folder, network="The Singing Kettles").pieces["site.webmanifest"].body)
        assert manifest["name"] == "The Singing Kettles"
        assert manifest["start_url"] == "/app"
        for icon in manifest["icons"]:
            assert (STATIC / icon["src"]).is_file()

    @pytest.mark.parametrize(
        ("css", "small"),
        [
            ("a { color: red; }", "a{color:red}"),
            ("a > b , c :hover { width: calc(1px + 0.5em); }", "a > b,c :hover{width:calc(1px + .5em)}"),
            ("@media (min-width: 60rem) {\n  a { b: c; }\n}", "@media (min-width:60rem){a{b:c}}"),
        ],
    )
    def test_smaller_means_the_same(self, css: str, small: str) -> None:
        assert smaller(css) == small


class TestTheDoor:
    def test_keeps_todays_files_for_ever(self, server: Flask) -> None:
        assets: Assets = server.extensions["assets"]
        answer = server.test_client().get(assets.url("css/house.css"))
        assert answer.status_code == 200
        assert answer.content_type == "text/css; charset=utf-8"
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Vary"] == "Accept-Encoding"

    def test_is_the_same_for_everybody_whatever_cookies_they_bring(self, app: Flask) -> None:
        assets: Assets = app.extensions["assets"]
        for name, varies_by in (("css/house.css", "Accept-Encoding"), ("icons/icon-192.png", None)):
            with app.test_client().get(assets.url(name), headers={"Cookie": "kor=x"}) as answer:
                assert answer.headers.get("Vary") == varies_by, name
        assert "Cookie" in app.test_client().get("/logga-in").headers["Vary"]

    def test_compresses_as_the_browser_likes(self, server: Flask) -> None:
        url = server.extensions["assets"].url("icons.svg")
        client = server.test_client()
        plain = client.get(url)
        by_brotli = client.get(url, headers={"Accept-Encoding": "gzip, deflate, br"})
        by_gzip = client.get(url, headers={"Accept-Encoding": "gzip"})
        assert by_brotli.headers["Content-Encoding"] == "br"
        assert brotli.decompress(by_brotli.data) == plain.data
        assert gzip.decompress(by_gzip.data) == plain.data
        assert len({plain.headers["ETag"], by_brotli.headers["ETag"], by_gzip.headers["ETag"]}) == 3

    def test_says_when_nothing_is_new(self, server: Flask) -> None:
        url = server.extensions["assets"].url("icons.svg")
        client = server.test_client()
        mark = client.get(url).headers["ETag"]
        again = client.get(url, headers={"If-None-Match": mark})
        assert (again.status_code, again.data) == (304, b"")

    def test_an_old_page_still_gets_its_style(self, server: Flask) -> None:
        answer = server.test_client().get("/static/0123456789/css/house.css")
        assert answer.status_code == 200
        assert "immutable" not in answer.headers["Cache-Control"]

    @pytest.mark.parametrize(
        "path",
        [
            "0123456789/css/gone.css",
            "css/house.css",
            "0123456789/../settings.py",
            "x/y",
            "0123456789/css/tokens.css",
        ],
    )
    def test_nothing_else_is_there(self, server: Flask, path: str) -> None:
        assert server.test_client().get(f"/static/{path}").status_code == 404

    def test_the_icon_that_browsers_ask_for(self, server: Flask) -> None:
        answer = server.test_client().get("/favicon.ico")
        assert answer.status_code == 200
        assert answer.data[:4] == b"\0\0\1\0"


class TestTheFiles:
    def test_every_file_has_a_kind(self) -> None:
        strange = [file.name for file in STATIC.rglob("*") if file.is_file() and file.suffix not in KINDS]
        assert not strange

    def test_every_icon_a_template_names_is_drawn(self) -> None:
        drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
        pages = (STATIC.parent / "templates").rglob("*.html")
        named = {
            name
            for page in pages
            for name in re.findall(
                r"""\bicon\(["']([\w-]+)["']|icon_name=["']([\w-]+)["']""", page.read_text()
            )
        }
        assert {one or other for one, other in named} <= drawn

    def test_the_icons_hold_no_script(self) -> None:
        for file in STATIC.rglob("*.svg"):
            assert not re.search(
                r"<script|\son\w+=|style=|https?://(?!www\.w3\.org/2000/svg)", file.read_text()
            )

    @pytest.mark.parametrize(
        ("page", "kilobytes"),
        [
            ("phone", 12),  # every page of somebody signed in
            ("tonight-list", 16),
            ("roll-call", 28),
            ("evening-summary", 16),
            ("hand-over", 16),
            ("worker", 3),
        ],
    )
    def test_scripts_are_small(self, page: str, kilobytes: int) -> None:
        """What a page fetches of scripts, with all that they import, as it is sent."""
        names, fetched = [f"{page}.js"], set()
        while names:
            name = names.pop()
            fetched.add(name)
            found = re.findall(r'from "\./([\w-]+\.js)"', (STATIC / "js" / name).read_text())
            names += [other for other in found if other not in fetched]
        sent = sum(len(brotli.compress((STATIC / "js" / name).read_bytes())) for name in fetched)
        assert sent <= kilobytes * 1024, sorted(fetched)


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    assert make_fonts(folder)
    return folder


class TestTheFonts:
    def test_first_view_stays_small(self, fonts: Path) -> None:
        first = [face[0] for face in FACES if not face[0].endswith("-more")]
        assert sum((fonts / f"{name}.woff2").stat().st_size for name in first) <= 55 * 1024

    def test_made_once(self, fonts: Path) -> None:
        before = {file.name: file.stat().st_mtime_ns for file in fonts.iterdir()}
        assert make_fonts(fonts)
        assert {file.name: file.stat().st_mtime_ns for file in fonts.iterdir()} == before

    def test_the_sheet_names_files_that_are_there(self, fonts: Path) -> None:
        assets = Assets(STATIC, fonts)
        sheet = assets.pieces["css/house.css"].body.decode()
        named = set(re.findall(r"\.\./(fonts/[\w-]+\.woff2)", sheet))
        assert named == {name for name in assets.pieces if name.startswith("fonts/")}
        assert len(assets.first_fonts) == 2

    def test_without_them_the_phone_uses_its_own(self) -> None:
        assets = Assets(STATIC, Path("nowhere"))
        assert assets.first_fonts == []
        assert "@font-face" not in assets.pieces["css/house.css"].body.decode()
