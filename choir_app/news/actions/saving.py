"""Saving a version: its words, a revision of them, and its address."""

from dataclasses import dataclass
from typing import Any

from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.pictures import PictureFile
from choir_app.foundation.refusal import Refusal
from choir_app.foundation.text import pictures_in, slug_of
from choir_app.news import queries
from choir_app.news.actions.finding import index
from choir_app.news.actions.freezing import freeze_figures
from choir_app.news.actions.pictures import keep_picture
from choir_app.news.actions.readiness import known_obstacles, refuse_new_obstacles
from choir_app.news.actions.turns import hold_pictures
from choir_app.news.models import FormerSlug, Post, PostRevision, PostVersion
from choir_app.news.rules import SOURCE, TEXT_LANGUAGES


@dataclass(frozen=True, kw_only=True)
class Text:
    """What a writer has written in one language."""

    headline: str
    lead: str
    body: str
    picture: PictureFile | None = None
    picture_alt: str | None = None
    picture_is_decorative: bool = False
    picture_caption: str | None = None


def refuse_undescribed(text: Text) -> None:
    """Of a picture one says either what can be seen in it, or that it is decorative; a draft may say neither yet."""
    if text.picture and text.picture_alt and text.picture_is_decorative:
        raise Refusal(
            _("Du har både beskrivit bilden och sagt att den är dekorativ. Välj ett av dem."),
            field="picture_is_decorative",
        )


def refuse_unseen(version: PostVersion | None, seen_revision: int) -> None:
    """What somebody else saved in the meantime is never overwritten unseen."""
    if version is not None and version.revision_number != seen_revision:
        raise Refusal(_("Någon har sparat texten under tiden. Se vad som skiljer, och spara sedan din."))


def new_version(post: Post, language: str, headline: str) -> PostVersion:
    """An empty version with an address of its own."""
    version = PostVersion(
        language=language,
        slug=_free_slug(_slug_for(post, language, headline), version=None),
        headline="",
        lead="",
        body="",
        revision_number=0,
    )
    post.versions.append(version)
    return version


def put(text: Text, version: PostVersion, *, by: Any) -> None:
    """Give a version these words and keep them as a revision; a new headline gives a new address."""
    known = known_obstacles(version)
    picture = text.picture
    hold_pictures([one.name for one in (*pictures_in(text.body), picture) if one])
    if picture:
        keep_picture(picture, by_id=by.id)
    version.headline, version.lead, version.body = text.headline, text.lead, text.body
    version.picture_name = picture.name if picture else None
    version.picture_width = picture.width if picture else None
    version.picture_height = picture.height if picture else None
    version.picture_alt = text.picture_alt if picture else None
    version.picture_is_decorative = text.picture_is_decorative if picture else False
    version.picture_caption = text.picture_caption if picture else None
    version.saved_at = clock.now()
    version.revision_number += 1
    version.revisions.append(
        PostRevision(
            number=version.revision_number,
            saved_at=version.saved_at,
            saved_by_id=by.id,
            headline=version.headline,
            lead=version.lead,
            body=version.body,
            picture_name=version.picture_name,
            picture_width=version.picture_width,
            picture_height=version.picture_height,
            picture_alt=version.picture_alt,
            picture_is_decorative=version.picture_is_decorative,
            picture_caption=version.picture_caption,
        )
    )
    bare = _slug_for(version.post, version.language, text.headline)
    if bare != _bare(version.slug):
        _move(version, bare)
    db.session.flush()
    db.session.expire(version, ["picture"])
    if known is not None:
        refuse_new_obstacles(version, known)
        freeze_figures(version)
    index(version)


def text_of(revision: PostRevision) -> Text:
    """What a version said once."""
    picture = None
    if revision.picture_name and revision.picture_width and revision.picture_height:
        picture = PictureFile(revision.picture_name, revision.picture_width, revision.picture_height)
    return Text(
        headline=revision.headline,
        lead=revision.lead,
        body=revision.body,
        picture=picture,
        picture_alt=revision.picture_alt,
        picture_is_decorative=revision.picture_is_decorative,
        picture_caption=revision.picture_caption,
    )


def _move(version: PostVersion, bare: str) -> None:
    """Give the version a new address, and let the old one lead there if anybody may know it."""
    former = version.slug
    version.slug = _free_slug(bare, version=version)
    own = db.session.get(FormerSlug, version.slug)
    if own is not None:
        db.session.delete(own)
    was_told = version.shown_at is not None and version.post.published_at is not None
    if was_told and former != version.slug:
        db.session.add(FormerSlug(slug=former, version_id=version.id))


def _slug_for(post: Post, language: str, headline: str) -> str:
    """An address from a headline; where the headline has no Latin letters, the Swedish one and the language."""
    if language == SOURCE:
        return slug_of(headline, otherwise="nyhet")
    named = f"{_bare(post.slug)}-{TEXT_LANGUAGES[language].part_of_address}"
    return slug_of(headline, otherwise=named)


def _free_slug(bare: str, *, version: PostVersion | None) -> str:
    slug, number = bare, 1
    while queries.slug_is_taken(slug, but=version.id if version else None):
        number += 1
        slug = f"{bare}-{number}"
    return slug


def _bare(slug: str) -> str:
    head, _dash, tail = slug.rpartition("-")
    return head if head and tail.isdecimal() and len(tail) < 4 else slug
