"""The picture of what is tried: each choir's lane beside that of today's plan, and what becomes paid or unpaid."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal
from uuid import UUID

from choir_app.foundation import chart
from choir_app.funding.queries import ChoirOutlook, Span
from choir_app.funding.queries.scenario import ChoirCompared, Tried
from choir_app.funding.views.drawing import PHONE, TRIED, WIDE, labelled, marks_of, paid_in, window_of

THIN, THICK, BETWEEN, AFTER = 18.0, 36.0, 22.0, 18.0
"""Today's lane, what becomes of the holes, the lane with what is tried, and the space under it."""
ROOM_FOR_WORDS = 104.0
"""How wide a stretch must be for its words to stand at it; a narrower one has its sign alone."""

Turn = Literal["paid", "unpaid"]


@dataclass(frozen=True)
class Stretch:
    """Days on which a choir's costs become paid by what is tried, or stop being so."""

    first: date
    last: date
    turn: Turn


@dataclass(frozen=True)
class Bracket:
    """A stretch as it is drawn, between the two lanes."""

    x: float
    width: float
    turn: Turn

    @property
    def has_room(self) -> bool:
        """Whether its words can stand at it."""
        return self.width >= ROOM_FOR_WORDS

    @property
    def middle(self) -> float:
        """Where its sign stands when it stands alone."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Pair:
    """One choir's two lanes."""

    choir: ChoirCompared
    now: chart.Lane
    then: chart.Lane
    brackets: tuple[Bracket, ...]


@dataclass(frozen=True)
class PairChart:
    """Pairs of lanes under one axis of months."""

    width: float
    height: float
    left: float
    right: float
    top: float
    months: tuple[chart.Month, ...]
    pairs: tuple[Pair, ...]
    today_x: float | None


@dataclass(frozen=True)
class ChangedMonth:
    """One month of a choir in which what is tried changes what it costs, who pays or what lacks."""

    choir: str
    month: date
    now: Span | None
    then: Span | None

    @property
    def turn(self) -> Turn | None:
        """Whether all of it becomes paid, or some of it stops being so."""
        return turn_of(self.now, self.then)


@dataclass(frozen=True)
class Beside:
    """Everything that is drawn of what is tried, over the same months."""

    wide: PairChart
    small: tuple[PairChart, ...]
    """Each choir alone, for a phone."""
    turns: frozenset[Turn]
    """What there is to explain."""
    has_tried_payer: bool
    months: tuple[ChangedMonth, ...]


def beside(told: Tried) -> Beside:
    """Draw what is tried beside today's plan."""
    now, then = told.now.forecast, told.then.forecast
    first, last = max(window_of(now), window_of(then))
    wide = chart.month_scale(first, last, left=136, right=WIDE - 138)
    small = chart.month_scale(first, last, left=0, right=PHONE)
    marks = marks_of(now, then)
    rows = [_Row.of(one, first, last, marks) for one in told.choirs]
    drawn = _pairs(rows, wide, width=WIDE, top=42, today=now.as_of)
    return Beside(
        wide=drawn,
        small=tuple(_pairs([row], small, width=PHONE, top=24, today=now.as_of) for row in rows),
        turns=frozenset(stretch.turn for row in rows for stretch in row.stretches),
        has_tried_payer=any(block.mark == TRIED for pair in drawn.pairs for block in pair.then.blocks),
        months=tuple(_changed_months(told.choirs, first, last)),
    )


@dataclass(frozen=True)
class _Row:
    """What both pictures of a choir are drawn from."""

    choir: ChoirCompared
    now: list[chart.Paid]
    then: list[chart.Paid]
    stretches: tuple[Stretch, ...]

    @classmethod
    def of(cls, one: ChoirCompared, first: date, last: date, marks: Mapping[UUID, int]) -> "_Row":
        now, then = (paid_in(each, first, last, marks) if each else [] for each in (one.now, one.then))
        return cls(one, now, then, stretches_of(one, first, last))


def stretches_of(one: ChoirCompared, first: date, last: date) -> tuple[Stretch, ...]:
    """The days within a picture on which the choir's costs become paid, or stop being so."""
    found: list[Stretch] = []
    now, then = _spans(one.now, first, last), _spans(one.then, first, last)
    cuts = sorted({day for span in (*now, *then) for day in (span.first, span.last + timedelta(days=1))})
    for since, until in pairwise(cuts):
        turn = turn_of(_on(now, since), _on(then, since))
        if turn is None:
            continue
        day = until - timedelta(days=1)
        if found and found[-1].turn == turn and found[-1].last + timedelta(days=1) == since:
            found[-1] = Stretch(found[-1].first, day, turn)
        else:
            found.append(Stretch(since, day, turn))
    return tuple(found)


def turn_of(now: Span | None, then: Span | None) -> Turn | None:
    """What becomes of a cost; where the choir does not sing any more nothing becomes paid."""
    lacked, lacks = now is not None and now.unpaid_ore > 0, then is not None and then.unpaid_ore > 0
    if lacked == lacks or then is None:
        return None
    return "unpaid" if lacks else "paid"


def _spans(choir: ChoirOutlook | None, first: date, last: date) -> list[Span]:
    return [span for span in choir.spans if first <= span.first <= last] if choir else []


def _on(spans: Iterable[Span], day: date) -> Span | None:
    return next((span for span in spans if span.first <= day <= span.last), None)


def _pairs(
    rows: Sequence[_Row], scale: chart.MonthScale, *, width: float, top: float, today: date
) -> PairChart:
    step = THIN + BETWEEN + THICK + AFTER

    def lanes(paid: Iterable[Sequence[chart.Paid]], above: float, height: float) -> chart.LaneChart:
        named = [("", one) for one in paid]
        return chart.lanes(
            named, scale, width=width, top=top + above, lane_height=height, space=step - height, today=today
        )

    now = lanes((row.now for row in rows), 0, THIN)
    then = labelled(lanes((row.then for row in rows), THIN + BETWEEN, THICK))
    return PairChart(
        width,
        round(top + step * len(rows) - AFTER + 6, 1),
        scale.left,
        scale.right,
        top,
        now.months,
        tuple(
            Pair(row.choir, thin, thick, tuple(_bracket(stretch, scale) for stretch in row.stretches))
            for row, thin, thick in zip(rows, now.lanes, then.lanes, strict=True)
        ),
        now.today_x,
    )


def _bracket(stretch: Stretch, scale: chart.MonthScale) -> Bracket:
    x = scale.at(stretch.first)
    return Bracket(x, round(scale.after(stretch.last) - x, 1), stretch.turn)


def _changed_months(choirs: Iterable[ChoirCompared], first: date, last: date) -> Iterator[ChangedMonth]:
    for one in choirs:
        now, then = _by_month(one.now, first, last), _by_month(one.then, first, last)
        for month in sorted({*now, *then}):
            before, after = now.get(month), then.get(month)
            if _as_told(before) != _as_told(after):
                yield ChangedMonth(one.name, month, before, after)


def _by_month(choir: ChoirOutlook | None, first: date, last: date) -> dict[date, Span]:
    return {span.month: span for span in choir.months if first <= span.month <= last} if choir else {}


def _as_told(span: Span | None) -> object:
    """What the table says of a month, however it came about."""
    if span is None:
        return None
    return (
        span.cost_ore,
        span.unpaid_ore,
        {part.payer and part.payer.agreement_id: part.ore for part in span.paid},
    )
