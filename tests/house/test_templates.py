"""Templates: no inline style or script, no text outside the catalogue, one heading, nothing trusted blindly."""

import re
from pathlib import Path

import pytest

from choir_app.foundation.settings import PROJECT
from tests.house.house import TEMPLATES, said

LONGEST = 160
"""Lines; a longer template is two."""
LONGER = {
    "templates/page.html",
    "templates/parts/form.html",
    "templates/parts/roll.html",
    "templates/parts/map_outline.html",
}
WORDS_WITHOUT_LANGUAGE = {
    "RSS",
    "Atom",
    "JSON",
    "Feed",
    "kr",
    "PDF",
    "CSV",
    "JPEG",
    "PNG",
    "WebP",
    "AVIF",
    "x",
    "h",
}


@pytest.fixture(params=TEMPLATES, ids=said)
def template(request: pytest.FixtureRequest) -> Path:
    return request.param


def markup(path: Path) -> str:
    """The template without what Jinja does: what is left is sent as it stands."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL)


def test_no_inline_style_or_script(template: Path) -> None:
    text = markup(template)
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or "application/" in script, script


def test_nothing_is_trusted_blindly(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\|\s*safe\b|autoescape\s+false|\bMarkup\(", text), (
        "escape, or make Markup where it is proven"
    )


def test_every_page_draws_its_heading_by_the_title(template: Path) -> None:
    if template.name != "page.html":
        assert not re.search(r"<h1\b", markup(template)), "page.html draws the h1 from the block title"
    is_page = (
        not template.name.startswith("_") and "parts" not in template.parts and template.name != "page.html"
    )
    if is_page:
        text = template.read_text()
        assert '{% extends "' in text, "a page extends page.html (a piece of one begins with _)"


def test_every_text_can_be_translated(template: Path) -> None:
    """What stands between tags, and in the attributes that people read, comes from the catalogue."""
    text = markup(template)
    shown = re.sub(r"<(script|svg)\b.*?</\1>", "", text, flags=re.DOTALL)
    between = re.sub(r"<!--.*?-->|<[^<>]*>", " ", shown, flags=re.DOTALL)
    between = re.sub(r"&[a-z]+;|&#\d+;", " ", between)
    attributes = " ".join(
        re.findall(r"\s(?:title|alt|aria-label|placeholder|summary|content)=\"([^\"]*)\"", shown)
    )
    words = {word for word in re.findall(r"[^\W\d_]+", between) if len(word) > 1} - WORDS_WITHOUT_LANGUAGE
    if "parts" in template.parts:
        words -= OF_MACROS
    assert not words, f"outside _(): {sorted(words)}"
    if template.name != "page.html":
        loose = set(re.findall(r"[^\W\d_]{3,}", attributes)) - WORDS_WITHOUT_LANGUAGE - OF_MACHINES
        assert not loose, f"attributes outside _(): {sorted(loose)}"


OF_MACROS = {"area", "button", "error", "hint", "wide"}
"""Words that one macro in parts/ gives another: names of kinds and classes, which nobody reads."""

OF_MACHINES = {
    "article",
    "website",
    "noindex",
    "nofollow",
    "width",
    "device",
    "summary",
    "large",
    "image",
    "card",
    "webp",
}
"""Words in <meta content> that machines read."""


def test_a_template_fits_the_eye(template: Path) -> None:
    if said(template) not in LONGER:
        assert len(template.read_text().splitlines()) <= LONGEST


def test_an_import_leads_to_a_template(template: Path) -> None:
    for name in re.findall(r"{%-?\s*(?:extends|include|from|import)\s+\"([^\"]+)\"", template.read_text()):
        assert (PROJECT / "templates" / name).is_file(), name


def test_words_that_are_imported_are_in_the_readers_language() -> None:
    """What a template sets outside its macros is made once for all readers, unless it is imported «with context»."""
    kept = {
        name
        for path in TEMPLATES
        for name, how in re.findall(r'\{%-?\s*(?:from|import)\s+"([^"]+)"([^%]*)%\}', path.read_text())
        if "with context" not in how
    }
    for path in TEMPLATES:
        if said(path).removeprefix("templates/") in kept:
            text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
            outside = re.sub(r"\{%-?\s*macro.*?endmacro\s*-?%\}", "", text, flags=re.DOTALL)
            assert not re.search(r"\b(_|ngettext)\(", outside), f"{said(path)}: import it with context"
