"""Somebody who walks through the house as a browser does, and looks closely at every page on the way."""

import logging
import re
import secrets
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextvars import copy_context
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import UUID
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.globals import _cv_app
from flask.testing import FlaskClient
from html5lib.html5parser import ParseError
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from choir_app.accounts.models import Account, SignIn
from choir_app.foundation import clock
from choir_app.foundation.database import db

ENGLISH = re.compile(
    r"\b(This field|Not a valid|Invalid|is required|CSRF|Bad Request|Not Found|Forbidden|Internal Server Error"
    r"|Method Not Allowed|Choose|Submit|None|undefined|Undefined|True|False|Traceback)\b"
)
"""Words of libraries and of Python that no Swedish page may show."""


@lru_cache(maxsize=8)
def strictly_read(html: str) -> Element:
    """A page as elements, which nobody changes; ParseError when it is not what HTML must be.

    Reading takes longer than drawing the page did, so a page that was read is not read again.
    """
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def read(html: str) -> Element:
    """The same, but read as browsers do, who forgive."""
    try:
        return strictly_read(html)
    except ParseError:
        return html5lib.HTMLParser(namespaceHTMLElements=False).parse(html)


_TOKEN = re.compile(r'(name="csrf_token"[^<>]*? value=)"[^"<>]*"')
_IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PASSED: set[bytes] = set()


def inspect(html: str) -> None:
    """What must be true of every page in the house.

    A page that differs from one before in nothing but tokens and in what identifiers are called is as good as that.
    """
    names: dict[str, str] = {}
    same = _IDENTIFIER.sub(lambda one: names.setdefault(one[0], f"<{len(names)}>"), _TOKEN.sub(r'\1""', html))
    digest = sha256(same.encode(errors="surrogatepass")).digest()
    if digest not in _PASSED:
        _look_closely(html)
        _PASSED.add(digest)


def _look_closely(html: str) -> None:
    page = strictly_read(html)
    assert page.get("lang"), "the page says its language"
    assert page.get("dir") in ("ltr", "rtl"), "the page says its direction"
    heads = [_text(head) for head in page.iter("h1")]
    assert len(heads) == 1, f"one h1 on a page, not {heads}"
    assert heads[0], "the h1 is not empty"
    title = _text(next(page.iter("title")))
    said = re.sub(r"^(Fel|Error): ", "", title)
    assert said.startswith(heads[0]), f"the title «{title}» starts with the h1 «{heads[0]}»"
    _nothing_inline(page)
    _ids(page)
    named = set(_labelled(page))
    for field in _fields(page):
        is_named = field in named or field.get("aria-label") or field.get("aria-labelledby")
        assert is_named, f"no label for {_shown(field)}"
    for thing in page.iter("img"):
        assert thing.get("alt") is not None, f"no alternative text: {_shown(thing)}"
    for thing in (*page.iter("button"), *page.iter("a"), *page.iter("summary")):
        assert _says_something(thing), f"nothing to read or hear: {_shown(thing)}"
    for thing in page.iter("meta"):
        if thing.get("name") == "viewport":
            assert "user-scalable" not in thing.get("content", ""), "zoom is never forbidden"
            assert "maximum-scale" not in thing.get("content", ""), "zoom is never forbidden"
    _levels(page)
    if page.get("lang") == "sv":
        found = ENGLISH.search(_readable(page))
        assert not found, f"«{found.group(0)}» on a Swedish page: …{_around(found)}…"  # type: ignore[union-attr]


def _around(found: re.Match[str]) -> str:
    return found.string[max(0, found.start() - 60) : found.end() + 60]


def _nothing_inline(page: Element) -> None:
    for thing in page.iter():
        if not isinstance(thing.tag, str):
            continue
        assert thing.get("style") is None, f"inline style: {_shown(thing)}"
        events = [name for name in thing.attrib if name.startswith("on")]
        assert not events, f"inline script: {_shown(thing)}"
        assert thing.tag != "style", "no <style>"
        if thing.tag == "script":
            is_data = thing.get("type") in ("application/json", "application/ld+json", "importmap")
            assert thing.get("src") or is_data, "no inline script"
        for name in ("href", "src", "action", "formaction"):
            assert not (thing.get(name) or "").lower().startswith(("javascript:", "data:text")), _shown(thing)


