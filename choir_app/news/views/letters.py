"""New posts by mail: asking for them, saying yes from the letter, choosing, stopping; and what editors see of it."""

from uuid import UUID

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from choir_app.accounts.permissions import for_editors
from choir_app.foundation.audience import for_everyone
from choir_app.foundation.forms import Plain
from choir_app.foundation.headers import HEADERS_OF_A_LINK
from choir_app.foundation.kept_pages import same_for_all_visitors
from choir_app.foundation.language import _, current_language
from choir_app.foundation.notices import tell
from choir_app.foundation.origin import may_come_from_anywhere, protected_otherwise
from choir_app.news import actions, queries
from choir_app.news.forms import CONSENT, LettersForm, SubscribeForm, chosen_by
from choir_app.news.models import Subscriber
from choir_app.news.rules import TEXT_LANGUAGES, TIME_TO_TAKE_BACK, language_called
from choir_app.news.views import room
from choir_app.news.views.desk import mine

protected_otherwise("news.subscribe")
# It looks at no cookie, and all that it does is one letter to somebody who says yes or not; how many is limited.
may_come_from_anywhere("news.stop_letters")
# A mail service sends it for its reader (RFC 8058). The secret in the address is all that it goes by.


@room.route("/nyheter/mejl", methods=["GET", "POST"])
@same_for_all_visitors
@for_everyone
def subscribe() -> ResponseReturnValue:
    """Ask for new posts by mail; a letter comes from which one says yes."""
    form = SubscribeForm(
        towns=queries.towns_to_follow(), languages=queries.languages_in_use(), data=_asked_for()
    )
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.ask_for_letters(
                form.email.data or "", form.choice, consent_words=str(CONSENT), network=request.remote_addr
            )
            return redirect(url_for(".letter_is_sent"), 303)
    return render_template("news/letters/subscribe.html", form=form, consent=CONSENT), form.status


@room.get("/nyheter/mejl/skickat")
@same_for_all_visitors
@for_everyone
def letter_is_sent() -> ResponseReturnValue:
    """What whoever asked is told, the same whatever is known of the address."""
    return render_template("news/letters/sent.html")


@room.route("/nyheter/mejl/<token>", methods=["GET", "POST"])
@for_everyone
def subscription(token: str) -> ResponseReturnValue:
    """The page that letters lead to: say yes, choose, stop. Looking at it changes nothing."""
    subscriber = queries.subscriber_behind(token)
    if subscriber is None:
        return _kept_by_nobody(render_template("news/letters/unknown.html"), 410)
    form = LettersForm(
        towns=queries.towns_to_follow(), languages=queries.languages_in_use(), data=chosen_by(subscriber)
    )
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.choose(subscriber, form.choice)
            tell(_("Ditt val är sparat."))
            return redirect(url_for(".subscription", token=token), 303)
    return _kept_by_nobody(
        render_template(
            "news/letters/subscription.html",
            form=form,
            subscriber=subscriber,
            read_in=TEXT_LANGUAGES[subscriber.language],
            token=token,
            consent=CONSENT,
        ),
        form.status,
    )


@room.post("/nyheter/mejl/<token>/ja")
@for_everyone
def confirm_letters(token: str) -> ResponseReturnValue:
    """Say yes to letters."""
    subscriber = _known(token)
    if Plain().is_sent_and_sound:
        actions.confirm(subscriber, consent_words=str(CONSENT))
        tell(_("Nu får du våra nyheter med mejl."))
    return redirect(url_for(".subscription", token=token), 303)


@room.post("/nyheter/mejl/<token>/ta-bort")
@for_everyone
def forget_address(token: str) -> ResponseReturnValue:
    """Have one's address taken away at once."""
    subscriber = _known(token)
    if Plain().is_sent_and_sound:
        actions.forget(subscriber)
        tell(_("Din adress är borttagen."))
    return redirect(url_for(".subscribe"), 303)


@room.route("/m/<token>", methods=["GET", "POST"])
@for_everyone
def stop_letters(token: str) -> ResponseReturnValue:
    """Stop letters: a page with a button for people, and one POST for mail services, however often it is sent."""
    subscriber = queries.subscriber_behind(token)
    if request.method == "POST":
        if subscriber is not None:
            actions.stop(subscriber)
        if request.form.get("List-Unsubscribe") == "One-Click":
            return _kept_by_nobody(current_app.response_class("", mimetype="text/plain"), 200)
        return _kept_by_nobody(render_template("news/letters/stopped.html", token=token), 200)
    if subscriber is None:
        return _kept_by_nobody(render_template("news/letters/unknown.html"), 410)
    return _kept_by_nobody(render_template("news/letters/stop.html", token=token), 200)


# --- for editors -----------------------------------------------------------------------------------------------


@room.get("/nyheter/skriv/mejl")
@for_editors
def letters() -> ResponseReturnValue:
    """How many get letters, and what went out; never to whom."""
    return render_template(
        "news/letters/letters.html",
        counts=queries.subscriber_counts(),
        mailings=queries.latest_mailings(),
        as_told=queries.as_told,
        minutes=TIME_TO_TAKE_BACK.seconds // 60,
    )


@room.post("/nyheter/skriv/mejl/<uuid:post_id>/igen")
@for_editors
def send_unsure_letters(post_id: UUID) -> ResponseReturnValue:
    """Send the letters again of which nobody knows whether they arrived."""
    post = mine(post_id)
    if Plain().is_sent_and_sound:
        actions.send_unsure(post, by=current_user)
        tell(_("Mejlen skickas igen."))
    return redirect(url_for(".letters"), 303)


def _asked_for() -> dict[str, object]:
    """What the page that somebody comes from is about."""
    slug, language = request.args.get("ort", ""), language_called(request.args.get("sprak", ""))
    chosen = [town.slug for town in queries.towns_to_follow() if town.slug == slug]
    known = language is not None and language.code in queries.languages_in_use()
    return {"towns": chosen, "language": language.code if language and known else current_language()}


def _known(token: str) -> Subscriber:
    return queries.subscriber_behind(token) or abort(410)


def _kept_by_nobody(answer: str | Response, status: int) -> Response:
    response = make_response(answer, status)
    response.headers.update(HEADERS_OF_A_LINK)
    return response
