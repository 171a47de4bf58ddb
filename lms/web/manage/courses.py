"""Courses and their versions: bring one in, see what it changes and for whom, publish it, move people.

Nothing is decided by what a page showed: it carries the number of the last release, and a form that comes
after another release is refused and shown anew.
"""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.permissions import Permission
from lms.actions import publishing as actions
from lms.actions.publishing import WHO, Published, TakenIn, Wanted
from lms.config import Config
from lms.content.archive import MAX_ARCHIVE, pack, unpack
from lms.content.reader import course_folders, read_folder
from lms.content.readers import readers_named, to_be_read
from lms.courses import queries
from lms.courses.queries import VersionRow, load_compiled
from lms.courses.releases import releases
from lms.kernel.errors import Conflict, NotFound, RuleBroken
from lms.records.releases import course_lines, people_on_versions
from lms.web.access import allowed, current_actor
from lms.web.manage.blueprint import blueprint
from lms.web.manage.releases import CoursesPage, problems_page, version_page, versions_page
from lms.web.reading import session
from lms.web.words import plural

FORM_AROUND = 100_000
"""Bytes of an upload beside the file itself."""
FAULTS = {
    "class_understated": (
        "This version changes more than its header says. Change `release: class:` in course.md, and bring it"
        " in again"
    ),
    "note_needed": "Say why this version is published again",
    "note_long": "Shorten the note to 300 characters",
}
PUBLISHED_MEANWHILE = "Somebody published another version meanwhile. Below is how things stand now"


def _folders() -> dict[str, Path]:
    config: Config = current_app.extensions["lms"]
    return {folder.name: folder for folder in course_folders(config.courses)}


@blueprint.get("/manage/courses")
@allowed(Permission.COURSE_PUBLISH)
def courses() -> ResponseReturnValue:
    return _courses()


def _courses(fault: str = "") -> ResponseReturnValue:
    page = CoursesPage(course_lines(session()), tuple(_folders()), fault)
    return render_template("manage/courses.html", page=page), 422 if fault else 200


@blueprint.post("/manage/courses/upload")
@allowed(Permission.COURSE_PUBLISH, body_limit=MAX_ARCHIVE + FORM_AROUND)
def upload() -> ResponseReturnValue:
    file = request.files.get("file")
    if file is None or not file.filename:
        return _courses("Choose the zip file of a course first")
    with file.stream as stream:
        data = stream.read(MAX_ARCHIVE + 1)
    name = file.filename[:120]
    return _taken_in(name, actions.take_in(current_actor(), unpack(data, name)))


@blueprint.post("/manage/courses/folder")
@allowed(Permission.COURSE_PUBLISH)
def folder() -> ResponseReturnValue:
    name = request.form.get("folder", "")
    found = _folders().get(name)
    if found is None:
        return _courses("Choose one of the course folders")
    return _taken_in(name, actions.take_in(current_actor(), read_folder(found)))


def _taken_in(name: str, taken: TakenIn) -> ResponseReturnValue:
    if taken.version is None:
        return render_template("manage/problems.html", page=problems_page(name, taken.problems)), 422
    where = url_for("manage.version", course_key=taken.version.course_key, number=str(taken.version.number))
    return redirect(where, code=303)


@blueprint.get("/manage/courses/<course_key>")
@allowed(Permission.COURSE_PUBLISH)
def versions(course_key: str) -> ResponseReturnValue:
    known = queries.versions(session(), course_key)
    if not known:
        raise NotFound
    page = versions_page(
        course_key, known, releases(session(), course_key), people_on_versions(session(), course_key)
    )
    return render_template("manage/versions.html", page=page)


def _version(course_key: str, number: str) -> VersionRow:
    found = [row for row in queries.versions(session(), course_key) if str(row.number) == number]
    if not found:
        raise NotFound
    return found[0]


@blueprint.get("/manage/courses/<course_key>/versions/<number>")
@allowed(Permission.COURSE_PUBLISH)
def version(course_key: str, number: str) -> ResponseReturnValue:
    return _show(_version(course_key, number), Wanted())


@blueprint.get("/manage/courses/<course_key>/versions/<number>/zip")
@allowed(Permission.COURSE_PUBLISH)
def version_zip(course_key: str, number: str) -> ResponseReturnValue:
    row = _version(course_key, number)
    head = {"Content-Disposition": f'attachment; filename="{row.course_key}-{row.number}.zip"'}
    return Response(pack(queries.sources_of(session(), row.id)), mimetype="application/zip", headers=head)


def _show(
    version: VersionRow, wanted: Wanted, note: str = "", fault: str = "", status: int = 200
) -> ResponseReturnValue:
    course = load_compiled(session(), version.id)
    compared = actions.compare_with_published(session(), course, version.id)
    found = actions.forecast(session(), course, version.id)
    read = tuple((page.title_text, readers_named(page.read_before_release)) for page in to_be_read(course))
    page = version_page(version, compared, found, wanted, note, fault, read)
    return render_template("manage/version.html", page=page), status


@blueprint.post("/manage/courses/<course_key>/versions/<number>")
@allowed(Permission.COURSE_PUBLISH)
def publish(course_key: str, number: str) -> ResponseReturnValue:
    row = _version(course_key, number)
    note = request.form.get("note", "").replace("\0", "").strip()
    wanted = Wanted(
        next((who for who in WHO if who == request.form.get("who")), "nobody"),
        frozenset(
            group for group in request.form.getlist("group") if group.isascii() and group.isprintable()
        ),
    )
    try:
        done = actions.publish(
            current_actor(), version_id=row.id, release=_number(request.form.get("release", "")),
            note=note, wanted=wanted,
        )  # fmt: skip
    except Conflict:
        return _show(_version(course_key, number), wanted, note, PUBLISHED_MEANWHILE, 409)
    except RuleBroken as broken:
        return _show(row, wanted, note, FAULTS[broken.code], 422)
    flash(_told(row, done))
    return redirect(url_for("manage.versions", course_key=course_key), code=303)


def _number(text: str) -> int:
    """-1, which no release has, for what is not a number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _told(before: VersionRow, done: Published) -> str:
    words = [] if before.current else [f"Version {before.number} is offered from now on."]
    if done.moved:
        words.append(f"{plural(done.moved, 'person', 'people')} moved to version {before.number}.")
    if done.completed:
        words.append(f"{done.completed} of them {'is' if done.completed == 1 else 'are'} complete with it.")
    return " ".join(words) or "Nobody moved."
