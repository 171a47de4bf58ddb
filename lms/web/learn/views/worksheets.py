"""Toolkit worksheets: show a sitting, finish it, add entries to its logs and rows to its tables."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.actions import learn_work
from lms.content.nodes import Toolkit
from lms.kernel.errors import NotFound, RuleBroken
from lms.responses.services.drafts import Stale
from lms.responses.worksheets import Sheet
from lms.web.access import current_actor, signed_in
from lms.web.learn.blueprint import blueprint
from lms.web.learn.drafting import typed_entry, typed_sheet
from lms.web.learn.here import Here, here, to_page
from lms.web.learn.pages.fields import input_id
from lms.web.learn.pages.worksheet import paper_wording
from lms.web.learn.sentences import FAULTS, REFUSED
from lms.web.learn.sheets import rows_sent, shown_sheet
from lms.web.learn.views.drafts import keep_page, keeping
from lms.web.words import quoted


def show_sheet(found: Here, page_key: str) -> ResponseReturnValue:
    return render_template("learn/worksheet.html", page=shown_sheet(found, page_key, request.args))


def _toolkit(found: Here, page_key: str) -> Toolkit:
    toolkit = found.stop(page_key).node
    if not isinstance(toolkit, Toolkit):
        raise NotFound
    return toolkit


def _back(course_key: str, page_key: str, anchor: str | None = None, **query: str) -> ResponseReturnValue:
    sitting = request.form.get("sitting", "")
    return to_page(course_key, page_key, anchor, **({"sitting": sitting} if sitting else {}), **query)


@blueprint.post("/learn/<course_key>/<page_key>/finish")
@signed_in
def finish(course_key: str, page_key: str) -> ResponseReturnValue:
    """Finish a sitting, or come back with what is missing: what was typed is kept either way."""
    found = here(course_key)
    toolkit = _toolkit(found, page_key)
    keep_page(found, page_key, but=frozenset({page_key}))
    try:
        with keeping(found, page_key):
            typed = typed_sheet(toolkit, request.form)
            done = learn_work.finish_sheet(found.actor, course_key, page_key, typed)
    except RuleBroken as broken:
        if broken.code in REFUSED and broken.code not in FAULTS:
            flash(f"{REFUSED[broken.code]}.")
        return _back(course_key, page_key, missing="1")
    if isinstance(done, Stale):
        return _back(course_key, page_key)
    flash(f"{quoted(toolkit.title_text)} is finished. You can come back to it and change it at any time.")
    return _back(course_key, page_key)


@blueprint.post("/learn/<course_key>/<page_key>/entry")
@signed_in
def entry(course_key: str, page_key: str) -> ResponseReturnValue:
    """Add the entry that was written to its log, or put other words into one."""
    found = here(course_key)
    toolkit = _toolkit(found, page_key)
    log = Sheet.of(toolkit.key, toolkit.blocks).log(request.form.get("entry", ""))
    change = request.form.get(f"change:{log.key}") == "1"
    keep_page(found, page_key, but=frozenset({log.key}))
    try:
        with keeping(found, page_key):
            typed = typed_entry(toolkit, log, request.form)
            number = learn_work.add_entry(found.actor, course_key, page_key, typed, change=change)
    except RuleBroken as broken:
        if broken.code in REFUSED and broken.code not in FAULTS:
            flash(f"{REFUSED[broken.code]}.")
        query = {"open": log.key}
        if change:
            query["change"] = f"{log.key}:{request.form.get(f'entry:{log.key}', '')}"
        return _back(course_key, page_key, log.anchor, **query)
    if isinstance(number, Stale):
        return _back(course_key, page_key)
    flash(f"Entry {number} is {'changed' if change else 'added'}.")
    return _back(course_key, page_key, log.anchor)


@blueprint.post("/learn/<course_key>/<page_key>/row")
@signed_in
def row(course_key: str, page_key: str) -> ResponseReturnValue:
    """One more row in a table, for pages without scripts."""
    found = here(course_key)
    toolkit = _toolkit(found, page_key)
    key = request.form.get("add", "")
    tables = {f.key: f for f in Sheet.of(toolkit.key, toolkit.blocks).fields if f.kind == "table"}
    if key not in tables:
        raise NotFound
    keep_page(found, page_key)
    rows = rows_sent(tables[key], request.form) + 1
    return _back(course_key, page_key, input_id(key), rows=f"{key}:{rows}")


@blueprint.post("/learn/<course_key>/<page_key>/paper")
@signed_in
def paper(course_key: str, page_key: str) -> ResponseReturnValue:
    """The dated statement that a piece which is never stored was done on paper."""
    found = here(course_key)
    toolkit = _toolkit(found, page_key)
    if request.form.get("stated") != "1":
        return to_page(course_key, page_key, "statement", missing="1")
    learn_work.state_paper_done(current_actor(), course_key, page_key, paper_wording(toolkit))
    flash("Your statement is kept, with today’s date.")
    return redirect(url_for("learn.page", course_key=course_key, page_key=page_key), 303)
