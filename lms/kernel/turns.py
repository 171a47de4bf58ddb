"""Whose turn it is to write on SQLite.

SQLite lets one writer in at a time, and its own waiting (sleep and try again) favors newcomers: under load
some wait a hundred times longer than others. So writers stand in line first: in order of arrival within a
process, and on a locked file between processes. PostgreSQL needs none of this.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection, Engine


class Line:
    """A lock that is handed over in order of arrival. `threading.Lock` lets a newcomer overtake."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def enter(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


_lines: dict[str, Line] = {}
_lines_guard = threading.Lock()


def _forget_lines() -> None:
    """After a fork nobody of the parent's is in line."""
    global _lines_guard
    _lines_guard = threading.Lock()
    _lines.clear()


os.register_at_fork(after_in_child=_forget_lines)


@contextmanager
def write_turn(bind: Engine | Connection) -> Iterator[None]:
    """Hold the right to write to this database; at once on PostgreSQL."""
    if bind.dialect.name != "sqlite":
        yield
        return
    path = bind.engine.url.database or ":memory:"
    with _lines_guard:
        line = _lines.setdefault(path, Line())
    line.enter()
    try:
        if path == ":memory:":
            yield
            return
        # Opened anew each time: a descriptor shared with a forked process would share its lock too.
        descriptor = os.open(f"{path}.turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
    finally:
        line.leave()
