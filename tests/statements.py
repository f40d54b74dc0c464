"""Counting what a page asks the database."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app
from sqlalchemy import Engine, event

_NOT_COUNTED = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA)\b", re.IGNORECASE)


class Statements(list[str]):
    """The statements sent so far, for a test that wants to look at them."""


@contextmanager
def counted() -> Iterator[Statements]:
    """Collect the statements sent to any database; the beginning and ending of transactions is left out."""
    seen = Statements()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not _NOT_COUNTED.match(statement):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@contextmanager
def at_most(number: int, what: str = "statements") -> Iterator[Statements]:
    """A budget of statements. It also fails when it is larger than needed, so that it never hides a new one.

    Pages kept from before are forgotten first, and the look at the content's version, which comes once a second
    whatever is asked, does not happen meanwhile.
    """
    assert what == "statements", "only statements are counted"
    pages = current_app.extensions["kept_pages"]
    pages.forget()
    pages.looked_at = time.monotonic() + 3600
    try:
        with counted() as seen:
            yield seen
    finally:
        pages.looked_at = 0.0
    listing = "\n".join(f"{place}. {statement}" for place, statement in enumerate(seen, 1))
    assert len(seen) <= number, f"{len(seen)} statements, the budget is {number}:\n{listing}"
    assert len(seen) == number, (
        f"only {len(seen)} statements are needed, lower the budget from {number}:\n{listing}"
    )
