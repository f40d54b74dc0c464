"""The board: every ask as a card at its stage, with what comes next, and one card with all that happened to it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload, lazyload

from choir_app.choirs.models import Choir, Town
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _, full_day, listed, ngettext
from choir_app.funding import rules
from choir_app.funding.models import Opportunity, Programme, StageMove
from choir_app.funding.permissions import may_see_funding
from choir_app.funding.queries import asked
from choir_app.funding.queries.books import AgreementRow, agreement_rows
from choir_app.funding.rules.chances import OWN_CHANCE_LASTS
from choir_app.funding.rules.stages import ASKED_ON_THE_WAY_IN, STAGE_NAMES, STAGES, Lacking, Wanted
from choir_app.partners import queries as partners
from choir_app.partners.models import NextStep, Partner

UNDO_IS_OFFERED = timedelta(minutes=10)


@dataclass(frozen=True)
class Card:
    """One ask as the board and the table show it. Sums in öre."""

    id: UUID
    name: str
    partner: str
    partner_slug: str
    partner_sort: str
    partner_kind: str
    stage: str
    since: date
    ore: int | None
    usable_from: date | None
    usable_to: date | None
    for_whom: tuple[str, ...]
    """Names of choirs or towns; none means all."""
    town_slugs: frozenset[str]
    is_for_all: bool
    decision_on: date | None
    ask_again_on: date | None
    lost_reason: str | None
    owner_id: UUID | None
    owner: str | None
    next_what: str | None
    next_due_on: date | None
    next_owner: str | None
    chance: rules.Chance | None
    """None for what has ended."""
    lacking: Lacking
    """Why it is not counted with; of an open one."""
    group_id: UUID | None
    asks: Mapping[str, tuple[Wanted, ...]] = field(hash=False)
    """For each stage, what is asked when it is moved there."""

    @property
    def is_open(self) -> bool:
        """Whether it can still come true."""
        return self.stage in rules.OPEN_STAGES

    def is_to_be_asked_again_on(self, day: date) -> bool:
        """Whether its day to ask once more has come."""
        return self.ask_again_on is not None and self.ask_again_on <= day and not self.is_open

    def may_go_straight_to(self, stage: str) -> bool:
        """Whether it can be moved there without a question."""
        return stage != self.stage and stage != "agreed" and not self.asks[stage]


@dataclass(frozen=True)
class Filters:
    """What somebody wants to see of the board, as it stands in the address."""

    town: str | None = None
    """A town by its slug; what is for all choirs is for it too."""
    owner: UUID | None = None
    stage: str | None = None
    kind: str | None = None
    """A kind of partner."""

    def let_through(self, card: Card) -> bool:
        """Whether a card is to be seen."""
        return (
            (self.town is None or card.is_for_all or self.town in card.town_slugs)
            and (self.owner is None or card.owner_id == self.owner)
            and (self.kind is None or card.partner_kind == self.kind)
            and (self.stage is None or card.stage == self.stage or (self.stage == "open" and card.is_open))
        )


@dataclass(frozen=True)
class Column:
    """A stage on the board with its cards, those with the soonest next step first."""

    stage: str
    cards: tuple[Card, ...]

    @property
    def ore(self) -> int:
        """What the cards that have a sum ask for together."""
        return sum(card.ore or 0 for card in self.cards)


@dataclass(frozen=True)
class Board:
    """All columns; the agreements stand beside the asks, since an agreement is what they become."""

    columns: tuple[Column, ...]
    """The open stages."""
    ended: tuple[Column, ...]
    """No, taken back, asleep."""
    running: tuple[AgreementRow, ...]
    over: tuple[AgreementRow, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on it at all."""
        return not (self.running or self.over or any(column.cards for column in (*self.columns, *self.ended)))

    @property
    def count(self) -> int:
        """How many asks are open."""
        return sum(len(column.cards) for column in self.columns)


