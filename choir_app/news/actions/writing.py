"""Writing the Swedish text of a post, and what the post as a whole is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from choir_app.choirs.actions.turns import wait_for_person
from choir_app.choirs.models import Choir, Town
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import slug_of
from choir_app.news import queries
from choir_app.news.actions.finding import index
from choir_app.news.actions.saving import (
    Text,
    new_version,
    put,
    refuse_undescribed,
    refuse_unseen,
    text_of,
)
from choir_app.news.actions.turns import wait_for_post
from choir_app.news.actions.unsaved import forget_unsaved
from choir_app.news.models import Post, PostAuthor, PostPartner, PostRevision, Tag
from choir_app.news.permissions import may_change_post, may_write_about, may_write_news
from choir_app.news.rules import SOURCE

MOST_TAGS = 8
LONGEST_TAG = 40


@dataclass(frozen=True)
class AuthorWords:
    """Somebody who wrote a post, as the page will say it."""

    name: str
    role: str | None = None


@dataclass(frozen=True, kw_only=True)
class Words(Text):
    """What a writer has written, all at once: the Swedish text, who wrote it and what it is about."""

    byline_name: str
    byline_role: str | None
    more_authors: Sequence[AuthorWords] = ()
    choirs: Sequence[Choir] = ()
    towns: Sequence[Town] = ()
    tags: Sequence[str] = ()
    partners: Sequence[tuple[UUID | None, str]] = ()
    met_on: date | None = None
    met_about: str | None = None


def write(words: Words, *, by: Any, receipt: UUID | None = None) -> Post:
    """Begin a post as a draft. The same form sent once more, by its receipt, is the post that it has begun."""
    require(may_write_news(by))
    _refuse_what_cannot_stand(words, by=by)
    wait_for_person(by)  # two presses at once give two addresses
    post_id = receipt or uuid4()
    if already := db.session.get(Post, post_id):
        if already.created_by_id == by.id:
            return already
        post_id = uuid4()
    post = Post(id=post_id, created_by_id=by.id)
    db.session.add(post)
    new_version(post, SOURCE, words.headline)
    _put(words, post, by=by)
    forget_unsaved(None, SOURCE, by=by)
    return post


def change(post: Post, words: Words, *, seen_revision: int, by: Any) -> None:
    """Save a post anew. What somebody else saved in the meantime is never overwritten unseen."""
    require(may_change_post(by, post))
    _refuse_what_cannot_stand(words, by=by)
    wait_for_post(post)
    refuse_unseen(post.swedish, seen_revision)
    _put(words, post, by=by)
    forget_unsaved(post, SOURCE, by=by)


def bring_back(post: Post, revision: PostRevision, *, by: Any) -> None:
    """Make an earlier revision the present text of its language; the ones in between are kept."""
    require(may_change_post(by, post))
    wait_for_post(post)
    put(text_of(revision), revision.version, by=by)


def _refuse_what_cannot_stand(words: Words, *, by: Any) -> None:
    refuse_undescribed(words)
    if not by.edits and not words.choirs:
        raise Refusal(_("Välj vilken kör inlägget handlar om."), field="choirs")
    for choir in words.choirs:
        require(may_write_about(by, choir))
    if len(words.tags) > MOST_TAGS:
        raise Refusal(_("Skriv högst %(number)s ämnen.", number=MOST_TAGS), field="tags")
    if any(len(tag) > LONGEST_TAG for tag in words.tags):
        raise Refusal(_("Ett ämne är högst %(number)s tecken långt.", number=LONGEST_TAG), field="tags")
    if words.met_about and words.met_on is None:
        raise Refusal(_("Skriv vilken dag mötet var."), field="met_on")


def _put(words: Words, post: Post, *, by: Any) -> None:
    authors = [AuthorWords(words.byline_name, words.byline_role), *words.more_authors]
    _put_authors(authors, post)
    post.choirs, post.towns = list(words.choirs), list(words.towns)
    post.tags = list(dict.fromkeys(_tag(name) for name in words.tags))
    _put_partners(words.partners, post)
    post.met_on, post.met_about = words.met_on, words.met_about
    put(words, post.swedish, by=by)
    for version in post.versions:
        if version is not post.swedish:
            index(version)


def _put_authors(authors: Sequence[AuthorWords], post: Post) -> None:
    for place, one in enumerate(authors):
        row = post.authors[place] if place < len(post.authors) else PostAuthor(place=place)
        row.name, row.role, row.slug = one.name, one.role, slug_of(one.name, otherwise="skribent")
        if row not in post.authors:
            post.authors.append(row)
    del post.authors[len(authors) :]


def _put_partners(partners: Sequence[tuple[UUID | None, str]], post: Post) -> None:
    for place, (partner_id, name) in enumerate(partners):
        row = post.partners[place] if place < len(post.partners) else PostPartner(place=place)
        row.partner_id, row.name = partner_id, name
        if row not in post.partners:
            post.partners.append(row)
    del post.partners[len(partners) :]


def _tag(name: str) -> Tag:
    slug = slug_of(name, otherwise="amne", longest=LONGEST_TAG)
    known = queries.tag_called(slug)
    if known is None:
        known = Tag(name=name, slug=slug)
        db.session.add(known)
        db.session.flush()
    return known
