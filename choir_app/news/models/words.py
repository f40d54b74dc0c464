"""The words by which versions are found: stems made by us, and an index of each database's own over them.

SQLite: an FTS5 table kept in step by triggers. PostgreSQL: a GIN index over lexemes that are exactly our stems, without
the database's own parser. So both find the same.
"""

from uuid import UUID

from sqlalchemy import DDL, ForeignKey, event
from sqlalchemy.orm import Mapped, mapped_column

from choir_app.foundation.database import Model
from choir_app.news.models.versions import PostVersion


class PostWords(Model):
    """The stems of a version's words, by which a question finds it."""

    __tablename__ = "post_words"

    id: Mapped[int] = mapped_column(
        primary_key=True, doc="A whole number, which SQLite's index leads back by."
    )
    version_id: Mapped[UUID] = mapped_column(ForeignKey(PostVersion.id, ondelete="CASCADE"), unique=True)
    of_headline: Mapped[str] = mapped_column(doc="Stems with a space before and after each.")
    of_all: Mapped[str] = mapped_column(doc="Likewise, of headline, lead, text, authors and subjects.")


_LEAVES = (
    "INSERT INTO post_index (post_index, rowid, of_headline, of_all)"
    " VALUES ('delete', old.id, old.of_headline, old.of_all)"
)
_COMES = "INSERT INTO post_index (rowid, of_headline, of_all) VALUES (new.id, new.of_headline, new.of_all)"
_TABLE = (
    "CREATE VIRTUAL TABLE post_index USING fts5("
    "of_headline, of_all, content='post_words', content_rowid='id', detail=column, tokenize=ascii)"
)
ON_SQLITE = (
    _TABLE,
    f"CREATE TRIGGER post_words_come AFTER INSERT ON post_words BEGIN {_COMES}; END",
    f"CREATE TRIGGER post_words_go AFTER DELETE ON post_words BEGIN {_LEAVES}; END",
    f"CREATE TRIGGER post_words_change AFTER UPDATE ON post_words BEGIN {_LEAVES}; {_COMES}; END",
)
_LEXEMES = ", ".join(
    f"array_to_tsvector(string_to_array(btrim({name}), ' '))" for name in ("of_headline", "of_all")
)
ON_POSTGRESQL = (f"CREATE INDEX ix_post_words_lexemes ON post_words USING gin ({_LEXEMES})",)

for _statement in ON_SQLITE:
    event.listen(PostWords.__table__, "after_create", DDL(_statement).execute_if(dialect="sqlite"))
for _statement in ON_POSTGRESQL:
    event.listen(PostWords.__table__, "after_create", DDL(_statement).execute_if(dialect="postgresql"))
event.listen(
    PostWords.__table__, "before_drop", DDL("DROP TABLE IF EXISTS post_index").execute_if(dialect="sqlite")
)
