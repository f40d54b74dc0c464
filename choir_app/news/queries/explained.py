"""The words that the coach asks writers to explain: those of the house, and above them those of the editors."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from choir_app.foundation.database import db
from choir_app.foundation.text import sort_key
from choir_app.news.models import ExplainedWord
from choir_app.news.rules import Advice, advise, stem_of, words_explained


def own_words() -> Sequence[ExplainedWord]:
    """The words that editors have added, in Swedish alphabetical order."""
    return sorted(db.session.scalars(select(ExplainedWord)), key=lambda one: sort_key(one.word))


def word_of_stem(stem: str) -> ExplainedWord | None:
    """The word that an editor has added with this stem."""
    return db.session.scalar(select(ExplainedWord).where(ExplainedWord.stem == stem))


def advice_on(parts: Mapping[str, str], language: str) -> Advice:
    """What there is to say of a text as it stands; nothing of it is kept."""
    explained = {stem_of(word): meaning for word, meaning in words_explained(language).items()}
    if explained:
        explained |= {one.stem: one.meaning for one in own_words()}
    return advise(parts, language, explained=explained)
