"""A real Chromium in front of a real server, with the demo network in the database.

    browse(account=…, width=390, theme="light", javascript=True)   a new window on the house; several may be open
    axe(page)            fails on any accessibility problem that axe-core sees
    the_clock            stands still for the server too; the browser's own clock runs on from there

Every window fails its test when a page asks another host for something, breaks the content security policy, or
throws a script error. Each test begins with the demo network as it was loaded.
"""

import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright
from sqlalchemy import Engine, select
from werkzeug.serving import BaseWSGIServer, make_server

from choir_app.accounts.models import Account, SignIn
from choir_app.foundation import clock, fonts
from choir_app.foundation.database import db, sqlite_driver
from tests.conftest import NOW, a_house, empty_copy, make_tables
from tests.kept_demo import keep_a_copy, put_in_demo_network

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HEIGHTS = {320: 700, 390: 844, 768: 1024, 1280: 900, 1920: 1080}
PATIENCE = 10_000
"""Milliseconds that a page may take; the machine may be busy with other tests."""


GOES = int(os.environ.get("CHOIR_TEST_GOES", "3"))
"""How often a browser test may try on a machine that is busy with other things; the last lines name what needed more
than one go. `CHOIR_TEST_GOES=1` is how one looks for races."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=GOES - 1))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright itself."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests of this process: Debian's, nothing is downloaded."""
    path = os.environ.get("CHOIR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.fail("Chromium is missing: run «bin/test browser», or apt-get install chromium")
    browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
    yield browser
    browser.close()


class LiveHouse:
    """The house, listening on a port of this machine."""

    def __init__(self, folder: Path, run: Path) -> None:
        fonts.make_fonts(folder / "fonts")
        self.server: BaseWSGIServer = make_server("127.0.0.1", 0, Flask("none"), threaded=True)
        self.app = a_house(
            f"sqlite:///{folder / 'choir.sqlite3'}",
            folder,
            PORT=str(self.server.port),
            CHOIR_DEMO="1",
        )
        self.server.app = self.app
        self.url = f"http://127.0.0.1:{self.server.port}"
        self._load(run)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _load(self, run: Path) -> None:
        with self.app.app_context(), clock.set_to(NOW):
            make_tables(db.engine)
            put_in_demo_network(run)
            keep_a_copy(db.engine, empty_copy(db.engine))

    def begin_again(self) -> None:
        """Put the demo network back as it was loaded."""
        with self.app.app_context():
            put_back(db.engine)
            pages = self.app.extensions["kept_pages"]
            pages.forget()
            pages.version, pages.looked_at = None, 0.0

    def cookie_of(self, account: Account) -> dict[str, Any]:
        """What the browser of somebody who has signed in brings."""
        token = secrets.token_urlsafe(32)
        db.session.add(
            SignIn(
                token_hash=sha256(token.encode()).hexdigest(),
                account_id=account.id,
                began_at=clock.now(),
                seen_at=clock.now(),
                expires_at=clock.now() + timedelta(days=30),
                device="Chrome på Android",
            )
        )
        db.session.commit()
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        value = serializer.dumps({"_user_id": token, "_fresh": True})
        return {"name": self.app.config["SESSION_COOKIE_NAME"], "value": value, "url": self.url}

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()
        with self.app.app_context():
            db.engine.dispose()


def put_back(engine: Engine) -> None:
    """Write the kept copy over the database page by page, as SQLite's own backup does.

    The file itself stays: a page of the test before may still be answered on an open connection.
    """
    engine.dispose()
    path = Path(engine.url.database or "")
    sqlite = sqlite_driver()
    kept, live = sqlite.connect(empty_copy(engine)), sqlite.connect(path, timeout=20)
    try:
        live.execute("PRAGMA synchronous=OFF")
        kept.backup(live)
    finally:
        live.close()
        kept.close()


@pytest.fixture(scope="session")
def open_house(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[LiveHouse]:
    """The server of this test process."""
    house = LiveHouse(tmp_path_factory.mktemp("live"), shared)
    yield house
    house.close()


class TheClockOfAll:
    """The clock of the house, standing still in every thread, so for the server too."""

    def __init__(self) -> None:
        self._settings = ExitStack()
        self.set_to(NOW)

    def set_to(self, moment: Any) -> None:
        """Let it stand at another moment."""
        self._settings.close()
        self._settings.enter_context(clock.set_to(moment, everywhere=True))

    def start_again(self) -> None:
        """Let it run."""
        self._settings.close()


@pytest.fixture(autouse=True)
def the_clock() -> Iterator[TheClockOfAll]:
    """The clock, at 18.00 in Sweden on Tuesday 16 June 2026, for the server and the test."""
    standing = TheClockOfAll()
    yield standing
    standing.start_again()


@pytest.fixture
def live(open_house: LiveHouse, the_clock: TheClockOfAll) -> Iterator[LiveHouse]:
    """The server with the demo network; the test stands inside its application context."""
    open_house.begin_again()
    with open_house.app.app_context():
        yield open_house
        db.session.rollback()


def account_of(email: str) -> Account:
    """A person of the demo network by their address."""
    account = db.session.execute(select(Account).where(Account.email == email)).scalar_one()
    db.session.commit()
    return account


class Watch:
    """Notes what must never happen in a window."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.faults: list[str] = []
        self.expected: list[str] = []
        context.on("request", lambda request: self._asked(request.url))
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc != self.host:
            self.faults.append(f"asked another host: {url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} ({message.location['url']})")

    def check(self) -> None:
        """Fail when something happened that the test did not say it would cause."""
        left = [fault for fault in self.faults if not any(part in fault for part in self.expected)]
        assert left == [], "\n".join(left)


Browse = Callable[..., Page]


@pytest.fixture
def browse(live: LiveHouse, chromium: Browser) -> Iterator[Browse]:
    """Opens windows on the house; `page.goto("/nyheter")` is enough of an address.

    A test that provokes errors in the console says so: `page.watch.expected.append("422")`.
    """
    contexts: list[tuple[BrowserContext, Watch]] = []

    def window(
        account: Account | str | None = None,
        *,
        width: int = 390,
        theme: Literal["light", "dark"] = "light",
        javascript: bool = True,
        language: str = "sv-SE",
        **more: Any,
    ) -> Page:
        context = chromium.new_context(
            base_url=live.url,
            viewport={"width": width, "height": HEIGHTS.get(width, 800)},
            color_scheme=theme,
            java_script_enabled=javascript,
            locale=language,
            timezone_id="Europe/Stockholm",
            has_touch=width < 768,
            **more,
        )
        context.set_default_timeout(PATIENCE)
        watch = Watch(context, live.url)
        contexts.append((context, watch))
        if account is not None:
            person = account_of(account) if isinstance(account, str) else account
            context.add_cookies([live.cookie_of(person)])  # type: ignore[list-item]
        page = context.new_page()
        if javascript:
            page.clock.install(time=clock.now())
        page.watch = watch  # type: ignore[attr-defined]
        return page

    yield window
    for context, _watch in contexts:
        context.close()
    for _context, watch in contexts:
        watch.check()


DECIDED_BY_US: dict[tuple[str, str], str] = {
    ("color-contrast", "<select "): "its arrow is drawn as a gradient; the text stands on a plain token",
    (
        "color-contrast",
        "<text ",
    ): "letters in our own drawings stand on tokens whose contrast test_tokens.py computes",
    ("color-contrast", "board-stages"): "a stage that is scrolled half out of the row, likewise",
    (
        "color-contrast",
        "sub-tabs",
    ): "a tab that is scrolled half out of the row; the others of the row are measured",
}
"""What axe-core cannot decide by itself, by rule and a part of the element or its place, and why it is right here."""


def axe(page: Page) -> None:
    """Fail on every problem that axe-core sees, and on every question it leaves open without an answer of ours."""
    found = axe_problems(page)
    assert not found, f"{page.url}:\n" + "\n".join(found)


def axe_problems(page: Page) -> list[str]:
    """What axe-core objects to on a page, in words."""
    told = Axe().run(page, options={"resultTypes": ["violations", "incomplete"]}).response
    open_questions = [
        {**question, "nodes": nodes}
        for question in told["incomplete"]
        if (nodes := [node for node in question["nodes"] if not _is_decided(page, question["id"], node)])
    ]
    return [
        *map(_in_words, told["violations"]),
        *(f"open question, {_in_words(one)}" for one in open_questions),
    ]


def _is_decided(page: Page, rule: str, node: dict[str, Any]) -> bool:
    around = page.evaluate(
        "path => document.querySelector(path)?.closest('nav')?.className ?? ''", node["target"][0]
    )
    return any(rule == known and part in f"{node['html']} {around}" for known, part in DECIDED_BY_US)


def _in_words(problem: dict[str, Any]) -> str:
    nodes = [
        f"    {node['html'][:200]}\n      {node.get('failureSummary', '')}" for node in problem["nodes"][:5]
    ]
    return f"{problem['id']}: {problem['help']}\n" + "\n".join(nodes)


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def until(page: Page, true: Callable[[], bool], milliseconds: int = 30_000) -> None:
    """Wait for a state, not for words; the page's own events go on meanwhile."""
    end = time.monotonic() + milliseconds / 1000
    while not true():
        assert time.monotonic() < end, "it does not come about"
        page.wait_for_timeout(100)
