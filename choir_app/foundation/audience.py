"""Doors: every view carries a sign that says who may enter, and the house does not open with an unsigned door."""

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

View = Callable[..., Any]
Sign = Callable[[Any], bool]

SIGNS: dict[View, Sign] = {}
NAMES: dict[View, str] = {}


def door(name: str, may_enter: Sign) -> Callable[[View], View]:
    """A decorator for views: only those of whom `may_enter(who)` is true come in.

    Somebody who has not signed in is sent to the sign-in page and back; everybody else gets a 403.
    """

    def hang(view: View) -> View:
        SIGNS[view] = may_enter
        NAMES[view] = name
        return view

    return hang


def _anybody(_who: object) -> bool:
    return True


for_everyone = door("everyone", _anybody)
for_signed_in = door("signed in", lambda who: who.is_authenticated)


def who_asks() -> Any:
    """Who is asking: the account itself, or a Visitor; `current_user` is only Flask-Login's stand-in for it."""
    return current_user._get_current_object()


def guard(app: Flask) -> None:
    """Refuse to start with an unsigned door, then read the sign at every request."""
    unsigned = sorted(name for name, view in app.view_functions.items() if view not in SIGNS)
    if unsigned:
        raise RuntimeError(f"views without a for_… sign: {unsigned}")
    app.before_request(_read_sign)


def _read_sign() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return None
    sign = SIGNS[view]
    if sign is _anybody or sign(current_user):
        return None
    if not current_user.is_authenticated:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=back), 303)
    return abort(403)
