"""docs/security.md names, for each defence, a test that holds it. The test must be there."""

import re
from pathlib import Path

import pytest

from choir_app.foundation.settings import PROJECT

PAGE = PROJECT / "docs" / "security.md"
NAMED = re.findall(r"`(tests/[\w/]+\.py)`([^`|]*)", PAGE.read_text())


@pytest.mark.parametrize(("file", "names"), NAMED, ids=[file + names[:40] for file, names in NAMED])
def test_what_the_page_names_is_there(file: str, names: str) -> None:
    path = PROJECT / file
    assert path.is_file()
    text = path.read_text()
    for name in re.findall(r"\b(?:test_\w+|Test[A-Z]\w+)", names):
        assert re.search(rf"(?:def|class) {name}\b", text), f"{file} has no {name}"


def test_every_defence_names_a_place_that_is_there() -> None:
    for row in re.findall(r"^\|(?! what| ---)[^|]*\|([^|]*)\|", PAGE.read_text(), re.MULTILINE):
        for place in re.findall(r"`([\w/]+\.py)", row):
            folder = PROJECT if place.startswith("choir_app/") else PROJECT / "choir_app"
            assert (folder / Path(place)).is_file(), place
