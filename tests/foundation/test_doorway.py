"""The doorway lets a request in when all of it has arrived, and keeps nobody waiting for one that does not."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest

from choir_app.foundation import doorway
from choir_app.foundation.database import sqlite_driver
from choir_app.foundation.doorway import Doorway
from choir_app.foundation.settings import PROJECT
from tests.visitor import Visitor, inspect, outside


def in_a_loop_of_its_own(doing: Coroutine[Any, Any, None]) -> None:
    """Run it in another thread, since the browser of other tests keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, doing).result()


class Protocol:
    """What the server hands over: parts of a body, each after some time, and a place for the answer."""

    def __init__(self, *parts: bytes, pause: float = 0, breaks: bool = False) -> None:
        self.parts, self.pause, self.breaks = parts, pause, breaks
        self.answer: tuple[int, list[tuple[str, str]], bytes] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            await asyncio.sleep(self.pause)
            yield part
        if self.breaks:
            raise RuntimeError("they left")

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answer = (status, headers, body)


def asked(protocol: Protocol, *, largest: int = 100, **more: Any) -> dict[str, Any]:
    """What the house is asked; empty when it is not."""
    seen: dict[str, Any] = {}

    def house(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start("200 OK", [("X", "y")])
        return [b"a", b"b"]

    scope = SimpleNamespace(
        **{
            "method": "POST",
            "path": "/körer",
            "query_string": "a=b",
            "server": "127.0.0.1:80",
            "client": "[::1]:1234",
            "scheme": "http",
            "http_version": "1.1",
            "headers": {},
            **more,
        }
    )
    door = Doorway(house, largest=largest)
    in_a_loop_of_its_own(door.__rsgi__(scope, protocol))
    assert door.held == 0
    return seen


def test_the_house_is_asked_as_wsgi_says() -> None:
    protocol = Protocol(b"ett", b" ord")
    headers = {"content-type": "text/plain", "host": "kor", "x-forwarded-for": "1.2.3.4"}
    seen = asked(protocol, headers=headers | {"x_forwarded_for": "6.6.6.6"})
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/körer"
    assert seen["REMOTE_ADDR"] == "::1"
    assert seen["CONTENT_TYPE"] == "text/plain"
    assert seen["HTTP_X_FORWARDED_FOR"] == "1.2.3.4"
    assert seen["body"] == b"ett ord"
    assert protocol.answer == (200, [("X", "y")], b"ab")


def test_who_sends_nothing_any_more_is_waited_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorway, "PATIENCE", 0.05)
    assert asked(Protocol(b"a", b"b", pause=0.02))["body"] == b"ab"
    assert asked(Protocol(b"a", b"b", pause=0.2))["choir.refused"] == 408


def test_who_sends_drop_by_drop_is_waited_for_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorway, "LONGEST", 0.05)
    assert asked(Protocol(*[b"a"] * 20, pause=0.01))["choir.refused"] == 408


def test_too_much_is_not_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(Protocol(b"a" * 101))["choir.refused"] == 413
    monkeypatch.setattr(doorway, "MOST_HELD", 10)
    assert asked(Protocol(b"a" * 11))["choir.refused"] == 503


def test_who_leaves_is_not_answered() -> None:
    protocol = Protocol(b"a", breaks=True)
    assert asked(protocol) == {}
    assert protocol.answer is None


def test_a_fault_below_the_house_shows_nothing_of_what_was_typed() -> None:
    def broken(_environ: Any, _start: Any) -> Iterable[bytes]:
        raise ValueError("Hodan")

    protocol = Protocol()
    scope = SimpleNamespace(
        method="GET", path="/", query_string="", server="a:1", client="b:2", scheme="http", http_version="1.1"
    )
    scope.headers = {}
    in_a_loop_of_its_own(Doorway(broken, largest=1).__rsgi__(scope, protocol))
    assert protocol.answer
    assert protocol.answer[0] == 500
    assert b"Hodan" not in protocol.answer[2]


@pytest.mark.parametrize(
    ("status", "words"),
    [(408, "Uppkopplingen är svag."), (413, "mindre än 20 megabyte"), (503, "Försök igen")],
)
def test_the_house_says_what_to_do(visitor: Visitor, status: int, words: str) -> None:
    refused = {"choir.refused": status}
    answer = outside(lambda: visitor.client.post("/logga-in", environ_overrides=refused))
    assert answer.status_code == status
    inspect(answer.get_data(as_text=True))
    assert words in answer.get_data(as_text=True)


@dataclass(frozen=True)
class Running:
    """The house as bin/run starts it, with one server process."""

    port: int
    process: subprocess.Popen[bytes]
    folder: Path


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A house that answers on a port of its own, until a test closes it."""
    folder = tmp_path_factory.mktemp("running")
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        number = tried.getsockname()[1]
    more = {"CHOIR_DATA_DIR": str(folder), "PORT": str(number), "CHOIR_DEMO": "0", "WORKERS": "1"}
    environment = {**os.environ, **more, "DATABASE_URL": "", "CHOIR_URL": "", "HOST": "127.0.0.1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "choir_app.serve"],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 90
        while time.monotonic() < until and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", number), timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield Running(number, process, folder)
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_slow_telephones_keep_nobody_waiting(running: Running) -> None:
    port = running.port
    kind = "application/x-www-form-urlencoded"
    head = f"POST /logga-in HTTP/1.1\r\nHost: kor\r\nContent-Type: {kind}\r\nContent-Length: 100"
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(30)]
    try:
        for line in lines:
            line.sendall(f"{head}\r\n\r\nemail=a".encode())
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert answer.status == 200
    finally:
        for line in lines:
            line.close()


def test_what_was_counted_is_written_down_when_the_house_closes(running: Running) -> None:
    for _opening in range(3):
        urlopen(f"http://127.0.0.1:{running.port}/nyheter.xml", timeout=10).close()
    running.process.terminate()
    running.process.wait(timeout=30)
    kept = sqlite_driver().connect(running.folder / "choir.sqlite3")
    try:
        assert kept.execute("SELECT kind, count FROM day_counts").fetchall() == [("feed", 3)]
    finally:
        kept.close()
