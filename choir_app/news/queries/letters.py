"""New posts by mail: who gets them, what a letter says, and what went out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any
from uuid import UUID

from flask import current_app
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from choir_app.choirs.models import Choir, Town
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.keyed import secret
from choir_app.foundation.language import _, in_language, short_day
from choir_app.news.models import Delivery, Mailing, Post, PostVersion, Subscriber, subscriber_towns
from choir_app.news.queries.pictures import Picture, body_of
from choir_app.news.queries.previews import digest_of
from choir_app.news.queries.public import is_public, shown_versions
from choir_app.news.queries.site import whole_address, with_whole_addresses
from choir_app.news.queries.whole import Reading, reading_of
from choir_app.news.rules import (
    EASY,
    FEWEST,
    GOES_OUT_WITHIN,
    TEXT_LANGUAGES,
    TIME_TO_TAKE_BACK,
    as_plain_text,
    best_language,
    wants,
)

SHOWN_MAILINGS = 50


# --- subscribers -----------------------------------------------------------------------------------------------


def secret_of_subscriber(subscriber_id: UUID) -> str:
    """What stands in the address of every link of a subscriber."""
    return secret("news by mail", subscriber_id.bytes)


def subscriber_behind(given: str) -> Subscriber | None:
    """The subscriber with this secret, also one from before SECRET_KEY was changed."""
    digest = digest_of(given)
    found = db.session.scalar(
        select(Subscriber).where((Subscriber.digest == digest) | (Subscriber.former_digest == digest))
    )
    kept = [one for one in (found.digest, found.former_digest) if one] if found else []
    return found if any(compare_digest(one, digest) for one in kept) else None


def subscriber_at(email: str) -> Subscriber | None:
    """The subscriber with a folded address."""
    return db.session.scalar(select(Subscriber).where(Subscriber.email == email))


def towns_to_follow() -> Sequence[Town]:
    """The towns that one can get the news about: those with a choir."""
    return db.session.scalars(
        select(Town).where(Town.id.in_(select(Choir.town_id))).order_by(Town.name)
    ).all()


def posts_to_mail() -> Sequence[UUID]:
    """The posts that have come out long enough ago to be mailed, lately enough to be news, and were not yet."""
    now = clock.now()
    return db.session.scalars(
        select(Post.id)
        .where(
            is_public(),
            Post.goes_by_mail,
            Post.published_at <= now - TIME_TO_TAKE_BACK,
            Post.published_at > now - GOES_OUT_WITHIN,
            Post.id.not_in(select(Mailing.post_id)),
        )
        .order_by(Post.published_at)
    ).all()


def mail_can_be_chosen(post: Post) -> bool:
    """Whether it can still be said if a post goes by mail: none of its letters has been made, and it is no old news."""
    is_old = post.published_at is not None and post.published_at <= clock.now() - GOES_OUT_WITHIN
    return not is_old and db.session.get(Mailing, post.id) is None


def subscribers_of(post: Post) -> list[UUID]:
    """Who gets a post: those who had said yes when it came out, about all towns or one of the post's."""
    about = [town.id for town in post.towns] + [choir.town_id for choir in post.choirs]
    chosen: dict[UUID, set[UUID]] = {}
    for subscriber_id, town_id in db.session.execute(select(subscriber_towns)):
        chosen.setdefault(subscriber_id, set()).add(town_id)
    rows = db.session.execute(
        select(Subscriber.id, Subscriber.is_about_all).where(
            is_active(), Subscriber.confirmed_at <= post.published_at
        )
    )
    return [
        subscriber_id
        for subscriber_id, is_about_all in rows
        if wants(is_about_all=is_about_all, towns=chosen.get(subscriber_id, set()), post_towns=about)
    ]


def is_active() -> Any:
    """That a subscriber gets letters."""
    return (
        Subscriber.confirmed_at.is_not(None)
        & Subscriber.stopped_at.is_(None)
        & Subscriber.rests_since.is_(None)
    )


# --- what a letter says ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewsLetter:
    """A post as a letter, all but the way to stop it: that is each reader's own."""

    subject: str
    language: str
    """Of the post's words."""
    direction: str
    page_language: str
    """Of what stands around them."""
    lead: str
    body: Markup
    plain_body: str
    authors: str
    url: str
    remarks: tuple[str, ...]
    """That the post is not there in the reader's language, or that the Swedish text was changed."""
    network: str


