"""Make the outline of Sweden that the map is drawn with, from Natural Earth's public domain data.

    npm install --prefix /tmp/atlas world-atlas@2.0.2
    python scripts/make_map.py /tmp/atlas/node_modules/world-atlas/countries-10m.json

writes templates/parts/map_outline.html, which is committed: nobody needs to run this to use the product.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from choir_app.foundation.map import project  # noqa: E402 - found by the line above

OUTLINE = PROJECT / "templates" / "parts" / "map_outline.html"
SWEDEN = "752"  # ISO 3166-1 numeric
TOLERANCE = 0.8
LEAST_AREA = 45
"""In the map's own units: how far the outline may stray, and the smallest island that is drawn."""

Point = tuple[float, float]


def arcs_in_degrees(topology: dict[str, Any]) -> list[list[Point]]:
    """The topology's lines, unpacked from whole-number steps to degrees."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append((x * scale_x + left, y * scale_y + bottom))
        arcs.append(arc)
    return arcs


def rings_of(topology: dict[str, Any], country: str) -> Iterator[list[Point]]:
    """The outer ring of each part of a country, in degrees."""
    arcs = arcs_in_degrees(topology)
    shapes = topology["objects"]["countries"]["geometries"]
    shape = next(each for each in shapes if each.get("id") == country)
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    for outer, *_holes in polygons:
        ring: list[Point] = []
        for number in outer:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            ring.extend(arc[1:] if ring else arc)
        yield ring


def area_of(ring: Sequence[Point]) -> float:
    """The area inside a ring (the shoelace formula)."""
    turned = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in turned)) / 2


def simplified(line: Sequence[Point]) -> list[Point]:
    """The line without the points that it strays from by less than the tolerance (Douglas and Peucker)."""
    if len(line) < 3:
        return list(line)
    (x1, y1), (x2, y2) = line[0], line[-1]
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5

    def stray(point: Point) -> float:
        x, y = point
        if length == 0:
            return ((x - x1) ** 2 + (y - y1) ** 2) ** 0.5
        return abs((y2 - y1) * (x - x1) - (x2 - x1) * (y - y1)) / length

    farthest = max(range(1, len(line) - 1), key=lambda number: stray(line[number]))
    if stray(line[farthest]) <= TOLERANCE:
        return [line[0], line[-1]]
    return [*simplified(line[: farthest + 1])[:-1], *simplified(line[farthest:])]


def drawn(ring: Sequence[Point]) -> str:
    """A ring as part of an SVG path, in whole units and steps from the point before."""
    (x, y), *rest = [(round(x), round(y)) for x, y in ring]
    parts = [f"M{x} {y}l"]
    for next_x, next_y in rest[:-1]:
        step_x, step_y = next_x - x, next_y - y
        if step_x or step_y:
            gap = "" if parts[-1].endswith("l") or step_x < 0 else " "
            parts.append(f"{gap}{step_x}{'' if step_y < 0 else ' '}{step_y}")
        x, y = next_x, next_y
    return "".join(parts) + "z"


def main(atlas: Path) -> None:
    """Write the outline's template."""
    topology = json.loads(atlas.read_text())
    rings = ([project(*point) for point in ring] for ring in rings_of(topology, SWEDEN))
    large = sorted((ring for ring in rings if area_of(ring) >= LEAST_AREA), key=area_of, reverse=True)
    path = "".join(drawn(simplified(ring)) for ring in large)
    OUTLINE.write_text(
        "{# Made by scripts/make_map.py from Natural Earth (public domain). Do not edit by hand. #}\n"
        f'<path class="map__land" d="{path}"/>\n'
    )
    everywhere = [point for ring in large for point in ring]
    xs, ys = [x for x, _y in everywhere], [y for _x, y in everywhere]
    sys.stdout.write(
        f"{len(large)} parts, {len(path)} characters, x {min(xs)} to {max(xs)}, y {min(ys)} to {max(ys)}\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
