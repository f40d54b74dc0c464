"""The log of the roll: what was said of whom, which act counts, who disagrees, and what good came of an evening."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, not_, or_, select
from sqlalchemy.orm import aliased

from choir_app.accounts.models import Account
from choir_app.choirs.models import Membership, Singer
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.rehearsals.models import Act, Loan, Rehearsal
from choir_app.rehearsals.rules import (
    KnownAct,
    act_of_person,
    act_that_counts,
    other_sides,
    outcomes_that_count,
)

MARKS = ("mark", "newcomer")
"""The kinds of acts that say whether a singer was there."""
OF_THE_EVENING = ("guests", "done", "note")
JUST_NOW = timedelta(minutes=5)
"""For so long somebody whose acts came in counts as marking too."""

PERSON = func.coalesce(Singer.merged_into_id, Singer.id)
"""The singer that stands for a row: itself, or the one that it was merged into."""


def rows_from(statement: Select[*tuple[Any, ...]], **values: Any) -> list[Any]:
    """The rows of a statement, to be taken apart. Those asked at every act are built once; `values` fills them in."""
    return list(db.session.execute(statement, values))


IDS = bindparam("ids", expanding=True)
PERSONS = bindparam("persons", expanding=True)
_KNOWN = (Act.id, Act.acted_at, Act.seen_id, Act.device_id, Act.status, Act.settles_id)


def acts_behind(ids: Collection[UUID]) -> dict[UUID, bytes]:
    """Which of these acts have come already, with the hash of what they said."""
    if not ids:
        return {}
    rows = db.session.execute(select(Act.id, Act.body_hash).where(Act.id.in_(ids)))
    return dict(rows.all())


def singers_behind(ids: Collection[UUID]) -> dict[UUID, Singer]:
    """The singers with these ids, erased and merged ones too."""
    if not ids:
        return {}
    return {singer.id: singer for singer in db.session.scalars(select(Singer).where(Singer.id.in_(ids)))}


@dataclass(frozen=True)
class HeldSinger:
    """What taking in acts must know of a singer: who stands for the row, and whether the person was erased."""

    id: UUID
    person: UUID
    is_erased: bool


def singers_held(ids: Collection[UUID]) -> dict[UUID, HeldSinger]:
    """The singers with these ids, held so that nobody merges or parts them until the end of the transaction.

    Whoever takes acts in holds the singers before the rehearsals, as whoever merges singers does.
    """
    if not ids:
        return {}
    found = rows_from(_HELD, ids=ids)
    return {row: HeldSinger(row, into or row, erased_at is not None) for row, into, erased_at in found}


_HELD = (
    select(Singer.id, Singer.merged_into_id, Singer.erased_at)
    .where(Singer.id.in_(IDS))
    .order_by(Singer.id)
    .with_for_update(read=True, key_share=True)
)


def persons_of_choirs(persons: Collection[UUID], choir_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Which of these people have ever belonged to which of these choirs, under any of their rows: (choir, person)."""
    if not persons or not choir_ids:
        return set()
    return {(choir, person) for choir, person in rows_from(_BELONGING, ids=choir_ids, persons=persons)}


_IS_ROW_OF = or_(Singer.id.in_(PERSONS), Singer.merged_into_id.in_(PERSONS))
"""That a singer's row is one of these people's: the one that stands, or one merged into it."""
_BELONGING = (
    select(Membership.choir_id, PERSON)
    .join(Singer, Membership.singer_id == Singer.id)
    .where(_IS_ROW_OF, Membership.choir_id.in_(IDS))
    .distinct()
)
_ACTS_ABOUT = (
    select(Act.rehearsal_id, PERSON, Act.singer_id, *_KNOWN)
    .join(Singer, Act.singer_id == Singer.id)
    .where(Act.rehearsal_id.in_(IDS), Act.kind.in_(MARKS), _IS_ROW_OF)
)
_ACTS_OF_EVENINGS = select(Act.rehearsal_id, Act.kind, Act.number, Act.words, *_KNOWN).where(
    Act.rehearsal_id.in_(IDS), Act.kind.in_(OF_THE_EVENING)
)


# --- which act counts ----------------------------------------------------------------------------------------------

Rows = dict[UUID, list[KnownAct]]
"""The acts about one person by the row that they name."""


def acts_about(rehearsal_ids: Collection[UUID], persons: Collection[UUID]) -> dict[tuple[UUID, UUID], Rows]:
    """The marks of these people at these rehearsals, by (rehearsal, person) and by row. One statement."""
    about: dict[tuple[UUID, UUID], Rows] = {}
    if not rehearsal_ids or not persons:
        return about
    for rehearsal_id, person, row, *known in rows_from(_ACTS_ABOUT, ids=rehearsal_ids, persons=persons):
        about.setdefault((rehearsal_id, person), {}).setdefault(row, []).append(KnownAct(*known))
    return about


def counting_marks(
    rehearsal_ids: Collection[UUID], persons: Collection[UUID]
) -> dict[tuple[UUID, UUID], KnownAct]:
    """For each of these people at each of these rehearsals the act that counts. One statement."""
    return {key: act_of_person(rows.values()) for key, rows in acts_about(rehearsal_ids, persons).items()}


