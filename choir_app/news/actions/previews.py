"""Showing a post to somebody who has no account before it is published."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.news import queries
from choir_app.news.models import Post, PostPreview
from choir_app.news.permissions import may_show_drafts_to_others

MOST_DAYS = 60


def make_preview(post: Post, *, preview_id: UUID, days: int, for_whom: str | None, by: Any) -> PostPreview:
    """Make a link to the post that holds for some days. The same id again is the same link."""
    require(may_show_drafts_to_others(by, post))
    if known := db.session.get(PostPreview, preview_id):
        require(known.post_id == post.id)
        return known
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(_("Välj hur länge länken gäller."), field="days")
    preview = PostPreview(
        id=preview_id,
        post_id=post.id,
        for_whom=for_whom,
        digest=queries.digest_of(queries.secret_of(preview_id)),
        made_by_id=by.id,
        ends_at=clock.now() + timedelta(days=days),
    )
    db.session.add(preview)
    return preview


def revoke_preview(preview: PostPreview, *, by: Any) -> None:
    """Take a link back; whoever opens it sees that it is over."""
    require(may_show_drafts_to_others(by, preview.post))
    preview.revoked_at = preview.revoked_at or clock.now()
