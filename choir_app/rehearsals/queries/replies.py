"""What singers said beforehand. None of it is attendance."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from hmac import compare_digest
from typing import Literal
from uuid import UUID

from sqlalchemy import func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Choir, Membership, Singer
from choir_app.choirs.rules import SINGING_STATES
from choir_app.foundation import clock, keyed
from choir_app.foundation.database import db
from choir_app.rehearsals import rules
from choir_app.rehearsals.models import Away, Rehearsal, Reply, ReplyLink
from choir_app.rehearsals.queries.gatherings import Gathering, next_rehearsals
from choir_app.rehearsals.queries.lending import digest_of

Said = Literal["coming", "not_coming"]

COMING_DATES = 8
"""Gatherings shown to somebody who replies."""


def said_about(rehearsal_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], Said]:
    """What was said of each gathering, as (rehearsal, singer); whoever said nothing is expected. One statement.

    Only of those who belong to the choir that day. A reply for the evening counts before days away, the newest
    before the others. The singer is the one who stands for all rows of the person.
    """
    return {about: word for about, (word, _is_away) in _words_about(rehearsal_ids).items()}


def _words_about(rehearsal_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], tuple[Said, bool]]:
    """The same, each with whether it follows from days away."""
    if not rehearsal_ids:
        return {}
    stands = func.coalesce(Singer.merged_into_id, Singer.id)
    replied = (
        select(
            Reply.rehearsal_id.label("rehearsal_id"),
            stands.label("singer_id"),
            Reply.is_coming.label("is_coming"),
            Reply.said_at.label("said_at"),
            literal(1).label("weight"),
        )
        .join(Singer, Reply.singer_id == Singer.id)
        .where(Reply.rehearsal_id.in_(rehearsal_ids))
    )
    away = (
        select(
            Rehearsal.id,
            stands,
            literal(False),
            Away.said_at,
            literal(0),
        )
        .select_from(Rehearsal)
        .join(Away, Rehearsal.sung_on.between(Away.first_on, Away.last_on))
        .join(Singer, Away.singer_id == Singer.id)
        .where(Rehearsal.id.in_(rehearsal_ids))
    )
    said = union_all(replied, away).subquery()
    evening = aliased(Rehearsal)
    belongs = (
        select(Membership.id)
        .where(
            Membership.singer_id == said.c.singer_id,
            Membership.choir_id == evening.choir_id,
            Membership.since <= evening.sung_on,
            or_(Membership.until.is_(None), Membership.until >= evening.sung_on),
            Membership.state.in_(SINGING_STATES),
        )
        .exists()
    )
    rows = db.session.execute(
        select(said.c.rehearsal_id, said.c.singer_id, said.c.is_coming, said.c.weight)
        .join(evening, evening.id == said.c.rehearsal_id)
        .where(belongs)
        .order_by(said.c.weight, said.c.said_at)
    )
    return {
        (rehearsal, singer): ("coming" if coming else "not_coming", weight == 0)
        for rehearsal, singer, coming, weight in rows
    }


# --- counts for the leader ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SaidOfEvening:
    """What was said of one gathering: how many come, and who cannot."""

    coming_count: int
    not_coming_names: tuple[str, ...]


def said_of_evenings(rehearsal_ids: Collection[UUID]) -> dict[UUID, SaidOfEvening]:
    """For each gathering how many said that they come, and the first names of those who cannot. Two statements."""
    said = said_about(rehearsal_ids)
    not_coming = {singer_id for (_each, singer_id), word in said.items() if word == "not_coming"}
    rows = db.session.execute(
        select(Singer.id, Singer.first_name)
        .where(Singer.id.in_(not_coming))
        .order_by(Singer.sort_key, Singer.id)
    )
    names = dict(rows.all()) if not_coming else {}
    return {
        rehearsal_id: SaidOfEvening(
            coming_count=sum(
                word == "coming" for (each, _singer), word in said.items() if each == rehearsal_id
            ),
            not_coming_names=tuple(
                name
                for singer_id, name in names.items()
                if said.get((rehearsal_id, singer_id)) == "not_coming"
            ),
        )
        for rehearsal_id in rehearsal_ids
    }


def to_answer(rehearsal_id: UUID) -> Rehearsal:
    """The gathering that somebody answers about; raises NoResultFound. Whether they may is asked by the action."""
    return db.session.execute(select(Rehearsal).where(Rehearsal.id == rehearsal_id)).scalar_one()


# --- one singer ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ComingDate:
    """A gathering to come of a singer's choir and what the singer said of it.

    `said` is none for somebody who is expected; `is_away` says that it follows from days away.
    """

    gathering: Gathering
    said: Said | None
    is_away: bool

    @property
    def days_left(self) -> int:
        """Days until it, in Sweden."""
        return (clock.local(self.gathering.starts_at).date() - clock.today()).days

    @property
    def may_be_answered(self) -> bool:
        """Whether the singer can still say something: it has not begun and is not called off."""
        return not self.gathering.is_cancelled and self.gathering.starts_at > clock.now()


def coming_dates(
    singer: Singer, *, choir_ids: Collection[UUID] | None = None, limit: int = COMING_DATES
) -> list[ComingDate]:
    """What comes in the choirs that the singer belongs to (of these, when given), and what they said of it."""
    today = clock.today()
    own = {choir.id: choir for choir in choirs.choirs_of_singer(singer, today)}
    chosen = [choir_id for choir_id in own if choir_ids is None or choir_id in choir_ids]
    if not chosen:
        return []
    gatherings = [
        each for each in next_rehearsals(chosen, limit=2 * limit) if _is_sung(own[each.choir_id], each)
    ][:limit]
    said = _words_about([each.id for each in gatherings])
    return [_as_date(each, said.get((each.id, singer.id))) for each in gatherings]


def answer_about(gathering: Gathering, singer: Singer) -> ComingDate:
    """What a singer said of one gathering of theirs. One statement."""
    return _as_date(gathering, _words_about([gathering.id]).get((gathering.id, singer.id)))


def _as_date(gathering: Gathering, said: tuple[Said, bool] | None) -> ComingDate:
    word, is_away = said or (None, False)
    return ComingDate(gathering, word, is_away)


def _is_sung(choir: Choir, gathering: Gathering) -> bool:
    """Whether what was planned can take place: a choir that pauses or has ended does not sing."""
    return choir.is_active_on(clock.local(gathering.starts_at).date())


def _rows_of(singer: Singer) -> set[UUID]:
    return choirs.rows_of([singer.id])[singer.id]


def aways_of(singer: Singer) -> list[Away]:
    """The days away of a singer that are not over, the earliest first."""
    return list(
        db.session.scalars(
            select(Away)
            .where(Away.singer_id.in_(_rows_of(singer)), Away.last_on >= clock.today())
            .order_by(Away.first_on, Away.id)
        )
    )


@dataclass(frozen=True)
class HeldReply:
    """One reply, as the singer may read it and take it out."""

    choir: str
    starts_at: datetime
    is_coming: bool
    said_at: datetime


@dataclass(frozen=True)
class HeldReplies:
    """All that a singer has said beforehand and is kept."""

    replies: tuple[HeldReply, ...]
    away: tuple[tuple[date, date], ...]


def held_replies(singer: Singer) -> HeldReplies:
    """All that a singer has said beforehand, to be read and taken out by the singer."""
    rows = _rows_of(singer)
    said = db.session.execute(
        select(Choir.name, Rehearsal.starts_at, Reply.is_coming, Reply.said_at)
        .join(Rehearsal, Reply.rehearsal_id == Rehearsal.id)
        .join(Choir, Rehearsal.choir_id == Choir.id)
        .where(Reply.singer_id.in_(rows))
        .order_by(Rehearsal.starts_at)
    )
    away = db.session.execute(
        select(Away.first_on, Away.last_on).where(Away.singer_id.in_(rows)).order_by(Away.first_on, Away.id)
    )
    return HeldReplies(
        replies=tuple(HeldReply(*row) for row in said), away=tuple((first, last) for first, last in away)
    )


# --- links ------------------------------------------------------------------------------------------------------------


def reply_secret_of(link_id: UUID) -> str:
    """The secret of a link: kept nowhere, made again whenever the leader shows the link."""
    return keyed.secret("reply link", link_id.bytes)


def shown_reply_secret(link: ReplyLink) -> str | None:
    """The secret of a link that holds, to show and to send; None when the house's key is new."""
    secret = reply_secret_of(link.id)
    return secret if compare_digest(digest_of(secret), link.digest) else None


