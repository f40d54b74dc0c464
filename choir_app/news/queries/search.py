"""Finding posts by their words: one question, the same answer from either database, however many posts there are."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.exc import NoResultFound

from choir_app.foundation.database import db
from choir_app.foundation.language import current_language
from choir_app.news.models import Post, PostVersion, PostWords
from choir_app.news.queries.cards import PAGE, Page, card_of
from choir_app.news.queries.public import for_a_list, is_public, is_shown, newest_first
from choir_app.news.rules import SOURCE, TEXT_LANGUAGES, query_groups

LONGEST_QUESTION = 200
FEW = 500
"""Versions that hold the words: so many are gathered and sorted. Of more, the newest posts are looked through one by
one until a page is full, which is then sooner done."""

Groups = Sequence[Sequence[str]]


def found(question: str, number: int = 1) -> Page:
    """The public posts in which every word of the question stands, in whatever language they are written.

    First those that have all of them in the headline, then the newest; raises NoResultFound beyond the last page.
    """
    groups = query_groups(question[:LONGEST_QUESTION], list(TEXT_LANGUAGES))
    if not groups:
        return Page((), 1, has_older=False)
    ids = _page_of_ids(groups, (number - 1) * PAGE)
    if not ids and number > 1:
        raise NoResultFound
    shown = ids[:PAGE]
    posts = {
        post.id: post
        for post in db.session.scalars(select(Post).where(Post.id.in_(shown)).options(*for_a_list()))
    }
    languages = _languages_found(groups, shown)
    cards = (card_of(posts[each], _to_show(languages[each])) for each in shown)
    return Page(tuple(cards), number, len(ids) > PAGE)


def _page_of_ids(groups: Groups, first: int) -> list[UUID]:
    """The posts of a page and one more, if there is one: by headline, then the others."""
    in_headline = _posts(groups, "of_headline")
    ids = list(db.session.scalars(newest_first(in_headline).offset(first).limit(PAGE + 1)))
    if len(ids) > PAGE:
        return ids
    before = first - _count(in_headline) if first and not ids else 0
    others = _posts(groups, "of_all").where(~_has_one(groups, "of_headline"))
    rest = newest_first(others).offset(before).limit(PAGE + 1 - len(ids))
    return ids + list(db.session.scalars(rest))


def _posts(groups: Groups, where: str) -> Select[UUID]:
    """The public posts that hold the words: gathered from the index when they are few, else looked through."""
    held = _holds(groups, where)
    posts = select(Post.id).where(is_public())
    if _count(select(PostWords.id).where(held).limit(FEW + 1)) > FEW:
        return posts.where(_has_one(groups, where))
    hits = _versions_shown().where(held).distinct().subquery()
    return posts.join(hits, hits.c.post_id == Post.id)


def _has_one(groups: Groups, where: str) -> ColumnElement[bool]:
    """That a post has a version that is shown and holds the words."""
    its_own = _versions_shown().where(
        PostVersion.post_id == Post.id, _holds(groups, where, is_asked_last=True)
    )
    return its_own.correlate(Post).exists()


def _versions_shown() -> Select[UUID]:
    return (
        select(PostVersion.post_id).join(PostWords, PostWords.version_id == PostVersion.id).where(is_shown())
    )


def _count(rows: Select[UUID] | Select[int]) -> int:
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _languages_found(groups: Groups, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """In which languages each of these posts holds the words."""
    rows = db.session.execute(
        select(PostVersion.post_id, PostVersion.language)
        .join(PostWords, PostWords.version_id == PostVersion.id)
        .where(PostVersion.post_id.in_(ids), is_shown(), _holds(groups, "of_all", is_asked_last=True))
        .order_by(PostVersion.language)
    )
    found_in: dict[UUID, list[str]] = {each: [] for each in ids}
    for post_id, language in rows:
        found_in[post_id].append(language)
    return found_in


def _to_show(languages: Sequence[str]) -> str | None:
    """None for the reader's own language or Swedish where the words stand in it, else the first that has them."""
    if {current_language(), SOURCE} & set(languages):
        return None
    return languages[0] if languages else None


def _holds(groups: Groups, where: str, *, is_asked_last: bool = False) -> ColumnElement[bool]:
    """That a version holds every stem of one of the groups, asked of the index that the database keeps.

    `is_asked_last` keeps SQLite from beginning with all that hold the words, when a few posts are asked one by one.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        asked = " | ".join("(" + " & ".join(f"'{stem}'" for stem in group) + ")" for group in groups)
        stems = func.string_to_array(func.btrim(getattr(PostWords, where)), literal_column("' '"))
        lexemes = func.array_to_tsvector(stems)
        return lexemes.op("@@", is_comparison=True)(cast(literal(asked, Text), TSQUERY))
    asked = " OR ".join("(" + " AND ".join(f'"{stem}"' for stem in group) + ")" for group in groups)
    index = table("post_index", column("rowid"))
    matching = select(index.c.rowid).where(literal_column("post_index").op("MATCH")(f"{where} : ({asked})"))
    # a plus keeps an index from being used: sqlite.org, «The SQLite Query Optimizer Overview», 3
    words_id = literal_column("+post_words.id") if is_asked_last else PostWords.id
    return words_id.in_(matching)
