"""The coach beside the text: what it says of the words, and the editors' own list of what needs to be explained."""

from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_editors
from choir_app.foundation.figures import OFFERED
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.news import actions, queries
from choir_app.news.forms import ExplainedWordForm
from choir_app.news.permissions import for_writers
from choir_app.news.rules import COACHED, EASY, SOURCE, TEXT_LANGUAGES, Remark, words_explained
from choir_app.news.views import room

LONGEST = 45_000
"""Signs of a part that are read through; a form takes fewer."""


@room.post("/nyheter/skriv/sprakhjalp")
@for_writers
def coach() -> ResponseReturnValue:
    """What there is to say of a text as it is being written; nothing is kept."""
    language = request.form.get("language", "")
    if language not in TEXT_LANGUAGES:
        abort(404)
    parts = {part: _as_typed(request.form.get(part, "")) for part in COACHED}
    return render_template("news/coached.html", **_coached(parts, language))


@room.route("/nyheter/skriv/ord", methods=["GET", "POST"])
@for_editors
def words() -> ResponseReturnValue:
    """The words that the coach asks writers to explain, and what they mean."""
    form = ExplainedWordForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            word = actions.explain_word(form.word.data, form.meaning.data, by=current_user)
            tell(_("Ordet «%(word)s» är sparat.", word=word.word))
            return redirect(url_for(".words"), 303)
    page = render_template(
        "news/words.html",
        form=form,
        own=queries.own_words(),
        known=words_explained(SOURCE),
        only_in_easy=words_explained(EASY).items() - words_explained(SOURCE).items(),
    )
    return page, form.status


@room.post("/nyheter/skriv/ord/<uuid:word_id>/ta-bort")
@for_editors
def remove_word(word_id: UUID) -> ResponseReturnValue:
    """Take one of the editors' words from the list."""
    word = next((one for one in queries.own_words() if one.id == word_id), None) or abort(404)
    form = Plain()
    if form.is_sent_and_sound:
        actions.stop_explaining(word, by=current_user)
        tell(_("Ordet «%(word)s» är borttaget.", word=word.word))
    return redirect(url_for(".words"), 303)


@room.app_context_processor
def coach_for_templates() -> dict[str, Any]:
    """What the pages of the desk ask the coach with."""
    return {
        "coached": _coached,
        "figures_to_write": queries.figures_to_write,
        "figure_words": _words_of,
        "text_language": TEXT_LANGUAGES.__getitem__,
    }


def in_browser(text: str, place: int) -> int:
    """A place in a text as a browser counts it, which counts an emoji as two."""
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2


def _coached(parts: dict[str, str], language: str) -> dict[str, Any]:
    advice = queries.advice_on(parts, language)
    return {
        "advice": advice,
        "coached_in": language,
        "remarks": [(one, *_span(one, parts[one.part])) for one in advice.remarks],
    }


def _span(remark: Remark, text: str) -> tuple[int, int]:
    return in_browser(text, remark.start), in_browser(text, remark.end)


def _words_of(name: str) -> str:
    """What people call a figure; one that no room offers any more is called as texts called it."""
    offer = OFFERED.get(name)
    return str(offer.words) if offer else name


def _as_typed(text: str) -> str:
    return text.replace("\r\n", "\n")[:LONGEST]
