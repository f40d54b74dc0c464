"""Where in the house something of a text is put right: the page on which it is written, at the very place."""

from typing import Any

from flask import url_for

from choir_app.news import queries
from choir_app.news.models import Post
from choir_app.news.queries import Obstacle
from choir_app.news.rules import SOURCE, TEXT_LANGUAGES
from choir_app.news.views import room
from choir_app.news.views.coach import in_browser

ANCHORS = {"people": "picture"}
"""Fields that are no field of the form, by what stands for them on the page."""


def to_write(post: Post | None, language: str, **asked: Any) -> str:
    """The page on which a post is written in a language; without a post, the one on which it is begun."""
    if post is None:
        return url_for("news.new", **asked)
    if language == SOURCE:
        return url_for("news.change", post_id=post.id, **asked)
    slug = TEXT_LANGUAGES[language].part_of_address
    return url_for("news.write_version", post_id=post.id, slug=slug, **asked)


def of_obstacle(obstacle: Obstacle) -> str:
    """The place of something that must be put right, chosen in the text where the browser can."""
    if obstacle.kind == "picture_not_asked" and queries.kept_pictures([obstacle.about]):
        return url_for("news.kept_picture", name=obstacle.about)
    field = "body" if obstacle.field == "people" and obstacle.start is not None else obstacle.field
    version = obstacle.version
    anchor = ANCHORS.get(field, field)
    if obstacle.start is None or obstacle.end is None:
        return to_write(version.post, version.language, _anchor=anchor)
    text = getattr(version, field)
    start, end = in_browser(text, obstacle.start), in_browser(text, obstacle.end)
    return to_write(version.post, version.language, plats=f"{field}-{start}-{end}", _anchor=anchor)


@room.app_context_processor
def places_for_templates() -> dict[str, Any]:
    """What the pages of the desk ask with."""
    return {"obstacle_url": of_obstacle}
