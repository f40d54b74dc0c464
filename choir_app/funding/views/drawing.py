"""The pictures of the forecast: the free money running down, and who pays for which choir in which month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from choir_app.foundation import chart
from choir_app.foundation.language import short_month
from choir_app.funding.queries import Answers, ChoirOutlook, Forecast, Outlook, Payer, Span
from choir_app.funding.rules import months_after

MONTHS_SHOWN = (13, 18, 30)
"""A year and a month, a year and a half, two and a half: the first in which the end has room to be seen."""
MONTHS_AFTER_END = 4
WIDE, TEXT, PHONE = 952.0, 640.0, 340.0
SAME_SHARE = 0.005
COLOURS = 6
"""How many colours payers have; a seventh payer has the first one's again."""
TRIED = COLOURS
"""The colour of whoever pays only in what is tried."""
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

    payers: tuple[tuple[Payer, int], ...]
    """Who pays in them, each with its colour's number, the first to pay first."""
    fund: chart.FundChart | None
    lanes: chart.LaneChart
    choirs: tuple[ChoirPicture, ...]
    first: date
    last: date


def pictures_of(told: Forecast, signed: Forecast) -> Pictures:
    """Draw a forecast over as many months as it takes to see the money end; `signed`: with agreements alone."""
    first, last = window_of(told)
    marks = marks_of(told)
    end = _end(told.network)
    wide = chart.month_scale(first, last, left=136, right=WIDE - 138)
    rows = [(choir.name, paid_in(choir, first, last, marks)) for choir in told.choirs]
    lanes = labelled(chart.lanes(rows, wide, width=WIDE, top=42, today=told.as_of, end=end))
    small = tuple(ChoirPicture(choir, lane_of(choir, told, width=PHONE)) for choir in told.choirs)
    fund = _fund(told, signed, wide, last)
    key = payers_of(told, told.choirs)
    return Pictures(key, fund, lanes, small, first, last)


def payers_of(told: Forecast, choirs: Iterable[ChoirOutlook]) -> tuple[tuple[Payer, int], ...]:
    """Who pays in the lanes of some choirs, each with its colour's number, the first to pay first."""
    first, last = window_of(told)
    marks = marks_of(told)
    payers = {payer.agreement_id: payer for choir in choirs for payer in _payers_shown(choir, first, last)}
    return tuple((payer, marks[one]) for one, payer in payers.items())


def cash_course(found: Answers, *, width: float) -> chart.CourseChart | None:
    """The bank account day by day, as far as its end or its dips can be seen."""
    cash = found.cash
    if cash is None or found.facts.balance_ore is None:
        return None
    as_of = found.facts.as_of
    first, last = window_of(found.forecast)
    last = min(last, found.known_to)
    start = found.facts.balance_ore
    for day in cash.course:
        if day.on <= as_of:
            start = day.balance_ore
    moved = [(day.on, day.balance_ore / 100) for day in cash.course if as_of < day.on <= last]
    scale = chart.month_scale(first, last, left=64, right=width - 8)
    sunk = [
        (dip.first_on, dip.deepest_on if dip.recovers_on else None)
        for dip in cash.dips
        if dip.first_on <= last
    ]
    return chart.course(
        [(as_of, start / 100), *moved], sunk, scale, width=width, today=as_of, least=cash.floor_ore / 100
    )


def chance_bars(found: Answers, choir: ChoirOutlook, months: int) -> chart.BarChart:
    """The chance that all a choir lacks comes in time, up to the end of each month; none where nothing lacks."""
    values: list[tuple[str, float | None]] = []
    begins = found.forecast.network.first_unpaid_on or found.facts.as_of
    first = max(months_after(begins.replace(day=1), -1), found.facts.as_of.replace(day=1))
    for number in range(months):
        month = months_after(first, number)
        if month > found.known_to:
            break
        last = months_after(month, 1) - timedelta(days=1)
        chance = found.chance(last, choir.id)
        values.append((short_month(month), chance.closes_bp / 100 if chance.gap_ore else None))
    return chart.bars(values, width=PHONE, height=150, top=100)


def lane_of(choir: ChoirOutlook, told: Forecast, *, width: float) -> chart.LaneChart:
    """One choir's lane alone, as wide as its page has room for."""
    first, last = window_of(told)
    scale = chart.month_scale(first, last, left=0, right=width)
    lanes = [(choir.name, paid_in(choir, first, last, marks_of(told)))]
    end = _end(choir.financed)
    return labelled(chart.lanes(lanes, scale, width=width, top=24, lane_height=44, today=told.as_of, end=end))


def window_of(told: Forecast) -> tuple[date, date]:
    """The first and last day of the months that it takes to see the money end."""
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


