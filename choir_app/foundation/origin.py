"""Changes come from our own pages only: every one is asked where it comes from and for its token."""

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request
from flask_wtf.csrf import CSRFError

from choir_app.foundation.database import SAFE_METHODS

WITH_OWN_PROTECTION: set[str] = set()
"""Endpoints that take changes without a form's token, each with a protection of its own that it states."""


def protected_otherwise(endpoint: str) -> None:
    """Say that this endpoint asks for no form token, since it protects itself in another way."""
    WITH_OWN_PROTECTION.add(endpoint)


FROM_ANYWHERE: set[str] = set()
"""Endpoints that take changes from wherever they come: what they do follows from their address alone."""


def may_come_from_anywhere(endpoint: str) -> None:
    """Say that this endpoint is sent to by others than our own pages, such as a mail service that unsubscribes.

    It may look neither at cookies nor at who asks, so that no page of another site gains anything by sending to it.
    """
    protected_otherwise(endpoint)
    FROM_ANYWHERE.add(endpoint)


def check(app: Flask) -> None:
    """Ask every change for its origin and its token.

    A form whose token is too old may be drawn again with what was typed, but nothing that such a request does
    is ever committed: `g.token_is_old` stops the commit, and an answer that claims success becomes a 400.
    """

    @app.before_request
    def look_at_address() -> None:
        """No address of ours holds a NUL, and PostgreSQL cannot even be asked for one."""
        if "\x00" in request.path or b"%00" in request.query_string or b"\x00" in request.query_string:
            abort(404)

    @app.before_request
    def look_at_origin() -> None:
        if request.method in SAFE_METHODS:
            return
        if refused := request.environ.get("choir.refused"):
            abort(refused)  # foundation/doorway.py did not get to see all of it
        if request.endpoint in FROM_ANYWHERE:
            _read_body()
            return
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(403)
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            abort(403)
        if request.endpoint is None:
            return
        _read_body()
        if request.endpoint in WITH_OWN_PROTECTION:
            return
        try:
            current_app.extensions["csrf"].protect()
        except CSRFError:
            g.token_is_old = True


def _read_body() -> None:
    """Read what was sent before anything else is done: whoever sends slowly must not hold up those who write.

    Raises RequestEntityTooLarge. A form of words alone is held to what the words of one with files may take.
    """
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
        if request.mimetype != "application/x-www-form-urlencoded":
            request.get_data()
