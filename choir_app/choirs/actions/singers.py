"""Singers and their memberships: written up, changed, moved between states, erased."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from blinker import Signal
from sqlalchemy import delete, select, update

from choir_app.accounts.models import Account
from choir_app.choirs import queries, rules
from choir_app.choirs.actions.turns import wait_for_choir, wait_for_person, wait_for_singer
from choir_app.choirs.actions.words import plain, said, voluntary
from choir_app.choirs.models import Choir, Membership, Singer, Voice
from choir_app.choirs.permissions import (
    may_add_singer,
    may_change_own_singer,
    may_change_singer,
    may_erase_singer,
    may_link_accounts,
    may_see_roster,
)
from choir_app.foundation import audit, clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import FOLDED_LENGTH, folded, sort_key

erasing_singer = Signal(
    "A singer is about to be erased: name and address can be read for the last time, by a room above that has kept them"
    " as words and not under the singer. Sender: the Singer; `by`: who erases."
)
singer_erased = Signal(
    "A singer was erased: forget the name wherever a room above has kept it. Sender: the Singer."
)

NAME_LENGTH = 80


def add_singer(
    choir: Choir,
    *,
    first_name: str,
    by: Any,
    surname: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    reads: str | None = None,
    is_under_18: bool = False,
    note: str | None = None,
    may_be_written_to: bool = False,
    buddy: Singer | None = None,
    voice: Voice | None = None,
    state: str = "trying",
    since: date | None = None,
    singer_id: UUID | None = None,
    may: Callable[[Any, Choir], bool] = may_add_singer,
) -> Singer:
    """Write up somebody who sings in the choir from a day on, else today; a first name is enough.

    `buddy` is a singer of the choir who helps a newcomer along. A phone that made `singer_id` itself may send it
    again: it stays one singer. A room above may say by `may` who else welcomes newcomers, such as the substitute
    of an evening.
    """
    require(may(by, choir))
    if singer_id:
        wait_for_choir(choir)
    if singer_id and (already := db.session.get(Singer, singer_id)):
        if already.erased_at or queries.last_membership(already, choir) is None:
            raise Refusal(_("Sångaren finns inte längre i kören."))
        return already
    singer = Singer(id=singer_id or uuid4(), created_at=clock.now(), memberships=[])
    _describe(
        singer,
        first_name=first_name,
        surname=surname,
        phone=phone,
        email=email,
        reads=reads,
        is_under_18=is_under_18,
        note=note,
        may_be_written_to=may_be_written_to,
    )
    _refuse_buddy(singer, buddy, [choir.id])
    singer.buddy_id = buddy.id if buddy else None
    day = since or clock.today()
    _refuse_membership(choir, voice=voice, state=state, since=day)
    if state == "left":
        raise Refusal(_("Välj något i listan."), field="state")
    singer.memberships.append(Membership(id=uuid4(), choir=choir, voice=voice, state=state, since=day))
    db.session.add(singer)
    audit.note("singer.added", singer, by=by)
    db.session.flush()
    return singer


def ask_about_namesakes(choir: Choir, first_name: str, *, by: Any, singer_id: UUID | None = None) -> None:
    """Refuse a first name that somebody in the choir has already, until the leader has said that it is another.

    A page sent twice meets the singer whom it made itself, which is no namesake.
    """
    require(may_add_singer(by, choir))
    wait_for_choir(choir)
    if singer_id and db.session.get(Singer, singer_id):
        return
    if queries.namesakes(choir, first_name, viewer=by):
        raise Refusal(
            _("%(name)s finns redan i kören. Kryssa i rutan om det är en annan person.", name=first_name),
            field="is_another",
        )


def change_singer(
    singer: Singer,
    *,
    first_name: str,
    by: Any,
    surname: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    reads: str | None = None,
    is_under_18: bool = False,
    note: str | None = None,
    may_be_written_to: bool = False,
    buddy: Singer | None = None,
) -> None:
    """Correct what is noted of a singer, for all choirs that they sing in."""
    require(may_change_singer(by, singer))
    _refuse_erased(singer)
    if buddy is None or buddy.id != singer.buddy_id:
        _refuse_buddy(singer, buddy, [row.choir_id for row in singer.memberships])
        singer.buddy_id = buddy.id if buddy else None
    _describe(
        singer,
        first_name=first_name,
        surname=surname,
        phone=phone,
        email=email,
        reads=reads,
        is_under_18=is_under_18,
        note=note,
        may_be_written_to=may_be_written_to,
    )
    audit.note("singer.changed", singer, by=by)


def change_own_singer(
    singer: Singer,
    *,
    first_name: str,
    by: Any,
    surname: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    reads: str | None = None,
    may_be_written_to: bool = False,
) -> None:
    """Let a singer correct what is noted of them; the leader's note and the buddy stay as they are."""
    require(may_change_own_singer(by, singer))
    _refuse_erased(singer)
    _describe(
        singer,
        first_name=first_name,
        surname=surname,
        phone=phone,
        email=email,
        reads=reads,
        is_under_18=singer.is_under_18,
        note=singer.note,
        may_be_written_to=may_be_written_to,
    )
    audit.note("singer.changed", singer, by=by)


