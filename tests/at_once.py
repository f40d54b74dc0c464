"""The same form sent by several presses in one moment, each with a database session of its own."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from flask.globals import _cv_app

from choir_app.foundation.database import db
from tests.visitor import Visitor


def pressed_at_once(page: Visitor, path: str, fields: dict[str, str]) -> list[int]:
    """The same form sent four times in the same moment, and how each was answered."""
    name = page.app.config["SESSION_COOKIE_NAME"]
    cookie = page.client.get_cookie(name)
    seen = re.search(r'name="csrf_token"[^>]*?value="([^"]+)"', page.html)
    sent = {**fields, "csrf_token": seen[1]} if seen else fields
    db.session.commit()

    def press() -> int:
        _cv_app.set(None)  # type: ignore[arg-type]  # each press gets a database session of its own
        client = page.app.test_client()
        if cookie:
            client.set_cookie(name, cookie.value)
        return client.post(path, data=sent).status_code

    with ThreadPoolExecutor(4) as presses:
        return [press.result() for press in [presses.submit(copy_context().run, press) for _ in range(4)]]
