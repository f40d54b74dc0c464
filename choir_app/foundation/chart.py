"""Pictures of numbers, as geometry: where each bar, line and label stands. Drawn by templates/parts/chart.html.

Nothing here knows a colour, a word or the database. Lengths are units of the picture's own grid; x grows in the
reading direction of Swedish, y grows downwards. A value that is not known is None and becomes a gap, never a zero.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import ceil, floor, log10
from typing import Literal

Certainty = Literal["solid", "striped", "dotted", "fund", "gap"]
"""Signed, promised, applied for, paid out of the shared money, paid by nobody."""


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where it stands and what value it is."""

    at: float
    value: float


@dataclass(frozen=True)
class Bar:
    """One value as a bar; `value` None is a gap: nobody knows, so nothing stands there."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: float | None

    @property
    def middle(self) -> float:
        """Where a label centred on the bar stands."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class BarChart:
    """Bars on a floor: weeks, rehearsals."""

    width: float
    height: float
    floor: float
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]

    @property
    def has_gaps(self) -> bool:
        """Whether some value is not known."""
        return any(bar.value is None for bar in self.bars)


@dataclass(frozen=True)
class Line:
    """Broken lines through the values that are known, with the last point of all."""

    width: float
    height: float
    floor: float
    path: str
    area: str
    last_x: float
    last_y: float
    ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class Month:
    """One month of an axis."""

    x: float
    width: float
    first: date

    @property
    def middle(self) -> float:
        """Where the month's name is centred."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class Paid:
    """Who pays a part of a lane's cost, from one day through another: `share` of the cost, 0 to 1."""

    label: str
    first: date
    last: date
    share: float
    certainty: Certainty
    mark: int = 0
    """Which of several payers it is, for a colour of its own."""


@dataclass(frozen=True)
class Block:
    """One stretch of a lane as it is drawn."""

    x: float
    y: float
    width: float
    height: float
    label: str
    certainty: Certainty
    mark: int = 0

    @property
    def has_room(self) -> bool:
        """Whether its label can be read inside it (about 7 units a letter)."""
        return self.height >= 13 and self.width >= 16 + 7 * len(self.label)


@dataclass(frozen=True)
class Lane:
    """A choir's months: who pays, stacked from the floor up."""

    name: str
    y: float
    height: float
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class LaneChart:
    """Lanes under one axis of months."""

    width: float
    height: float
    left: float
    right: float
    top: float
    months: tuple[Month, ...]
    lanes: tuple[Lane, ...]
    today_x: float | None
    end_x: float | None


@dataclass(frozen=True)
class Curve:
    """Money that runs down, month by month, and the day it is out."""

    path: str
    area: str
    empty_x: float | None
    empty_on: date | None
    certainty: str


@dataclass(frozen=True)
class FundChart:
    """The shared money over the same months as the lanes."""

    width: float
    height: float
    left: float
    right: float
    floor: float
    months: tuple[Month, ...]
    ticks: tuple[Tick, ...]
    curves: tuple[Curve, ...]
    today_x: float | None


@dataclass(frozen=True)
class Sunk:
    """A time below nought: where it begins, and its deepest point; none when it does not come up again."""

    x: float
    first: date
    deepest: tuple[float, float] | None


@dataclass(frozen=True)
class CourseChart:
    """Money day by day, above and below nought, or below what must be left."""

    width: float
    height: float
    left: float
    right: float
    roof: float
    floor: float
    zero: float
    path: str
    area: str
    """Between the line and nought, on both sides of it."""
    months: tuple[Month, ...]
    ticks: tuple[Tick, ...]
    sunk: tuple[Sunk, ...]
    today_x: float | None


# --- scales ---------------------------------------------------------------------------------------------------


def round_ceiling(value: float) -> float:
    """The nearest round number that is not below: 1, 2, 2.5 or 5 times a power of ten."""
    if value <= 0:
        return 1
    power = 10 ** floor(log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value * 0.999999)


