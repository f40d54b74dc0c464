"""What readers are told when something was put right after a post came out: figures that moved, and notes in words."""

from typing import Any

from choir_app.foundation import clock
from choir_app.foundation.figures import figure_called
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.news import queries
from choir_app.news.actions.freezing import put_figure
from choir_app.news.actions.saving import index
from choir_app.news.models import Post, PostCorrection
from choir_app.news.permissions import may_publish_news


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
        put_figure(frozen, figure)
    if moved:
        for version in post.versions:
            index(version)
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
