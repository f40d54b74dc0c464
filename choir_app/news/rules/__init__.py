"""What follows from a post alone: its languages, its state at a moment, the words it is found by, what changed."""

from choir_app.news.rules.changes import Piece, changed_words
from choir_app.news.rules.languages import (
    ALWAYS_ON,
    EASY,
    SOURCE,
    TEXT_LANGUAGES,
    TextLanguage,
    language_called,
)
from choir_app.news.rules.poster import first_blocks
from choir_app.news.rules.searching import query_groups, stems_of
from choir_app.news.rules.states import POST_STATES, state_at

__all__ = [
    "ALWAYS_ON",
    "EASY",
    "POST_STATES",
    "SOURCE",
    "TEXT_LANGUAGES",
    "Piece",
    "TextLanguage",
    "changed_words",
    "first_blocks",
    "language_called",
    "query_groups",
    "state_at",
    "stems_of",
]
