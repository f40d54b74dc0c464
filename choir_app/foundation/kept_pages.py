"""Finished pages are kept for a while and given again without being drawn.

A page is kept only if its view says so and its answer sets no cookie. A page that is the same for every visitor is
kept for those who have not signed in; a page that only reads is kept for the one sign-in that saw it, since its key
holds all cookies. It is forgotten after a minute (pages speak of days and hours), or as soon as anything is
committed: the version of the content, changed in the same transaction, is asked for before a page of somebody signed
in is given again, and once a second for visitors. So a sign-in that was ended opens nothing. What changes by itself at
a known moment, such as a post that comes out, is asked for with each new version (`changes_by_itself`).
"""

import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import brotli
from flask import Flask, Response, current_app, has_app_context, request
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import ORMExecuteState, Session

from choir_app.foundation import clock
from choir_app.foundation.audience import View
from choir_app.foundation.database import ONLY_READS, Fact, db, remember
from choir_app.foundation.tally import Counted, Tally

VERSION = "content_version"
LASTS = 60.0
"""Seconds that a page is kept at the most."""
LOOKS_EVERY = 1.0
"""Seconds between two looks at the database's version."""
MOST_PAGES = 500
LARGEST = 400_000
LONGEST_QUESTION = 2000
"""Signs of address, cookies and host together; whoever asks at greater length gets an answer that is not kept."""

_WHICH_VERSION = str(
    select(Fact.value).where(Fact.name == VERSION).compile(compile_kwargs={"literal_binds": True})
)

_SAME_FOR_ALL: set[View] = set()
_ONLY_READS: set[View] = set()
NextChange = Callable[[], datetime | None]
_BY_ITSELF: list[NextChange] = []


def changes_by_itself(next_change: NextChange) -> NextChange:
    """Have kept pages thrown away at the moment that this gives, when nobody has written anything."""
    _BY_ITSELF.append(next_change)
    return next_change


def same_for_all_visitors(view: View) -> View:
    """Say of a view that everybody who has not signed in sees the same."""
    _SAME_FOR_ALL.add(view)
    return view


def only_reads(view: View) -> View:
    """Say of a view that it holds no form that makes something new, so that somebody may be shown it again."""
    _ONLY_READS.add(view)
    return view


@contextmanager
def on_no_kept_page() -> Iterator[None]:
    """Around writing down what stands on no page that is kept, such as a text that nobody has saved yet."""
    before = db.session.info.get("content_changed", False)
    yield
    db.session.flush()
    db.session.info["content_changed"] = before


@dataclass(frozen=True)
class _Kept:
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    until: float
    counted: Counted | None


class KeptPages:
    """Stands before the application: gives again what was answered already, and presses what goes out."""

    def __init__(self, app: Flask) -> None:
        self.inner = app.wsgi_app
        self.app = app
        self.cookie = app.config["SESSION_COOKIE_NAME"] + "="
        self.pages: OrderedDict[tuple[str, ...], _Kept] = OrderedDict()
        self.version: str | None = None
        self.looked_at = 0.0
        self.changes_at: datetime | None = None
        self.tally = Tally()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        coding = _coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if environ["REQUEST_METHOD"] != "GET":
            return self._pressed(environ, start_response, coding, key=None)
        key = (
            environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_COOKIE", ""),
            environ.get("HTTP_HOST", ""),
            coding,
        )
        is_visitor = self.cookie not in environ.get("HTTP_COOKIE", "")
        self._look(not_since=LOOKS_EVERY if is_visitor else 0)
        environ["choir.is_visitor"] = is_visitor
        environ["choir.version"] = self.version
        kept = self.pages.get(key)
        if kept is None or kept.until < time.monotonic():
            return self._pressed(environ, start_response, coding, key=key)
        if kept.counted:
            self.tally.opened(kept.counted, environ)
        return _answer(environ, start_response, kept.status, kept.headers, kept.body, etag=kept.etag)

    def forget(self) -> None:
        """Throw all pages away, since something was written."""
        self.pages.clear()

    def _pressed(
        self,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
        coding: str,
        *,
        key: tuple[str, ...] | None,
    ) -> Iterable[bytes]:
        told: list[Any] = []

        def hold(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], None]:
            told[:] = [status, headers, exc_info]
            return lambda _: None

        version, changes_at = self.version, self.changes_at
        chunks = self.inner(environ, hold)
        status, headers, _exc_info = told
        names = {name.lower(): value for name, value in headers}
        is_text = names.get("content-type", "").partition(";")[0] in PRESSED
        if not is_text or "content-encoding" in names or environ["REQUEST_METHOD"] == "HEAD":
            start_response(status, headers)
            return chunks
        body = b"".join(chunks)
        getattr(chunks, "close", lambda: None)()
        counted: Counted | None = environ.get("choir.counted")
        if counted and key is not None and status.startswith(("200", "304")):
            self.tally.opened(counted, environ)
        keeps = (
            key is not None
            and status.startswith("200")
            and "set-cookie" not in names
            and environ.get("choir.keep", False)
            and sum(map(len, key)) <= LONGEST_QUESTION
        )
        is_visitor = environ.get("choir.is_visitor", False)
        body, headers = _press(body, headers, coding, thoroughly=keeps and is_visitor)
        etag = names.get("etag")
        if keeps and key and len(body) <= LARGEST:
            etag = etag or f'"{hashlib.sha256(body).hexdigest()[:20]}"'
            headers = _for_keeping(headers, etag, whose="public" if is_visitor else "private")
            if (version, changes_at) == (self.version, self.changes_at):
                self.pages[key] = _Kept(status, headers, body, etag, time.monotonic() + LASTS, counted)
            while len(self.pages) > MOST_PAGES:
                self.pages.popitem(last=False)
        return _answer(environ, start_response, status, headers, body, etag=etag)

    def _look(self, *, not_since: float) -> None:
        has_changed = self.changes_at is not None and self.changes_at <= clock.now()
        if not has_changed and time.monotonic() - self.looked_at < not_since:
            return
        self.looked_at = time.monotonic()
        try:
            with self.app.app_context():
                version = _version_in(db.engine)
                if version != self.version or has_changed:
                    db.session.connection(execution_options=ONLY_READS)
                    moments = [moment for each in _BY_ITSELF if (moment := each()) is not None]
                    self.version, self.changes_at = version, min(moments, default=None)
                    self.forget()
        except SQLAlchemyError:
            self.forget()  # the page itself says what is wrong


