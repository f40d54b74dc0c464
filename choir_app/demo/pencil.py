"""A pencil that draws flat shapes with round outlines, giving the same bytes on every machine.

Coordinates are those of the finished picture; the sheet is drawn three times as large and made smaller at the end,
which rounds the edges. No fonts, no gradients, no chance.
"""

import itertools
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import atan2, ceil, cos, hypot, pi, radians, sin, sqrt

from PIL import Image, ImageDraw

Point = tuple[float, float]
Line = list[Point]

_LARGER = 3
_STEP_LENGTH = 5
_NUMBERS_OF = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_TOKEN = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])|(-?(?:\d+\.?\d*|\.\d+))")
_MOST_STORED = 65_535


class Sheet:
    """One picture in the making."""

    def __init__(self, ground: str, *, width: int = 1600, height: int = 1000) -> None:
        self.width, self.height = width, height
        self._image = Image.new("RGB", (width * _LARGER, height * _LARGER), ground)
        self._draw = ImageDraw.Draw(self._image)

    def fill(self, points: Sequence[Point], colour: str) -> None:
        """A shape of one colour."""
        if len(points) > 2:
            self._draw.polygon([(round(x * _LARGER), round(y * _LARGER)) for x, y in points], fill=colour)

    def stroke(self, points: Sequence[Point], colour: str, width: float, *, dashes: float = 0) -> None:
        """A line with round ends and corners; with `dashes`, as dashes of that length with as long gaps."""
        for part in _dashed(points, dashes) if dashes else [list(points)]:
            for (x1, y1), (x2, y2) in itertools.pairwise(part):
                length = hypot(x2 - x1, y2 - y1)
                if length:
                    side_x, side_y = (y1 - y2) / length * width / 2, (x2 - x1) / length * width / 2
                    self.fill(
                        [
                            (x1 + side_x, y1 + side_y),
                            (x2 + side_x, y2 + side_y),
                            (x2 - side_x, y2 - side_y),
                            (x1 - side_x, y1 - side_y),
                        ],
                        colour,
                    )
            for x, y in part:
                self._dot(x, y, width / 2, colour)

    def shape(
        self, points: Sequence[Point], colour: str | None = None, outline: str | None = None, width: float = 8
    ) -> None:
        """A closed shape, filled and outlined as asked."""
        if colour:
            self.fill(points, colour)
        if outline:
            self.stroke([*points, points[0]], outline, width)

    def path(
        self,
        commands: str,
        colour: str | None = None,
        outline: str | None = None,
        width: float = 8,
        *,
        at: Point = (0, 0),
        scale: float = 1,
        turned: float = 0,
    ) -> None:
        """A path in SVG's language, moved to `at`, enlarged and turned (degrees, clockwise about its own 0 0)."""
        for line, is_closed in _lines_of(commands):
            placed = _placed(line, at, scale, turned)
            if colour:
                self.fill(placed, colour)
            if outline:
                self.stroke([*placed, placed[0]] if is_closed else placed, outline, width)

    @contextmanager
    def inside(self, points: Sequence[Point]) -> Iterator[None]:
        """Whatever is drawn meanwhile shows only inside the shape."""
        before = self._image.copy()
        yield
        window = Image.new("1", self._image.size, 0)
        ImageDraw.Draw(window).polygon([(round(x * _LARGER), round(y * _LARGER)) for x, y in points], fill=1)
        self._image = Image.composite(self._image, before, window)
        self._draw = ImageDraw.Draw(self._image)

    def png(self) -> bytes:
        """The finished picture. Not compressed: compressors differ from machine to machine."""
        small = self._image.reduce(_LARGER)
        row = self.width * 3
        pixels = small.tobytes()
        lines = b"".join(b"\0" + pixels[at : at + row] for at in range(0, len(pixels), row))
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        chunks = _chunk(b"IHDR", head) + _chunk(b"IDAT", _stored(lines)) + _chunk(b"IEND", b"")
        return b"\x89PNG\r\n\x1a\n" + chunks

    def _dot(self, x: float, y: float, radius: float, colour: str) -> None:
        box = [round((x - radius) * _LARGER), round((y - radius) * _LARGER)]
        size = max(1, round(2 * radius * _LARGER) - 1)
        self._draw.ellipse([box[0], box[1], box[0] + size, box[1] + size], fill=colour)


def mixed(one: str, other: str, share: float = 0.5) -> str:
    """The colour that has `share` of the other in it."""
    parts = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> Line:
    """A rectangle, with round corners when asked."""
    if not radius:
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    right, bottom = x + width, y + height
    corners = [
        (right - radius, y + radius, -90),
        (right - radius, bottom - radius, 0),
        (x + radius, bottom - radius, 90),
        (x + radius, y + radius, 180),
    ]
    return [
        point
        for middle_x, middle_y, start in corners
        for point in arc(middle_x, middle_y, radius, radius, start, start + 90)
    ]


def arc(x: float, y: float, across: float, down: float, start: float, end: float) -> Line:
    """Part of an ellipse round x y, from one angle to another (degrees, clockwise from three o'clock)."""
    steps = max(6, ceil(abs(radians(end - start)) * max(across, down) / _STEP_LENGTH))
    angles = [radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(x + across * cos(angle), y + down * sin(angle)) for angle in angles]


