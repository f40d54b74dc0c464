"""Finding posts by their words: one question, the same answer from either database."""

from collections.abc import Sequence

from sqlalchemy import Text, and_, case, cast, column, func, literal, literal_column, or_, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.elements import ColumnElement

from choir_app.foundation.database import db
from choir_app.foundation.language import current_language
from choir_app.news.models import Post, PostVersion, PostWords
from choir_app.news.queries.cards import PAGE, Page, card_of
from choir_app.news.queries.public import for_a_list, is_public, is_shown
from choir_app.news.rules import SOURCE, TEXT_LANGUAGES, query_groups

LONGEST_QUESTION = 200


def found(question: str, number: int = 1) -> Page:
    """The public posts in which every word of the question stands, in whatever language they are written.

    First those that have all of them in the headline, then the newest; raises NoResultFound beyond the last page.
    """
    groups = query_groups(question[:LONGEST_QUESTION], list(TEXT_LANGUAGES))
    if not groups:
        return Page((), 1, has_older=False)
    in_headline = or_(
        *(and_(*(PostWords.of_headline.contains(f" {stem} ") for stem in group)) for group in groups)
    )
    best = func.max(case((in_headline, 1), else_=0))
    hits = (
        select(
            PostVersion.post_id,
            best.label("best"),
            func.max(case((PostVersion.language.in_((current_language(), SOURCE)), 1), else_=0)).label(
                "reads"
            ),
            func.min(PostVersion.language).label("language"),
        )
        .join(PostWords, PostWords.version_id == PostVersion.id)
        .join(Post, Post.id == PostVersion.post_id)
        .where(_holds(groups), is_public(), is_shown())
        .group_by(PostVersion.post_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Post, hits.c.reads, hits.c.language)
        .join(hits, hits.c.post_id == Post.id)
        .order_by(hits.c.best.desc(), Post.published_at.desc(), Post.id)
        .offset((number - 1) * PAGE)
        .limit(PAGE + 1)
        .options(*for_a_list())
    ).all()
    if not rows and number > 1:
        db.session.scalars(select(Post).where(Post.id.is_(None))).one()
    cards = (card_of(post, None if reads else language) for post, reads, language in rows[:PAGE])
    return Page(tuple(cards), number, len(rows) > PAGE)


def _holds(groups: Sequence[Sequence[str]]) -> ColumnElement[bool]:
    """That a version holds every stem of one of the groups, asked of the index that the database keeps."""
    if db.session.get_bind().dialect.name == "postgresql":
        asked = " | ".join("(" + " & ".join(f"'{stem}'" for stem in group) + ")" for group in groups)
        lexemes = func.array_to_tsvector(
            func.string_to_array(func.btrim(PostWords.of_all), literal_column("' '"))
        )
        return lexemes.op("@@", is_comparison=True)(cast(literal(asked, Text), TSQUERY))
    asked = " OR ".join("(" + " AND ".join(f'"{stem}"' for stem in group) + ")" for group in groups)
    index = table("post_index", column("rowid"))
    matching = select(index.c.rowid).where(literal_column("post_index").op("MATCH")(asked))
    return PostWords.id.in_(matching)
