"""Saying beforehand whether one comes: for an evening, for days away, and by a link without signing in.

A reply is an intention. Nothing here touches attendance, marks or counts.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select

from choir_app.choirs import actions as choir_actions
from choir_app.choirs import queries as choirs
from choir_app.choirs.models import Singer
from choir_app.choirs.permissions import may_see_roster
from choir_app.foundation import audit, clock
from choir_app.foundation.caretaker import chore
from choir_app.foundation.database import db, upsert
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.rehearsals import queries, rules
from choir_app.rehearsals.models import Away, LinkHolder, Rehearsal, Reply, ReplyLink
from choir_app.rehearsals.permissions import may_make_reply_link, may_reply_for


def say(rehearsal: Rehearsal, singer: Singer, *, is_coming: bool, by: Any) -> None:
    """Say that a singer comes to a gathering, or cannot; saying it again changes it."""
    _refuse_reply(rehearsal, singer, by=by)
    words = {"is_coming": is_coming, "said_at": clock.now(), "said_by_id": by.id}
    upsert(
        Reply,
        {"rehearsal_id": rehearsal.id, "singer_id": singer.id, **words},
        key=("rehearsal_id", "singer_id"),
    )


def take_back(rehearsal: Rehearsal, singer: Singer, *, by: Any) -> None:
    """Take back what was said of a gathering: the singer is expected again, or away as the days say."""
    _refuse_reply(rehearsal, singer, by=by)
    rows = choirs.rows_of([singer.id])[singer.id]
    db.session.execute(
        delete(Reply).where(Reply.rehearsal_id == rehearsal.id, Reply.singer_id.in_(rows)),
        execution_options={"synchronize_session": False},
    )


def be_away(singer: Singer, *, first_on: date | None, last_on: date | None, by: Any) -> Away:
    """Say that a singer is away from a day up to another; days that touch others away become one span with them."""
    require(may_reply_for(by, singer))
    _refuse_erased(singer)
    first, last = _days(first_on, last_on)
    _count(by)
    db.session.execute(select(Singer.id).where(Singer.id == singer.id).with_for_update(key_share=True))
    touching = [
        each
        for each in queries.aways_of(singer)
        if each.first_on <= last + timedelta(days=1) and first - timedelta(days=1) <= each.last_on
    ]
    if any(each.first_on <= first and last <= each.last_on for each in touching):
        return next(each for each in touching if each.first_on <= first and last <= each.last_on)
    if len(queries.aways_of(singer)) - len(touching) >= rules.MOST_AWAY:
        raise Refusal(_("Det blev många datum. Säg det till körledaren i stället."))
    for each in touching:
        db.session.delete(each)
    away = Away(
        id=uuid4(),
        singer_id=singer.id,
        first_on=min([first, *(each.first_on for each in touching)]),
        last_on=max([last, *(each.last_on for each in touching)]),
        said_by_id=by.id,
    )
    db.session.add(away)
    db.session.flush()
    return away


def come_back(away: Away, singer: Singer, *, by: Any) -> None:
    """Take back days away; of those that have begun the days before today stay."""
    require(may_reply_for(by, singer))
    if away.singer_id not in choirs.rows_of([singer.id])[singer.id]:
        raise Refusal(_("Dagarna är redan borttagna."))
    _count(by)
    if away.first_on < clock.today():
        away.last_on = min(away.last_on, clock.today() - timedelta(days=1))
    else:
        db.session.delete(away)
    db.session.flush()


def _refuse_reply(rehearsal: Rehearsal, singer: Singer, *, by: Any) -> None:
    require(may_reply_for(by, singer))
    is_own = isinstance(by, LinkHolder) or singer.account_id == by.id
    require(is_own or may_see_roster(by, rehearsal.choir))
    _refuse_erased(singer)
    if rehearsal.is_cancelled:
        raise Refusal(_("Det är inställt den dagen. Du behöver inte svara."))
    if rehearsal.starts_at <= clock.now():
        raise Refusal(_("Det har redan börjat. Säg det till körledaren i stället."))
    if rehearsal.choir_id not in {each.id for each in choirs.choirs_of_singer(singer, rehearsal.sung_on)}:
        raise Refusal(_("Det är inte din kör. Ladda om sidan."))
    _count(by)


def _refuse_erased(singer: Singer) -> None:
    if singer.erased_at or singer.merged_into_id:
        raise Refusal(_("Länken gäller inte längre. Be körledaren om en ny."))


def _days(first_on: date | None, last_on: date | None) -> tuple[date, date]:
    if first_on is None:
        raise Refusal(_("Skriv den första dagen du är borta."), field="first_on")
    if last_on is None:
        raise Refusal(_("Skriv den sista dagen du är borta."), field="last_on")
    if last_on < first_on:
        raise Refusal(_("Den sista dagen ligger före den första. Byt plats på dem."), field="last_on")
    if last_on < clock.today():
        raise Refusal(_("De dagarna har redan varit. Välj dagar som kommer."), field="last_on")
    if last_on > clock.today() + timedelta(days=rules.LONGEST_AWAY_DAYS):
        raise Refusal(_("Välj ett datum inom ett år."), field="last_on")
    return max(first_on, clock.today()), last_on


def _count(by: Any) -> None:
    """Let nobody hammer at the house by a link; a person needs a handful of changes."""
    if not isinstance(by, LinkHolder):
        return
    link = by.link
    db.session.refresh(link, with_for_update={"of": ReplyLink, "key_share": True})
    if clock.now() - link.used_since >= timedelta(hours=1):
        link.used_since, link.used_count = clock.now(), 0
    if link.used_count >= rules.LINK_CHANGES:
        raise Refusal(_("Det blev många svar på kort tid. Vänta en timme, eller ring körledaren."))
    link.used_count += 1
    db.session.flush()


# --- links -----------------------------------------------------------------------------------------------------------


def make_reply_link(singer: Singer, *, by: Any, link_id: UUID | None = None) -> ReplyLink:
    """Make a link by which a singer replies without signing in. The one before ends, so that only one holds.

    A page that made `link_id` itself may send it again: it stays one link.
    """
    require(may_make_reply_link(by, singer))
    _refuse_erased(singer)
    db.session.execute(select(Singer.id).where(Singer.id == singer.id).with_for_update(key_share=True))
    if link_id and (already := db.session.get(ReplyLink, link_id)):
        if already.singer_id not in choirs.rows_of([singer.id])[singer.id]:
            raise Refusal(_("Sidan har ändrats. Ladda om den."))
        return already
    revoke_reply_links(singer, by=by)
    today = clock.today()
    latest = today + timedelta(days=rules.LINK_DAYS)
    term_ends_on = queries.last_day_of_term(singer, at_most=latest)
    link_id = link_id or uuid4()
    link = ReplyLink(
        id=link_id,
        singer_id=singer.id,
        digest=queries.digest_of(queries.reply_secret_of(link_id)),
        made_at=clock.now(),
        made_by_id=by.id,
        expires_at=clock.end_of(rules.link_ends_on(term_ends_on, today)),
        used_since=clock.now(),
    )
    db.session.add(link)
    audit.note("reply_link.made", singer, by=by)
    db.session.flush()
    return link


def revoke_reply_links(singer: Singer, *, by: Any) -> None:
    """Let a singer's link hold no longer."""
    require(may_make_reply_link(by, singer))
    rows = choirs.rows_of([singer.id])[singer.id]
    held = select(ReplyLink).where(ReplyLink.singer_id.in_(rows), ReplyLink.revoked_at.is_(None))
    for link in db.session.scalars(held):
        link.revoked_at = clock.now()
        audit.note("reply_link.revoked", singer, by=by)
    db.session.flush()


# --- forgetting ------------------------------------------------------------------------------------------------------


@choir_actions.singer_erased.connect
def forget_words(singer: Singer) -> None:
    """Take away what an erased singer said beforehand, and end their links."""
    for model in (Reply, Away, ReplyLink):
        db.session.execute(
            delete(model).where(model.singer_id == singer.id),
            execution_options={"synchronize_session": "fetch"},
        )


@chore("words said beforehand")
def forget_old_words() -> None:
    """Take away what was said of evenings long past, days away that are over, and links that have ended."""
    before = clock.now() - timedelta(days=rules.DAYS_WITH_WORDS)
    over = select(Rehearsal.id).where(Rehearsal.ends_at < before)
    db.session.execute(
        delete(Reply).where(Reply.rehearsal_id.in_(over)), execution_options={"synchronize_session": False}
    )
    db.session.execute(
        delete(Away).where(Away.last_on < before.date()), execution_options={"synchronize_session": False}
    )
    ended = func.coalesce(ReplyLink.revoked_at, ReplyLink.expires_at)
    db.session.execute(
        delete(ReplyLink).where(ended < before), execution_options={"synchronize_session": False}
    )