def letter_about(post_id: UUID, *, wanted: str, page_language: str) -> NewsLetter | None:
    """A post for whoever reads a language, or the next best one; None when nobody may read it now.

    Without pictures, with the words below them: a letter cannot be called back when somebody in a picture says no,
    and one that fetches nothing tells nobody that it was opened.
    """
    post = db.session.scalar(
        select(Post)
        .where(Post.id == post_id, is_public())
        .options(selectinload(Post.versions), selectinload(Post.authors))
    )
    if post is None:
        return None
    known = {one.language: one for one in shown_versions(post)} or {post.swedish.language: post.swedish}
    version = known.get(best_language(wanted, known)) or post.swedish
    reading = reading_of(version)
    html = with_whole_addresses(str(body_of(reading.markdown, _not_sent)))
    with in_language(page_language):
        remarks = tuple(_remarks(reading, wanted))
    return NewsLetter(
        subject=version.headline,
        language=version.language,
        direction=reading.language.direction,
        page_language=page_language,
        lead=reading.lead,
        body=Markup(html),  # noqa: S704 - made by body_of; our own address put before it # nosec B704
        plain_body=as_plain_text(html),
        authors=" · ".join(", ".join(filter(None, (one.name, one.role))) for one in reading.authors),
        url=whole_address(
            "news.easy_post" if version.language == EASY else "news.post",
            version.language,
            year=reading.year,
            slug=version.slug,
        ),
        remarks=remarks,
        network=current_app.config["SETTINGS"].network,
    )


def _not_sent(_picture: Picture) -> Markup:
    return Markup()


def _remarks(reading: Reading, wanted: str) -> Iterable[str]:
    shown = reading.language
    if shown.code != wanted:
        yield _(
            "Den här nyheten finns inte på %(wanted)s än. Du läser den på %(shown)s.",
            wanted=TEXT_LANGUAGES[wanted].in_swedish,
            shown=shown.in_swedish,
        )
    if reading.outdated_since:
        yield _(
            "Den svenska texten är ändrad %(day)s. Det här är en äldre version.",
            day=short_day(reading.outdated_since),
        )


# --- what went out ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SentMailing:
    """How far the letters about a post have come."""

    post_id: UUID
    headline: str
    begun_at: datetime
    counts: dict[str, int]
    """By the state of a delivery."""
    bounced: int

    @property
    def sent(self) -> int:
        """How many the mail server took."""
        return self.counts.get("sent", 0)

    @property
    def is_under_way(self) -> bool:
        """Whether some have not left yet."""
        return bool(self.counts.get("waiting", 0) + self.counts.get("claimed", 0))

    @property
    def unsure(self) -> int:
        """Of how many nobody knows whether the mail server took them."""
        return self.counts.get("unsure", 0)

    @property
    def given_up(self) -> int:
        """How many could not be handed over."""
        return self.counts.get("given_up", 0)


def subscriber_counts() -> dict[str, int]:
    """How many get letters, have been asked, rest; by state, without those who stopped."""
    rows = db.session.execute(
        select(Subscriber.confirmed_at, Subscriber.rests_since).where(Subscriber.stopped_at.is_(None))
    )
    counts = {"active": 0, "asked": 0, "resting": 0}
    for confirmed_at, rests_since in rows:
        counts["asked" if confirmed_at is None else "resting" if rests_since else "active"] += 1
    return counts


def latest_mailings() -> tuple[SentMailing, ...]:
    """What went out lately, the newest first, without saying to whom."""
    headline = (
        select(PostVersion.headline)
        .where(PostVersion.post_id == Mailing.post_id, PostVersion.language == "sv")
        .scalar_subquery()
    )
    mailings = db.session.execute(
        select(Mailing.post_id, Mailing.begun_at, headline)
        .order_by(Mailing.begun_at.desc(), Mailing.post_id)
        .limit(SHOWN_MAILINGS)
    ).all()
    of_posts = Delivery.post_id.in_([one.post_id for one in mailings])
    counts: dict[UUID, dict[str, int]] = {}
    states = select(Delivery.post_id, Delivery.state, func.count()).where(of_posts)
    for post_id, state, number in db.session.execute(states.group_by(Delivery.post_id, Delivery.state)):
        counts.setdefault(post_id, {})[state] = number
    came_back = select(Delivery.post_id, func.count()).where(of_posts, Delivery.bounced_at.is_not(None))
    bounced: dict[UUID, int] = {
        row[0]: row[1] for row in db.session.execute(came_back.group_by(Delivery.post_id))
    }
    return tuple(
        SentMailing(post_id, title, begun_at, counts.get(post_id, {}), bounced.get(post_id, 0))
        for post_id, begun_at, title in mailings
    )


def as_told(number: int) -> str:
    """A number of people as an editor is told it."""
    if number == 0:
        return _("ingen")
    return _("färre än %(fewest)s", fewest=FEWEST) if number < FEWEST else str(number)
