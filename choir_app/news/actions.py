"""What can be done with a post: write, change, publish, withdraw, bring an old version back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from choir_app.choirs.models import Choir
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.pictures import PictureFile
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import slug_of
from choir_app.news import queries
from choir_app.news.models import FormerSlug, Post, PostRevision
from choir_app.news.permissions import may_change_post, may_publish_news, may_write_about, may_write_news


@dataclass(frozen=True)
class Words:
    """What a writer has written, all at once."""

    headline: str
    lead: str
    body: str
    byline_name: str
    byline_role: str | None
    choirs: Sequence[Choir] = ()
    picture: PictureFile | None = None
    picture_alt: str | None = None
    picture_caption: str | None = None


def write(words: Words, *, by: Any) -> Post:
    """Begin a post as a draft."""
    require(may_write_news(by))
    _refuse_what_cannot_stand(words, by=by)
    post = Post(
        slug=_free_slug(words.headline, post=None), created_by_id=by.id, headline="", lead="", body=""
    )
    db.session.add(post)
    _put(words, post, by=by)
    return post


def change(post: Post, words: Words, *, seen_revision: int, by: Any) -> None:
    """Save a post anew. What somebody else saved in the meantime is never overwritten unseen."""
    require(may_change_post(by, post))
    _refuse_what_cannot_stand(words, by=by)
    if post.revisions and post.revisions[-1].number != seen_revision:
        raise Refusal(
            _(
                "Någon annan har sparat inlägget under tiden. Öppna det i en ny flik och jämför innan du sparar."
            )
        )
    _put(words, post, by=by)
    if slug_of(words.headline, otherwise="nyhet") != _bare(post.slug):
        _move(post, words.headline)


def publish(post: Post, *, by: Any, at: datetime | None = None) -> None:
    """Show the post to readers, now or from a moment on. A withdrawn post comes back with its first date."""
    require(may_publish_news(by))
    if post.picture_name and not post.picture_alt:
        raise Refusal(_("Beskriv bilden för den som inte ser den."), field="picture_alt")
    post.withdrawn_at = None
    if post.published_at is None or at is not None:
        post.published_at = at or clock.now()


def withdraw(post: Post, *, by: Any) -> None:
    """Take the post from readers; its address says from now on that it is gone."""
    require(may_publish_news(by))
    if post.withdrawn_at is None:
        post.withdrawn_at = clock.now()


def bring_back(post: Post, revision: PostRevision, *, by: Any) -> None:
    """Make an earlier version the present one; the versions in between are kept."""
    require(may_change_post(by, post))
    picture = None
    if revision.picture_name and revision.picture_width and revision.picture_height:
        picture = PictureFile(revision.picture_name, revision.picture_width, revision.picture_height)
    _put(
        Words(
            headline=revision.headline,
            lead=revision.lead,
            body=revision.body,
            byline_name=post.byline_name,
            byline_role=post.byline_role,
            choirs=post.choirs,
            picture=picture,
            picture_alt=revision.picture_alt,
            picture_caption=revision.picture_caption,
        ),
        post,
        by=by,
    )


def _refuse_what_cannot_stand(words: Words, *, by: Any) -> None:
    if words.picture and not words.picture_alt:
        raise Refusal(_("Beskriv bilden för den som inte ser den."), field="picture_alt")
    if not by.edits and not words.choirs:
        raise Refusal(_("Välj vilken kör inlägget handlar om."), field="choirs")
    for choir in words.choirs:
        require(may_write_about(by, choir))


def _put(words: Words, post: Post, *, by: Any) -> None:
    post.headline, post.lead, post.body = words.headline, words.lead, words.body
    post.byline_name, post.byline_role = words.byline_name, words.byline_role
    post.choirs = list(words.choirs)
    post.picture_name = words.picture.name if words.picture else None
    post.picture_width = words.picture.width if words.picture else None
    post.picture_height = words.picture.height if words.picture else None
    post.picture_alt = words.picture_alt if words.picture else None
    post.picture_caption = words.picture_caption if words.picture else None
    post.revisions.append(
        PostRevision(
            number=post.revisions[-1].number + 1 if post.revisions else 1,
            saved_by_id=by.id,
            headline=post.headline,
            lead=post.lead,
            body=post.body,
            picture_name=post.picture_name,
            picture_width=post.picture_width,
            picture_height=post.picture_height,
            picture_alt=post.picture_alt,
            picture_caption=post.picture_caption,
        )
    )


def _move(post: Post, headline: str) -> None:
    """Give the post an address made from its headline, and let the old one lead there."""
    former = post.slug
    post.slug = _free_slug(headline, post=post)
    own = db.session.get(FormerSlug, post.slug)
    if own is not None:
        db.session.delete(own)
    if post.published_at is not None and former != post.slug:
        db.session.add(FormerSlug(slug=former, post_id=post.id))


def _free_slug(headline: str, *, post: Post | None) -> str:
    bare = slug_of(headline, otherwise="nyhet")
    slug, number = bare, 1
    while queries.slug_is_taken(slug, but=post.id if post else None):
        number += 1
        slug = f"{bare}-{number}"
    return slug


def _bare(slug: str) -> str:
    head, _dash, tail = slug.rpartition("-")
    return head if head and tail.isdecimal() and len(tail) < 4 else slug
