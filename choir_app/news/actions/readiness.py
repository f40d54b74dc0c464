"""No text comes before readers that some of them could not follow, or with a picture that nobody has answered for."""

from collections.abc import Sequence

from choir_app.foundation import clock
from choir_app.foundation.language import ngettext
from choir_app.foundation.refusal import Refusal
from choir_app.news import queries
from choir_app.news.models import PostVersion
from choir_app.news.queries import Obstacle


class NotReady(Refusal):
    """Something must be put right before readers may see a text; each thing with its place."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        first = ngettext(
            "En sak är kvar innan läsarna kan se texten:",
            "%(num)s saker är kvar innan läsarna kan se texten:",
            len(obstacles),
        )
        super().__init__(" ".join([first, *(one.message for one in obstacles)]), field=obstacles[0].field)
        self.obstacles = tuple(obstacles)


def refuse_obstacles(obstacles: Sequence[Obstacle]) -> None:
    """Say all that must be put right, at once. Raises NotReady."""
    if obstacles:
        raise NotReady(obstacles)


def known_obstacles(version: PostVersion) -> frozenset[tuple[str, str, str]] | None:
    """What stood in the way of a text before it is changed; None when no reader sees it, now or at a set time."""
    post = version.post
    if version.shown_at is None or post.published_at is None or post.withdrawn_at is not None:
        return None
    return frozenset(one.key for one in _of(version))


def refuse_new_obstacles(version: PostVersion, known: frozenset[tuple[str, str, str]]) -> None:
    """Keep what readers see as easy to follow as it was: old faults may stay, new ones may not. Raises NotReady."""
    refuse_obstacles([one for one in _of(version) if one.key not in known])


def _of(version: PostVersion) -> tuple[Obstacle, ...]:
    return queries.obstacles_of(version.post, clock.now(), versions=[version])
