"""What a page tells after something was done: one sentence that waits for the next page."""

from flask import current_app, flash, get_flashed_messages, request


def tell(sentence: str, *, kind: str = "ok") -> None:
    """Have the next page say a sentence; `kind` is ok, info, warn or danger."""
    flash(sentence, kind)


def waiting() -> list[tuple[str, str]]:
    """The sentences that wait, as (kind, sentence); a visitor without a session is not given one by looking."""
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return []
    return [(kind, text) for kind, text in get_flashed_messages(with_categories=True)]