def _ids(page: Element) -> None:
    ids = Counter(name for thing in page.iter() if (name := thing.get("id")) is not None)
    twice = sorted(name for name, count in ids.items() if count > 1)
    assert not twice, f"ids used twice: {twice}"
    for thing in page.iter():
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list", "form"):
            for wanted in (thing.get(name) or "").split():
                assert wanted in ids, f"{name} leads to no id «{wanted}»: {_shown(thing)}"
        target = str(thing.get("href") or "")
        if thing.tag == "a" and target.startswith("#") and len(target) > 1:
            assert target[1:] in ids, f"a link to no id: {_shown(thing)}"


HEADS = ("h1", "h2", "h3", "h4", "h5", "h6")


def _levels(page: Element) -> None:
    before = 0
    for thing in page.iter():
        if thing.tag in HEADS:
            level = HEADS.index(str(thing.tag)) + 1
            assert level <= before + 1 or before == 0, f"from h{before} to h{level}: «{_text(thing)}»"
            before = level


def _fields(page: Element) -> Iterator[Element]:
    for thing in page.iter():
        if thing.tag in ("select", "textarea") or (
            thing.tag == "input" and thing.get("type") not in ("hidden", "submit", "button", "image", "reset")
        ):
            yield thing


def _labelled(page: Element) -> Iterator[Element]:
    """The fields that a label with words in it names."""
    by_id = {name: thing for thing in _fields(page) if (name := thing.get("id"))}
    for label in page.iter("label"):
        if _text(label):
            yield from label.iter()
            if (named := by_id.get(label.get("for") or "")) is not None:
                yield named


def _says_something(thing: Element) -> bool:
    if _text(thing) or thing.get("aria-label") or thing.get("aria-labelledby"):
        return True
    return any(inner.get("alt") for inner in thing.iter("img"))


def _text(thing: Element) -> str:
    return " ".join("".join(thing.itertext()).split())


def _readable(page: Element) -> str:
    """What a reader of the page's own language meets: no scripts, no parts marked as another language."""
    parts: list[str] = []

    def gather(thing: Element) -> None:
        if thing.tag in ("script", "code", "bdi") or not isinstance(thing.tag, str):
            pass
        elif thing.get("lang", page.get("lang")) == page.get("lang"):
            parts.append(thing.text or "")
            parts.extend(thing.get(name) or "" for name in ("title", "alt", "aria-label", "placeholder"))
            for inner in thing:
                gather(inner)
                parts.append(inner.tail or "")

    gather(page)
    return " ".join(" ".join(parts).split())


def _shown(thing: Element) -> str:
    return f"<{thing.tag} {' '.join(f'{name}={value!r}' for name, value in thing.attrib.items())}> {_text(thing)[:60]}"


class _Faults(logging.Handler):
    """Remembers the latest unexpected error of the house, so that a failing test can say what it was."""

    def __init__(self) -> None:
        super().__init__()
        self.latest = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            frames = traceback.extract_tb(record.exc_info[2])
            places = " < ".join(
                f"{frame.filename.rpartition('/site-packages/')[2]}:{frame.lineno}"
                for frame in reversed(frames[-4:])
            )
            self.latest = f"{record.exc_info[0].__name__}: {record.exc_info[1]} ({places})"  # type: ignore[union-attr]


FAULTS = _Faults()
logging.getLogger("choir.errors").addHandler(FAULTS)


