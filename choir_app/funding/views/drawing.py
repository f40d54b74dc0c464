"""The pictures of the forecast: the free money running down, and who pays for which choir in which month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from choir_app.foundation import chart
from choir_app.funding.queries import ChoirOutlook, Forecast, MonthOfChoir, Stretch
from choir_app.funding.rules import months_after

MONTHS_SHOWN = 13
MOST_MONTHS = 25
WIDE, PHONE = 952.0, 340.0


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
    """Draw a forecast: a year ahead, or two when the money lasts longer than one."""
    first, last = _window(told)
    end = _network_end(told)
    wide = chart.month_scale(first, last, left=136, right=WIDE - 138)
    rows = [(choir.name, _paid(choir, first, last)) for choir in told.choirs]
    lanes = chart.lanes(rows, wide, width=WIDE, top=42, today=told.as_of, end=end)
    small = tuple(ChoirPicture(choir, lane_of(choir, told)) for choir in told.choirs)
    return Pictures(_fund(told, wide, last, end), lanes, small, first, last)


def lane_of(choir: ChoirOutlook, told: Forecast) -> chart.LaneChart:
    """One choir's lane, small enough for a phone."""
    first, last = _window(told)
    scale = chart.month_scale(first, last, left=0, right=PHONE)
    end = choir.financed.first_unpaid_on
    return chart.lanes(
        [(choir.name, _paid(choir, first, last))],
        scale,
        width=PHONE,
        top=24,
        lane_height=44,
        today=told.as_of,
        end=end - timedelta(days=1) if end and choir.financed.state != "ended" else None,
    )


def _window(told: Forecast) -> tuple[date, date]:
    first = told.as_of.replace(day=1)
    end = told.network.first_unpaid_on
    shown = MONTHS_SHOWN
    if end and end > months_after(first, MONTHS_SHOWN - 2):
        shown = MOST_MONTHS
    return first, months_after(first, shown) - timedelta(days=1)


def _network_end(told: Forecast) -> date | None:
    first_unpaid = told.network.first_unpaid_on
    return first_unpaid - timedelta(days=1) if first_unpaid and told.network.state != "ended" else None


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
    out = end + timedelta(days=1) if end else None
    return chart.fund([("agreed", points, out)], scale, width=WIDE, height=190, today=told.as_of)


def _paid(choir: ChoirOutlook, first: date, last: date) -> list[chart.Paid]:
    """What stands in a choir's lane: behind, the free money or nobody; before it, each payer's share."""
    return [*_behind(choir, first, last), *_payers(choir, first, last)]


def _behind(choir: ChoirOutlook, first: date, last: date) -> Iterable[chart.Paid]:
    broke = choir.financed.first_unpaid_on
    for month in _shown(choir, first, last):
        end = months_after(month.month, 1) - timedelta(days=1)
        from_free = any(stretch.payer is None for stretch in month.paid)
        if not month.unpaid_ore:
            if from_free:
                yield chart.Paid("", month.month, end, 1, "fund")
        elif broke and month.month < broke <= end:
            if from_free:
                yield chart.Paid("", month.month, broke - timedelta(days=1), 1, "fund")
            yield chart.Paid("", broke, end, 1, "gap")
        else:
            yield chart.Paid("", month.month, end, 1, "gap")


def _payers(choir: ChoirOutlook, first: date, last: date) -> Iterable[chart.Paid]:
    months = _shown(choir, first, last)
    agreements = {
        stretch.payer.agreement_id: stretch.payer.usable_to
        for month in months
        for stretch in month.paid
        if stretch.payer
    }
    for agreement in sorted(agreements, key=lambda one: (-_day_number(agreements[one]), str(one))):
        run: list[Stretch] = []
        for stretch in (s for m in months for s in m.paid if s.payer and s.payer.agreement_id == agreement):
            if run and (
                abs(run[-1].share - stretch.share) > 0.005 or months_after(run[-1].month, 1) != stretch.month
            ):
                yield _run(run)
                run = []
            run.append(stretch)
        yield _run(run)


def _run(run: Sequence[Stretch]) -> chart.Paid:
    label = run[0].payer.partner if run[0].payer else ""
    end = months_after(run[-1].month, 1) - timedelta(days=1)
    return chart.Paid(label, run[0].month, end, run[0].share, "solid")


def _shown(choir: ChoirOutlook, first: date, last: date) -> list[MonthOfChoir]:
    return [month for month in choir.months if first <= month.month <= last]


def _day_number(day: date | None) -> int:
    return (day or date.max).toordinal()
