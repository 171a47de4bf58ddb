"""Our pages beside the bare ones: CPU a request of the whole server tree, in alternating rounds.

The machine may be busy: the two servers take turns in one run, and the medians are divided. Requests a
second and percentiles stand beside, for whoever had the machine alone.
"""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from lms.content.nodes import Quiz
from lms.responses.chance import seed_for
from lms.responses.grading import lay_out, leaves
from tests.benchmarks import bare, load, sheets
from tests.benchmarks.load import Run, ask, get, post
from tests.benchmarks.servers import Server, free_port, serving
from tests.benchmarks.site import Site

BARE = (sys.executable, "-m", "tests.benchmarks.bare")
CLIENTS = 8
CONCURRENCIES = (4, 16, 64)
Json = dict[str, Any]


@dataclass(frozen=True)
class Pair:
    """The two servers of one run, and who is signed in at each."""

    site: Site
    ours: Server
    bare: Server
    our_cookies: tuple[str, ...]
    bare_cookies: tuple[str, ...]
    bare_queries: int

    def our_get(self, page_key: str) -> load.Requests:
        address, cookies = self.site.address(page_key), self.our_cookies
        return lambda client, turn: get(address, cookies[(client + turn * 7) % len(cookies)])

    def bare_get(self) -> load.Requests:
        return lambda client, turn: get("/d", self.bare_cookies[(client + turn * 7) % bare.PEOPLE])


@contextmanager
def both(site: Site, folder: Path) -> Iterator[Pair]:
    bare_environment = _bare_environment(folder)
    _bare(bare_environment, "fill")
    with ExitStack() as stack:
        port, bare_port = free_port(), free_port()
        ours = stack.enter_context(
            serving(site.command(port), port, "/healthz", site.environment(), folder / "ours.log")
        )
        reference = stack.enter_context(
            serving(
                [*BARE, str(bare_port)],
                bare_port, "/sign-in/1", bare_environment, folder / "bare.log",
            )
        )  # fmt: skip
        queries = int(_bare(bare_environment, "queries"))
        yield Pair(site, ours, reference, site.cookies(), _bare_cookies(reference.port), queries)


def _bare_environment(folder: Path) -> dict[str, str]:
    return {
        "BARE_SECRET": "not secret: it signs the cookies of a benchmark",
        "BARE_DATABASE": str(folder / f"bare-{secrets.token_hex(4)}.db"),
    }


