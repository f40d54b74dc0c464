"""Style sheets: one layer each, logical sides only, colours in tokens alone, no shouting."""

import re
from pathlib import Path

import brotli
import pytest

from choir_app.foundation.assets import LAYERS, sewn

FOLDER = Path(__file__).parents[2] / "static" / "css"
SHEETS = sorted(FOLDER.rglob("*.css"))
KNOWN_LAYERS = set(re.findall(r"\w+", LAYERS.removeprefix("@layer")))
SIDES = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right)|left|right|float|clear)\s*:|text-align:\s*(?:left|right)"
)
ALL_SIDES = re.compile(r"(?<![\w-])(?:margin|padding|inset):([^;]+);")
LARGEST = {FOLDER: 10 * 1024, FOLDER / "work": 10 * 1024, FOLDER / "desk": 6 * 1024}
"""Bytes, as brotli sends them: what every page fetches, what rooms behind the sign-in add, and the desk to that."""


def rules_of(sheet: Path) -> str:
    """The sheet without comments."""
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)


def values_of(given: str) -> list[str]:
    """The values of a declaration, however they are reckoned: `0 max(1px, 2px)` has two."""
    while (shorter := re.sub(r"[\w-]*\([^()]*\)", "reckoned", given)) != given:
        given = shorter
    return given.split()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
class TestASheet:
    def test_names_its_layer(self, sheet: Path) -> None:
        assert re.match(r"\s*@layer (\w+) \{", rules_of(sheet)), "all rules stand in a layer"
        assert set(re.findall(r"@layer (\w+)", rules_of(sheet))) <= KNOWN_LAYERS

    def test_says_what_it_is_for(self, sheet: Path) -> None:
        assert sheet.read_text().startswith(f"/* {sheet.name} – ")

    def test_knows_no_left_and_right(self, sheet: Path) -> None:
        assert not SIDES.findall(rules_of(sheet))
        for given in ALL_SIDES.findall(rules_of(sheet)):
            sides = values_of(given)
            assert len(sides) < 4 or sides[1] == sides[3], f"{given}: use -inline"

    def test_takes_its_colours_from_the_tokens(self, sheet: Path) -> None:
        if sheet.name != "tokens.css":
            assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(", rules_of(sheet))

    def test_does_not_shout(self, sheet: Path) -> None:
        assert "!important" not in rules_of(sheet)
        assert not re.findall(r"(?m)^\s*#[\w-]+[^;{]*\{", rules_of(sheet)), "no ids"

    def test_uses_only_tokens_that_exist(self, sheet: Path) -> None:
        given = set(re.findall(r"(--[\w-]+)\s*:", "".join(rules_of(one) for one in SHEETS)))
        for token, fallback in re.findall(r"var\((--[\w-]+)(,?)", rules_of(sheet)):
            assert token in given or fallback, f"{token} is not defined"


@pytest.mark.parametrize("folder", LARGEST, ids=lambda folder: folder.name)
def test_all_together_stay_small(folder: Path) -> None:
    assert len(brotli.compress(sewn(folder), quality=11)) <= LARGEST[folder]
