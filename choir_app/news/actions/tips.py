"""Taking in what people tell us to write about, and what an editor makes of it."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, false, func, update

from choir_app.accounts.rules import network_of
from choir_app.foundation import audit, clock, keyed, mail
from choir_app.foundation.caretaker import chore
from choir_app.foundation.database import Fact, db, fact, upsert
from choir_app.foundation.language import _, in_swedish
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import first_words
from choir_app.news import queries
from choir_app.news.actions.turns import wait_for_tip
from choir_app.news.actions.writing import Words, write
from choir_app.news.models import Post, Tip, TipSender
from choir_app.news.permissions import may_tend_tips
from choir_app.news.rules import tips as rules

SALT = "tip_salt"
"""The fact that holds a day and what its marks are made with; of the day before nothing is left."""


@dataclass(frozen=True, kw_only=True)
class TipWords:
    """What somebody has told, and who they are if they want to say."""

    what: str
    where: str | None = None
    name: str | None = None
    email: str | None = None


def take_in_tip(words: TipWords, *, tip_id: UUID, network: str | None) -> Tip:
    """Keep a tip and tell the editors. The same id again is the same tip; `network` is the sender's address."""
    if already := queries.tip_known(tip_id):
        return already
    _count_sender(network_of(network))  # here the same form, sent twice at once, waits for itself
    if already := queries.tip_known(tip_id):
        return already
    tip = Tip(id=tip_id, what=words.what, where=words.where, name=words.name, email=words.email)
    db.session.add(tip)
    db.session.flush()
    if queries.tips_since(clock.start_of(clock.today())) <= rules.MOST_LETTERS_A_DAY:
        _tell_editors()
    return tip


def begin_post_from(tip: Tip, *, by: Any) -> Post:
    """Make a draft of a tip; from then on it is written like any other."""
    require(may_tend_tips(by))
    wait_for_tip(tip)
    if tip.post is not None:
        return tip.post
    where = tip.where
    headline = _("Tips: %(where)s", where=where) if where else first_words(tip.what, 100)
    post = tip.post = write(
        Words(
            headline=headline[:150],
            lead=first_words(tip.what, 300),
            body=tip.what,
            byline_name=by.name,
            byline_role=None,
        ),
        by=by,
    )
    tip.put_aside_at = None
    audit.note("tip.made_into_post", tip, by=by)
    return post


def put_tip_aside(tip: Tip, *, by: Any) -> None:
    """Write nothing about it; it can be taken up again for a while."""
    require(may_tend_tips(by))
    if tip.put_aside_at is None:
        tip.put_aside_at = clock.now()
        audit.note("tip.put_aside", tip, by=by)


def take_tip_up_again(tip: Tip, *, by: Any) -> None:
    """Let it wait for an editor after all."""
    require(may_tend_tips(by))
    if tip.put_aside_at is not None:
        tip.put_aside_at = None
        audit.note("tip.taken_up", tip, by=by)


def remove_tip(tip: Tip, *, by: Any) -> None:
    """Forget a tip, with whoever sent it; a draft that was made of it stays."""
    require(may_tend_tips(by))
    audit.note("tip.removed", tip, by=by)
    db.session.delete(tip)


@chore("tips from long ago")
def forget_old_tips() -> None:
    """Forget tips that were put aside after three months, all others after a year, and from where any came."""
    now = clock.now()
    is_old = (Tip.put_aside_at < now - rules.ASIDE_IS_KEPT) | (Tip.came_at < now - rules.TIPS_ARE_KEPT)
    db.session.execute(delete(Tip).where(is_old))
    db.session.execute(delete(TipSender).where(TipSender.sent_on < clock.today()))


def _count_sender(network: str) -> None:
    """Count a tip of a network; raises Refusal when there were too many today."""
    today = clock.today()
    day, _space, salt = (fact(SALT) or "").partition(" ")
    if day != today.isoformat():
        salt = secrets.token_hex(32)
        new = {"name": SALT, "value": f"{today.isoformat()} {salt}"}
        is_of_today = func.substr(Fact.value, 1, 10) == today.isoformat()
        upsert(Fact, new, key=("name",), only_if=lambda _given: ~is_of_today)
        _day, _space, salt = (fact(SALT) or "").partition(" ")  # of whoever came first today
        db.session.execute(delete(TipSender).where(TipSender.sent_on < today))
    mark = keyed.digest("tip sender", salt, network)
    row = {"mark": mark, "sent_on": today, "tip_count": 1}
    if upsert(TipSender, row, key=("mark",), only_if=lambda _given: false()):
        return
    one_more = update(TipSender).where(TipSender.mark == mark).values(tip_count=TipSender.tip_count + 1)
    if (db.session.scalar(one_more.returning(TipSender.tip_count)) or 0) > rules.MOST_A_DAY:
        raise Refusal(_("Du har skickat många tips i dag. Skicka resten i morgon."))


def _tell_editors() -> None:
    """Write that a tip has come, and nothing of what stands in it: anybody at all may have sent it."""
    with in_swedish():
        subject = _("Ett tips till nyheterna")
        body = _(
            "Hej!\n\nNågon har skickat ett tips om något bra. Läs det här:\n%(url)s\n\n"
            "Gör ett utkast av det, eller lägg det åt sidan.\n",
            url=mail.address_of("/nyheter/skriv/tips"),
        )
    for account in queries.told_of_tips():
        mail.write(account.email, subject=subject, body=body)
