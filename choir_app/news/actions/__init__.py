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
from choir_app.news.actions.tips import (
    TipWords,
    begin_post_from,
    forget_old_tips,
    put_tip_aside,
    remove_tip,
    take_in_tip,
    take_tip_up_again,
)
from choir_app.news.actions.writing import AuthorWords, Text, Words, bring_back, change, write

__all__ = [
    "AuthorWords",
    "Text",
    "TipWords",
    "Words",
    "ask_for_review",
    "begin_post_from",
    "bring_back",
    "change",
    "confirm_version",
    "forget_old_tips",
    "hide_version",
    "index_missing",
    "make_preview",
    "publish",
    "put_tip_aside",
    "remove_tip",
    "revoke_preview",
    "send_back",
    "show_version",
    "take_in_tip",
    "take_tip_up_again",
    "turn_on_languages",
    "withdraw",
    "write",
    "write_version",
]
