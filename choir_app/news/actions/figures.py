"""What readers are told when something was put right after a post came out: figures that moved, and notes in words."""

from typing import Any

from choir_app.foundation import clock
from choir_app.foundation.caretaker import errand
from choir_app.foundation.database import commit
from choir_app.foundation.figures import figure_called
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.news import queries
from choir_app.news.actions.finding import index
from choir_app.news.actions.freezing import put_figure
from choir_app.news.actions.turns import wait_for_post
from choir_app.news.models import Post, PostCorrection
from choir_app.news.permissions import may_publish_news


def update_figures(post: Post, *, by: Any) -> int:
    """Let a published post tell its figures as they are now, with a note of correction for each; says how many.

    Two editors who do so at once note it once. What no reader has seen yet needs no note.
    """
    require(may_publish_news(by))
    wait_for_post(post)
    moved = {one.name: one for one in queries.figures_moved(post)}
    is_out = post.published_at is not None and post.published_at <= clock.now()
    for frozen in post.figures:
        figure = figure_called(frozen.name) if frozen.name in moved else None
        if figure is None:
            continue
        if is_out:
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


@errand("figures of posts that came out")
def freeze_anew() -> None:
    """Write down what the figures of a post say on the day it comes out, when its time had been set before.

    Until then, a minute at most, it tells what it told when the time was set. Nobody has read the former value, so
    readers get no note; one that they did get, since the post had been out before, stays true.
    """
    while (post := queries.post_to_freeze_anew()) is not None:
        corrected = {one.figure for one in post.corrections}
        for frozen in post.figures:
            if post.published_at is None or frozen.frozen_at >= post.published_at:
                continue  # frozen since it came out
            figure = figure_called(frozen.name) if frozen.name not in corrected else None
            if figure is not None:
                put_figure(frozen, figure)
            frozen.frozen_at = clock.now()
        for version in post.versions:
            index(version)
        commit()


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
