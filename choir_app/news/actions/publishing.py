"""What readers see and since when."""

from datetime import datetime
from typing import Any

from choir_app.foundation import clock
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.news import queries
from choir_app.news.actions.finding import index
from choir_app.news.actions.freezing import freeze_figures
from choir_app.news.actions.readiness import refuse_obstacles
from choir_app.news.actions.turns import wait_for_post
from choir_app.news.models import Post
from choir_app.news.permissions import may_change_post, may_publish_news


def ask_for_review(post: Post, *, by: Any) -> None:
    """Tell the editors that a draft can be read and published."""
    require(may_change_post(by, post))
    if not post.is_draft:
        raise Refusal(_("Inlägget är redan publicerat eller borttaget."))
    post.review_asked_at = post.review_asked_at or clock.now()


def send_back(post: Post, *, by: Any) -> None:
    """Make a post that waits for an editor a draft again, for its writer to go on with."""
    require(may_change_post(by, post))
    post.review_asked_at = None


def publish(post: Post, *, by: Any, at: datetime | None = None, seen: str | None = None) -> None:
    """Show the post to readers, now or from a moment on. A withdrawn post comes back with its first date.

    The figures in its texts stay from now on what they are today. `seen` is `queries.words_of` the post as it was read:
    what somebody saved since then does not come out unread, nor what a page does not say that it has shown (""). Only
    who publishes what is in their own hands, such as the demo, has no page to speak of (None). Raises NotReady.
    """
    require(may_publish_news(by))
    wait_for_post(post)
    if seen is not None and seen != queries.words_of(post):
        raise Refusal(
            _("Texten har ändrats sedan du öppnade sidan. Läs den igen, och tryck sedan på knappen.")
        )
    swedish = post.swedish
    refuse_obstacles(queries.obstacles_of(post, at or clock.now()))
    post.withdrawn_at = None
    if post.published_at is None or at is not None:
        post.published_at = at or clock.now()
    swedish.shown_at = swedish.shown_at or min(clock.now(), post.published_at)
    for version in post.versions:
        if version.shown_at is not None and freeze_figures(version):
            index(version)


def withdraw(post: Post, *, by: Any) -> None:
    """Take the post from readers; its address says from now on that it is gone."""
    require(may_publish_news(by))
    if post.withdrawn_at is None:
        post.withdrawn_at = clock.now()