def round_ticks(top: float, *, most: int = 4) -> list[float]:
    """Round values from nought up to at least `top`, at most `most` steps of them."""
    step = round_ceiling(max(top, 1) / most)
    if step < 1:
        step = 1
    return [step * number for number in range(ceil(max(top, 1) / step - 1e-9) + 1)]


def months_between(first: date, last: date) -> list[date]:
    """The first day of every month from that of `first` through that of `last`."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1
    return [date((start + number) // 12, (start + number) % 12 + 1, 1) for number in range(max(count, 1))]


@dataclass(frozen=True)
class MonthScale:
    """Days to x: every month is equally wide, every day of it too."""

    left: float
    right: float
    first: date
    count: int

    @property
    def step(self) -> float:
        """The width of one month."""
        return (self.right - self.left) / self.count

    def at(self, day: date) -> float:
        """Where a day begins, held inside the picture."""
        index = (day.year - self.first.year) * 12 + day.month - self.first.month
        inside = index + (day.day - 1) / monthrange(day.year, day.month)[1]
        return _tidy(self.left + min(max(inside, 0), self.count) * self.step)

    def after(self, day: date) -> float:
        """Where a day ends."""
        index = (day.year - self.first.year) * 12 + day.month - self.first.month
        inside = index + day.day / monthrange(day.year, day.month)[1]
        return _tidy(self.left + min(max(inside, 0), self.count) * self.step)

    def holds(self, day: date) -> bool:
        """Whether the day lies inside the picture."""
        return 0 <= (day.year - self.first.year) * 12 + day.month - self.first.month < self.count

    @property
    def months(self) -> tuple[Month, ...]:
        """The months with their places."""
        firsts = months_between(self.first, _add_months(self.first, self.count - 1))
        return tuple(
            Month(_tidy(self.left + number * self.step), _tidy(self.step), first)
            for number, first in enumerate(firsts)
        )


def month_scale(first: date, last: date, *, left: float, right: float) -> MonthScale:
    """The scale of the months from that of `first` through that of `last`."""
    months = months_between(first, last)
    return MonthScale(left, right, months[0], len(months))


# --- charts ---------------------------------------------------------------------------------------------------


def bars(
    values: Sequence[tuple[str, float | None]],
    *,
    width: float = 640,
    height: float = 180,
    top: float | None = None,
) -> BarChart:
    """Labelled values as bars side by side; `top` gives several charts the same scale."""
    known = [value for _label, value in values if value is not None]
    levels = round_ticks(top if top is not None else max(known, default=1))
    left, roof, ground = 36.0, 16.0, height - 24.0
    unit = (ground - roof) / levels[-1]
    slot = (width - left) / max(len(values), 1)
    thick = min(slot * 0.72, 44)
    made = [
        Bar(
            x=_tidy(left + number * slot + (slot - thick) / 2),
            y=_tidy(ground - (value or 0) * unit),
            width=_tidy(thick),
            height=_tidy((value or 0) * unit),
            label=label,
            value=value,
        )
        for number, (label, value) in enumerate(values)
    ]
    ticks = tuple(Tick(_tidy(ground - level * unit), level) for level in levels[1:])
    return BarChart(width, height, ground, tuple(made), ticks)


def ranked(
    values: Sequence[tuple[str, float | None]],
    *,
    width: float = 480,
    row: float = 34,
    label_width: float = 130,
) -> BarChart:
    """Labelled values as lying bars under each other, as given; a value that may not be shown has no bar."""
    known = [value for _label, value in values if value is not None]
    unit = (width - label_width - 56) / max([*known, 1])
    made = [
        Bar(label_width, _tidy(number * row + 6), _tidy(max((value or 0) * unit, 0)), row - 12, label, value)
        for number, (label, value) in enumerate(values)
    ]
    return BarChart(width, _tidy(max(len(values), 1) * row), 0, tuple(made), ())


def spark(values: Sequence[float | None], *, width: float = 120, height: float = 36) -> BarChart:
    """The last rehearsals as small bars without axis, for a row of a list."""
    known = [value for value in values if value is not None]
    unit = (height - 4) / max([*known, 1])
    slot = width / max(len(values), 1)
    made = [
        Bar(
            x=_tidy(number * slot + slot * 0.14),
            y=_tidy(height - 1 - (value or 0) * unit),
            width=_tidy(slot * 0.72),
            height=_tidy((value or 0) * unit),
            label="",
            value=value,
        )
        for number, value in enumerate(values)
    ]
    return BarChart(width, height, height - 1, tuple(made), ())


def line(
    values: Sequence[float | None], *, width: float = 640, height: float = 180, top: float | None = None
) -> Line:
    """Values in time as a line that breaks where a value is not known."""
    known = [value for value in values if value is not None]
    levels = round_ticks(top if top is not None else max(known, default=1))
    left, roof, ground = 36.0, 16.0, height - 24.0
    unit = (ground - roof) / levels[-1]
    step = (width - left - 8) / max(len(values) - 1, 1)
    points = [
        None if value is None else (_tidy(left + number * step), _tidy(ground - value * unit))
        for number, value in enumerate(values)
    ]
    runs = _runs(points)
    last = next((point for point in reversed(points) if point), (left, ground))
    return Line(
        width,
        height,
        ground,
        " ".join(_path(run) for run in runs),
        " ".join(_area(run, ground) for run in runs),
        last[0],
        last[1],
        tuple(Tick(_tidy(ground - level * unit), level) for level in levels[1:]),
    )


def lanes(
    rows: Sequence[tuple[str, Sequence[Paid]]],
    scale: MonthScale,
    *,
    width: float,
    top: float = 36,
    lane_height: float = 56,
    space: float = 14,
    today: date | None = None,
    end: date | None = None,
) -> LaneChart:
    """Who pays for which choir until when. Each row: its name and what is paid, the surest first.

    Shares of one day are stacked from the floor in the order given and cut at the whole cost. What `fund` and `gap`
    cover stands behind the others, at full height.
    """
    made = []
    y = top
    for name, paid in rows:
        made.append(Lane(name, y, lane_height, tuple(_blocks(paid, scale, y, lane_height))))
        y += lane_height + space
    return LaneChart(
        width,
        _tidy(y - space + 6),
        scale.left,
        scale.right,
        top,
        scale.months,
        tuple(made),
        scale.at(today) if today and scale.holds(today) else None,
        scale.after(end) if end and scale.holds(end) else None,
    )


def fund(
    series: Sequence[tuple[str, Sequence[tuple[date, float]], date | None]],
    scale: MonthScale,
    *,
    width: float,
    height: float = 200,
    today: date | None = None,
) -> FundChart:
    """Money left, day by day, as lines that run down to nought.

    Each series: how sure it is (agreed, pledged, applied or change), points of (day, kronor) and the day it is out.
    """
    most = max((amount for _kind, points, _out in series for _day, amount in points), default=1)
    levels = round_ticks(most, most=3)
    roof, ground = 20.0, height - 28.0
    unit = (ground - roof) / levels[-1]
    curves = []
    for kind, points, out in series:
        places = [(scale.at(day), _tidy(ground - max(amount, 0) * unit)) for day, amount in points]
        if out and scale.holds(out):
            places = [place for place in places if place[0] < scale.after(out)] + [(scale.after(out), ground)]
        curves.append(
            Curve(
                _path(places),
                _area(places, ground),
                scale.after(out) if out and scale.holds(out) else None,
                out,
                kind,
            )
        )
    return FundChart(
        width,
        height,
        scale.left,
        scale.right,
        ground,
        scale.months,
        tuple(Tick(_tidy(ground - level * unit), level) for level in levels[1:]),
        tuple(curves),
        scale.at(today) if today and scale.holds(today) else None,
    )


def course(
    points: Sequence[tuple[date, float]],
    sunk: Sequence[tuple[date, date | None]],
    scale: MonthScale,
    *,
    width: float,
    height: float = 240,
    today: date | None = None,
    least: float = 0,
) -> CourseChart:
    """Money day by day in steps: each point is what is left when a day is over.

    `sunk`: the first and the deepest day of each time below nought; no deepest day when it does not come up again.
    `least`: what must be left, when it is more than nought.
    """
    amounts = [amount for _day, amount in points] or [0.0]
    top_amount, low_amount = max([*amounts, least, 1]), min([*amounts, 0])
    step = round_ceiling((top_amount - low_amount) / 4)
    top, bottom = ceil(top_amount / step - 1e-9), floor(low_amount / step + 1e-9)
    roof, ground = 16.0, height - 26.0
    unit = (ground - roof) / max(top - bottom, 1)

    def level(amount: float) -> float:
        return _tidy(roof + (top - amount / step) * unit)

    places: list[tuple[float, float]] = []
    for day, amount in points:
        x, y = scale.at(day), level(amount)
        if places and places[-1][1] != y:
            places.append((x, places[-1][1]))
        places.append((x, y))
    if places:
        places.append((scale.right, places[-1][1]))
    left_on = dict(points)
    return CourseChart(
        width,
        height,
        scale.left,
        scale.right,
        roof,
        ground,
        level(least),
        _path(places),
        _area(places, level(least)),
        scale.months,
        tuple(Tick(level(number * step), number * step) for number in range(bottom, top + 1)),
        tuple(
            Sunk(
                scale.at(first),
                first,
                (scale.at(deepest), level(left_on.get(deepest, 0))) if deepest else None,
            )
            for first, deepest in sunk
            if scale.holds(first)
        ),
        scale.at(today) if today and scale.holds(today) else None,
    )


# --- pieces ---------------------------------------------------------------------------------------------------


def _blocks(paid: Sequence[Paid], scale: MonthScale, y: float, height: float) -> Iterable[Block]:
    behind = [part for part in paid if part.certainty in ("fund", "gap")]
    before = [part for part in paid if part.certainty not in ("fund", "gap")]
    for part in behind:
        x, end = scale.at(part.first), scale.after(part.last)
        if end > x:
            yield Block(x, y, _tidy(end - x), height, part.label, part.certainty)
    cuts = sorted({day for part in before for day in (scale.at(part.first), scale.after(part.last))})
    filled = dict.fromkeys(pairwise(cuts), 0.0)
    for part in before:
        yield from _stack(part, scale, filled, y, height)


def _stack(
    part: Paid, scale: MonthScale, filled: dict[tuple[float, float], float], y: float, height: float
) -> Iterable[Block]:
    """Put one payer on top of what lies there already; stretches of the same height become one block."""
    x, end = scale.at(part.first), scale.after(part.last)
    open_block: Block | None = None
    for (start, stop), level in filled.items():
        if start < x or stop > end:
            continue
        share = min(part.share, 1 - level)
        if share <= 1e-9:
            continue
        filled[start, stop] = level + share
        block = Block(
            start,
            _tidy(y + height * (1 - level - share)),
            _tidy(stop - start),
            _tidy(height * share),
            part.label,
            part.certainty,
            part.mark,
        )
        if (
            open_block
            and (open_block.y, open_block.height) == (block.y, block.height)
            and (abs(open_block.x + open_block.width - block.x) < 0.06)
        ):
            width = _tidy(open_block.width + block.width)
            open_block = replace(open_block, width=width)
            continue
        if open_block:
            yield open_block
        open_block = block
    if open_block:
        yield open_block


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) if points else ""


def _area(points: Sequence[tuple[float, float]], ground: float) -> str:
    return f"{_path(points)}V{ground:g}H{points[0][0]:g}z" if len(points) > 1 else ""


def _add_months(day: date, count: int) -> date:
    number = day.year * 12 + day.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def _tidy(value: float) -> float:
    return round(value, 1)
