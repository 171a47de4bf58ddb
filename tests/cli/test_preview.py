"""`lms courses preview`: the site's own pages, every problem in its place, and each save at once."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lms.cli.preview.pages import CHANGES, install
from lms.cli.preview.stage import Stage
from lms.cli.preview.watching import watch
from lms.config import ROOT
from lms.content import codec
from lms.courses.queries import CACHED

EXAMPLE = ROOT / "docs" / "example-course"
LESSON = "1-the-first-minute/1-at-the-door.md"
PAGE = "/learn/first-minute/fm-1-1"
GREETING = "A greeting is short, and it says three things."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "course"))


@pytest.fixture
def stage(folder: Path, tmp_path: Path) -> Iterator[Stage]:
    (tmp_path / "instance").mkdir()
    stage = Stage(tmp_path / "instance", folder)
    install(stage.app, stage, hosts=("localhost",))
    stage.show()
    yield stage
    stage.close()


@pytest.fixture
def reader(stage: Stage) -> FlaskClient:
    return stage.app.test_client()


def _change(folder: Path, old: str, new: str, file: str = LESSON) -> None:
    page = folder / file
    assert old in page.read_text()
    page.write_text(page.read_text().replace(old, new, 1))


def _open(reader: FlaskClient) -> str:
    """The lesson has a content note: it is opened first."""
    cover = reader.get(PAGE).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', cover)
    assert found is not None
    reader.post(f"{PAGE}/open", data={"csrf_token": found[1]})
    return reader.get(PAGE).get_data(as_text=True)


def test_it_begins_with_the_course_as_a_learner_sees_it(reader: FlaskClient) -> None:
    start = reader.get("/")
    assert start.headers["Location"] == "/learn/first-minute"
    assert "At the door" in reader.get("/learn/first-minute").get_data(as_text=True)
    assert GREETING in _open(reader)


def test_every_kind_of_page_is_shown(reader: FlaskClient) -> None:
    for key in ("fm-1-2", "fm-t1", "fm-t2", "fm-t3", "fm-t4", "fm-1-quiz", "fm-cap"):
        page = reader.get(f"/learn/first-minute/{key}")
        assert page.status_code == 200, key
        assert "<mark data-at" not in page.get_data(as_text=True)


def test_session_guides_are_shown_too(stage: Stage, reader: FlaskClient) -> None:
    address = stage.shown.address("sessions/1-names-at-the-door.md")
    assert address is not None
    assert "Groups of three" in reader.get(address).get_data(as_text=True)


def test_a_save_is_shown_and_an_opened_lesson_stays_open(
    stage: Stage, reader: FlaskClient, folder: Path
) -> None:
    assert GREETING in _open(reader)
    _change(folder, GREETING, "A greeting is a small thing.")
    stage.show()
    page = reader.get(PAGE).get_data(as_text=True)
    assert "A greeting is a small thing." in page
    assert f"{CHANGES}?after=2" in page


def test_a_problem_stands_in_its_place_and_in_the_list(
    stage: Stage, reader: FlaskClient, folder: Path
) -> None:
    _open(reader)
    _change(folder, "{{report-to}}", "{{report-too}}")
    stage.show()
    page = reader.get(PAGE).get_data(as_text=True)
    assert "<summary>1 problem</summary>" in page
    assert f'<a href="#problem-0">{LESSON}:36:58</a>' in page
    here = page.index('id="problem-0"')
    assert page.index("Say it the way the student says it.") < here < page.index("your own door")
    assert "Did you mean &#39;report-to&#39;?" in page[here : here + 400]
    elsewhere = reader.get("/learn/first-minute/fm-1-2").get_data(as_text=True)
    assert f'<a href="{PAGE}#problem-0">' in elsewhere
    assert 'id="problem-0"' not in elsewhere


def test_a_section_whose_tag_is_wrong_shows_its_heading_and_why(
    stage: Stage, reader: FlaskClient, folder: Path
) -> None:
    _open(reader)
    _change(folder, "`spot #seen, 3 min`", "`spott #seen, 3 min`")
    stage.show()
    page = reader.get(PAGE).get_data(as_text=True)
    assert re.search(r'Seen or guessed<span class="preview-here preview-error" id="problem-0"', page)


def test_a_problem_of_the_header_stands_at_the_title(stage: Stage, reader: FlaskClient, folder: Path) -> None:
    _change(folder, "minutes: 41", "minutes: 99", "1-the-first-minute/2-at-the-door-in-writing.md")
    stage.show()
    page = reader.get("/learn/first-minute/fm-1-2").get_data(as_text=True)
    assert re.search(
        r'<h1>At the door, in writing<span class="preview-here preview-error" id="problem-\d"', page
    )


def test_a_file_that_may_not_be_rendered_shows_its_text_as_text(
    stage: Stage, reader: FlaskClient, folder: Path
) -> None:
    _open(reader)
    _change(folder, GREETING, "<script>alert(1)</script>")
    stage.show()
    page = reader.get(PAGE).get_data(as_text=True)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "HTML is not used here" in page


def test_where_nothing_can_be_shown_the_problems_are(stage: Stage, reader: FlaskClient, folder: Path) -> None:
    (folder / "course.md").unlink()
    stage.show()
    page = reader.get(PAGE)
    assert page.status_code == 503
    assert "course.md:1:1" in page.get_data(as_text=True)
    shutil.copy(EXAMPLE / "course.md", folder / "course.md")
    stage.show()
    assert reader.get(PAGE).status_code == 200


def test_a_course_whose_header_is_broken_stays_where_it_was(
    stage: Stage, reader: FlaskClient, folder: Path
) -> None:
    _open(reader)
    _change(folder, "key: first-minute", "key: first-minute: again", "course.md")
    stage.show()
    page = reader.get(PAGE).get_data(as_text=True)
    assert GREETING in page
    assert "header-yaml" in page


def test_answers_are_checked_and_gone_after_the_next_save(
    stage: Stage, reader: FlaskClient, folder: Path
) -> None:
    page = _open(reader)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    sent = {"csrf_token": token[1], "check": "fm-1-1.which", "fm-1-1.which": "1"}
    reader.post(f"{PAGE}/check", data=sent)
    _change(folder, GREETING, "A greeting is a small thing.")
    stage.show()
    assert "It asks for respect and gives none." not in reader.get(PAGE).get_data(as_text=True)


def test_a_form_from_before_a_save_shows_the_page_as_it_is_now(
    stage: Stage, reader: FlaskClient, folder: Path
) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', _open(reader))
    assert token is not None
    _change(folder, GREETING, "A greeting is a small thing.")
    stage.show()
    sent = {"csrf_token": token[1], "check": "fm-1-1.which", "fm-1-1.which": "1"}
    answer = reader.post(f"{PAGE}/check", data=sent, headers={"Referer": f"http://localhost{PAGE}"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)


def test_no_save_reads_what_was_shown_before_it(
    stage: Stage, reader: FlaskClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_again(_text: str) -> None:
        raise AssertionError("An earlier version was read")

    monkeypatch.setattr(codec, "decode", read_again)
    _open(reader)
    for number in range(CACHED + 2):
        (folder / LESSON).write_text(f"{(folder / LESSON).read_text()}\nSave {number}.\n")
        stage.show()
    assert f"Save {CACHED + 1}." in reader.get(PAGE).get_data(as_text=True)


def test_another_name_of_the_host_is_refused(reader: FlaskClient) -> None:
    assert reader.get("/learn/first-minute", headers={"Host": "evil.example"}).status_code == 400


def test_a_waiting_page_is_told_of_the_next_save(stage: Stage, reader: FlaskClient) -> None:
    answer = reader.get(f"{CHANGES}?after=1", buffered=False)
    assert answer.mimetype == "text/event-stream"
    events = iter(answer.response)
    assert next(events) == b"retry: 200\n\n"
    stage.show()
    assert next(events) == b"data: 2\n\n"
    answer.close()


def test_the_watcher_notices_a_save_once(folder: Path) -> None:
    saved, stop, calls = threading.Event(), threading.Event(), []

    def changed() -> None:
        calls.append((folder / LESSON).read_text())
        saved.set()

    thread = threading.Thread(target=watch, args=(folder, changed, stop))
    thread.start()
    try:
        # Until the watcher has taken its first look, a save is part of what it finds.
        for number in range(1_000):
            (folder / ".next").write_text(f"Saved {number}.")
            (folder / ".next").replace(folder / LESSON)  # never half written
            if saved.wait(0.05):
                break
    finally:
        stop.set()
        thread.join()
    assert calls
    assert calls[0].startswith("Saved ")