def disc(x: float, y: float, radius: float, down: float | None = None) -> Line:
    """A circle, or an ellipse that is `down` high to each side."""
    return arc(x, y, radius, radius if down is None else down, 0, 360)[:-1]


def tilted(points: Sequence[Point], turn: float, middle: Point) -> Line:
    """The same shape turned (degrees, clockwise) about a point."""
    x, y = middle
    return _placed([(px - x, py - y) for px, py in points], middle, 1, turn)


def _placed(points: Sequence[Point], at: Point, scale: float, turned: float) -> Line:
    along, across = cos(radians(turned)) * scale, sin(radians(turned)) * scale
    return [(at[0] + x * along - y * across, at[1] + x * across + y * along) for x, y in points]


def _dashed(points: Sequence[Point], length: float) -> Iterator[Line]:
    part: Line = [points[0]]
    left, is_drawn = length, True
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        whole = hypot(x2 - x1, y2 - y1)
        gone = 0.0
        while whole - gone > left:
            gone += left
            corner = (x1 + (x2 - x1) * gone / whole, y1 + (y2 - y1) * gone / whole)
            if is_drawn:
                yield [*part, corner]
            part, left, is_drawn = [corner], length, not is_drawn
        left -= whole - gone
        part.append((x2, y2))
    if is_drawn and len(part) > 1:
        yield part


def _lines_of(commands: str) -> Iterator[tuple[Line, bool]]:
    """The lines that an SVG path consists of, curves as short straight steps; whether each is closed."""
    line: Line = []
    x = y = 0.0
    pull: Point | None = None
    for name, numbers in _steps_of(commands):
        kind, (from_x, from_y) = name.upper(), (x, y) if name.islower() else (0.0, 0.0)
        if kind == "Z":
            yield line, True
            x, y = line[0]
            line = []
            continue
        if not line and kind != "M":
            line = [(x, y)]
        if kind == "H":
            end = (from_x + numbers[0], y)
        elif kind == "V":
            end = (x, from_y + numbers[0])
        else:
            end = (from_x + numbers[-2], from_y + numbers[-1])
        if kind == "M":
            if line:
                yield line, False
            line = [end]
        elif kind in "LHV":
            line.append(end)
        elif kind in "CSQT":
            pulls = [(from_x + numbers[at], from_y + numbers[at + 1]) for at in range(0, len(numbers) - 2, 2)]
            if kind in "ST":
                pulls.insert(0, (2 * x - pull[0], 2 * y - pull[1]) if pull else (x, y))
            line.extend(_curve((x, y), pulls, end))
            pull = pulls[-1]
        else:
            line.extend(_round((x, y), numbers, end))
        if kind not in "CSQT":
            pull = None
        x, y = end
    if line:
        yield line, False


def _steps_of(commands: str) -> Iterator[tuple[str, list[float]]]:
    name, numbers = "", list[float]()
    for letter, number in _TOKEN.findall(commands):
        if letter:
            name, numbers = letter, []
            if letter in "Zz":
                yield letter, []
        else:
            numbers.append(float(number))
            if len(numbers) == _NUMBERS_OF[name.upper()]:
                yield name, numbers
                numbers = []
                name = {"M": "L", "m": "l"}.get(name, name)


def _curve(start: Point, pulls: Sequence[Point], end: Point) -> Line:
    points = [start, *pulls, end]
    line: Line = []
    for step in range(1, 25):
        level = points
        while len(level) > 1:
            share = step / 24
            level = [
                (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
                for (x1, y1), (x2, y2) in itertools.pairwise(level)
            ]
        line.append(level[0])
    return line


def _round(start: Point, numbers: Sequence[float], end: Point) -> Line:
    """An arc from its two ends (SVG 2, appendix B.2.4, for arcs that are not tilted)."""
    across, down, _tilt, is_large, is_clockwise = numbers[:5]
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    grow = max(1.0, (half_x / across) ** 2 + (half_y / down) ** 2)
    across, down = across * sqrt(grow), down * sqrt(grow)
    flat = (across * half_y) ** 2 + (down * half_x) ** 2
    away = sqrt(max(0.0, ((across * down) ** 2 - flat) / flat)) * (-1 if is_large == is_clockwise else 1)
    middle_x, middle_y = away * across * half_y / down, -away * down * half_x / across
    x, y = middle_x + (start[0] + end[0]) / 2, middle_y + (start[1] + end[1]) / 2
    first = atan2((half_y - middle_y) / down, (half_x - middle_x) / across)
    last = atan2((-half_y - middle_y) / down, (-half_x - middle_x) / across)
    if is_clockwise and last < first:
        last += 2 * pi
    if not is_clockwise and last > first:
        last -= 2 * pi
    steps = 16
    angles = [first + (last - first) * step / steps for step in range(1, steps + 1)]
    return [(x + across * cos(angle), y + down * sin(angle)) for angle in angles]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _stored(content: bytes) -> bytes:
    """The content as a zlib stream of stored blocks (RFC 1950 and 1951, section 3.2.4)."""
    blocks = [content[at : at + _MOST_STORED] for at in range(0, len(content), _MOST_STORED)]
    body = b"".join(
        struct.pack("<BHH", number == len(blocks) - 1, len(block), len(block) ^ 0xFFFF) + block
        for number, block in enumerate(blocks)
    )
    return b"\x78\x01" + body + struct.pack(">I", zlib.adler32(content))