def _describe(
    singer: Singer,
    *,
    first_name: str,
    surname: str | None,
    phone: str | None,
    email: str | None,
    reads: str | None,
    is_under_18: bool,
    note: str | None,
    may_be_written_to: bool,
) -> None:
    first = said(first_name, field="first_name", longest=NAME_LENGTH, missing=_("Skriv ett förnamn."))
    last = voluntary(surname, field="surname", longest=NAME_LENGTH)
    kept_note = voluntary(note, field="note", longest=500, lines=True)
    if reads and reads not in rules.READING_LANGUAGES:
        raise Refusal(_("Välj något i listan."), field="reads")
    singer.first_name, singer.surname, singer.note = first, last, kept_note
    singer.phone, singer.email, singer.reads = plain(phone), plain(email), reads or None
    singer.is_under_18, singer.may_be_written_to = is_under_18, may_be_written_to
    whole = f"{first} {last or ''}"
    singer.folded_name, singer.sort_key = folded(whole)[:FOLDED_LENGTH], sort_key(whole.strip())


def _refuse_buddy(singer: Singer, buddy: Singer | None, choir_ids: Collection[UUID]) -> None:
    if buddy is None:
        return
    knows = select(Membership.id).where(Membership.singer_id == buddy.id, Membership.choir_id.in_(choir_ids))
    is_somebody_else = buddy.id != singer.id and not buddy.erased_at and not buddy.merged_into_id
    if not is_somebody_else or db.session.scalar(knows.limit(1)) is None:
        raise Refusal(_("Välj någon annan i kören."), field="buddy")


def join(
    singer: Singer,
    choir: Choir,
    *,
    by: Any,
    voice: Voice | None = None,
    state: str = "trying",
    since: date | None = None,
) -> Membership:
    """Let a singer sing in a further choir, or again in one that they left; it stays one person and one history."""
    require(may_add_singer(by, choir))
    require(may_change_singer(by, singer))
    _refuse_erased(singer)
    wait_for_singer(singer)
    last = queries.last_membership(singer, choir)
    if last and last.state != "left":
        return last
    if state == "left":
        raise Refusal(_("Välj något i listan."), field="state")
    if last:
        again = change_membership(singer, choir, state, since or clock.today(), by=by)
        again.voice = voice or again.voice
        return again
    day = since or clock.today()
    _refuse_membership(choir, voice=voice, state=state, since=day)
    row = Membership(id=uuid4(), choir=choir, voice=voice, state=state, since=day)
    singer.memberships.append(row)
    audit.note("membership.began", singer, by=by)
    db.session.flush()
    return row


def change_membership(singer: Singer, choir: Choir, state: str, since: date, *, by: Any) -> Membership:
    """Let a singer be on trial, regular or on pause in a choir from a day on; `left`: `since` is the first day away.

    The period before ends on the day before. A change on the day when the last period began replaces it, so
    that a slip can be put right.
    """
    require(may_see_roster(by, choir))
    _refuse_erased(singer)
    wait_for_singer(singer)
    rows = _periods(singer, choir)
    if not rows:
        raise Refusal(_("%(name)s har inte sjungit i den här kören.", name=singer.name))
    last, before = rows[-1], rows[-2] if len(rows) > 1 else None
    if last.state == state:
        return last
    _refuse_membership(choir, voice=None, state=state, since=since)
    if since < last.since:
        raise Refusal(
            _("Välj ett datum från och med %(day)s. Då ändrades det senast.", day=last.since.isoformat()),
            field="since",
        )
    replaced = last if since == last.since else None
    old = before if replaced else last
    if not rules.may_follow(old.state if old else None, state, _with_itself):
        raise Refusal(_("Det går inte från läget nu. Välj ett annat läge."), field="state")
    audit.note(f"membership.{state}", singer, by=by)
    if replaced and before and before.state == state:
        return _take_back(replaced, before)
    if replaced:
        replaced.state = state
        db.session.flush()
        return replaced
    last.until = rules.day_before(since)
    db.session.flush()  # the last period must have ended before the next one begins
    row = Membership(
        id=uuid4(), singer_id=singer.id, choir_id=choir.id, voice_id=last.voice_id, state=state, since=since
    )
    db.session.add(row)
    db.session.flush()
    db.session.expire(singer, ["memberships"])
    return row


_with_itself = {state: (*after, state) for state, after in rules.NEXT_MEMBERSHIP_STATES.items()}


def _periods(singer: Singer, choir: Choir) -> list[Membership]:
    """A singer's periods in a choir, oldest first, as they stand in the database now."""
    rows = select(Membership).where(Membership.singer_id == singer.id, Membership.choir_id == choir.id)
    newest = rows.order_by(Membership.since).execution_options(populate_existing=True)
    return list(db.session.scalars(newest))


