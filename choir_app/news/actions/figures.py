"""The figures of a post frozen when readers see it, and what readers are told when something was put right."""

from typing import Any

from choir_app.foundation import clock
from choir_app.foundation.figures import Figure, figure_called
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.news import queries
from choir_app.news.models import FrozenFigure, Post, PostCorrection, PostVersion
from choir_app.news.permissions import may_publish_news


def freeze_figures(version: PostVersion) -> bool:
    """Write down what the figures of a version say today, but for those that the post tells already; says if any."""
    post = version.post
    known = {one.name for one in post.figures}
    fresh = {
        name: figure
        for name in sorted(queries.figures_of(version) - known)
        if (figure := figure_called(name)) is not None
    }
    post.figures.extend(_frozen(FrozenFigure(name=name), figure) for name, figure in fresh.items())
    return bool(fresh)


def update_figures(post: Post, *, by: Any) -> int:
    """Let a published post tell its figures as they are now, with a note of correction for each; says how many."""
    require(may_publish_news(by))
    moved = {one.name: one for one in queries.figures_moved(post)}
    for frozen in post.figures:
        figure = figure_called(frozen.name) if frozen.name in moved else None
        if figure is None:
            continue
        post.corrections.append(
            PostCorrection(
                figure=frozen.name,
                value_before=frozen.value,
                value_after=figure.value,
                noted_by_id=by.id,
                noted_at=clock.now(),
            )
        )
        _frozen(frozen, figure)
    return len(moved)


def note_correction(post: Post, language: str, words: str, *, by: Any) -> PostCorrection:
    """Tell the readers of a published text in words what was put right in it."""
    require(may_publish_news(by))
    if not post.is_public_at(clock.now()):
        raise Refusal(_("Inlägget är inte publicerat. Ändra texten i stället."))
    if not words.strip():
        raise Refusal(_("Skriv vad som är rättat."), field="words")
    correction = PostCorrection(
        language=language, words=words.strip(), noted_by_id=by.id, noted_at=clock.now()
    )
    post.corrections.append(correction)
    return correction


def remove_correction(post: Post, correction: PostCorrection, *, by: Any) -> None:
    """Take back a note that was written in words, such as one with a mistake in it; a figure's note stays."""
    require(may_publish_news(by))
    if correction.figure is not None:
        raise Refusal(_("Rättelsen av en siffra står kvar. Läsarna ska kunna se vad som stod förut."))
    post.corrections.remove(correction)


def _frozen(row: FrozenFigure, figure: Figure) -> FrozenFigure:
    row.value, row.is_about, row.n, row.measured_on = figure.value, figure.is_about, figure.n, figure.on
    row.frozen_at = clock.now()
    return row
