"""One after the other: two who save, publish or correct in the same moment must not do it over each other.

SQLite lets one writer in at a time anyway; PostgreSQL is told whom to let wait.
"""

from collections.abc import Iterable

from sqlalchemy import select

from choir_app.foundation.database import db
from choir_app.news.models import KeptPicture, Post, Tip


def wait_for_post(post: Post) -> None:
    """Let everybody else finish with a post first, and see it as they left it."""
    db.session.execute(select(Post.id).where(Post.id == post.id).with_for_update(key_share=True))
    for version in post.versions:
        db.session.expire(version)
    db.session.expire(post)


def wait_for_tip(tip: Tip) -> None:
    """Let everybody else finish with a tip first, and see it as they left it."""
    db.session.refresh(tip, with_for_update={"of": Tip, "key_share": True})
    db.session.expire(tip, ["post"])


def hold_pictures(names: Iterable[str]) -> None:
    """Let no picture be tidied away before what shows it is saved."""
    wanted = sorted(set(names))
    if wanted:
        held = select(KeptPicture.name).where(KeptPicture.name.in_(wanted))
        db.session.execute(held.with_for_update(read=True, key_share=True))


def wait_for_picture(picture: KeptPicture) -> None:
    """Let everybody else finish with a picture first, and see who they said is in it."""
    db.session.refresh(picture, with_for_update={"of": KeptPicture, "key_share": True})
    for one in picture.people:
        db.session.expire(one)
    db.session.expire(picture, ["people"])