def board(*, viewer: Any, today: date, filters: Filters | None = None) -> Board:
    """The board as it stands today, narrowed down when asked."""
    filters = filters or Filters()
    shown = [card for card in cards(viewer=viewer, today=today) if filters.let_through(card)]
    agreements = _of_the_town(agreement_rows(viewer=viewer), filters)
    return Board(
        columns=tuple(_column(stage, shown) for stage in rules.OPEN_STAGES),
        ended=tuple(_column(stage, shown) for stage in ("declined", "withdrawn", "dormant")),
        running=tuple(row for row in agreements if not row.is_over_on(today)),
        over=tuple(row for row in agreements if row.is_over_on(today)),
    )


def cards(*, viewer: Any, today: date) -> list[Card]:
    """Every ask that somebody may see, by partner and name."""
    rows = db.session.scalars(
        _visible_to(viewer)
        .join(Opportunity.partner)
        .options(
            lazyload(Opportunity.partner, Partner.in_towns),
            joinedload(Opportunity.programme).options(
                lazyload(Programme.partner), lazyload(Programme.in_towns)
            ),
            joinedload(Opportunity.owner),
        )
        .order_by(Partner.sort_key, Opportunity.name, Opportunity.id)
    ).all()
    steps = {step.partner_id: step for step in partners.open_steps(viewer=viewer)}
    seen = _Surroundings.as_of(today)
    return [seen.card(row, steps.get(row.partner_id)) for row in rows]


def opportunity(opportunity_id: UUID, *, viewer: Any) -> Opportunity:
    """One ask; raises NoResultFound."""
    return db.session.scalars(
        _visible_to(viewer)
        .where(Opportunity.id == opportunity_id)
        .options(
            joinedload(Opportunity.programme),
            joinedload(Opportunity.owner),
            joinedload(Opportunity.contact),
            joinedload(Opportunity.changed_by),
        )
    ).one()


def card_of(opportunity: Opportunity, *, today: date) -> Card:
    """One ask as the board shows it."""
    return _Surroundings.as_of(today).card(opportunity, partners.open_step_of(opportunity.partner))


def moves_of(opportunity: Opportunity) -> Sequence[StageMove]:
    """Every move of an ask, the newest first, those that were undone too."""
    return db.session.scalars(
        select(StageMove)
        .options(joinedload(StageMove.by), lazyload(StageMove.opportunity))
        .where(StageMove.opportunity_id == opportunity.id)
        .order_by(StageMove.number.desc())
    ).all()


def others_in_group(opportunity: Opportunity) -> Sequence[Opportunity]:
    """The asks of which at most one can come true, without this one."""
    if opportunity.exclusive_group_id is None:
        return []
    return db.session.scalars(
        _bare()
        .where(
            Opportunity.exclusive_group_id == opportunity.exclusive_group_id, Opportunity.id != opportunity.id
        )
        .order_by(Opportunity.name, Opportunity.id)
    ).all()


def could_be_tied(opportunity: Opportunity, *, viewer: Any) -> list[Opportunity]:
    """The open asks that this one may shut out: those of the same partner first."""
    found = db.session.scalars(
        _bare(_visible_to(viewer))
        .join(Opportunity.partner)
        .where(Opportunity.stage.in_(rules.OPEN_STAGES), Opportunity.id != opportunity.id)
        .order_by(Partner.sort_key, Opportunity.name, Opportunity.id)
    )
    others = [
        one
        for one in found
        if one.exclusive_group_id is None or one.exclusive_group_id != opportunity.exclusive_group_id
    ]
    return sorted(others, key=lambda one: one.partner_id != opportunity.partner_id)


def newest_move_by(account: Any, *, now: Any = None) -> StageMove | None:
    """The move that somebody made a moment ago and may want to undo; none once the card has moved again."""
    if account.id is None:
        return None
    move = db.session.scalars(
        select(StageMove)
        .options(joinedload(StageMove.opportunity).options(lazyload("*")))
        .where(
            StageMove.by_id == account.id,
            StageMove.undone_at.is_(None),
            StageMove.from_stage.is_not(None),
            StageMove.at > (now or clock.now()) - UNDO_IS_OFFERED,
        )
        .order_by(StageMove.at.desc(), StageMove.number.desc())
        .limit(1)
    ).one_or_none()
    return move if move is not None and move.opportunity.stage == move.to_stage else None


