"""The pictures of posts: which they are, what is still unsaid about them, and who is in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from choir_app.foundation.database import db
from choir_app.foundation.text import pictures_in
from choir_app.news.models import KeptPicture, Post, PostVersion


@dataclass(frozen=True)
class PictureUse:
    """That a version shows a picture, above the text or within it."""

    version: PostVersion
    name: str
    is_described: bool
    """Whether it has an alternative text or is said to be decorative."""
    start: int | None = None
    """Where it begins in the Markdown of the text, counted in signs; None for the picture above the text."""
    end: int | None = None


@dataclass(frozen=True)
class NotAnswered:
    """A picture that may not be shown to readers yet: nobody has said who is in it, or somebody does not agree."""

    use: PictureUse
    why: Literal["not_asked", "withdrawn"]

    @property
    def name(self) -> str:
        """The name of the picture."""
        return self.use.name


def pictures_of(version: PostVersion) -> tuple[PictureUse, ...]:
    """Every picture that a version shows, the one above the text first."""
    uses: list[PictureUse] = []
    if version.picture_name:
        is_described = bool(version.picture_alt) or version.picture_is_decorative
        uses.append(PictureUse(version, version.picture_name, is_described))
    uses.extend(
        PictureUse(version, one.name, one.is_described, one.start, one.end)
        for one in pictures_in(version.body)
    )
    return tuple(uses)


def pictures_not_described(version: PostVersion) -> tuple[PictureUse, ...]:
    """The pictures of a version that lack an alternative text and are not said to be decorative."""
    return tuple(use for use in pictures_of(version) if not use.is_described)


def pictures_not_answered(
    post: Post, moment: datetime, *, versions: Iterable[PostVersion] | None = None
) -> tuple[NotAnswered, ...]:
    """The pictures of a post that readers may not see at a moment, each once, in reading order.

    Looked at are the Swedish text and every other that is shown, or `versions`. A name that is no picture of ours
    is left out: nothing is shown of it.
    """
    looked_at = versions if versions is not None else _what_readers_get(post)
    first: dict[str, PictureUse] = {}
    for version in looked_at:
        for use in pictures_of(version):
            first.setdefault(use.name, use)
    known = kept_pictures(first)
    found: list[NotAnswered] = []
    for name, use in first.items():
        picture = known.get(name)
        if picture is None:
            if use.start is None:  # a picture from before there were rows for them is shown all the same
                found.append(NotAnswered(use, "not_asked"))
        elif picture.withheld_at is not None or not all(one.agrees_at(moment) for one in picture.people):
            found.append(NotAnswered(use, "withdrawn"))
        elif picture.nobody_said_at is None and not picture.people:
            found.append(NotAnswered(use, "not_asked"))
    return tuple(found)


def kept_pictures(names: Iterable[str]) -> dict[str, KeptPicture]:
    """The pictures of these names with the people in them; names that are no picture of ours are left out."""
    wanted = list(names)
    if not wanted:
        return {}
    pictures = (
        select(KeptPicture).where(KeptPicture.name.in_(wanted)).options(selectinload(KeptPicture.people))
    )
    return {one.name: one for one in db.session.scalars(pictures)}


def _what_readers_get(post: Post) -> list[PostVersion]:
    others = [one for one in post.versions if one is not post.swedish and one.shown_at is not None]
    return [post.swedish, *others]
