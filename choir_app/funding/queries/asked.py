"""Open asks as of a day: what may come, from whom, when, and how likely it is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, lazyload

from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.funding import rules
from choir_app.funding.models import Agreement, Opportunity, Programme, StageChance, StageMove
from choir_app.funding.queries.books import standing
from choir_app.funding.queries.writings import seen_as
from choir_app.funding.rules.stages import ANSWERED, Lacking
from choir_app.partners.models import Partner

Past = Mapping[tuple[str, bool], rules.History]


@dataclass(frozen=True)
class OpenAsk:
    """An open ask with all that the chance is counted from. Sums in öre."""

    id: UUID
    name: str
    partner: str
    partner_slug: str
    stage: str
    ore: int
    chance: rules.Chance
    exclusive_group_id: UUID | None
    decision_on: date | None
    money_on: date | None
    """When the money would be in the bank: after the decision, which cannot lie before the day that is asked about."""
    usable_from: date
    usable_to: date | None
    choirs: frozenset[UUID]
    programme_id: UUID | None
    programme: str | None
    last_day_to_apply: date | None
    """Of its programme, as long as nobody has applied."""


@dataclass(frozen=True)
class UncountableAsk:
    """An open ask that nothing can be counted from as yet, and why."""

    id: UUID
    name: str
    partner: str
    partner_slug: str
    stage: str
    ore: int | None
    lacking: Lacking


def open_asks(as_of: date) -> tuple[OpenAsk, ...]:
    """The asks that were open on a day, and of which sum, dates and choirs are known, by partner and name.

    The stage is as it was on that day; sums and dates are as they are written now.
    """
    return asks_of_day(as_of)[0]


def uncountable_asks(as_of: date) -> tuple[UncountableAsk, ...]:
    """The asks that were open on a day and cannot be counted with, each with what is missing; never guessed."""
    return asks_of_day(as_of)[1]


def asks_of_day(as_of: date) -> tuple[tuple[OpenAsk, ...], tuple[UncountableAsk, ...]]:
    """Both kinds in one go: those that can be counted with, and those that cannot."""
    moves = moves_until(as_of)
    stages = {opportunity_id: made[-1].to_stage for opportunity_id, made in moves.items()}
    if {*stages.values()}.isdisjoint(rules.OPEN_STAGES):
        return (), ()
    won = _won(as_of, [id_ for id_, stage in stages.items() if stage == "agreed"])
    still_open = [id_ for id_, stage in stages.items() if stage in rules.OPEN_STAGES and id_ not in won]
    won_groups = {group for group in won.values() if group is not None}
    known = known_partners(as_of)
    defaults, past = chance_settings(), _history(moves)
    every, by_town = _places()
    countable, rest = [], []
    for one in _with_all(still_open):
        stage, choirs = stages[one.id], _spelled_out(one, every, by_town)
        lacking = lacking_of(one, choirs, another_won=one.exclusive_group_id in won_groups)
        if lacking.anything or one.ask_ore is None or one.usable_from is None:
            rest.append(
                UncountableAsk(
                    one.id, one.name, one.partner.name, one.partner.slug, stage, one.ask_ore, lacking
                )
            )
            continue
        countable.append(
            OpenAsk(
                id=one.id,
                name=one.name,
                partner=one.partner.name,
                partner_slug=one.partner.slug,
                stage=stage,
                ore=one.ask_ore,
                chance=chance_of(
                    one,
                    as_of=as_of,
                    stage=stage,
                    is_known=one.partner_id in known,
                    defaults=defaults,
                    history=past,
                ),
                exclusive_group_id=one.exclusive_group_id,
                decision_on=one.decision_on,
                money_on=money_on(one, as_of),
                usable_from=one.usable_from,
                usable_to=one.usable_to,
                choirs=choirs,
                programme_id=one.programme_id,
                programme=one.programme.name if one.programme else None,
                last_day_to_apply=last_day_of(one, stage),
            )
        )
    return tuple(countable), tuple(rest)


def chances_seen() -> str:
    """A short name of the chances as they are set, to know whether somebody has changed them since."""
    return seen_as(*sorted((stage, one.new_bp, one.known_bp) for stage, one in chance_settings().items()))


def _won(as_of: date, moved: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """The asks that were agreements on a day, with their exclusive groups: those that had been moved there, and those
    whose agreement was signed by then and written down later, since committed money is open no more."""
    signed = standing(Agreement).where(Agreement.signed_on <= as_of).with_only_columns(Agreement.id)
    rows = db.session.execute(
        select(Opportunity.id, Opportunity.exclusive_group_id).where(
            or_(Opportunity.id.in_(moved), Opportunity.agreement_id.in_(signed))
        )
    )
    return {row.id: row.exclusive_group_id for row in rows}


def chance_of(
    one: Opportunity,
    *,
    as_of: date,
    stage: str,
    is_known: bool,
    defaults: Mapping[str, rules.StageDefault],
    history: Past,
) -> rules.Chance:
    """The chance of one ask at an open stage as of a day, with where it comes from and the number of outcomes."""
    own = None
    if one.own_bp is not None and one.own_bp_on is not None and one.own_bp_reason:
        own = rules.OwnChance(one.own_bp, one.own_bp_on, one.own_bp_reason)
    return rules.chance_bp(
        stage,
        is_known=is_known,
        programme_bp=one.programme.success_bp if one.programme else None,
        own=own,
        as_of=as_of,
        defaults=defaults,
        history=history,
    )


def chance_settings() -> dict[str, rules.StageDefault]:
    """How often an ask at each open stage comes true: as somebody has set it, else as the house begins with."""
    rows = db.session.scalars(select(StageChance))
    return {**rules.DEFAULTS, **{row.stage: rules.StageDefault(row.new_bp, row.known_bp) for row in rows}}


def own_history(as_of: date) -> dict[tuple[str, bool], rules.History]:
    """How the asks that were answered up to a day ended, by the stages at which they stood."""
    return _history(moves_until(as_of))


def known_partners(as_of: date) -> set[UUID]:
    """The partners that had signed an agreement by a day: they pay already, or have paid."""
    signed = standing(Agreement).where(Agreement.signed_on <= as_of)
    return set(db.session.scalars(signed.with_only_columns(Agreement.partner_id)))


def moves_until(as_of: date) -> dict[UUID, list[StageMove]]:
    """The moves of each ask up to and with a day, the oldest first; those that were undone are not among them."""
    found: dict[UUID, list[StageMove]] = defaultdict(list)
    for move in db.session.scalars(
        select(StageMove)
        .where(StageMove.undone_at.is_(None), StageMove.at < clock.end_of(as_of))
        .order_by(StageMove.opportunity_id, StageMove.number)
    ):
        found[move.opportunity_id].append(move)
    return dict(found)


def money_on(one: Opportunity, as_of: date) -> date | None:
    """When its money would be in the bank; a decision that is overdue has still not come on the day itself."""
    if one.decision_on is None:
        return None
    return max(one.decision_on, as_of) + timedelta(days=one.payout_lag_days)


def last_day_of(one: Opportunity, stage: str) -> date | None:
    """The last day to apply of its programme, as long as nobody has applied."""
    return one.programme.closes_on if one.programme and stage in ("idea", "talking") else None


def lacking_of(one: Opportunity, choirs: Iterable[UUID], *, another_won: bool = False) -> Lacking:
    """What keeps an ask from being counted with."""
    return Lacking(
        sum=one.ask_ore is None,
        dates=one.usable_from is None,
        decision=one.decision_on is None,
        choirs=not any(True for _choir in choirs),
        another_won=another_won,
    )


def _history(moves: Mapping[UUID, Sequence[StageMove]]) -> dict[tuple[str, bool], rules.History]:
    return rules.history_of(
        rules.Ended(
            stages=frozenset((move.to_stage, move.was_known_partner) for move in made)
            - frozenset((stage, is_known) for stage in ANSWERED for is_known in (True, False)),
            is_won=made[-1].to_stage == "agreed",
        )
        for made in moves.values()
        if made[-1].to_stage in ANSWERED
    )


def _with_all(ids: Sequence[UUID]) -> Sequence[Opportunity]:
    return db.session.scalars(
        select(Opportunity)
        .join(Opportunity.partner)
        .where(Opportunity.id.in_(ids))
        .options(
            joinedload(Opportunity.programme).options(
                lazyload(Programme.partner), lazyload(Programme.in_towns)
            ),
            lazyload(Opportunity.partner, Partner.in_towns),
        )
        .order_by(Partner.sort_key, Opportunity.name, Opportunity.id)
    ).all()


def _places() -> tuple[frozenset[UUID], dict[UUID, frozenset[UUID]]]:
    """Every choir, and those of each town."""
    by_town: dict[UUID, set[UUID]] = defaultdict(set)
    for choir_id, town_id in db.session.execute(select(Choir.id, Choir.town_id)):
        by_town[town_id].add(choir_id)
    every = frozenset(choir for choirs in by_town.values() for choir in choirs)
    return every, {town: frozenset(choirs) for town, choirs in by_town.items()}


def _spelled_out(
    one: Opportunity, every: frozenset[UUID], by_town: Mapping[UUID, frozenset[UUID]]
) -> frozenset[UUID]:
    if one.allocation == "choirs":
        return frozenset(row.choir_id for row in one.choirs)
    if one.allocation == "town":
        return frozenset(choir for row in one.towns for choir in by_town.get(row.town_id, ()))
    return every
