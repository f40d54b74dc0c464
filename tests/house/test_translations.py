"""Catalogues: every text of the house stands in each, translated, with the same placeholders and tags."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from choir_app.foundation.language import CATALOGUES, SOURCE, TONGUES
from choir_app.foundation.settings import PROJECT

KEYWORDS = {"_": None, "lazy_": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
METHODS = [("choir_app/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.xml", "jinja2")]
OPTIONS = {
    "templates/**.html": {"trimmed": "true", "silent": "false"},
    "templates/**.xml": {"silent": "false"},
}
OTHERS = [code for code in TONGUES if code != SOURCE]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|<[^>]+>")


def spoken() -> dict[str, str | None]:
    """Every text that the code and the templates speak: the singular, and its plural where there is one."""
    found: dict[str, str | None] = {}
    for _file, _line, message, _comments, _context in extract_from_dir(
        str(PROJECT), METHODS, OPTIONS, keywords=KEYWORDS, directory_filter=_is_ours
    ):
        one, many = message if isinstance(message, tuple) else (message, None)
        if one:
            found[one] = many
    return found


def _is_ours(folder: str) -> bool:
    return Path(folder).name not in (
        ".venv",
        ".git",
        "node_modules",
        "instance",
        "tests",
        "migrations",
        "static",
    )


@pytest.fixture(scope="module")
def texts() -> dict[str, str | None]:
    return spoken()


@pytest.fixture(scope="module", params=OTHERS)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    path = CATALOGUES / request.param / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=request.param)


def ids_of(message: Message) -> tuple[str, ...]:
    """The source text, and its plural where there is one."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings_of(message: Message | None) -> tuple[str, ...]:
    """The translation: one text, or one for each plural form."""
    string = message.string if message else ""
    return (string or "",) if isinstance(string, str | None) else tuple(string)


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def test_there_is_something_to_translate(texts: dict[str, str | None]) -> None:
    assert len(texts) > 200
    assert "Hoppa till innehållet" in texts


def test_every_text_is_translated(catalogue: Catalog, texts: dict[str, str | None]) -> None:
    lacking = []
    for one, many in texts.items():
        strings = strings_of(catalogue.get(one))
        if not all(strings) or (many and len(strings) < catalogue.num_plurals):
            lacking.append(one)
    assert lacking == [], f"{len(lacking)} texts without a translation into {catalogue.locale}"


def test_nothing_stands_there_in_vain(catalogue: Catalog, texts: dict[str, str | None]) -> None:
    ids = {ids_of(message)[0] for message in messages(catalogue)}
    assert sorted(ids - set(texts)) == []


def test_nothing_is_guessed(catalogue: Catalog) -> None:
    assert [message.id for message in messages(catalogue) if message.fuzzy] == []


def test_placeholders_and_tags_are_those_of_the_source(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        wanted = [set(PLACEHOLDER.findall(each)) for each in ids_of(message)]
        for string in strings_of(message):
            assert set(PLACEHOLDER.findall(string)) in wanted, f"{ids_of(message)[0]!r} → {string!r}"


def test_the_source_is_swedish(texts: dict[str, str | None]) -> None:
    """A text in English slipped in as the source is found by its words."""
    english = re.compile(r"\b(the|and|please|your|with|this|that|invalid|required)\b", re.IGNORECASE)
    assert [one for one in texts if english.search(re.sub(r"The Rockin' Pots|«[^»]*»", "", one))] == []


def test_the_tone_is_ours(texts: dict[str, str | None]) -> None:
    """DESIGN's part on words: no blame, no begging, no «click»."""
    never = re.compile(r"\b(ogiltig\w*|vänligen|tyvärr|klicka\w*|felaktig\w*)\b", re.IGNORECASE)
    assert [one for one in texts if never.search(one)] == []
