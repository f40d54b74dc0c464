"""What the page on which one writes asks the house while one writes: keeping text, pasting, how it will look."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import abort, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from choir_app.foundation import clock
from choir_app.foundation.forms import Plain
from choir_app.foundation.language import _, hour
from choir_app.foundation.notices import tell
from choir_app.foundation.refusal import Refusal, require
from choir_app.news import actions, queries
from choir_app.news.forms import TextForm
from choir_app.news.models import Post
from choir_app.news.permissions import for_writers, may_change_post
from choir_app.news.rules import SOURCE, markdown_of
from choir_app.news.views import room
from choir_app.news.views.beside import Place, told_of, typed_words
from choir_app.news.views.desk import mine
from choir_app.news.views.reading import drawn
from choir_app.news.views.taking_in import kept

MOST_FIELDS = 60
MOST_VALUES = 400


@room.post("/nyheter/skriv/osparat")
@for_writers
def keep_unsaved() -> ResponseReturnValue:
    """Keep what has been typed so far, and say so with the time; tell who else is at work."""
    post, language = _place()
    if g.get("token_is_old", False):  # the page has been open for a day: it gets a new token and asks again
        return jsonify(token=generate_csrf()), 409
    typed = typed_words()
    if len(typed) > MOST_FIELDS or sum(map(len, typed.values())) > MOST_VALUES:
        abort(413)
    try:
        actions.keep_unsaved(typed, post=post, language=language, by=current_user)
    except Refusal as no:
        return jsonify(reason=no.message), 422
    said = _("Sparat som utkast kl. %(time)s", time=hour(clock.now()))
    return jsonify(said=said, **_around(post, language))


@room.post("/nyheter/skriv/har")
@for_writers
def be_at_work() -> ResponseReturnValue:
    """Show others that one has the post open, or has left it; tell who else has."""
    post, language = _place()
    if post is None:
        return jsonify(others=[])
    if g.get("token_is_old", False):
        return jsonify(token=generate_csrf()), 409
    if request.form.get("leaves"):
        actions.leave_work(post, language, by=current_user)
        return jsonify(others=[])
    return jsonify(**_around(post, language))


@room.post("/nyheter/skriv/osparat/slang")
@for_writers
def drop_unsaved() -> ResponseReturnValue:
    """Go on from what is saved, without the text that is not."""
    post, language = _place()
    if Plain().is_sent_and_sound:
        actions.drop_unsaved(queries.place_of(post, language), by=current_user)
        tell(_("Texten är slängd."))
    return redirect(Place(post, language).url, 303)


@room.post("/nyheter/skriv/osparat/ta-tillbaka")
@for_writers
def take_back_unsaved() -> ResponseReturnValue:
    """Have a text again that was dropped a moment ago."""
    post, language = _place()
    if Plain().is_sent_and_sound:
        actions.take_back_unsaved(queries.place_of(post, language), by=current_user)
    return redirect(Place(post, language).url_unsaved, 303)


@room.post("/nyheter/skriv/inklistrat")
@for_writers
def paste() -> ResponseReturnValue:
    """What was copied from Word or a web page, as Markdown."""
    markdown = markdown_of(request.form.get("html", ""))
    return jsonify(markdown=markdown)


@room.post("/nyheter/skriv/utseende")
@for_writers
def look() -> ResponseReturnValue:
    """How the text will look, drawn as readers will meet it; nothing is saved."""
    post, language = _place()
    form = TextForm(language=language, data={})
    fields = form.text_fields(kept(form))
    words: dict[str, Any] = {
        name: (fields[name] or "")[:longest] for name, longest in form.longest_of_words.items()
    }
    if "byline_name" in request.form:
        words |= {
            "byline_name": " ".join(request.form["byline_name"].split())[:120],
            "byline_role": " ".join(request.form.get("byline_role", "").split())[:120] or None,
            "more_authors": (),
        }
    reading = queries.reading_while_written(SimpleNamespace(**{**fields, **words}), language, post)
    return render_template("news/look.html", look=drawn(reading, for_writers=True))


def _place() -> tuple[Post | None, str]:
    """The post and the language that the words are of; 404 for what this person may not see."""
    language = request.form.get("of_language", SOURCE)
    given = request.form.get("of_post", "")
    if not given:
        return (None, SOURCE) if language == SOURCE else abort(404)
    try:
        post = mine(UUID(given))
    except ValueError:
        abort(404)
    require(may_change_post(current_user, post))
    known = {SOURCE, *(one.code for one in queries.languages_to_write_in(post))}
    return (post, language) if language in known else abort(404)


def _around(post: Post | None, language: str) -> dict[str, Any]:
    """What whoever writes must know of others: who is here, and the revision that is the newest."""
    if post is None:
        return {"others": [], "revision": 0}
    actions.be_at_work(post, language, by=current_user)
    version = post.version_in(language)
    others = [told_of(one, language) for one in queries.others_at_work(post, viewer=current_user)]
    return {"others": others, "revision": version.revision_number if version else 0}
