"""One JSON line for each request and each thing gone wrong, never with what somebody typed.

So: the route and not the address, no query string, no form, no exception message (a message can quote
its input), and of other people's log records the wording without its arguments.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from lms.web.access import actor_or_none

log = logging.getLogger("lms.web")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        own = record.name.partition(".")[0] == "lms"
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage() if own else str(record.msg),
        }
        if has_request_context() and "request_id" in g:
            line["request"] = g.request_id
        line.update(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-12:]
            ]
        return json.dumps(line, ensure_ascii=False)


class StandardError(logging.Handler):
    """Writes to what is standard error at that moment, so that a process may redirect it."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"{self.format(record)}\n")
        sys.stderr.flush()


def install(app: Flask, level: str) -> None:
    handler = StandardError()
    handler.setFormatter(JsonLines())
    handler.set_name("lms")
    root = logging.getLogger()
    root.handlers = [h for h in root.handlers if h.get_name() != "lms"]
    root.addHandler(handler)
    logging.getLogger("lms").setLevel(level)
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint != "static":
        log.info("request", extra={"facts": _facts(response)})
    return response


def _facts(response: Response) -> dict[str, Any]:
    actor = None if g.get("broken") else actor_or_none()
    return {
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
        "person": actor.user_id if actor else None,
    }
