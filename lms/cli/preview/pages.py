"""What the preview adds to the site's own pages: who reads, the list of problems, each one in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from lms.cli.preview.stage import Shown, Stage
from lms.content.problems import Problem
from lms.content.proof import MARK

CHANGES = "/preview/changes"
KEEP_ALIVE = 15.0
"""Seconds after which a waiting page is told that the preview is still there."""
OWN_PAGE = re.compile(r"/(?:learn/[^/]+|facilitate/cohorts/[^/]+/guides)/(?P<key>[^/]+)")
COURSE_PAGE = re.compile(r"/learn/[^/]+")
_MAIN = re.compile(r"<main\b[^>]*>")


def install(app: Flask, stage: Stage, *, hosts: Sequence[str]) -> None:
    """`hosts`: the names under which the preview answers. Under another one, a page of somebody else could
    read it through the author's browser."""

    def before() -> ResponseReturnValue | None:
        if request.host not in hosts:
            abort(400)
        if request.path == CHANGES:
            after = request.args.get("after", "")
            return _changes(stage, int(after) if after.isascii() and after.isdigit() else 0)
        if request.path.startswith("/static/"):
            return None
        shown = stage.shown
        newly = session.get("_user_id") != shown.sign_in
        if newly:
            session.clear()
            session["_user_id"], session["_fresh"] = shown.sign_in, True
        if shown.course is None:
            return render_template("preview/nothing.html", words=shown.words), 503
        if newly and request.method == "POST":  # from before the save: it may not fit what is asked now
            return redirect(urlsplit(request.referrer or "").path or shown.home, 303)
        return redirect(shown.home, 303) if request.path == "/" else None

    def after(response: Response) -> Response:
        if response.mimetype == "text/html" and not response.is_streamed and request.method != "HEAD":
            response.set_data(_with_problems(app, stage.shown, request.path, response.get_data(as_text=True)))
        return response

    app.before_request_funcs.setdefault(None, []).insert(0, before)  # before anybody asks who reads
    app.after_request(after)


def _changes(stage: Stage, number: int) -> Response:
    """Server-sent events: one when something newer than `number` is on; the browser asks again by itself."""

    def events() -> Iterator[str]:
        yield "retry: 200\n\n"
        while (now := stage.wait(number, KEEP_ALIVE)) <= number:
            yield ": still here\n\n"
        yield f"data: {now}\n\n"

    return Response(events(), mimetype="text/event-stream", headers={"Cache-Control": "no-store"})


def _with_problems(app: Flask, shown: Shown, path: str, page: str) -> str:
    macros: Any = app.jinja_env.get_template("preview/problems.html").module
    files = _files_of(shown, path)
    marks = [(unescape(mark[1]), int(mark[2]), mark.start()) for mark in MARK.finditer(page)]

    banners: dict[int, list[int]] = {}
    for number, problem in enumerate(shown.problems):
        if problem.file in files and (place := _place(marks, problem)) is not None:
            banners.setdefault(place, []).append(number)
    here = {number for numbers in banners.values() for number in numbers}

    def said(mark: re.Match[str]) -> str:
        return "".join(str(macros.banner(n, shown.problems[n])) for n in banners.get(mark.start(), ()))

    page = MARK.sub(said, page)
    lines = [
        (number, problem, _address(shown, problem.file, number, here))
        for number, problem in enumerate(shown.problems)
    ]
    listing = str(macros.listing(shown.home, lines))
    page = _MAIN.sub(lambda main: main[0] + listing, page, count=1)
    return page.replace("</head>", f"{macros.head(shown.number, CHANGES)}</head>", 1)


def _place(marks: Sequence[tuple[str, int, int]], problem: Problem) -> int | None:
    """Where on the page the nearest text stands that begins at the problem's line or above it; of a problem
    in the header, where its first text does. Of the same text shown twice, the last."""
    own = [(line, at) for file, line, at in marks if file == problem.file]
    above = [each for each in own if each[0] <= problem.line]
    if above:
        return max(above)[1]
    return max((at for line, at in own if line == min(own)[0]), default=None)


def _address(shown: Shown, file: str, number: int, here: set[int]) -> str | None:
    address = f"#problem-{number}" if number in here else shown.address(file)
    return address if address is None or number in here else f"{address}#problem-{number}"


def _files_of(shown: Shown, path: str) -> frozenset[str]:
    """The files whose problems have their place on this page."""
    if COURSE_PAGE.fullmatch(path):
        return frozenset(file for file in shown.proof.keys if file.endswith(("course.md", "/module.md")))
    found = OWN_PAGE.match(path)
    return frozenset(file for file, key in shown.proof.keys.items() if found and key == found["key"])
