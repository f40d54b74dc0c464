"""Who is whom: rows that stand for one person, what was merged, and who may be written up twice."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select, true
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased, joinedload

from choir_app.choirs import rules
from choir_app.choirs.models import Choir, Leadership, Membership, NotTheSame, Singer, SingerMerge, Voice
from choir_app.choirs.queries.singers import visible_to
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.text import folded


@dataclass(frozen=True)
class Alike:
    """A singer of whom it is asked whether they are the same person as another, as the viewer may see them.

    `since` is the first day in the choirs that the viewer leads, `choirs` the names of those.
    """

    id: UUID
    name: str
    first_name: str
    voices: tuple[str, ...]
    choirs: tuple[str, ...]
    since: date


@dataclass(frozen=True)
class AlikePair:
    """Two singers who may be one person; `first` is the one that had better stay."""

    first: Alike
    other: Alike


# --- rows that stand for one person ------------------------------------------------------------------------------


def stands_for(singer_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Of these, the ones that are another row of somebody: alias → the singer that stands for both. One statement."""
    if not singer_ids:
        return {}
    rows = db.session.execute(
        select(Singer.id, Singer.merged_into_id).where(
            Singer.id.in_(singer_ids), Singer.merged_into_id.is_not(None)
        )
    )
    return {alias: into for alias, into in rows if into}


