"""The pages of the accounts room: the door, one's own account, and how the pages look."""

import re
import time
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    after_this_request,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from choir_app.accounts import actions, queries, rules
from choir_app.accounts.forms import (
    ForgottenForm,
    JoinForm,
    NameForm,
    NewPasswordForm,
    PasswordForm,
    SignInForm,
)
from choir_app.accounts.models import Account
from choir_app.accounts.permissions import for_administrators
from choir_app.foundation.audience import for_everyone, for_signed_in, who_asks
from choir_app.foundation.database import SAFE_METHODS
from choir_app.foundation.language import _
from choir_app.foundation.notices import tell
from choir_app.foundation.origin import protected_otherwise

room = Blueprint("accounts", __name__)

protected_otherwise("accounts.sign_out_by_phone")

THEMES = ("light", "dark")
THEME_COOKIE = "utseende"
TEXT_COOKIE = "text"
LARGE = "stor"
DEMO_LOOKS_EVERY = 60.0
"""Seconds for which it is believed that the data is not the demo network."""


# --- the door -------------------------------------------------------------------------------------------------


@room.route("/logga-in", methods=["GET", "POST"])
@for_everyone
def sign_in() -> ResponseReturnValue:
    """Who are you?"""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = rules.path_of_ours(request.args.get("next")) or ""
        if who_asks().is_authenticated:
            return _onwards(form.next.data)
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            account = actions.recognise(
                form.email.data or "", form.password.data or "", network=request.remote_addr
            )
            _enter(account)
            return _onwards(form.next.data)
    form.next.data = rules.path_of_ours(form.next.data) or ""
    people = queries.demo_people() if _offers_demo() else []
    return render_template("accounts/sign_in.html", form=form, demo_people=people), form.status, form.headers


@room.post("/logga-in/demo")
@for_everyone
def sign_in_as_demo_person() -> ResponseReturnValue:
    """In the demo one can be anybody who is offered."""
    if not _offers_demo():
        abort(404)
    try:
        account = queries.demo_account(UUID(request.form.get("account_id", "")))
    except ValueError:
        abort(404)
    _enter(account)
    return _onwards(request.form.get("next"))


@room.post("/logga-ut")
@for_everyone
def sign_out() -> ResponseReturnValue:
    """Leave on this device."""
    if who_asks().is_authenticated:
        actions.sign_out(who_asks())
    _leave()
    tell(_("Du är utloggad."))
    return _forgetting(redirect(url_for("accounts.sign_in"), 303))


@room.post("/api/v1/sign-out")
@for_everyone
def sign_out_by_phone() -> ResponseReturnValue:
    """Leave on this device: sent by a phone that could reach nobody when it was told to sign out.

    It takes JSON only, which no other site can send without asking first, and foundation/origin.py has looked at
    where it comes from.
    """
    if request.mimetype != "application/json":
        abort(415)
    if who_asks().is_authenticated:
        actions.sign_out(who_asks())
    _leave()
    return _forgetting(current_app.make_response({"signed_out": True}))


@room.route("/logga-in/glomt", methods=["GET", "POST"])
@for_everyone
def forgotten() -> ResponseReturnValue:
    """A link for choosing a new password. The answer is the same, and as slow, for every address."""
    form = ForgottenForm()
    if form.is_sent_and_sound:
        began = time.monotonic()
        with form.hearing_refusals():
            actions.ask_for_reset(form.email.data or "", network=request.remote_addr)
            _answer_no_sooner_than(began + rules.SAME_ANSWER_AFTER)
            return redirect(url_for("accounts.link_is_sent"), 303)
    return render_template("accounts/forgotten.html", form=form), form.status, form.headers


@room.get("/logga-in/glomt/skickat")
@for_everyone
def link_is_sent() -> ResponseReturnValue:
    """What happens next, whether or not the address has an account."""
    return render_template("accounts/link_is_sent.html")


@room.route("/lank/<token>", methods=["GET", "POST"])
@for_everyone
def one_time_link(token: str) -> ResponseReturnValue:
    """Choose a password. Opening the link does not use it up: mail programs open links too."""
    link = queries.working_link(token)
    if link is None:
        return _kept_by_nobody(render_template("accounts/old_link.html"), 410)
    is_invitation = link.purpose == "invitation"
    form = JoinForm(data={"name": link.account.name}) if is_invitation else NewPasswordForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            name = form.name.data if isinstance(form, JoinForm) else None
            account = actions.take_up(token, password=form.password.data or "", name=name)
            _enter(account)
            tell(
                _("Välkommen! Du är inloggad.") if is_invitation else _("Lösenordet är bytt. Du är inloggad.")
            )
            return _onwards(None)
    page = render_template("accounts/one_time_link.html", form=form, link=link, is_invitation=is_invitation)
    return _kept_by_nobody(page, form.status)


# --- my account -----------------------------------------------------------------------------------------------


@room.route("/konto", methods=["GET", "POST"])
@for_signed_in
def my_account() -> ResponseReturnValue:
    """My name, my password and my devices."""
    form = NameForm(data={"name": who_asks().name})
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            actions.change_name(who_asks(), form.name.data or "")
            tell(_("Namnet är sparat."))
            return redirect(url_for("accounts.my_account"), 303)
    devices = queries.devices_of(who_asks())
    return _kept_by_nobody(render_template("accounts/account.html", form=form, devices=devices), form.status)


@room.route("/konto/losenord", methods=["GET", "POST"])
@for_signed_in
def password() -> ResponseReturnValue:
    """A new password in place of the present one."""
    form = PasswordForm()
    if form.is_sent_and_sound:
        with form.hearing_refusals():
            me = who_asks()
            actions.change_password(me, present=form.present.data or "", new=form.new.data or "")
            _enter(me)
            tell(_("Lösenordet är bytt. Dina andra enheter är utloggade."))
            return redirect(url_for("accounts.my_account"), 303)
    return render_template("accounts/password.html", form=form), form.status, form.headers