@dataclass(frozen=True)
class EveningAct:
    """An act about a whole evening: how many guests there are, that it is done, or something to remember."""

    act: KnownAct
    number: int | None
    words: str | None


def counting_acts_of_evenings(rehearsal_ids: Collection[UUID]) -> dict[tuple[UUID, str], EveningAct]:
    """The acts that count about whole evenings, by (rehearsal, kind): guests, done, note. One statement."""
    if not rehearsal_ids:
        return {}
    about: dict[tuple[UUID, str], dict[UUID, EveningAct]] = {}
    found = rows_from(_ACTS_OF_EVENINGS, ids=rehearsal_ids)
    for rehearsal_id, kind, number, words, *known in found:
        act = KnownAct(*known)
        about.setdefault((rehearsal_id, kind), {})[act.id] = EveningAct(act, number, words)
    return {key: acts[act_that_counts(each.act for each in acts.values()).id] for key, acts in about.items()}


def guests_acts(rehearsal_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The acts that say how many guests there are, by rehearsal. One statement."""
    counting = counting_acts_of_evenings(rehearsal_ids)
    return {rehearsal_id: each.act.id for (rehearsal_id, kind), each in counting.items() if kind == "guests"}


def guests_act_of(rehearsal: Rehearsal) -> UUID | None:
    """The act that says how many guests there are, if any."""
    return guests_acts([rehearsal.id]).get(rehearsal.id)


def rehearsals_with_acts_about(singer_ids: Collection[UUID]) -> set[UUID]:
    """The rehearsals at which something was said of one of these rows."""
    return set(
        db.session.scalars(
            select(Act.rehearsal_id).where(Act.singer_id.in_(singer_ids), Act.kind.in_(MARKS)).distinct()
        )
    )


def rows_merged_at(rehearsal_ids: Collection[UUID]) -> dict[UUID, dict[UUID, UUID]]:
    """For each rehearsal the rows that turned out to be somebody else's: {row: the singer that stands for it}.

    Those known in the choir or marked that evening, so that a phone that still shows them can follow. One statement.
    """
    if not rehearsal_ids:
        return {}
    merged: dict[UUID, dict[UUID, UUID]] = {}
    for rehearsal_id, row, person in rows_from(_MERGED, ids=rehearsal_ids):
        merged.setdefault(rehearsal_id, {})[row] = person
    return merged


def _merged() -> Select[*tuple[Any, ...]]:
    known = (
        select(Rehearsal.id, Membership.singer_id)
        .join(Membership, Membership.choir_id == Rehearsal.choir_id)
        .where(Rehearsal.id.in_(IDS))
        .union(
            select(Act.rehearsal_id, Act.singer_id).where(
                Act.rehearsal_id.in_(IDS), Act.singer_id.is_not(None)
            )
        )
        .subquery()
    )
    return (
        select(known.c.id, Singer.id, Singer.merged_into_id)
        .join(Singer, known.c.singer_id == Singer.id)
        .where(Singer.merged_into_id.is_not(None), Singer.erased_at.is_(None))
    )


_MERGED = _merged()


# --- where two disagree ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """One side of a disagreement: what was said, by whom, and when by the server's clock."""

    act_id: UUID
    status: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Disagreement:
    """Two devices said different things of one singer, and the one that counts had not seen the other."""

    singer_id: UUID
    counts: Side
    other: Side


def disagreements(rehearsal_ids: Collection[UUID]) -> dict[UUID, list[Disagreement]]:
    """Where the marks of two devices contradict each other and nobody has settled it. One statement."""
    if not rehearsal_ids:
        return {}
    about: dict[tuple[UUID, UUID], Rows] = {}
    names: dict[UUID, str] = {}
    for rehearsal_id, person, row, by, *known in rows_from(_TOLD_BY_TWO, ids=rehearsal_ids):
        act = KnownAct(*known)
        names[act.id] = by or ""
        about.setdefault((rehearsal_id, person), {}).setdefault(row, []).append(act)
    told: dict[UUID, list[Disagreement]] = {}
    for (rehearsal_id, person), rows in sorted(about.items()):
        counts = act_of_person(rows.values())
        for other in other_sides(counts, [act for acts in rows.values() for act in acts]):
            pair = Disagreement(person, _side(counts, names), _side(other, names))
            told.setdefault(rehearsal_id, []).append(pair)
    return told


def _told_by_two() -> Select[*tuple[Any, ...]]:
    devices = func.count(func.coalesce(Act.device_id, "").distinct())
    two = (
        select(Act.rehearsal_id, PERSON.label("person"))
        .join(Singer, Act.singer_id == Singer.id)
        .where(Act.rehearsal_id.in_(IDS), Act.kind.in_(MARKS), Singer.erased_at.is_(None))
        .group_by(Act.rehearsal_id, PERSON)
        .having(devices > 1, func.count(Act.status.distinct()) > 1)
        .subquery()
    )
    return (
        select(Act.rehearsal_id, PERSON, Act.singer_id, func.coalesce(Account.name, Loan.to_name), *_KNOWN)
        .join(Singer, Act.singer_id == Singer.id)
        .join(two, and_(two.c.rehearsal_id == Act.rehearsal_id, two.c.person == PERSON))
        .outerjoin(Account, Act.by_id == Account.id)
        .outerjoin(Loan, Act.loan_id == Loan.id)
        .where(Act.kind.in_(MARKS))
    )


_TOLD_BY_TWO = _told_by_two()


def _side(act: KnownAct, names: dict[UUID, str]) -> Side:
    return Side(act.id, act.status or "unmarked", names[act.id], act.acted_at)


def also_marking(rehearsal_ids: Collection[UUID], *, viewer: Any) -> dict[UUID, list[str]]:
    """Who else takes these rolls right now, by name: whose acts came in during the last minutes. One statement.

    Singers who checked in themselves are not among them.
    """
    if not rehearsal_ids:
        return {}
    loan_id = getattr(viewer, "loan_id", None)
    own = Act.loan_id == loan_id if loan_id else Act.by_id == viewer.id
    marked_oneself = and_(Singer.account_id.is_not(None), Singer.account_id == Act.by_id)
    name = func.coalesce(Account.name, Loan.to_name)
    rows = db.session.execute(
        select(Act.rehearsal_id, name)
        .outerjoin(Account, Act.by_id == Account.id)
        .outerjoin(Loan, Act.loan_id == Loan.id)
        .outerjoin(Singer, Act.singer_id == Singer.id)
        .where(
            Act.rehearsal_id.in_(rehearsal_ids),
            Act.received_at > clock.now() - JUST_NOW,
            name.is_not(None),
            not_(func.coalesce(own, False)),
            not_(func.coalesce(marked_oneself, False)),
        )
        .distinct()
        .order_by(name)
    )
    marking: dict[UUID, list[str]] = {}
    for rehearsal_id, who in rows:
        marking.setdefault(rehearsal_id, []).append(who)
    return marking


# --- what good came of it ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Happening:
    """One good thing that happened because of the choir, as somebody told it at an evening."""

    act_id: UUID
    rehearsal_id: UUID
    outcome: str
    words: str | None
    may_be_told: bool
    singer_id: UUID | None
    singer: str | None
    """The name, unless it was told of nobody in particular or the person was erased."""
    at: datetime


def outcomes_of(rehearsal: Rehearsal) -> list[Happening]:
    """What good was told of at this rehearsal and was not taken back, in the order in which it was told."""
    return outcomes_at([rehearsal.id]).get(rehearsal.id, [])


def outcomes_at(rehearsal_ids: Collection[UUID]) -> dict[UUID, list[Happening]]:
    """What good was told of at these rehearsals and was not taken back. One statement."""
    if not rehearsal_ids:
        return {}
    stands = aliased(Singer)
    found = rows_from(
        select(
            Act.id,
            Act.rehearsal_id,
            Act.outcome,
            Act.words,
            Act.may_be_told,
            PERSON,
            stands.first_name,
            stands.surname,
            stands.erased_at,
            Act.acted_at,
            Act.seen_id,
        )
        .outerjoin(Singer, Act.singer_id == Singer.id)
        .outerjoin(stands, stands.id == PERSON)
        .where(Act.rehearsal_id.in_(rehearsal_ids), Act.kind == "outcome")
        .order_by(Act.acted_at, Act.id)
    )
    counting = outcome_acts_that_count([(row[1], row[0], row[-1]) for row in found])
    told: dict[UUID, list[Happening]] = {}
    for act_id, rehearsal_id, outcome, words, may_be_told, person, first, last, erased_at, at, _seen in found:
        if act_id in counting and outcome:
            name = None if erased_at or first is None else f"{first} {last}" if last else first
            told.setdefault(rehearsal_id, []).append(
                Happening(act_id, rehearsal_id, outcome, words, bool(may_be_told), person, name, at)
            )
    return told


def outcome_acts_that_count(acts: Collection[tuple[UUID, UUID, UUID | None]]) -> set[UUID]:
    """Of acts of the kind outcome, given as (rehearsal, id, seen), those that no other of their evening has seen."""
    evenings: dict[UUID, list[tuple[UUID, UUID | None]]] = {}
    for rehearsal_id, act_id, seen_id in acts:
        evenings.setdefault(rehearsal_id, []).append((act_id, seen_id))
    return {act_id for told in evenings.values() for act_id in outcomes_that_count(told)}


def counting_outcomes(rehearsal_ids: Collection[UUID]) -> set[UUID]:
    """The outcome acts that count at these rehearsals, also those that take something back. One statement."""
    found = rows_from(
        select(Act.rehearsal_id, Act.id, Act.seen_id).where(
            Act.rehearsal_id.in_(rehearsal_ids), Act.kind == "outcome"
        )
    )
    return outcome_acts_that_count(
        [(rehearsal_id, act_id, seen_id) for rehearsal_id, act_id, seen_id in found]
    )
