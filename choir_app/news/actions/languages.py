"""A post in other languages than Swedish, easy Swedish among them."""

from collections.abc import Iterable
from typing import Any

from choir_app.foundation import clock
from choir_app.foundation.database import remember
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.news import queries
from choir_app.news.actions.finding import index
from choir_app.news.actions.freezing import freeze_figures
from choir_app.news.actions.readiness import refuse_obstacles
from choir_app.news.actions.saving import Text, new_version, put, refuse_undescribed, refuse_unseen
from choir_app.news.actions.turns import wait_for_post
from choir_app.news.actions.unsaved import forget_unsaved
from choir_app.news.models import Post, PostVersion
from choir_app.news.permissions import may_change_post, may_publish_news
from choir_app.news.queries.desk import LANGUAGES_ON
from choir_app.news.rules import SOURCE, TEXT_LANGUAGES


def write_version(
    post: Post, language: str, text: Text, *, seen_revision: int, made_from: int, by: Any
) -> PostVersion:
    """Save the post in a language; `made_from` is the Swedish revision that the writer had before the eyes."""
    require(may_change_post(by, post))
    if language == SOURCE or language not in {one.code for one in queries.languages_to_write_in(post)}:
        raise Refusal(_("Språket är inte påslaget. Välj ett annat språk."))
    refuse_undescribed(text)
    wait_for_post(post)
    version = post.version_in(language)
    refuse_unseen(version, seen_revision)
    version = version or new_version(post, language, text.headline)
    version.made_from = min(made_from, post.swedish.revision_number)
    put(text, version, by=by)
    forget_unsaved(post, language, by=by)
    return version


def confirm_version(version: PostVersion, *, by: Any) -> None:
    """Say that a version still says what the Swedish text says, although that was changed."""
    require(may_change_post(by, version.post))
    if version.language != SOURCE:
        version.made_from = version.post.swedish.revision_number


def show_version(version: PostVersion, *, by: Any) -> None:
    """Let readers see a language, as soon as the post is published. Raises NotReady."""
    require(may_publish_news(by))
    wait_for_post(version.post)
    refuse_obstacles(queries.obstacles_of(version.post, clock.now(), versions=[version]))
    version.shown_at = version.shown_at or clock.now()
    if version.post.published_at is not None and freeze_figures(version):
        index(version)


def hide_version(version: PostVersion, *, by: Any) -> None:
    """Take one language from readers; the others stay."""
    require(may_publish_news(by))
    if version.language == SOURCE:
        raise Refusal(_("Den svenska texten visas så länge inlägget är publicerat."))
    version.shown_at = None


def turn_on_languages(codes: Iterable[str], *, by: Any) -> None:
    """Choose the languages that the network writes in, beside Swedish, easy Swedish and English."""
    require(may_publish_news(by))
    chosen = set(codes)
    remember(LANGUAGES_ON, " ".join(code for code in TEXT_LANGUAGES if code in chosen))
