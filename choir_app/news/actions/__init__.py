"""What can be done with a post: write, put into other languages, publish, withdraw, bring back, show to somebody."""

from choir_app.news.actions.languages import (
    confirm_version,
    hide_version,
    show_version,
    turn_on_languages,
    write_version,
)
from choir_app.news.actions.previews import make_preview, revoke_preview
from choir_app.news.actions.publishing import ask_for_review, publish, send_back, withdraw
from choir_app.news.actions.saving import index_missing
from choir_app.news.actions.writing import AuthorWords, Text, Words, bring_back, change, write

__all__ = [
    "AuthorWords",
    "Text",
    "Words",
    "ask_for_review",
    "bring_back",
    "change",
    "confirm_version",
    "hide_version",
    "index_missing",
    "make_preview",
    "publish",
    "revoke_preview",
    "send_back",
    "show_version",
    "turn_on_languages",
    "withdraw",
    "write",
    "write_version",
]
