"""Links to a post that is not published."""

from collections.abc import Sequence
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import select

from choir_app.foundation.database import db
from choir_app.foundation.keyed import secret
from choir_app.news.models import Post, PostPreview


def secret_of(preview_id: UUID) -> str:
    """What stands in the link's address."""
    return secret("post preview", preview_id.bytes)


def digest_of(given: str) -> bytes:
    """What is kept of it."""
    return sha256(given.encode("utf-8", "replace")).digest()


def preview_behind(given: str) -> PostPreview | None:
    """The link with this secret, whatever its state."""
    found = db.session.scalar(select(PostPreview).where(PostPreview.digest == digest_of(given)))
    return found if found and compare_digest(found.digest, digest_of(given)) else None


def previews_of(post: Post) -> Sequence[PostPreview]:
    """The links that were made to a post, the newest first."""
    return db.session.scalars(
        select(PostPreview)
        .where(PostPreview.post_id == post.id)
        .order_by(PostPreview.made_at.desc(), PostPreview.id)
    ).all()