def rows_of(singer_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """For each of these singers the rows that are this person: its own and all merged into it. One statement."""
    rows = {singer_id: {singer_id} for singer_id in singer_ids}
    if rows:
        for alias, into in db.session.execute(
            select(Singer.id, Singer.merged_into_id).where(Singer.merged_into_id.in_(singer_ids))
        ):
            if into:
                rows[into].add(alias)
    return rows


def aliases_of(singer: Singer) -> list[Singer]:
    """The rows that were merged into a singer, the oldest first."""
    return list(
        db.session.scalars(
            select(Singer).where(Singer.merged_into_id == singer.id).order_by(Singer.created_at, Singer.id)
        )
    )


# --- merges -------------------------------------------------------------------------------------------------------


def merges_into(singer: Singer) -> list[SingerMerge]:
    """The merges that hold for a singer, the newest, which is undone first, before the others."""
    return list(
        db.session.scalars(
            select(SingerMerge)
            .where(SingerMerge.into_id == singer.id, SingerMerge.undone_at.is_(None))
            .options(joinedload(SingerMerge.duplicate))
            .order_by(SingerMerge.number.desc())
        )
    )


def merges_in(choir: Choir, *, viewer: Any) -> list[SingerMerge]:
    """The merges of singers of a choir that can be undone now: the newest of each, the latest first."""
    in_choir = select(Membership.singer_id).where(Membership.choir_id == choir.id)
    seen = visible_to(viewer).where(Singer.id.in_(in_choir)).with_only_columns(Singer.id)
    found = db.session.scalars(
        select(SingerMerge)
        .where(SingerMerge.into_id.in_(seen), SingerMerge.undone_at.is_(None))
        .options(joinedload(SingerMerge.duplicate), joinedload(SingerMerge.into))
        .order_by(SingerMerge.merged_at.desc(), SingerMerge.number.desc())
    )
    newest: dict[UUID, SingerMerge] = {}
    for merge in found:
        known = newest.get(merge.into_id)
        if known is None or known.number < merge.number:
            newest[merge.into_id] = merge
    return sorted(newest.values(), key=lambda merge: merge.merged_at, reverse=True)


def merge_with_id(merge_id: UUID, *, viewer: Any) -> SingerMerge:
    """One merge of singers whom the viewer may see; raises NoResultFound."""
    seen = visible_to(viewer).with_only_columns(Singer.id)
    return db.session.execute(
        select(SingerMerge)
        .where(SingerMerge.id == merge_id, SingerMerge.into_id.in_(seen))
        .options(joinedload(SingerMerge.duplicate), joinedload(SingerMerge.into))
    ).scalar_one()


# --- who may be written up twice ------------------------------------------------------------------------------------


def possible_duplicates(choir: Choir, *, viewer: Any) -> list[AlikePair]:
    """Singers of the choir who may be the same person as another, there or in a choir that the viewer leads.

    Whoever was said to be two people is not asked about again. At most three statements.
    """
    return _as_shown(_pairs_asked_about(choir, viewer=viewer), viewer=viewer)


def count_of_possible_duplicates(choir: Choir, *, viewer: Any) -> int:
    """How many pairs there are to ask about. At most two statements."""
    return len(_pairs_asked_about(choir, viewer=viewer))


def _pairs_asked_about(choir: Choir, *, viewer: Any) -> set[frozenset[UUID]]:
    called = _called(choir, viewer=viewer)
    here = [one for one in called if one.is_here]
    asked = {
        frozenset((one.id, other.id))
        for one in here
        for other in called
        if one.id != other.id and rules.may_be_one_person(one.called, other.called, together=other.is_here)
    }
    return asked - _said_to_be_two() if asked else asked


def alike_to(singer: Singer, choir: Choir, *, viewer: Any) -> list[Alike]:
    """Those who may be the same person as a singer of the choir."""
    pairs = possible_duplicates(choir, viewer=viewer)
    sides = [(pair.first, pair.other) for pair in pairs] + [(pair.other, pair.first) for pair in pairs]
    return [other for one, other in sides if one.id == singer.id]


def alike_pair(one_id: UUID, other_id: UUID, *, viewer: Any) -> AlikePair:
    """Two singers side by side, whatever they are called; raises NoResultFound when the viewer may not see both."""
    if one_id == other_id:
        raise NoResultFound
    shown = _as_shown({frozenset((one_id, other_id))}, viewer=viewer)
    if not shown:
        raise NoResultFound
    return shown[0]


@dataclass(frozen=True)
class _Called:
    id: UUID
    called: rules.Called
    is_here: bool


def _called(choir: Choir, *, viewer: Any) -> list[_Called]:
    """Everybody in the choir, now or before, and in the other choirs that the viewer leads."""
    led = select(Leadership.choir_id).where(Leadership.account_id == viewer.id)
    is_here = exists().where(Membership.singer_id == Singer.id, Membership.choir_id == choir.id)
    near = select(Membership.singer_id).where(
        or_(Membership.choir_id == choir.id, Membership.choir_id.in_(led))
    )
    found = db.session.execute(
        visible_to(viewer)
        .where(Singer.id.in_(near))
        .with_only_columns(Singer.id, Singer.first_name, Singer.surname, is_here)
    )
    return [
        _Called(each, rules.Called(folded(first), folded(surname or "")), here)
        for each, first, surname, here in found
    ]


def _said_to_be_two() -> set[frozenset[UUID]]:
    """The pairs of whom somebody said that they are two people, by the rows that stand for them now."""
    one, other = aliased(Singer), aliased(Singer)
    said = db.session.execute(
        select(func.coalesce(one.merged_into_id, one.id), func.coalesce(other.merged_into_id, other.id))
        .select_from(NotTheSame)
        .join(one, NotTheSame.one_id == one.id)
        .join(other, NotTheSame.other_id == other.id)
    )
    return {frozenset(pair) for pair in said}


def _as_shown(pairs: Collection[frozenset[UUID]], *, viewer: Any) -> list[AlikePair]:
    ids = {singer_id for pair in pairs for singer_id in pair}
    if not ids:
        return []
    led = select(Leadership.choir_id).where(Leadership.account_id == viewer.id)
    shown = true() if viewer.manages else Membership.choir_id.in_(led)
    rows = db.session.execute(
        select(Singer, Choir.name, Membership.since, Membership.until, Voice.name)
        .join(Membership, Membership.singer_id == Singer.id)
        .join(Choir, Membership.choir_id == Choir.id)
        .outerjoin(Voice, Membership.voice_id == Voice.id)
        .where(and_(Singer.id.in_(ids), shown), Singer.erased_at.is_(None), Singer.merged_into_id.is_(None))
        .order_by(Membership.since, Choir.slug)
    )
    known: dict[UUID, list[Any]] = {}
    for singer, *row in rows:
        known.setdefault(singer.id, [singer]).append(row)
    sides = {singer_id: _side(*found) for singer_id, found in known.items()}
    both = [tuple(sides[each] for each in pair) for pair in pairs if pair <= sides.keys()]
    ordered = [AlikePair(*sorted(pair, key=_stays_first)) for pair in both]
    return sorted(ordered, key=lambda pair: (folded(pair.first.name), pair.first.since, str(pair.other.id)))


def _side(singer: Singer, *rows: Any) -> Alike:
    today = clock.today()
    lasting = [voice for _choir, _since, until, voice in rows if voice and (until is None or until >= today)]
    return Alike(
        id=singer.id,
        name=singer.name,
        first_name=singer.first_name,
        voices=tuple(dict.fromkeys(lasting)),
        choirs=tuple(dict.fromkeys(choir for choir, *_rest in rows)),
        since=min(since for _choir, since, *_rest in rows),
    )


def _stays_first(side: Alike) -> tuple[bool, date, str]:
    """A full name before a first name only, then whoever came first."""
    return (side.name == side.first_name, side.since, str(side.id))
