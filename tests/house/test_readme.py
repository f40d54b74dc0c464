"""The README's map is the plan of the house, its table is that of the settings, and its commands are there."""

import os
import re

import pytest

from choir_app.floors import ROOMS
from choir_app.foundation.settings import PROJECT, SETTINGS

README = PROJECT / "README.md"


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text()


def table(text: str, first: str) -> list[list[str]]:
    """The rows of the table whose head begins with this word."""
    rows: list[list[str]] = []
    inside = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if cells and cells[0].lower() == first:
            inside = True
        elif not cells:
            inside = False
        elif inside and not set(cells[0]) <= set("-: "):
            rows.append(cells)
    return rows


def test_the_map_is_the_plan(readme: str) -> None:
    shown = {(re.sub(r"`|/$", "", row[1]).strip("/"), int(row[0])) for row in table(readme, "floor")}
    assert shown == {(room.name, room.floor) for room in ROOMS}, "README's map | floor | room | holds |"


def test_the_table_is_that_of_the_settings(readme: str) -> None:
    shown = {row[0].strip("`"): row[1].strip("`") for row in table(readme, "setting")}
    assert list(shown) == [setting.name for setting in SETTINGS], (
        "README's table | setting | default | meaning |"
    )
    for setting in SETTINGS:
        assert shown[setting.name] == setting.default


def test_every_setting_that_is_read_is_listed() -> None:
    """Nothing else of the environment is looked at, apart from what Python and the tests need."""
    listed = {setting.name for setting in SETTINGS}
    for path in (PROJECT / "choir_app").rglob("*.py"):
        for name in re.findall(r"os\.environ(?:\.get\(|\[)\"([A-Z_]+)\"", path.read_text()):
            assert name in listed, f"{path.name} reads {name}"


def test_its_commands_are_there(readme: str) -> None:
    for command in ("bin/run", "bin/test", "bin/bench"):
        assert command in readme
        assert os.access(PROJECT / command, os.X_OK), command


def test_every_benchmark_is_told_of(readme: str) -> None:
    """In the README's table, and in the words at the head of the command."""
    named = re.findall(
        r'^    "(\w+)": \w+\.main', (PROJECT / "benchmarks/__main__.py").read_text(), re.MULTILINE
    )
    told = re.findall(r"^    (\w+)  +\S", (PROJECT / "bin/bench").read_text(), re.MULTILINE)
    assert named
    assert sorted(row[0].strip("`") for row in table(readme, "name")) == named
    assert sorted(told) == named


def test_its_links_lead_somewhere(readme: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", readme):
        if "://" not in target:
            assert (PROJECT / target).exists(), target