def _fund(told: Forecast, signed: Forecast, scale: chart.MonthScale, last: date) -> chart.FundChart | None:
    """The free money running down: with agreements alone, and beside it with what else is counted with."""
    if not signed.fund or signed.fund[0][1] <= 0:
        return None
    series = [("agreed", _points(signed, last), _end(signed.network))]
    if told is not signed:
        is_applied = any(payer.certainty == "dotted" for payer in told.payers.values())
        series.append(("applied" if is_applied else "pledged", _points(told, last), _end(told.network)))
    return chart.fund(series, scale, width=WIDE, height=190, today=told.as_of)


def _points(told: Forecast, last: date) -> list[tuple[date, float]]:
    points: list[tuple[date, float]] = []
    left = told.fund[0][1] / 100
    for day, ore in told.fund:
        if told.as_of <= day <= last:
            points += [(day, left), (day, ore / 100)]
        left = ore / 100
    if not points or points[0][0] > told.as_of:
        start = next((ore for day, ore in reversed(told.fund) if day < told.as_of), told.fund[0][1])
        points.insert(0, (told.as_of, start / 100))
    if _end(told.network) is None:
        points.append((last, left))
    return points


def marks_of(told: Forecast, tried: Forecast | None = None) -> dict[UUID, int]:
    """A colour for each payer, the same in all pictures of a forecast: who pays most has the first. What is not signed
    has a pattern and needs none. Beside what is `tried` they keep their colours, and who pays there alone has one."""
    ore: dict[UUID, int] = {}
    names: dict[UUID, str] = {}
    for part in (part for choir in told.choirs for span in choir.spans for part in span.paid):
        if part.payer:
            ore[part.payer.agreement_id] = ore.get(part.payer.agreement_id, 0) + part.ore
            names[part.payer.agreement_id] = part.payer.partner
    is_open = {payer.agreement_id for payer in told.payers.values() if payer.certainty != "solid"}
    ranked = sorted(ore, key=lambda one: (-ore[one], names[one], str(one)))
    signed = [one for one in ranked if one not in is_open]
    marks = {**dict.fromkeys(is_open, 0), **{one: number % COLOURS for number, one in enumerate(signed)}}
    if tried is None:
        return marks
    here = {payer.agreement_id for payer in told.payers.values()}
    for payer in (payer for choir in tried.choirs for payer in choir.payers):
        marks.setdefault(payer.agreement_id, 0 if payer.agreement_id in here else TRIED)
    return marks


def _payers_shown(choir: ChoirOutlook, first: date, last: date) -> Iterable[Payer]:
    for span in _shown(choir, first, last):
        yield from (part.payer for part in span.paid if part.payer)


def paid_in(choir: ChoirOutlook, first: date, last: date, marks: Mapping[UUID, int]) -> list[chart.Paid]:
    """What stands in a choir's lane: behind, the free money or nobody; before it, each payer's share."""
    return [*_behind(choir, first, last), *_payers(choir, first, last, marks)]


def _behind(choir: ChoirOutlook, first: date, last: date) -> Iterable[chart.Paid]:
    for span in _shown(choir, first, last):
        if span.unpaid_ore:
            yield chart.Paid("", span.first, span.last, 1, "gap")
        elif any(part.payer is None for part in span.paid):
            yield chart.Paid("", span.first, span.last, 1, "fund")


def _payers(choir: ChoirOutlook, first: date, last: date, marks: Mapping[UUID, int]) -> Iterable[chart.Paid]:
    """The shares of each agreement, what lasts longest first, so that it lies at the bottom."""
    shares: dict[UUID, list[tuple[Span, float]]] = {}
    payers: dict[UUID, Payer] = {}
    for span in _shown(choir, first, last):
        for part in span.paid:
            if part.payer:
                payers[part.payer.agreement_id] = part.payer
                shares.setdefault(part.payer.agreement_id, []).append((span, part.ore / span.cost_ore))
    for agreement in sorted(
        shares,
        key=lambda one: (payers[one].certainty != "solid", -_day_number(payers[one].usable_to), str(one)),
    ):
        run: list[tuple[Span, float]] = []
        for span, share in shares[agreement]:
            if run and (
                abs(run[-1][1] - share) > SAME_SHARE or run[-1][0].last + timedelta(days=1) != span.first
            ):
                yield _run(payers[agreement], run, marks[agreement])
                run = []
            run.append((span, share))
        yield _run(payers[agreement], run, marks[agreement])


def _run(payer: Payer, run: Sequence[tuple[Span, float]], mark: int) -> chart.Paid:
    return chart.Paid(payer.partner, run[0][0].first, run[-1][0].last, run[0][1], payer.certainty, mark)


def _shown(choir: ChoirOutlook, first: date, last: date) -> list[Span]:
    return [span for span in choir.spans if first <= span.first <= last]


def _day_number(day: date | None) -> int:
    return (day or date.max).toordinal()


def labelled(drawn: chart.LaneChart) -> chart.LaneChart:
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
