"""One word per thing: every model stands in docs/words.md with its Swedish word and its meaning."""

import re
from importlib import import_module

import pytest

from choir_app.foundation.database import Model
from choir_app.foundation.settings import PROJECT
from tests.house.house import CODE, ROOM_NAMES

WORDS = PROJECT / "docs" / "words.md"
FOUNDATION = "choir_app.foundation"

for room in ROOM_NAMES:
    if (CODE / room / "models.py").exists() or (CODE / room / "models").is_dir():
        import_module(f"choir_app.{room}.models")

MODELS = sorted(
    (
        mapper.class_
        for mapper in Model.registry.mappers
        if not mapper.class_.__module__.startswith(FOUNDATION)
    ),
    key=lambda model: model.__name__,
)


def rows() -> dict[str, list[str]]:
    """The list by the English word: every cell of its line."""
    lines = [line for line in WORDS.read_text().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {
        re.sub(r"[`*]", "", row[1]).strip(): row
        for row in cells
        if len(row) >= 3 and not set(row[1]) <= set("-: ")
    }


def in_words(name: str) -> str:
    """«OneTimeLink» as the list writes it: «one time link»."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_stands_in_the_list(model: type[Model]) -> None:
    known = {
        re.sub(r"[\s-]+", " ", word).lower() for english in rows() for word in re.split(r",|/|\(", english)
    }
    assert model.__name__.lower() in {word.replace(" ", "") for word in known}, f"{in_words(model.__name__)}"


def test_every_line_says_what_it_means() -> None:
    for english, row in rows().items():
        assert row[0], f"{english}: no Swedish word"
        assert row[2], f"{english}: no meaning"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_says_what_it_is(model: type[Model]) -> None:
    said = (model.__doc__ or "").strip()
    assert said.split("\n")[0].endswith((".", "!", "?")), "one sentence in the docstring"
