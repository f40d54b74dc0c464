"""Between the server and the house: whoever asks is let in when all that they send has arrived.

The server waits for a body without holding a process, so a slow telephone, or somebody who is slow on purpose, keeps
nobody else waiting. The house itself stays a plain WSGI application that answers one request at a time.
Source: the RSGI specification of Granian.
"""

import asyncio
import io
import logging
import sys
from collections.abc import Callable, Iterable
from typing import Any

log = logging.getLogger("choir.errors")

PATIENCE = 30.0
"""Seconds without a single byte after which we stop waiting."""
LONGEST = 300.0
"""Seconds that the whole of a body may take."""
MOST_HELD = 200 * 1024 * 1024
"""Bytes of bodies on their way that one process holds at the same time."""
WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})

Start = Callable[..., Any]


class Doorway:
    """A WSGI application as Granian's RSGI asks it.

    `largest` is the most bytes of a body that are waited for, `at_end` what is done when the process is asked to end.
    """

    def __init__(
        self,
        app: Callable[[dict[str, Any], Start], Iterable[bytes]],
        *,
        largest: int,
        at_end: Callable[[], None] = lambda: None,
    ) -> None:
        self.app = app
        self.largest = largest
        self.at_end = at_end
        self.held = 0

    def __rsgi_del__(self, _loop: Any) -> None:
        """Close the door behind the last answer."""
        self.at_end()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.method in WITHOUT_BODY:
            self._answer(_environ(scope, b""), protocol)
            return
        parts: list[bytes] = []
        try:
            refused = await self._gather(protocol, parts)
            environ = _environ(scope, b"".join(parts))
            if refused:
                environ["choir.refused"] = refused
        except (RuntimeError, OSError):
            return  # they left before they had sent it all
        finally:
            self.held -= sum(map(len, parts))
        self._answer(environ, protocol)

    async def _gather(self, protocol: Any, parts: list[bytes]) -> int | None:
        """Collect the body; gives the status to refuse it with, if it comes too slowly or is too much."""
        clock = asyncio.get_running_loop().time
        last, size = clock() + LONGEST, 0
        try:
            async with asyncio.timeout(PATIENCE) as patience:
                async for part in protocol:
                    parts.append(part)
                    size += len(part)
                    self.held += len(part)
                    if size > self.largest or self.held > MOST_HELD:
                        return 413 if size > self.largest else 503
                    patience.reschedule(min(clock() + PATIENCE, last))
        except TimeoutError:
            return 408
        return None

    def _answer(self, environ: dict[str, Any], protocol: Any) -> None:
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Callable[..., None]:
            told[:] = [int(status[:3]), headers]
            return lambda _: None

        try:
            chunks = self.app(environ, start)
            body = b"".join(chunks)
            getattr(chunks, "close", lambda: None)()
        except Exception:  # the server's own log would show what was typed
            log.exception("unexpected")
            told, body = [500, [("Content-Type", "text/plain; charset=utf-8")]], b"500"
        protocol.response_bytes(told[0], told[1], body)


def _environ(scope: Any, body: bytes) -> dict[str, Any]:
    host, _colon, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # it would pass for the one with a hyphen, which a proxy in front may have set
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        between = "; " if key == "HTTP_COOKIE" else ", "
        environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    return environ
