"""One line of JSON for each request and each fault, with a request id and no personal data.

A kept page that is given again (foundation/kept_pages.py) writes no line.

The line names the route, never the address that was asked for: an address may hold a name.
"""

import json
import logging
import sys
import time
from datetime import UTC, datetime
from uuid import uuid4

from flask import Flask, Response, g, has_request_context, request


class JsonLines(logging.Formatter):
    """Writes a log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "say": record.getMessage(),
        }
        if has_request_context():
            line["request"] = g.get("request_id")
            line["route"] = str(request.url_rule) if request.url_rule else None
        line.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[0]:
            line["fault"] = record.exc_info[0].__name__
            line["where"] = _where(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _where(exc_info: object) -> list[str]:
    """The path of a fault through our files: places only, since messages may hold what people typed."""
    places: list[str] = []
    trace = exc_info[2] if isinstance(exc_info, tuple) else None
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('choir_app/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-12:]


def keep(app: Flask) -> None:
    """Number every request and write a line when it has been answered."""
    root = logging.getLogger("choir")
    if not root.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        root.propagate = False
    log = logging.getLogger("choir.requests")

    @app.before_request
    def number_it() -> None:
        g.request_id = uuid4().hex[:12]
        g.began = time.perf_counter()

    @app.after_request
    def write_it_down(response: Response) -> Response:
        took = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
        facts = {"method": request.method, "status": response.status_code, "ms": took}
        response.headers["X-Request-Id"] = g.get("request_id", "")
        log.info("answered", extra={"facts": facts})
        return response