def chance_sentence(opportunity: Opportunity, chance: rules.Chance) -> str:
    """Where a chance comes from, and how many own answers there are for it."""
    told = []
    if chance.own_expired_on is not None:
        told.append(_("Er egen bedömning slutade gälla %(day)s.", day=full_day(chance.own_expired_on)))
    if chance.source == "own" and opportunity.own_bp_on is not None:
        last = opportunity.own_bp_on + OWN_CHANCE_LASTS
        told.append(
            _(
                "Er egen bedömning från %(day)s. Den gäller till %(last)s.",
                day=full_day(opportunity.own_bp_on),
                last=full_day(last),
            )
        )
        return " ".join(told)
    if chance.source == "history":
        told.append(
            ngettext(
                "Räknat på förvalet och %(num)s eget svar.",
                "Räknat på förvalet och %(num)s egna svar.",
                chance.n,
            )
        )
    elif chance.source == "programme":
        told.append(_("Så ofta säger programmet ja."))
    else:
        told.append(_("Förvalet för steget %(stage)s.", stage=str(STAGE_NAMES[opportunity.stage])))
    if chance.too_few:
        told.append(
            ngettext(
                "Ni har bara %(num)s eget svar, det är för få att räkna på.",
                "Ni har bara %(num)s egna svar, det är för få att räkna på.",
                chance.n,
            )
            if chance.n
            else _("Ni har inga egna svar att räkna på än.")
        )
    return " ".join(told)


def lacking_sentence(lacking: Lacking) -> str:
    """What has to be written before an ask is counted with; nothing when it is counted already."""
    if lacking.another_won:
        return _("Räknas inte: ett annat kort som utesluter det här har blivit avtal.")
    missing = [
        words
        for is_missing, words in (
            (lacking.sum, _("belopp")),
            (lacking.dates, _("första dag")),
            (lacking.decision, _("dag för besked")),
            (lacking.choirs, _("körer som sjunger")),
        )
        if is_missing
    ]
    return _("Räknas inte än. Det saknas %(what)s.", what=listed(missing)) if missing else ""


SORTED_BY: Mapping[str, Callable[[Card], Any]] = {
    "partner": lambda card: (card.partner_sort, card.name),
    "steg": lambda card: STAGES.index(card.stage),
    "summa": lambda card: card.ore or 0,
    "chans": lambda card: card.chance.bp if card.chance else -1,
    "fran": lambda card: card.usable_from or date.max,
    "besked": lambda card: card.decision_on or date.max,
    "nasta": lambda card: card.next_due_on or date.max,
    "ansvarig": lambda card: (card.owner is None, card.owner or ""),
}
"""What the table can be sorted by, as it is called in the address."""


def in_order(shown: Iterable[Card], by: str, *, falling: bool) -> list[Card]:
    """Cards as the table shows them; those that are alike stand by partner and name either way."""
    first = sorted(shown, key=SORTED_BY["partner"])
    return sorted(first, key=SORTED_BY[by], reverse=falling)


def _visible_to(viewer: Any) -> Select[Opportunity]:
    everything = select(Opportunity)
    return everything if may_see_funding(viewer) else everything.where(false())


def _bare(wanted: Select[Opportunity] | None = None) -> Select[Opportunity]:
    wanted = select(Opportunity) if wanted is None else wanted
    return wanted.options(
        lazyload(Opportunity.partner, Partner.in_towns),
        lazyload(Opportunity.choirs),
        lazyload(Opportunity.towns),
    )


def _column(stage: str, shown: Iterable[Card]) -> Column:
    here = [card for card in shown if card.stage == stage]
    return Column(
        stage, tuple(sorted(here, key=lambda card: (card.next_due_on or date.min, card.partner_sort)))
    )


