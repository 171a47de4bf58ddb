"""A load generator in one thread: keep-alive connections, each with one request under way at a time.

It only ever speaks to 127.0.0.1, and every run ends by count or by the clock.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

HOST = "127.0.0.1"
ANSWER_TIMEOUT = 60.0


@dataclass
class Run:
    """What a run saw. `times`: seconds of each answer; `wrong`: answers with a status not expected."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    wrong: dict[int, int] = field(default_factory=dict)
    body_bytes: int = 0
    locations: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return len(self.times)

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds that `share` of the answers took at most."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


Requests = Callable[[int, int], bytes]
"""(client, turn) -> the bytes of the next request of that client."""


class _Client:
    __slots__ = ("answer", "began", "need", "number", "socket", "turn")

    def __init__(self, number: int, port: int) -> None:
        self.number, self.turn = number, 0
        self.socket = socket.create_connection((HOST, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answer, self.need, self.began = bytearray(), 0, 0.0

    def send(self, requests: Requests) -> None:
        data = requests(self.number, self.turn)
        self.turn += 1
        self.answer.clear()
        self.need = 0
        self.began = time.perf_counter()
        self.socket.sendall(data)


def run(
    port: int,
    clients: int,
    requests: Requests,
    *,
    count: int | None = None,
    seconds: float | None = None,
    expect: tuple[int, ...] = (200,),
) -> Run:
    """`clients` connections, until `count` requests were answered or `seconds` have passed."""
    if count is None and seconds is None:
        raise ValueError("a run needs an end")
    seen = Run()
    selector = selectors.DefaultSelector()
    everybody = [_Client(number, port) for number in range(clients)]
    start = time.perf_counter()
    end = start + (seconds if seconds is not None else 3600.0)
    sent = 0
    for client in everybody:
        selector.register(client.socket, selectors.EVENT_READ, client)
        if count is None or sent < count:
            client.send(requests)
            sent += 1
    under_way = min(clients, sent)
    try:
        while under_way:
            ready = selector.select(ANSWER_TIMEOUT)
            if not ready:
                raise TimeoutError("the server stopped answering")
            for key, _ in ready:
                client = key.data
                if not _receive(client):
                    continue
                _note(seen, client, expect)
                if (count is None or sent < count) and time.perf_counter() < end:
                    client.send(requests)
                    sent += 1
                else:
                    under_way -= 1
    finally:
        seen.seconds = time.perf_counter() - start
        for client in everybody:
            client.socket.close()
        selector.close()
    return seen


def _receive(client: _Client) -> bool:
    """Whether the whole answer is here."""
    data = client.socket.recv(262_144)
    if not data:
        raise ConnectionError("the server closed a connection in the middle of an answer")
    client.answer += data
    if not client.need:
        head = client.answer.find(b"\r\n\r\n")
        if head < 0:
            return False
        client.need = head + 4 + _length(bytes(client.answer[:head]))
    return len(client.answer) >= client.need


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _note(seen: Run, client: _Client, expect: tuple[int, ...]) -> None:
    seen.times.append(time.perf_counter() - client.began)
    status = int(client.answer[9:12])
    if status not in expect:
        seen.wrong[status] = seen.wrong.get(status, 0) + 1
    head = client.answer.find(b"\r\n\r\n")
    seen.body_bytes += len(client.answer) - head - 4


def get(path: str, cookie: str = "", host: str = HOST) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode()


def post(path: str, body: bytes = b"", cookie: str = "") -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


def ask(port: int, request: bytes) -> Answer:
    """One request on a connection of its own, and its whole answer."""
    client = _Client(0, port)
    try:
        client.send(lambda _client, _turn: request)
        while not _receive(client):
            pass
    finally:
        client.socket.close()
    head, _, body = bytes(client.answer).partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines[1:])
    return Answer(
        int(lines[0].split()[1]), {n.strip().lower(): v.strip() for n, _, v in pairs}, body.decode()
    )