def reply_link_behind(secret: str) -> ReplyLink | None:
    """The link with this secret, if it may be used now and the singer is still known."""
    link = db.session.scalar(
        select(ReplyLink)
        .join(ReplyLink.singer)
        .where(ReplyLink.digest == digest_of(secret), Singer.erased_at.is_(None))
    )
    return link if link and link.is_valid else None


def reply_link_of(singer: Singer) -> ReplyLink | None:
    """The link that holds for a singer now, the newest if there are several."""
    return db.session.scalar(
        select(ReplyLink)
        .where(
            ReplyLink.singer_id.in_(_rows_of(singer)),
            ReplyLink.revoked_at.is_(None),
            ReplyLink.expires_at > clock.now(),
        )
        .order_by(ReplyLink.made_at.desc())
        .limit(1)
    )


def singer_of_link(link: ReplyLink) -> Singer:
    """The singer whom a link is about: the one who stands for the row that it was made for."""
    into = link.singer.merged_into_id
    return db.session.get_one(Singer, into) if into else link.singer


def last_day_of_term(singer: Singer, *, at_most: date) -> date:
    """The last gathering of the singer's choirs before their next long rest, or `at_most`, whichever comes first."""
    ids = [choir.id for choir in choirs.choirs_of_singer(singer, clock.today())]
    days = list(
        db.session.scalars(
            select(Rehearsal.sung_on)
            .where(Rehearsal.choir_id.in_(ids), Rehearsal.sung_on.between(clock.today(), at_most))
            .order_by(Rehearsal.sung_on)
        )
    )
    return at_most if not days else rules.end_of_term([clock.today(), *days], at_most=at_most)
