"""The figures of a post: as they are now while it is a draft, as they were when readers first saw it afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from choir_app.foundation import figures
from choir_app.foundation.database import db
from choir_app.news.models import FrozenFigure, Post, PostVersion
from choir_app.news.queries.public import is_public
from choir_app.news.rules import (
    SOURCE,
    ToldFigure,
    as_written,
    figures_in,
    number_in_words,
    with_plain_figures,
)


@dataclass(frozen=True)
class FigureToWrite:
    """A figure that a writer can put into a text."""

    words: Any
    written: str
    """`{{ singers_per_week }}`"""
    now: str
    """What it says now, in the language of the text; empty when it may not be told."""


@dataclass(frozen=True)
class FigureMoved:
    """A figure of a published post that is no longer what the post says."""

    name: str
    words: Any
    told: ToldFigure
    now: ToldFigure


def figures_told(post: Post, texts: Iterable[str]) -> dict[str, ToldFigure]:
    """What the figures within some texts of a post say: frozen, or else as they are now as long as it is a draft."""
    names = {one.name for text in texts if "{{" in text for one in figures_in(text)}
    if not names:
        return {}
    frozen = {
        one.name: ToldFigure(one.value, one.measured_on, one.is_about)
        for one in post.figures
        if one.name in names
    }
    if post.published_at is not None and names <= frozen.keys():
        return frozen
    live = {name: as_told(figures.figure_called(name)) for name in names - frozen.keys()}
    return frozen | {name: told for name, told in live.items() if told is not None}


def post_to_freeze_anew() -> Post | None:
    """A post that has come out with figures from before it did; one that another process has in hand is passed by."""
    of_before = (
        select(FrozenFigure.post_id).join(Post).where(FrozenFigure.frozen_at < Post.published_at, is_public())
    )
    posts = select(Post).where(Post.id.in_(of_before)).order_by(Post.published_at, Post.id).limit(1)
    return db.session.scalar(posts.with_for_update(of=Post, skip_locked=True))


def lead_of(version: PostVersion, post: Post | None = None) -> str:
    """The lead with its figures put in."""
    if "{{" not in version.lead:
        return version.lead
    told = figures_told(post or version.post, [version.lead])
    return with_plain_figures(version.lead, told, version.language)


def as_told(figure: figures.Figure | None) -> ToldFigure | None:
    """A measured figure as a text tells it."""
    return ToldFigure(figure.value, figure.on, figure.is_about) if figure else None


def figures_of(version: PostVersion) -> set[str]:
    """The names of the figures that a version tells."""
    return {one.name for text in (version.lead, version.body) for one in figures_in(text)}


def figures_to_write(language: str = SOURCE) -> tuple[FigureToWrite, ...]:
    """Every figure that a writer can put into a text, with what it says now."""
    return tuple(
        FigureToWrite(offer.words, as_written(offer.name), number_in_words(now, language) if now else "")
        for offer in figures.offered()
        for now in (as_told(offer.now),)
    )


def figures_moved(post: Post) -> tuple[FigureMoved, ...]:
    """The figures of a published post that say something else now than the post does."""
    told_somewhere = {name for version in post.versions for name in figures_of(version)}
    moved: list[FigureMoved] = []
    for frozen in sorted(post.figures, key=lambda one: one.name):
        offer = figures.OFFERED.get(frozen.name)
        now = as_told(offer.now) if offer else None
        if offer is None or now is None or frozen.name not in told_somewhere or now.value == frozen.value:
            continue
        told = ToldFigure(frozen.value, frozen.measured_on, frozen.is_about)
        moved.append(FigureMoved(frozen.name, offer.words, told, now))
    return tuple(moved)