class Visitor:
    """A browser without a window. Every step says what status it expects, and every page is inspected."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.answer: TestResponse | None = None
        self.path = "/"
        self._token: str | None = None

    @property
    def html(self) -> str:
        """The page that the visitor is looking at."""
        assert self.answer is not None, "open a page first"
        return self.answer.get_data(as_text=True)

    @property
    def json(self) -> Any:
        """What an answer in JSON says."""
        assert self.answer is not None, "open a page first"
        return self.answer.get_json()

    @property
    def text(self) -> str:
        """What can be read on the page, without its tags."""
        return _readable(self.tree)

    @property
    def tree(self) -> Element:
        """The page as elements, for a test that looks for one."""
        return read(self.html)

    def signs_in(self, account: Account) -> "Visitor":
        """Come back as this person, signed in, without the time that a password takes."""
        token = secrets.token_urlsafe(32)
        db.session.add(
            SignIn(
                token_hash=sha256(token.encode()).hexdigest(),
                account=account,
                expires_at=clock.now() + timedelta(days=30),
                device="Firefox på Linux",
            )
        )
        db.session.commit()
        self.leaves()
        with self.client.session_transaction() as kept:
            kept["_user_id"] = token
            kept["_fresh"] = True
        return self

    def leaves(self) -> "Visitor":
        """Forget everything that the browser kept."""
        self.client = self.app.test_client()
        self._token = None
        return self

    def opens(self, path: str, status: int = 200, **more: Any) -> "Visitor":
        """Open a page; a redirect is not followed, so that a test can expect it."""
        return self._asks(lambda: self.client.get(path, **more), path, status)

    def sends(self, path: str, status: int = 303, /, **fields: Any) -> "Visitor":
        """Send a form with the token that was seen last. After a 303 the visitor stands on the page it led to."""
        data = {name: _typed(value) for name, value in fields.items() if value is not None}
        data.setdefault("csrf_token", self._token or self._a_token())
        self._asks(lambda: self.client.post(path, data=data), path, status)
        assert self.answer is not None
        for _hop in range(4):
            if self.answer.status_code != 303:
                break
            onwards = urlsplit(urljoin(self.path, self.answer.headers["Location"]))
            leads_to = onwards.path + (f"?{onwards.query}" if onwards.query else "")
            self._asks(lambda there=leads_to: self.client.get(there), leads_to, None)
        return self

    def sees(self, *texts: str) -> "Visitor":
        """All these texts can be read on the page."""
        said = self.text
        for text in texts:
            assert text in said, f"«{text}» is not on the page: {said}"
        return self

    def misses(self, *texts: str) -> "Visitor":
        """None of these texts can be found on the page, not even in its tags."""
        for text in texts:
            assert text not in self.html, f"«{text}» is on the page"
        return self

    def _asks(self, ask: Callable[[], TestResponse], path: str, status: int | None) -> "Visitor":
        db.session.commit()  # what makers made is seen, and nobody waits for the test's own transaction
        self.answer, self.path = _as_from_outside(ask), path
        body = self.html if (self.answer.mimetype or "").startswith("text/") else ""
        self.answer.close()
        because = f", {FAULTS.latest}" if self.answer.status_code >= 500 else ""
        is_expected = self.answer.status_code == status if status else self.answer.status_code in (200, 303)
        assert is_expected, f"{path}: {self.answer.status} instead of {status or 200}{because}\n{body[:6000]}"
        if self.answer.mimetype == "text/html" and body and not 300 <= self.answer.status_code < 400:
            inspect(body)
            if seen := re.search(r'name="csrf_token"[^>]*?value="([^"]+)"', body):
                self._token = seen.group(1)
        return self

    def _a_token(self) -> str:
        """A token for somebody who has seen no form yet: what is tried then is the door, not the token."""
        with self.client.session_transaction() as kept:
            kept.setdefault("csrf_token", secrets.token_hex(20))
            seed = kept["csrf_token"]
        return str(URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token").dumps(seed))


def _as_from_outside(ask: Callable[[], TestResponse]) -> TestResponse:
    """Ask with no application context around: the request must get a database session of its own."""

    def outside() -> TestResponse:
        _cv_app.set(None)  # type: ignore[arg-type]  # in this copy of the context only
        return ask()

    return copy_context().run(outside)


def outside(ask: Callable[[], TestResponse]) -> TestResponse:
    """Ask as a visitor does, for a test that looks at the answer itself: what makers made is seen."""
    db.session.commit()
    return _as_from_outside(ask)


def _typed(value: Any) -> Any:
    """How a person would have filled in a value."""
    if isinstance(value, list | set | frozenset):
        return [_typed(one) for one in value]
    if isinstance(value, datetime):
        return clock.local(value).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "y" if value else ""
    if isinstance(value, UUID | int | float):
        return str(value)
    return value
