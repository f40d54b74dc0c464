"""Posts for the tests of the news, made through the actions as at the desk."""

from typing import Any

from choir_app.accounts.models import Account
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.foundation.pictures import PictureFile
from choir_app.news import actions
from choir_app.news.actions import Text, Words
from choir_app.news.models import KeptPicture, Post, PostVersion


def words(headline: str = "Vi sjunger i parken", **more: Any) -> Words:
    """A post's Swedish words, and what it is about."""
    given: dict[str, Any] = {
        "headline": headline,
        "lead": "Alla får komma och lyssna.",
        "body": "Ta med en **filt**.",
        "byline_name": "Karin Lövgren",
        "byline_role": "projektledare",
    }
    return Words(**{**given, **more})


def answered(*pictures: PictureFile | None) -> None:
    """Nobody can be recognised in these pictures, and somebody answers for it."""
    for one in pictures:
        if one is not None and db.session.get(KeptPicture, one.name) is None:
            db.session.add(
                KeptPicture(name=one.name, width=one.width, height=one.height, nobody_said_at=clock.now())
            )
    db.session.flush()


def a_post(
    by: Account, headline: str = "Vi sjunger i parken", *, is_published: bool = True, **more: Any
) -> Post:
    """A post, published unless told otherwise."""
    answered(more.get("picture"))
    post = actions.write(words(headline, **more), by=by)
    if is_published:
        actions.publish(post, by=by)
    db.session.commit()
    return post


def from_before(by: Account, headline: str = "Vi sjunger i parken", **more: Any) -> Post:
    """A post that came out before the house asked for what it asks for today."""
    post = a_post(by, headline, is_published=False, **more)
    post.published_at = post.swedish.shown_at = clock.now()
    db.session.commit()
    return post


def text(headline: str = "Singing in the park", **more: Any) -> Text:
    """A post's words in another language."""
    return Text(**{"headline": headline, "lead": "Everybody may listen.", "body": "Bring a rug.", **more})


def a_version(
    post: Post, by: Account, language: str = "en", *, is_shown: bool = True, **more: Any
) -> PostVersion:
    """The post in another language, made from the present Swedish text."""
    version = post.version_in(language)
    version = actions.write_version(
        post,
        language,
        text(**more),
        seen_revision=version.revision_number if version else 0,
        made_from=post.swedish.revision_number,
        by=by,
    )
    if is_shown:
        actions.show_version(version, by=by)
    db.session.commit()
    return version