def _of_the_town(rows: Iterable[AgreementRow], filters: Filters) -> list[AgreementRow]:
    if filters.stage or filters.owner or filters.kind:
        return []
    if filters.town is None:
        return list(rows)
    names = set(
        db.session.scalars(
            select(Choir.name).join(Town, Town.id == Choir.town_id).where(Town.slug == filters.town)
        )
    ) | set(db.session.scalars(select(Town.name).where(Town.slug == filters.town)))
    return [row for row in rows if not row.for_whom or names & set(row.for_whom)]


@dataclass(frozen=True)
class _Surroundings:
    """What every card is seen against: places, chances, what has been won."""

    today: date
    choirs: Mapping[UUID, tuple[str, UUID]]
    towns: Mapping[UUID, tuple[str, str]]
    known: set[UUID]
    defaults: Mapping[str, rules.StageDefault]
    history: asked.Past
    won_groups: set[UUID | None]

    @classmethod
    def as_of(cls, today: date) -> "_Surroundings":
        choirs = db.session.execute(select(Choir.id, Choir.name, Choir.town_id))
        towns = db.session.execute(select(Town.id, Town.name, Town.slug))
        won = select(Opportunity.exclusive_group_id).where(
            Opportunity.stage == "agreed", Opportunity.exclusive_group_id.is_not(None)
        )
        return cls(
            today=today,
            choirs={row.id: (row.name, row.town_id) for row in choirs},
            towns={row.id: (row.name, row.slug) for row in towns},
            known=asked.known_partners(today),
            defaults=asked.chance_settings(),
            history=asked.own_history(today),
            won_groups=set(db.session.scalars(won)),
        )

    def card(self, row: Opportunity, step: NextStep | None) -> Card:
        choir_ids = [one.choir_id for one in row.choirs]
        town_ids = {one.town_id for one in row.towns} | {self.choirs[one][1] for one in choir_ids}
        names = [self.choirs[one][0] for one in choir_ids] or [
            self.towns[one.town_id][0] for one in row.towns
        ]
        counted = choir_ids or [
            one for one, (_, town) in self.choirs.items() if town in town_ids or row.allocation == "all"
        ]
        return Card(
            id=row.id,
            name=row.name,
            partner=row.partner.name,
            partner_slug=row.partner.slug,
            partner_sort=row.partner.sort_key,
            partner_kind=row.partner.kind,
            stage=row.stage,
            since=clock.local(row.stage_since).date(),
            ore=row.ask_ore,
            usable_from=row.usable_from,
            usable_to=row.usable_to,
            for_whom=tuple(sorted(names)),
            town_slugs=frozenset(self.towns[one][1] for one in town_ids),
            is_for_all=row.allocation == "all",
            decision_on=row.decision_on,
            ask_again_on=row.ask_again_on,
            lost_reason=row.lost_reason,
            owner_id=row.owner_id,
            owner=row.owner.name if row.owner else None,
            next_what=step.what if step else None,
            next_due_on=step.due_on if step else None,
            next_owner=step.owner.name if step and step.owner else None,
            chance=self._chance(row),
            lacking=asked.lacking_of(row, counted, another_won=row.exclusive_group_id in self.won_groups)
            if row.is_open
            else Lacking(),
            group_id=row.exclusive_group_id,
            asks={stage: asked_on_the_way(row, stage, has_step=step is not None) for stage in STAGES},
        )

    def _chance(self, row: Opportunity) -> rules.Chance | None:
        if not row.is_open:
            return None
        return asked.chance_of(
            row,
            as_of=self.today,
            stage=row.stage,
            is_known=row.partner_id in self.known,
            defaults=self.defaults,
            history=self.history,
        )


def asked_on_the_way(row: Opportunity, to: str, *, has_step: bool) -> tuple[Wanted, ...]:
    """What a stage wants to know that nobody has said of this ask yet."""
    known: Mapping[Wanted, bool] = {
        "why": True,
        "contact": row.contact_id is not None,
        "next_step": has_step,
        "sum": row.ask_ore is not None,
        "period": row.usable_from is not None,
        "decision_on": row.decision_on is not None,
        "said_yes": row.said_yes is not None,
        "lost_reason": False,
        "ask_again": False,
    }
    return tuple(wanted for wanted in ASKED_ON_THE_WAY_IN[to] if not known[wanted])
