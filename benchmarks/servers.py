"""The two servers that a benchmark compares: the house with the demo network, and a bare Flask that says hello."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.request import urlopen

from flask import Flask

from choir_app.foundation.doorway import Doorway
from choir_app.foundation.settings import PROJECT, Settings, read_settings
from choir_app.serve import server_command

TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 300
"""Seconds until a server must answer: telling the demo network takes a minute on a busy machine."""


def hello() -> Doorway:
    """The least that Flask can do."""
    app = Flask("hello", static_folder=None)
    app.add_url_rule("/", "hello", lambda: "hello")
    return Doorway(app, largest=0)


def free_port() -> int:
    """A port that nobody listens on, lower than those that machines give to whoever calls another.

    A house sets itself in order for a while before it listens; nobody is to be given its port meanwhile.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    process: subprocess.Popen[bytes]
    settings: Settings
    environment: dict[str, str]

    def cpu_seconds(self) -> float:
        """How long its processes have computed so far."""
        return cpu_seconds_of(self.process.pid)


def cpu_seconds_of(group: int) -> float:
    """How long the processes of a group have computed so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


@contextmanager
def the_house() -> Iterator[Running]:
    """The product as bin/run starts it, with the demo network in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="choir-bench-") as folder:
        more = {"CHOIR_DATA_DIR": folder, "PORT": str(free_port()), "HOST": "127.0.0.1", "CHOIR_DEMO": "1"}
        for name in ("DATABASE_URL", "CHOIR_URL", "SMTP_HOST"):
            more[name] = ""
        with _started(["-m", "choir_app.serve"], more, "/healthz") as running:
            yield running


@contextmanager
def bare_flask() -> Iterator[Running]:
    """Flask's hello under the same server with the same settings."""
    with tempfile.TemporaryDirectory(prefix="choir-bench-") as folder:
        more = {"CHOIR_DATA_DIR": folder, "PORT": str(free_port()), "HOST": "127.0.0.1"}
        command = server_command(read_settings({**os.environ, **more}), "benchmarks.servers:hello")
        with _started(command, more, "/") as running:
            yield running


@contextmanager
def _started(command: list[str], more: dict[str, str], answers_at: str) -> Iterator[Running]:
    environment = {**os.environ, **more}
    url = f"http://127.0.0.1:{more['PORT']}{answers_at}"
    with started(
        [sys.executable, *command], environment, PROJECT, url, read_settings(environment)
    ) as running:
        yield running


@contextmanager
def started(
    command: list[str], environment: dict[str, str], folder: Path, answers_at: str, settings: Settings
) -> Iterator[Running]:
    """A server from the moment when it answers until it is no longer needed. Why it does not answer is told."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
        try:
            _wait(process, answers_at, said)
            yield Running(process, settings, environment)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], url: str, said: IO[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended before it answered: {_end_of(said)}")
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server does not answer: {_end_of(said)}")


def _end_of(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read()[-2_000:].decode(errors="replace").strip() or "it said nothing"
