"""The pictures of the forecast: the free money running down, and who pays for which choir in which month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from choir_app.foundation import chart
from choir_app.funding.queries import ChoirOutlook, Forecast, Outlook, Payer, Span
from choir_app.funding.rules import months_after

MONTHS_SHOWN = (13, 18, 30)
"""A year and a month, a year and a half, two and a half: the first in which the end has room to be seen."""
MONTHS_AFTER_END = 4
WIDE, TEXT, PHONE = 952.0, 640.0, 340.0
SAME_SHARE = 0.005
FEWEST_LETTERS = 5
"""A name that must be cut shorter than this is left out."""


@dataclass(frozen=True)
class ChoirPicture:
    """One choir as a phone shows it: a lane of its own."""

    choir: ChoirOutlook
    lane: chart.LaneChart


@dataclass(frozen=True)
class Pictures:
    """All pictures of one forecast, over the same months."""

    fund: chart.FundChart | None
    lanes: chart.LaneChart
    choirs: tuple[ChoirPicture, ...]
    first: date
    last: date


def pictures_of(told: Forecast) -> Pictures:
    """Draw a forecast over as many months as it takes to see the money end."""
    first, last = _window(told)
    end = _end(told.network)
    wide = chart.month_scale(first, last, left=136, right=WIDE - 138)
    rows = [(choir.name, _paid(choir, first, last)) for choir in told.choirs]
    lanes = _labelled(chart.lanes(rows, wide, width=WIDE, top=42, today=told.as_of, end=end))
    small = tuple(ChoirPicture(choir, lane_of(choir, told, width=PHONE)) for choir in told.choirs)
    return Pictures(_fund(told, wide, last, end), lanes, small, first, last)


def lane_of(choir: ChoirOutlook, told: Forecast, *, width: float) -> chart.LaneChart:
    """One choir's lane alone, as wide as its page has room for."""
    first, last = _window(told)
    scale = chart.month_scale(first, last, left=0, right=width)
    lanes = [(choir.name, _paid(choir, first, last))]
    end = _end(choir.financed)
    return _labelled(
        chart.lanes(lanes, scale, width=width, top=24, lane_height=44, today=told.as_of, end=end)
    )


def _window(told: Forecast) -> tuple[date, date]:
    first = told.as_of.replace(day=1)
    end = told.network.first_unpaid_on or first
    needed = (end.year - first.year) * 12 + end.month - first.month + MONTHS_AFTER_END
    shown = next((months for months in MONTHS_SHOWN if months >= needed), MONTHS_SHOWN[-1])
    return first, months_after(first, shown) - timedelta(days=1)


def _end(outlook: Outlook) -> date | None:
    """The day at whose end the line stands: the last one that is paid for."""
    if outlook.first_unpaid_on is None or outlook.state == "ended":
        return None
    return outlook.to if outlook.state == "ends" else outlook.first_unpaid_on - timedelta(days=1)


def _fund(told: Forecast, scale: chart.MonthScale, last: date, end: date | None) -> chart.FundChart | None:
    if not told.fund or told.fund[0][1] <= 0:
        return None
    points: list[tuple[date, float]] = []
    left = told.fund[0][1] / 100
    for day, ore in told.fund:
        if told.as_of <= day <= last:
            points += [(day, left), (day, ore / 100)]
        left = ore / 100
    if not points or points[0][0] > told.as_of:
        start = next((ore for day, ore in reversed(told.fund) if day < told.as_of), told.fund[0][1])
        points.insert(0, (told.as_of, start / 100))
    if end is None:
        points.append((last, left))
    return chart.fund([("agreed", points, end)], scale, width=WIDE, height=190, today=told.as_of)


def _paid(choir: ChoirOutlook, first: date, last: date) -> list[chart.Paid]:
    """What stands in a choir's lane: behind, the free money or nobody; before it, each payer's share."""
    return [*_behind(choir, first, last), *_payers(choir, first, last)]


def _behind(choir: ChoirOutlook, first: date, last: date) -> Iterable[chart.Paid]:
    for span in _shown(choir, first, last):
        if span.unpaid_ore:
            yield chart.Paid("", span.first, span.last, 1, "gap")
        elif any(part.payer is None for part in span.paid):
            yield chart.Paid("", span.first, span.last, 1, "fund")


def _payers(choir: ChoirOutlook, first: date, last: date) -> Iterable[chart.Paid]:
    """The shares of each agreement, what lasts longest first, so that it lies at the bottom."""
    shares: dict[UUID, list[tuple[Span, float]]] = {}
    payers: dict[UUID, Payer] = {}
    for span in _shown(choir, first, last):
        for part in span.paid:
            if part.payer:
                payers[part.payer.agreement_id] = part.payer
                shares.setdefault(part.payer.agreement_id, []).append((span, part.ore / span.cost_ore))
    for agreement in sorted(shares, key=lambda one: (-_day_number(payers[one].usable_to), str(one))):
        run: list[tuple[Span, float]] = []
        for span, share in shares[agreement]:
            if run and (
                abs(run[-1][1] - share) > SAME_SHARE or run[-1][0].last + timedelta(days=1) != span.first
            ):
                yield _run(payers[agreement], run)
                run = []
            run.append((span, share))
        yield _run(payers[agreement], run)


def _run(payer: Payer, run: Sequence[tuple[Span, float]]) -> chart.Paid:
    return chart.Paid(payer.partner, run[0][0].first, run[-1][0].last, run[0][1], "solid")


def _shown(choir: ChoirOutlook, first: date, last: date) -> list[Span]:
    return [span for span in choir.spans if first <= span.first <= last]


def _day_number(day: date | None) -> int:
    return (day or date.max).toordinal()


def _labelled(drawn: chart.LaneChart) -> chart.LaneChart:
    """The same lanes with names cut to what can be read in their blocks."""
    lanes = tuple(
        replace(lane, blocks=tuple(replace(block, label=_fitting(block)) for block in lane.blocks))
        for lane in drawn.lanes
    )
    return replace(drawn, lanes=lanes)


def _fitting(block: chart.Block) -> str:
    letters = int((block.width - 16) / 7)
    if len(block.label) <= letters:
        return block.label
    return f"{block.label[: letters - 1].rstrip()}…" if letters >= FEWEST_LETTERS else ""