def _take_back(replaced: Membership, before: Membership) -> Membership:
    """A change was undone: the period before goes on."""
    singer = before.singer
    db.session.delete(replaced)
    db.session.flush()
    before.until = None
    db.session.flush()
    db.session.expire(singer, ["memberships"])
    return before


def move_to_voice(singer: Singer, choir: Choir, voice: Voice | None, *, by: Any) -> None:
    """Let a singer sing another of the choir's voices, or none in particular."""
    require(may_see_roster(by, choir))
    _refuse_erased(singer)
    last = queries.last_membership(singer, choir)
    if last is None:
        raise Refusal(_("%(name)s har inte sjungit i den här kören.", name=singer.name))
    _refuse_foreign_voice(choir, voice)
    last.voice = voice
    audit.note("membership.voice", singer, by=by)


def _refuse_membership(choir: Choir, *, voice: Voice | None, state: str, since: date) -> None:
    if state not in rules.MEMBERSHIP_STATES:
        raise Refusal(_("Välj något i listan."), field="state")
    if rules.is_too_far_ahead(since, clock.today()):
        raise Refusal(_("Välj ett datum inom ett år."), field="since")
    _refuse_foreign_voice(choir, voice)


def _refuse_foreign_voice(choir: Choir, voice: Voice | None) -> None:
    if voice and voice.choir_id != choir.id:
        raise Refusal(_("Välj en stämma i %(choir)s.", choir=choir.name), field="voice")


def _refuse_erased(singer: Singer) -> None:
    if singer.erased_at:
        raise Refusal(_("Sångaren är raderad."))
    if singer.merged_into_id:
        raise Refusal(_("Sångaren är hopslagen med en annan. Ladda om sidan."))


def link_account(singer: Singer, account: Account, *, by: Any) -> None:
    """Say that this account is this singer, so that they see their own attendance and can answer."""
    require(may_link_accounts(by))
    _refuse_erased(singer)
    if singer.account_id == account.id:
        return
    wait_for_person(account)
    taken = db.session.scalar(select(Singer.id).where(Singer.account_id == account.id))
    if singer.account_id or taken:
        raise Refusal(_("Kontot hör redan till en sångare. Ta bort kopplingen först."), field="account")
    singer.account = account
    audit.note("singer.linked", singer, by=by)
    db.session.flush()


def unlink_account(singer: Singer, *, by: Any) -> None:
    """Say that the singer has no account after all."""
    require(may_link_accounts(by))
    if singer.account_id is None:
        return
    singer.account = None
    audit.note("singer.unlinked", singer, by=by)


def erase_singer(singer: Singer, *, by: Any) -> None:
    """Take the person out of the house for good and keep what was counted.

    Attendance and periods stay under «Raderad sångare», which nobody can follow back. Whoever still belonged
    to a choir has left it today. The rows that were merged into this one go the same way.
    """
    require(may_erase_singer(by, singer))
    if singer.erased_at:
        return
    if singer.merged_into_id:
        raise Refusal(_("Sångaren är hopslagen med en annan. Ladda om sidan."))
    for row in (*queries.aliases_of(singer), singer):
        erasing_singer.send(row, by=by)
        _erase(row)
        audit.note("singer.erased", row, by=by)
        db.session.flush()
        singer_erased.send(row)


def _erase(singer: Singer) -> None:
    _end_memberships(singer)
    singer.first_name, singer.surname = rules.ERASED_NAME, None
    singer.folded_name, singer.sort_key = "", sort_key(rules.ERASED_NAME)
    singer.phone = singer.email = singer.reads = singer.note = singer.buddy_id = None
    singer.is_under_18 = singer.may_be_written_to = False
    singer.account, singer.erased_at = None, clock.now()
    db.session.execute(
        update(Singer).where(Singer.buddy_id == singer.id).values(buddy_id=None),
        execution_options={"synchronize_session": "fetch"},
    )


def _end_memberships(singer: Singer) -> None:
    today = clock.today()
    wait_for_singer(singer)
    db.session.execute(delete(Membership).where(Membership.singer_id == singer.id, Membership.since > today))
    known = db.session.scalars(
        select(Membership)
        .where(Membership.singer_id == singer.id)
        .order_by(Membership.since)
        .execution_options(populate_existing=True)
    )
    for row in {row.choir_id: row for row in known}.values():
        row.until = None
        if row.state == "left":
            continue
        if row.since == today:
            row.state = "left"
            continue
        row.until = rules.day_before(today)
        db.session.flush()
        db.session.add(
            Membership(
                id=uuid4(),
                singer_id=singer.id,
                choir_id=row.choir_id,
                voice_id=row.voice_id,
                state="left",
                since=today,
            )
        )
    db.session.flush()
    db.session.expire(singer, ["memberships"])
