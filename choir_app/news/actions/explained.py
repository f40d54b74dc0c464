"""The editors' own words for the coach."""

from typing import Any

from sqlalchemy import select

from choir_app.foundation.database import db, upsert
from choir_app.foundation.language import _
from choir_app.foundation.refusal import Refusal, require
from choir_app.news import queries
from choir_app.news.models import ExplainedWord
from choir_app.news.permissions import may_publish_news
from choir_app.news.rules import stem_of

MOST_WORDS = 500


def explain_word(word: str, meaning: str, *, by: Any) -> ExplainedWord:
    """Ask writers to explain a word; one that is known already gets the new meaning."""
    require(may_publish_news(by))
    if len(word.split()) != 1:
        raise Refusal(_("Skriv ett ord i taget."), field="word")
    stem = stem_of(word)
    if not stem:
        raise Refusal(_("Skriv ett ord med bokstäver."), field="word")
    known = queries.word_of_stem(stem)
    if known is None and len(queries.own_words()) >= MOST_WORDS:
        raise Refusal(_("Listan är full. Ta bort ett ord först."), field="word")
    row = {"stem": stem, "word": word, "meaning": meaning, "added_by_id": by.id}
    upsert(ExplainedWord, row, key=("stem",))
    written = select(ExplainedWord).where(ExplainedWord.stem == stem)
    return db.session.scalars(written.execution_options(populate_existing=True)).one()


def stop_explaining(word: ExplainedWord, *, by: Any) -> None:
    """Take one of the editors' own words from the list; what the house explains comes back."""
    require(may_publish_news(by))
    db.session.delete(word)