@room.post("/konto/inloggningar/<uuid:sign_in_id>/avsluta")
@for_signed_in
def end_sign_in(sign_in_id: UUID) -> ResponseReturnValue:
    """Sign one of my devices out."""
    ended = actions.end_sign_in(who_asks(), sign_in_id)
    if ended.token_hash == queries.hash_of(who_asks().presented_token or ""):
        _leave()
        tell(_("Du är utloggad."))
        return redirect(url_for("accounts.sign_in"), 303)
    tell(_("%(device)s är utloggad.", device=ended.device))
    return redirect(url_for("accounts.my_account"), 303)


@room.post("/konto/logga-ut-overallt")
@for_signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """Sign all my devices out, this one too."""
    actions.sign_out_everywhere(who_asks(), by=who_asks())
    _leave()
    tell(_("Du är utloggad från alla enheter."))
    return _forgetting(redirect(url_for("accounts.sign_in"), 303))


# --- the log --------------------------------------------------------------------------------------------------


@room.get("/installningar/logg")
@for_administrators
def log() -> ResponseReturnValue:
    """Who did what with people and rights."""
    page = request.args.get("sida", "1")
    number = int(page) if re.fullmatch(r"[1-9][0-9]{0,4}", page) else 1
    lines, has_older = queries.log_lines(number)
    return _kept_by_nobody(
        render_template("accounts/log.html", lines=lines, page=number, has_older=has_older), 200
    )


# --- how the pages look ---------------------------------------------------------------------------------------


@room.get("/utseende")
@for_everyone
def looks() -> ResponseReturnValue:
    """Light, dark, or as the phone says."""
    return render_template("accounts/looks.html", back=_back(request.args.get("next")))


@room.post("/utseende")
@for_everyone
def choose_looks() -> ResponseReturnValue:
    """Remember how the pages are to look on this device."""
    answer = redirect(_back(request.form.get("next")) or url_for("accounts.looks"), 303)
    for cookie, known in ((THEME_COOKIE, THEMES), (TEXT_COOKIE, (LARGE,))):
        chosen, is_secure = request.form.get(cookie, ""), current_app.config["SESSION_COOKIE_SECURE"]
        if chosen in known:
            answer.set_cookie(
                cookie, chosen, max_age=365 * 24 * 3600, samesite="Lax", httponly=True, secure=is_secure
            )
        else:
            answer.delete_cookie(cookie, samesite="Lax", secure=is_secure)
    return answer


@room.app_context_processor
def looks_of_this_device() -> dict[str, Any]:
    """What every page knows of the device and the data: `theme` (light, dark or None), `is_large_text`, `is_demo`.

    Larger text can be asked for in an address, which needs no cookie, or kept on the device.
    """
    chosen = request.cookies.get(THEME_COOKIE) if request else None
    wanted = request.args.get("text", request.cookies.get(TEXT_COOKIE)) if request else None
    return {
        "theme": chosen if chosen in THEMES else None,
        "is_large_text": wanted == LARGE,
        "is_demo": _offers_demo(),
    }


@room.before_app_request
def note_that_the_device_is_used() -> None:
    """Keep when a device was last used. Reading a page never writes, so only sending something counts."""
    if request.method not in SAFE_METHODS and request.endpoint and who_asks().is_authenticated:
        actions.was_seen(who_asks())


# --- shared by the pages above ----------------------------------------------------------------------------------


def _enter(account: Account) -> None:
    """Begin a new session: nothing that the browser carried before is worth anything afterwards."""
    _refuse_old_pages()
    actions.sign_in(account, device=rules.device_of(request.user_agent.string))
    browser_session.clear()
    browser_session.permanent = True
    login_user(account)
    browser_session.pop("_id", None)  # Flask-Login's mark of the browser, which we do not ask for


def _leave() -> None:
    _refuse_old_pages()
    logout_user()
    browser_session.clear()


def _forgetting(response: Any) -> Response:
    """Let the browser throw away the pages that it kept of whoever leaves; what a phone sealed stays ("storage")."""
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _refuse_old_pages() -> None:
    """Stop before the browser's cookie is changed, when the page that was sent is too old to be believed."""
    if g.get("token_is_old", False):
        abort(400)


def _onwards(wanted: str | None) -> ResponseReturnValue:
    path = rules.path_of_ours(wanted)
    return redirect(request.script_root + path if path else url_for("overview.landing"), 303)


def _back(wanted: str | None) -> str:
    path = rules.path_of_ours(wanted)
    return request.script_root + path if path else ""


def _kept_by_nobody(page: str, status: int) -> Response:
    """A page that no browser keeps a copy of, since the next person at the device might look back at it."""
    response = current_app.make_response((page, status))
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _answer_no_sooner_than(soonest: float) -> None:
    """Let the answer wait for a moment. Nothing is locked meanwhile: it is waited after the commit.

    Who asks too often is refused at once, so that waiting cannot be used to hold up a server.
    """

    @after_this_request
    def wait(response: Response) -> Response:
        time.sleep(max(0.0, soonest - time.monotonic()))
        return response


def _offers_demo() -> bool:
    """Whether this is the demo. That it is, is remembered for ever; that it is not, for a minute."""
    if not current_app.config["SETTINGS"].demo:
        return False
    known: dict[str, float] = current_app.extensions.setdefault("demo", {})
    if "yes" in known:
        return True
    if time.monotonic() - known.get("no", -DEMO_LOOKS_EVERY) < DEMO_LOOKS_EVERY:
        return False
    known["yes" if queries.is_demo() else "no"] = time.monotonic()
    return "yes" in known
