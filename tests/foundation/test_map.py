"""Where towns stand on the drawn map, and that their names can be read."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choir_app.foundation.map import HEIGHT, WIDTH, Pin, _name_box, _overlap, place, project

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

TOWNS = {
    "Boden": (21.6886, 65.8252),
    "Östersund": (14.6357, 63.1792),
    "Sundsvall": (17.3063, 62.3908),
    "Stockholm": (18.0686, 59.3293),
    "Norrköping": (16.1826, 58.5877),
    "Linköping": (15.6214, 58.4108),
    "Göteborg": (11.9746, 57.7089),
}


def pins(*names: str) -> list[Pin]:
    return [Pin(name, *TOWNS[name], url=f"/korer#{name}") for name in names or TOWNS]


class TestProjecting:
    def test_the_middle_stands_upright(self) -> None:
        assert len({project(15, latitude)[0] for latitude in range(56, 69)}) == 1

    def test_lengths_are_true(self) -> None:
        """Boden to Göteborg is about 1,020 km; one unit is the earth's radius of 6,371 km through 4,180."""
        (x1, y1), (x2, y2) = project(*TOWNS["Boden"]), project(*TOWNS["Göteborg"])
        assert ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5 * 6371 / 4180 == pytest.approx(1020, rel=0.03)

    @pytest.mark.parametrize(
        ("longitude", "latitude"),
        [(20.55, 69.06), (24.16, 65.84), (13.36, 55.34), (10.96, 58.99)],
        ids=["Treriksröset", "Haparanda", "Smygehuk", "Strömstad"],
    )
    def test_the_ends_of_the_country_are_on_the_map(self, longitude: float, latitude: float) -> None:
        x, y = project(longitude, latitude)
        assert 0 < x < WIDTH
        assert 0 < y < HEIGHT

    def test_north_is_up_and_east_is_at_the_end(self) -> None:
        boden, gothenburg = project(*TOWNS["Boden"]), project(*TOWNS["Göteborg"])
        assert boden[0] > gothenburg[0]
        assert boden[1] < gothenburg[1]


class TestPlacing:
    def test_from_north_to_south(self) -> None:
        assert [one.pin.name for one in place(pins("Göteborg", "Boden", "Linköping"))] == [
            "Boden",
            "Linköping",
            "Göteborg",
        ]

    def test_no_name_lies_on_another(self) -> None:
        for one, other in combinations(place(pins()), 2):
            assert not _overlap(_name_box(one), _name_box(other)), (one.pin.name, other.pin.name)

    def test_neighbours_take_different_sides(self) -> None:
        sides = {one.pin.name: one.side for one in place(pins("Norrköping", "Linköping"))}
        assert sides == {"Norrköping": "end", "Linköping": "start"}

    @given(st.lists(st.sampled_from(sorted(TOWNS)), unique=True))
    def test_names_stay_inside_and_order_does_not_matter(self, names: list[str]) -> None:
        if not names:
            assert place([]) == ()
            return
        placed = place(pins(*names))
        assert placed == place(pins(*reversed(names)))
        for one in placed:
            x, _y, width, _height = _name_box(one)
            assert x >= 0
            assert x + width <= WIDTH


class TestTheOutline:
    path = re.search(r' d="([^"]+)"', (TEMPLATES / "parts" / "map_outline.html").read_text())

    def test_is_small(self) -> None:
        assert self.path
        assert 2500 < len(self.path[1]) < 5000
        assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", self.path[1])

    @pytest.mark.parametrize("town", TOWNS)
    def test_towns_lie_in_it_or_at_its_coast(self, town: str) -> None:
        assert self.path
        x, y = project(*TOWNS[town])
        nearest = min(
            abs(x - px) + abs(y - py) for part in self.path[1].split("z") if part for px, py in corners(part)
        )
        assert is_inside(x, y, corners(self.path[1].split("z")[0])) or nearest < 8


def corners(part: str) -> list[tuple[int, int]]:
    """The corners of one part of the path: where it begins, then steps."""
    start, steps = part[1:].split("l")
    x, y = map(int, start.split())
    points = [(x, y)]
    numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
    for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + step_x, y + step_y
        points.append((x, y))
    return points


def is_inside(x: float, y: float, ring: list[tuple[int, int]]) -> bool:
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1