def _version_in(engine: Engine) -> str | None:
    """The version of the content, asked of the driver itself: what stands before every kept page must cost little."""
    driver = engine.dialect.loaded_dbapi
    try:
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(_WHICH_VERSION)
            row = cursor.fetchone()
        finally:
            connection.close()
    except driver.Error as fault:
        raise SQLAlchemyError(str(fault)) from fault
    return row[0] if row else None


def _for_keeping(headers: list[tuple[str, str]], etag: str, *, whose: str) -> list[tuple[str, str]]:
    """The headers of a kept page. Whatever must stay in no browser's cache stays out of it."""
    told = {name: value for name, value in headers if name in ("Cache-Control", "ETag")}
    rest = [line for line in headers if line[0] not in ("Cache-Control", "ETag", "X-Request-Id")]
    is_private = "no-store" in told.get("Cache-Control", "")
    control = "no-store" if is_private else f"{whose}, max-age=0, must-revalidate"
    return [*rest, ("ETag", etag), ("Cache-Control", control)]


def _answer(
    environ: dict[str, Any],
    start_response: Callable[..., Any],
    status: str,
    headers: list[tuple[str, str]],
    body: bytes,
    *,
    etag: str | None,
) -> list[bytes]:
    """Give a page, or say that whoever asks has it already: its mark is the same however the page was pressed."""
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    if etag and status.startswith("200") and etag.removeprefix("W/") in _marks(known):
        start_response("304 NOT MODIFIED", [line for line in headers if line[0] != "Content-Length"])
        return [b""]
    start_response(status, headers)
    return [body]


def _marks(header: str) -> list[str]:
    return [part.strip().removeprefix("W/") for part in header.split(",")]


PRESSED = frozenset(
    {
        "text/html",
        "text/plain",
        "text/calendar",
        "application/json",
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/xml",
    }
)


def _coding(accepted: str) -> str:
    names = {part.split(";")[0].strip() for part in accepted.split(",")}
    return "br" if "br" in names else "gzip" if "gzip" in names else ""


def _press(
    body: bytes, headers: list[tuple[str, str]], coding: str, *, thoroughly: bool
) -> tuple[bytes, list[tuple[str, str]]]:
    rest = [line for line in headers if line[0].lower() not in ("content-length", "vary")]
    varies = {
        value.strip() for name, values in headers if name.lower() == "vary" for value in values.split(",")
    }
    if coding and len(body) > 600:
        if coding == "br":
            body = brotli.compress(body, quality=10 if thoroughly else 4)
        else:
            body = gzip.compress(body, 9 if thoroughly else 5, mtime=0)
        rest.append(("Content-Encoding", coding))
    rest.append(("Vary", ", ".join(sorted(varies | {"Accept-Encoding", "Cookie"}))))
    rest.append(("Content-Length", str(len(body))))
    return body, rest


def keep(app: Flask) -> None:
    """Put the kept pages before the application, and forget them whenever something is written."""
    pages = KeptPages(app)
    app.wsgi_app = pages
    app.extensions["kept_pages"] = pages
    app.extensions["tally"] = pages.tally

    @app.after_request
    def say_if_same_for_all(response: Response) -> Response:
        view = app.view_functions.get(request.endpoint or "")
        is_visitor = request.environ.get("choir.is_visitor", False)
        if view in _SAME_FOR_ALL or (view in _ONLY_READS and not is_visitor):
            request.environ["choir.keep"] = True
        return response


@event.listens_for(Session, "after_flush")
def _note_change(session_: Session, _context: Any) -> None:
    session_.info["content_changed"] = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info["content_changed"] = True


@event.listens_for(Session, "before_commit")
def _raise_version(session_: Session) -> None:
    """Give the content a new version in the same transaction as the change itself."""
    if session_.in_nested_transaction():
        return
    session_.flush()  # what would be written by the commit itself counts too
    if not session_.info.pop("content_changed", False):
        return
    remember(VERSION, uuid4().hex)
    session_.info.pop("content_changed", None)
    if has_app_context() and "kept_pages" in current_app.extensions:
        session_.info["pages_to_forget"] = current_app.extensions["kept_pages"]


@event.listens_for(Session, "after_commit")
def _forget_pages(session_: Session) -> None:
    pages = session_.info.pop("pages_to_forget", None)
    if pages is not None:
        pages.forget()