def _bare(environment: Mapping[str, str], task: str) -> str:
    done = subprocess.run(
        (*BARE, task), env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout


def _bare_cookies(port: int) -> tuple[str, ...]:
    answers = (ask(port, get(f"/sign-in/{number}")) for number in range(1, bare.PEOPLE + 1))
    return tuple(answer.headers["set-cookie"].partition(";")[0] for answer in answers)


def cpu_ms(server: Server, work: Callable[[], Run]) -> tuple[float, Run]:
    """CPU milliseconds a request of everything below the server's process."""
    before = server.cpu_seconds()
    run = work()
    spent = server.cpu_seconds() - before
    if run.wrong:
        raise RuntimeError(f"unexpected answers: {run.wrong}")
    return 1000 * spent / run.requests, run


def lesson_page(pair: Pair, rounds: int, requests: int) -> Json:
    """The longest lesson, signed in, with navigation and progress, against bare `/d`."""
    lesson = pair.site.lesson
    _warm(pair, lesson.key)
    page = ask(pair.ours.port, get(pair.site.address(lesson.key), pair.our_cookies[0]))
    reference = ask(pair.bare.port, get("/d", pair.bare_cookies[0]))
    _assert_reference(reference.body, pair.bare_queries)
    ours, bares = [], []
    for _ in range(rounds):
        bares.append(
            cpu_ms(pair.bare, lambda: load.run(pair.bare.port, CLIENTS, pair.bare_get(), count=requests))[0]
        )
        ours.append(
            cpu_ms(
                pair.ours, lambda: load.run(pair.ours.port, CLIENTS, pair.our_get(lesson.key), count=requests)
            )[0]
        )
    return {
        "lesson_page_cpu_vs_bare": round(statistics.median(ours) / statistics.median(bares), 2),
        "lesson_page_cpu_ms": round(statistics.median(ours), 2),
        "bare_page_cpu_ms": round(statistics.median(bares), 2),
        "lesson_page_kb": round(len(page.body.encode()) / 1000, 1),
        "bare_page_kb": round(len(reference.body.encode()) / 1000, 1),
    }


def _warm(pair: Pair, page_key: str) -> None:
    """Open the lesson once as each learner: the first visit writes, the later ones only read."""
    cookies = pair.our_cookies
    address = pair.site.address(page_key)
    opened = load.run(
        pair.ours.port,
        CLIENTS,
        lambda client, turn: get(address, cookies[(client * 97 + turn) % len(cookies)]),
        count=2 * len(cookies),
    )
    if opened.wrong:
        raise RuntimeError(f"the lesson page answers {opened.wrong}")
    load.run(pair.bare.port, CLIENTS, pair.bare_get(), count=200)


def _assert_reference(page: str, queries: int) -> None:
    """The bare page is the one it claims to be."""
    size = len(page.encode())
    if page.count('<tr class="row') != bare.ROWS or not bare.PAGE_BYTES[0] <= size <= bare.PAGE_BYTES[1]:
        raise AssertionError(f"the bare page has {size} bytes and {page.count('<tr class=')} rows")
    if queries != bare.QUERIES:
        raise AssertionError(f"the bare page makes {queries} queries")


@contextmanager
def counted() -> Iterator[list[str]]:
    """Statements sent by any engine of this process, those that begin and end transactions apart."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def lesson_queries(site: Site) -> int:
    """Statements of one lesson page, for a learner who has opened it before."""
    client = site.app.test_client(use_cookies=False)
    headers = {"Cookie": site.cookies()[1]}
    client.get(site.address(site.lesson.key), headers=headers)
    with counted() as queries:
        answer = client.get(site.address(site.lesson.key), headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(f"the lesson page answers {answer.status_code}")
    return len(queries)


# ── Writing ──────────────────────────────────────────────────────────────────────────────────────


def quiz_submit(pair: Pair, rounds: int) -> Json:
    """One whole attempt, graded and settled, against one row committed by the bare application.

    Each learner's form is fetched beforehand: only the posts are measured.
    """
    ours, bares = [], []
    quiz = pair.site.quiz
    for number in range(1, rounds + 1):
        forms = quiz_forms(pair, quiz, number)
        address = f"{pair.site.address(quiz.key)}/submit"
        waiting = iter(forms)

        def submit(_client: int, _turn: int) -> bytes:
            cookie, body = next(waiting)  # noqa: B023 - used up within this round
            return post(address, body, cookie)  # noqa: B023

        bares.append(cpu_ms(pair.bare, lambda: _bare_writes(pair, len(forms)))[0])  # noqa: B023
        ours.append(
            cpu_ms(
                pair.ours,
                lambda: load.run(pair.ours.port, CLIENTS, submit, count=len(forms), expect=(303,)),  # noqa: B023
            )[0]
        )
    return {
        "quiz_submit_cpu_vs_bare_write": round(statistics.median(ours) / statistics.median(bares), 2),
        "quiz_submit_cpu_ms": round(statistics.median(ours), 2),
        "bare_write_cpu_ms": round(statistics.median(bares), 2),
    }


def _bare_writes(pair: Pair, count: int) -> Run:
    cookies = pair.bare_cookies
    return load.run(
        pair.bare.port,
        CLIENTS,
        lambda client, turn: post("/write", b"", cookies[(client + turn) % bare.PEOPLE]),
        count=count,
        expect=(204,),
    )


def quiz_forms(pair: Pair, quiz: Quiz, number: int) -> list[tuple[str, bytes]]:
    """(cookie, body) of attempt `number` of each learner, all answers right."""
    forms = []
    for cookie, enrollment_id in zip(pair.our_cookies, pair.site.enrollment_ids, strict=True):
        page = ask(pair.ours.port, get(pair.site.address(quiz.key) + "?again=1", cookie)).body
        form = sheets.form_with(page, "/save")
        shown = lay_out(quiz.questions, seed_for(enrollment_id, quiz.key, number), quiz.shuffle)
        pairs = [*sheets.hidden(form), *sheets.answers(leaves(shown))]
        forms.append((cookie, sheets.body(pairs)))
    return forms


# ── Many at once ─────────────────────────────────────────────────────────────────────────────────


def at_concurrency(pair: Pair, seconds: float) -> list[Json]:
    """Requests a second and percentiles of both pages; only of meaning on a machine that is free."""
    rows = []
    for clients in CONCURRENCIES:
        for name, port, requests in (
            ("lesson page", pair.ours.port, pair.our_get(pair.site.lesson.key)),
            ("bare page d", pair.bare.port, pair.bare_get()),
        ):
            run = load.run(port, clients, requests, seconds=seconds)
            rows.append(
                {
                    "page": name,
                    "clients": clients,
                    "per_second": round(run.per_second),
                    "p50_ms": round(run.percentile(0.5), 1),
                    "p99_ms": round(run.percentile(0.99), 1),
                }
            )
    return rows


def memory(pair: Pair) -> Json:
    """After the load: what a worker holds, and what a bare one does."""
    ours, reference = pair.ours.worker_pss_mb(), pair.bare.worker_pss_mb()
    return {
        "worker_pss_mb": round(ours, 1),
        "bare_worker_pss_mb": round(reference, 1),
        "worker_pss_vs_bare": round(ours / reference, 2),
    }


def start(site: Site, folder: Path, times: int) -> Json:
    """From the command to the first answer, on a site that is up to date, in turns with the bare application.

    The seconds are those of the clock and mean little on a busy machine; the ratio is one of CPU time.
    """
    bare_environment = _bare_environment(folder)
    _bare(bare_environment, "fill")
    seconds, ours, bares = [], [], []
    for _ in range(times):
        port, log = free_port(), folder / "start.log"
        with serving(site.command(port), port, "/healthz", site.environment(), log) as server:
            seconds.append(server.start_seconds)
            ours.append(server.cpu_seconds())
        port = free_port()
        with serving([*BARE, str(port)], port, "/sign-in/1", bare_environment, log) as server:
            bares.append(server.cpu_seconds())
    return {
        "start_s": round(statistics.median(seconds), 2),
        "start_cpu_s": round(statistics.median(ours), 2),
        "bare_start_cpu_s": round(statistics.median(bares), 2),
        "start_cpu_vs_bare": round(statistics.median(ours) / statistics.median(bares), 2),
    }
