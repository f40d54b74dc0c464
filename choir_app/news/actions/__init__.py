"""What can be done with a post: write, put into other languages, publish, withdraw, bring back, show to somebody."""

from choir_app.news.actions.bounces import take_in_report
from choir_app.news.actions.erased import is_somebody_else
from choir_app.news.actions.explained import explain_word, stop_explaining
from choir_app.news.actions.figures import freeze_anew, note_correction, remove_correction, update_figures
from choir_app.news.actions.finding import index_missing
from choir_app.news.actions.languages import (
    confirm_version,
    hide_version,
    show_version,
    turn_on_languages,
    write_version,
)
from choir_app.news.actions.mailing import (
    begin_mailings,
    give_up_the_dead,
    send_letters,
    send_news,
    send_unsure,
)
from choir_app.news.actions.pictures import (
    PersonWords,
    bring_picture,
    erase_person,
    keep_picture,
    name_person,
    rest_the_eye,
    say_nobody,
    take_back_name,
    undo_withdrawal,
    withdraw_consent,
)
from choir_app.news.actions.previews import make_preview, revoke_preview
from choir_app.news.actions.publishing import ask_for_review, publish, send_back, withdraw
from choir_app.news.actions.readiness import NotReady
from choir_app.news.actions.subscribing import (
    Choice,
    ask_for_letters,
    choose,
    confirm,
    forget,
    forget_addresses,
    forget_readers,
    stop,
)
from choir_app.news.actions.tidying import tidy_pictures
from choir_app.news.actions.tips import (
    TipWords,
    begin_post_from,
    forget_old_tips,
    put_tip_aside,
    remove_tip,
    take_in_tip,
    take_tip_up_again,
)
from choir_app.news.actions.unsaved import (
    be_at_work,
    drop_unsaved,
    forget_unsaved,
    keep_unsaved,
    leave_work,
    take_back_unsaved,
)
from choir_app.news.actions.writing import AuthorWords, Text, Words, bring_back, change, write

__all__ = [
    "AuthorWords",
    "Choice",
    "NotReady",
    "PersonWords",
    "Text",
    "TipWords",
    "Words",
    "ask_for_letters",
    "ask_for_review",
    "be_at_work",
    "begin_mailings",
    "begin_post_from",
    "bring_back",
    "bring_picture",
    "change",
    "choose",
    "confirm",
    "confirm_version",
    "drop_unsaved",
    "erase_person",
    "explain_word",
    "forget",
    "forget_addresses",
    "forget_old_tips",
    "forget_readers",
    "forget_unsaved",
    "freeze_anew",
    "give_up_the_dead",
    "hide_version",
    "index_missing",
    "is_somebody_else",
    "keep_picture",
    "keep_unsaved",
    "leave_work",
    "make_preview",
    "name_person",
    "note_correction",
    "publish",
    "put_tip_aside",
    "remove_correction",
    "remove_tip",
    "rest_the_eye",
    "revoke_preview",
    "say_nobody",
    "send_back",
    "send_letters",
    "send_news",
    "send_unsure",
    "show_version",
    "stop",
    "stop_explaining",
    "take_back_name",
    "take_back_unsaved",
    "take_in_report",
    "take_in_tip",
    "take_tip_up_again",
    "tidy_pictures",
    "turn_on_languages",
    "undo_withdrawal",
    "update_figures",
    "withdraw",
    "withdraw_consent",
    "write",
    "write_version",
]
