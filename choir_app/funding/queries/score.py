"""The forecast keeps score: what each month's snapshot said, beside what has become known since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from choir_app.foundation.database import db
from choir_app.foundation.language import _, ngettext
from choir_app.funding.models import BankBalance, ForecastSnapshot, Opportunity, SnapshotAsk, SnapshotChoir
from choir_app.funding.queries.books import standing
from choir_app.funding.queries.facts import facts
from choir_app.funding.queries.forecast import Outlook, counted
from choir_app.funding.queries.sentences import whole_kronor
from choir_app.funding.rules.scenario import days_longer
from choir_app.funding.rules.score import (
    BalanceMet,
    ChancesMet,
    balances_met,
    chances_met,
    usual_miss,
)
from choir_app.funding.rules.stages import ANSWERED


@dataclass(frozen=True)
class Said:
    """What was said of a choir, or of all, and what is said of it now."""

    name: str
    """Empty for the whole network."""
    then: Outlook
    now: Outlook | None
    """None: a choir that does not sing any more."""
    days: int | None
    """How many days later the money ends than was said. None: one of the days is not known, or not near enough."""
    has_come: bool
    """Whether the first unpaid day that was said has come."""


@dataclass(frozen=True)
class MonthScore:
    """One month's snapshot and what became of it."""

    taken_on: date
    network: Said
    choirs: tuple[Said, ...]
    balances: tuple[BalanceMet, ...]

    def balance(self, months: int) -> BalanceMet | None:
        """The balance that was foreseen so many months ahead, if it can be compared."""
        return next((one for one in self.balances if one.months == months), None)


@dataclass(frozen=True)
class Score:
    """All that has been said, the newest first, and how well it was foreseen."""

    months: tuple[MonthScore, ...]
    chances: tuple[ChancesMet, ...]

    def miss(self, months: int) -> tuple[int, int]:
        """How far off the balance was on the average so many months ahead, in öre, and of how many."""
        return usual_miss((one for month in self.months for one in month.balances), months)


def score(as_of: date) -> Score:
    """What the snapshots up to a day said, beside what is known on that day."""
    snapshots = db.session.scalars(
        select(ForecastSnapshot)
        .where(ForecastSnapshot.as_of <= as_of)
        .options(selectinload(ForecastSnapshot.choirs).joinedload(SnapshotChoir.choir))
        .order_by(ForecastSnapshot.month.desc())
    ).all()
    if not snapshots:
        return Score((), ())
    told = counted(facts(as_of, with_open_money=False))
    now = {choir.id: choir.financed for choir in told.choirs}
    noted = [
        (row.as_of, row.ore)
        for row in db.session.scalars(
            standing(BankBalance)
            .where(BankBalance.as_of <= as_of)
            .order_by(BankBalance.as_of, BankBalance.noted_at, BankBalance.id)
        )
    ]
    newest_of_day = sorted(dict(noted).items())
    return Score(
        tuple(
            MonthScore(
                one.as_of,
                _said("", _outlook(one), told.network, as_of),
                tuple(_choirs(one, now, as_of)),
                tuple(balances_met(one.as_of, _course(one), newest_of_day)),
            )
            for one in snapshots
        ),
        tuple(chances_met(_answered([one.id for one in snapshots]))),
    )


def score_sentence(found: Score) -> str:
    """How well the forecast has done so far, in one sentence."""
    if not found.months:
        return _("Ingen prognos är sparad än.")
    for months in (3, 1, 6):
        ore, n = found.miss(months)
        if n:
            return ngettext(
                "%(num)s månad i förväg har kassan hamnat %(sum)s från det vi sa, i snitt.",
                "%(num)s månader i förväg har kassan hamnat %(sum)s från det vi sa, i snitt.",
                months,
                sum=whole_kronor(ore),
            )
    return ngettext(
        "%(num)s prognos är sparad. Den går inte att jämföra än.",
        "%(num)s prognoser är sparade. Ingen går att jämföra än.",
        len(found.months),
    )


def moved_told(said: Said) -> str:
    """How the day that was said has moved, as it stands in a table; nothing when it cannot be told."""
    if said.days is None:
        return ""
    if said.days == 0:
        return _("samma dag")
    if said.days > 0:
        return ngettext("%(num)s dag senare", "%(num)s dagar senare", said.days)
    return ngettext("%(num)s dag tidigare", "%(num)s dagar tidigare", -said.days)


def _choirs(one: ForecastSnapshot, now: dict[UUID, Outlook], as_of: date) -> Iterable[Said]:
    rows = sorted(one.choirs, key=lambda row: (row.choir.name, str(row.choir_id)))
    return [_said(row.choir.name, _outlook(row), now.get(row.choir_id), as_of) for row in rows]


def _said(name: str, then: Outlook, now: Outlook | None, as_of: date) -> Said:
    return Said(
        name,
        then,
        now,
        days_longer(then.first_unpaid_on, now.first_unpaid_on if now else None),
        has_come=bool(then.first_unpaid_on and then.first_unpaid_on <= as_of),
    )


def _outlook(row: ForecastSnapshot | SnapshotChoir) -> Outlook:
    return Outlook(
        row.state,  # type: ignore[arg-type]  # the table knows no other
        to=row.financed_to,
        first_unpaid_on=row.first_unpaid_on,
        beyond=row.beyond,
    )


def _course(one: ForecastSnapshot) -> list[tuple[date, int]]:
    return [(date.fromisoformat(day), ore) for day, ore in one.course]


def _answered(snapshots: list[UUID]) -> list[tuple[int, bool]]:
    """The chance that was first told of each ask that has been answered since, and whether it came true."""
    rows = db.session.execute(
        select(SnapshotAsk.opportunity_id, SnapshotAsk.chance_bp, Opportunity.stage)
        .join(Opportunity, Opportunity.id == SnapshotAsk.opportunity_id)
        .join(ForecastSnapshot, ForecastSnapshot.id == SnapshotAsk.snapshot_id)
        .where(SnapshotAsk.snapshot_id.in_(snapshots), Opportunity.stage.in_(ANSWERED))
        .order_by(ForecastSnapshot.month.desc(), SnapshotAsk.opportunity_id)
    )
    first = {row.opportunity_id: (row.chance_bp, row.stage == "agreed") for row in rows}
    return list(first.values())
