"""Imports point down the floors, through open furniture only, and the folders are those of the plan."""

import ast
from pathlib import Path

import pytest

from choir_app.floors import FLOOR_OF, FURNITURE, OPEN_TO_OTHERS, ROOMS, ROOMS_WITH_PAGES
from tests.house.house import CODE, MODULES, OWN_FOLDERS, ROOM_NAMES, place_of, said

BESIDE_THE_ROOMS = {"__init__", "floors", "commands", "serve"}
"""Modules that stand beside the rooms: they open the house and may know everyone."""

MORE_FURNITURE = {
    "commands": "choir_app/commands.py opens them",
    "passwords": "how a secret is kept, beside the rules",
}
"""What a room may hold besides its furniture, and why."""


def imports_of(path: Path) -> set[tuple[str, str, str]]:
    """The (room, furniture, name) triples that a module imports, wherever in the file it does so."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    parts = [name.split(".") for name in names if name.startswith("choir_app.")]
    return {(part[1], part[2] if len(part) > 2 else "", part[3] if len(part) > 3 else "") for part in parts}


@pytest.mark.parametrize("path", MODULES, ids=said)
def test_a_module_imports_only_what_stands_below_it(path: Path) -> None:
    room, furniture = place_of(path)
    for other, piece, name in imports_of(path):
        if room == "" and piece == "":
            continue
        if other in BESIDE_THE_ROOMS:
            assert other == "floors" or room == "", f"{other} opens the house, and is imported by nobody"
            continue
        assert other in FLOOR_OF, f"choir_app.{other} is no room of the plan"
        assert not (other != room and name.startswith("_") and name != "_"), (
            f"{other}.{piece}.{name} is private"
        )
        if room == "":
            continue
        if other != room:
            assert FLOOR_OF[other] < FLOOR_OF[room], f"{room} may not use {other}"
            assert other == "foundation" or piece in OPEN_TO_OTHERS, f"{piece} is private to {other}"
        elif {furniture, piece} <= set(FURNITURE) and furniture != piece:
            assert FURNITURE.index(piece) < FURNITURE.index(furniture), f"{furniture} stands under {piece}"


@pytest.mark.parametrize("path", MODULES, ids=said)
def test_nothing_is_imported_by_a_dotted_name_or_relatively(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                assert not alias.name.startswith("choir_app"), (
                    f"write «from … import …», not «import {alias.name}»"
                )
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"


def test_the_plan_and_the_folders_are_the_same() -> None:
    folders = {path.name for path in CODE.iterdir() if path.is_dir() and path.name not in OWN_FOLDERS}
    assert folders == set(ROOM_NAMES)
    assert len({room.name for room in ROOMS}) == len(ROOMS)
    assert set(ROOMS_WITH_PAGES) == {
        name for name in ROOM_NAMES if (CODE / name / "views.py").exists() or (CODE / name / "views").is_dir()
    }


def test_every_exception_is_still_needed() -> None:
    for name in MORE_FURNITURE:
        assert list(CODE.glob(f"*/{name}.py")), f"no room holds {name} any more"


def test_only_the_openers_stand_beside_the_rooms() -> None:
    assert {path.stem for path in CODE.glob("*.py")} == BESIDE_THE_ROOMS


@pytest.mark.parametrize("room", [name for name in ROOM_NAMES if name not in ("foundation", "demo")])
def test_a_room_holds_only_known_furniture(room: str) -> None:
    pieces = {
        path.stem
        for path in (CODE / room).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert pieces <= {"__init__", *FURNITURE, *MORE_FURNITURE}


@pytest.mark.parametrize("room", ROOM_NAMES)
def test_a_room_has_a_sign_on_its_door_and_nothing_else(room: str) -> None:
    tree = ast.parse((CODE / room / "__init__.py").read_text())
    assert ast.get_docstring(tree), f"{room}/__init__.py says what the room is for"
    assert len(tree.body) == 1, f"{room}/__init__.py holds no code"
