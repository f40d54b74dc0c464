"""Where a place stands on our drawn map of Sweden, and on which side its name has room.

The map is a transverse Mercator on a sphere about 15° east, the meridian of Swedish maps, so that the country
stands upright. Its outline is made by `scripts/make_map.py`, which asks this module for every point.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, log, radians, sin, tan
from typing import Literal

WIDTH = 640
HEIGHT = 1040
"""The map's own units: the `viewBox` of its drawing."""

_MIDDLE = radians(15)
_UNITS_PER_RADIAN = 4180
_NORTH = 1.2102  # the y of the northernmost point of Sweden before scaling, with room above it
_WEST = -0.0672

_LETTER = 16  # about the width of one letter of a label
_LINE = 34
_POT = 28

Side = Literal["start", "end"]


@dataclass(frozen=True)
class Pin:
    """One place on the map: its name, where it is in degrees, and the page it leads to.

    `is_resting` draws it hollow, with `note` ("Paus") beside the name.
    """

    name: str
    longitude: float
    latitude: float
    url: str
    is_resting: bool = False
    note: str = ""


@dataclass(frozen=True)
class PlacedPin:
    """A pin as it is drawn: x and y of its pot, the side its name stands on, and where the name begins."""

    pin: Pin
    x: float
    y: float
    side: Side
    label_y: float

    @property
    def label_x(self) -> float:
        """Where the name begins (on the end side) or ends (on the start side)."""
        return round(self.x + (_POT + 6 if self.side == "end" else -_POT - 6), 1)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """What pot and name cover together: x, y, width and height."""
        length = _length(self.pin)
        x = self.x - _POT if self.side == "end" else self.label_x - length
        top = min(self.y - _POT, self.label_y - _LINE / 2)
        bottom = max(self.y + _POT, self.label_y + _LINE / 2)
        return round(x, 1), round(top, 1), round(length + 2 * _POT + 6, 1), round(bottom - top, 1)


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees as x and y on the map, y growing southwards (Snyder, Map Projections, p. 58)."""
    away, north = radians(longitude) - _MIDDLE, radians(latitude)
    east = cos(north) * sin(away)
    x = log((1 + east) / (1 - east)) / 2
    y = atan2(tan(north), cos(away))
    return round((x - _WEST) * _UNITS_PER_RADIAN, 1), round((_NORTH - y) * _UNITS_PER_RADIAN, 1)


def place(pins: Sequence[Pin]) -> tuple[PlacedPin, ...]:
    """The pins from north to south, each name on the side where it covers least of the others.

    Names stand at the end side where both are as good; where neither is free, a name moves up or down.
    """
    standing = [(pin, *project(pin.longitude, pin.latitude)) for pin in pins]
    standing.sort(key=lambda one: (one[2], one[1], one[0].name))
    pots = [(x, y) for _pin, x, y in standing]
    placed: list[PlacedPin] = []
    for pin, x, y in standing:
        tries = [
            PlacedPin(pin, x, y, side, round(y + shift, 1))
            for shift in (0, _LINE * 0.7, -_LINE * 0.7)
            for side in ("end", "start")
        ]
        placed.append(min(tries, key=lambda one: _trouble(one, placed, pots)))
    return tuple(placed)


def _trouble(one: PlacedPin, placed: Sequence[PlacedPin], pots: Sequence[tuple[float, float]]) -> float:
    """How badly a name stands: over the edge worst, then over another name, then over a pot, then moved."""
    x, y, width, height = _name_box(one)
    outside = max(0, -x) + max(0, x + width - WIDTH)
    names = sum(_overlap((x, y, width, height), _name_box(other)) for other in placed)
    covered = sum(
        _overlap((x, y, width, height), (pot_x - _POT, pot_y - _POT, 2 * _POT, 2 * _POT))
        for pot_x, pot_y in pots
        if hypot(pot_x - one.x, pot_y - one.y) > 0
    )
    return outside * 1000 + names * 10 + covered + abs(one.label_y - one.y)


def _name_box(one: PlacedPin) -> tuple[float, float, float, float]:
    length = _length(one.pin)
    return (one.label_x - (length if one.side == "start" else 0), one.label_y - _LINE / 2, length, _LINE)


def _length(pin: Pin) -> float:
    return _LETTER * max(len(pin.name), len(pin.note))


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> float:
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0
