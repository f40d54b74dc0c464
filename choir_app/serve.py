"""The production server: sets the house in order, says where it is, and opens it until somebody says stop.

`bin/run` starts it as `python -m choir_app.serve`; each server process opens its own house by `open_house`.
"""

import errno
import os
import socket
import sys

from flask.cli import ScriptInfo
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from choir_app import LARGEST_REQUEST, create_app
from choir_app.foundation.caretaker import employ_caretaker
from choir_app.foundation.doorway import Doorway
from choir_app.foundation.mail import employ_postman
from choir_app.foundation.settings import Settings, WrongSetting, read_settings
from choir_app.foundation.tally import employ_teller

SLOWEST_HEADERS = 10_000
"""Milliseconds that a visitor may take to say what they want."""
LAST_ANSWERS = 5
"""Seconds that a process gets to finish its answers when the house closes."""


def open_house() -> Doorway:
    """The application as one server process runs it, with a postman, a caretaker and a teller of its own."""
    app = create_app()
    employ_postman(app)
    employ_caretaker(app)
    teller = employ_teller(app)
    return Doorway(app, largest=LARGEST_REQUEST, at_end=teller.dismiss)


def main() -> None:
    """Set up and serve until Ctrl-C. What is set wrongly ends it with one sentence."""
    try:
        settings = read_settings()
        _find_the_address_free(settings)
        _set_up(settings)
    except WrongSetting as wrong:
        sys.exit(str(wrong))
    sys.stdout.flush()
    _serve(settings)


def _find_the_address_free(settings: Settings) -> None:
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except socket.gaierror as fault:
        raise WrongSetting(f"HOST: {settings.host!r} is not an address of this machine.") from fault
    except OSError as fault:
        raise WrongSetting(_why_not_there(settings, fault.errno)) from fault


def _why_not_there(settings: Settings, reason: int | None) -> str:
    if reason == errno.EADDRINUSE:
        return f"PORT: something already listens on port {settings.port}; stop it or choose another port."
    if reason == errno.EACCES:
        return f"PORT: only root may listen on port {settings.port}; choose one from 1024."
    return f"HOST: {settings.host!r} is not an address of this machine."


def _set_up(settings: Settings) -> None:
    try:
        where = make_url(settings.database_url).render_as_string(hide_password=True)
    except (ArgumentError, ValueError) as fault:
        raise WrongSetting(
            "DATABASE_URL cannot be read; it looks like postgresql://user:word@host/name."
        ) from fault
    try:
        app = create_app(settings)
        with app.app_context():
            app.cli.main(["set-up"], standalone_mode=False, obj=ScriptInfo(create_app=lambda: app))
    except SQLAlchemyError as fault:
        said = str(getattr(fault, "orig", None) or fault).strip().splitlines()[0]
        raise WrongSetting(f"DATABASE_URL: the database {where} cannot be used ({said}).") from fault


def server_command(settings: Settings, house: str = "choir_app.serve:open_house") -> list[str]:
    """How Python is told to serve a house: as many processes as cores, each answering one request at a time."""
    options = {
        "interface": "rsgi",
        "host": settings.host,
        "port": settings.port,
        "workers": settings.workers,
        "http": "1",
        "loop": "asyncio",
        "http1-header-read-timeout": SLOWEST_HEADERS,
        "workers-kill-timeout": LAST_ANSWERS,
        "log-level": "warning",
    }
    given = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    return ["-m", "granian", *given, "--no-ws", "--factory", "--respawn-failed-workers", house]


def _serve(settings: Settings) -> None:
    """Become the server, so that what only the set-up needed leaves the memory."""
    command = [sys.executable, *server_command(settings)]
    os.execv(sys.executable, command)  # noqa: S606 - the same Python, no shell


if __name__ == "__main__":
    main()
