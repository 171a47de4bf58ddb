"""Publishing in the browser: bring a course in, see whom it concerns, publish, move people, go back."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.cohorts.models import Cohort
from lms.config import Config
from lms.content.archive import pack, unpack
from lms.courses.queries import load_compiled, published, versions
from lms.courses.releases import releases
from lms.credit.services import register_rule_sets, settle
from lms.enrollments.models import Enrollment, EnrollmentMove
from lms.kernel.clock import now
from lms.kernel.db import db
from tests import builders
from tests.unit.content.builder import files, lesson, quiz
from tests.web.conftest import Person, World, post, tokens
from tests.web.learner import text_of

SignIn = Callable[[Person], FlaskClient]
QUESTION = "## Who?\n`choose one #who`\n\nWho opens?\n\n- [{a}] Anna\n    > One.\n- [{b}] Bela\n    > Two.\n\nSee [A door](1-lesson.md).\n"


WORDS = "\n" + "We wait by the door. " * 45 + "\n"


def source(answer: str = "a", release: str = "minor", more: str = "", word: str = "Wait") -> dict[str, bytes]:
    """Small files of a course: one lesson and a quiz whose right answer is `answer`."""
    marks = {"a": "x" if answer == "a" else " ", "b": "x" if answer == "b" else " "}
    course = files()["course.md"].decode()
    course = course.replace("  activities: all", "  activities: all\n  quizzes: all at 80")
    made = files(
        course=course.replace("class: minor", f"class: {release}"),
        lesson=lesson(f"\n{word}.\n" + WORDS),
        quiz=quiz(QUESTION.format(**marks)),
    )
    return made | ({"1-one/2-more.md": more.encode()} if more else {})


MORE = (
    "---\nkey: more\nobjective: More.\nminutes: 1\n---\n\n# More\n\n## Do it\n`do #do-it, 1 min`\n\nDo it.\n"
)


def upload(client: FlaskClient, made: dict[str, bytes]) -> TestResponse:
    sent = {"file": (io.BytesIO(pack(made)), "course.zip")}
    return post(
        client, "/manage/courses/upload", sent, page="/manage/courses", content_type="multipart/form-data"
    )


def publish(client: FlaskClient, number: int, release: int, **more: object) -> TestResponse:
    path = f"/manage/courses/c/versions/{number}"
    return post(client, path, {"release": str(release), "who": "nobody", "note": "", **more})


@pytest.fixture
def author(world: World, sign_in: SignIn) -> FlaskClient:
    return sign_in(world.grant(world.person("Ari Author"), "author"))


@pytest.fixture
def offered(author: FlaskClient, world: World) -> FlaskClient:
    """The first version of the small course is on offer."""
    with world.writing() as session:
        register_rule_sets(session)
    answer = upload(author, source())
    assert (answer.status_code, answer.headers["Location"]) == (303, "/manage/courses/c/versions/1"), text_of(
        answer
    )
    assert publish(author, 1, 0).status_code == 303
    return author


def enrolled(world: World, *done: str, count: int = 1) -> list[int]:
    """People in the version that is offered, each with these lessons done."""
    with world.writing() as session:
        version = published(session, "c")
        assert version is not None
        made = []
        for _ in range(count):
            made.append(builders.enroll(session, builders.person(session), version.id, "c", now()))
            for key in done:
                builders.lesson_done(session, made[-1], version.id, key, now())
        settle(session, made, now(), None, "begun")
        return made


def pinned(world: World) -> dict[int, int]:
    with world.reading() as session:
        number = {row.id: row.number for row in versions(session, "c")}
        return {row.id: number[row.version_id] for row in session.scalars(sa.select(Enrollment))}


def test_an_author_finds_the_way_from_the_head_of_every_page(author: FlaskClient) -> None:
    assert 'href="/manage/courses"' in author.get("/help").get_data(as_text=True)
    assert author.get("/manage").status_code == 403


def test_a_course_that_does_not_compile_is_refused_with_every_problem(author: FlaskClient) -> None:
    answer = upload(author, source() | {"1-one/quiz.md": b"# No header\n"})
    assert answer.status_code == 422
    assert "1-one/quiz.md:1:1" in text_of(answer) and "header-missing" in text_of(answer)
    assert "No course has been brought in yet." in text_of(author.get("/manage/courses"))


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 40])
def test_what_is_no_zip_is_refused_in_words(author: FlaskClient, data: bytes) -> None:
    sent = {"file": (io.BytesIO(data), "course.zip")}
    answer = post(
        author, "/manage/courses/upload", sent, page="/manage/courses", content_type="multipart/form-data"
    )
    assert answer.status_code == 422 and "course.zip" in text_of(answer)


def test_a_course_larger_than_a_form_is_taken_from_who_may_send_it(
    author: FlaskClient, world: World, sign_in: SignIn
) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="course.zip"\r\n\r\n'
        + b"x" * 3_000_000
    )
    big = {"data": body + b"\r\n--x--\r\n", "content_type": "multipart/form-data; boundary=x"}
    here = {"Origin": "http://localhost"}
    learner = sign_in(world.person())
    assert learner.post("/manage/courses/upload", headers=here, **big).status_code == 403  # type: ignore[arg-type]
    hidden = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in tokens(author).items()
    )
    big["data"] = hidden.encode() + body + b"\r\n--x--\r\n"
    answer = author.post("/manage/courses/upload", **big)  # type: ignore[arg-type]
    assert answer.status_code == 422 and "zip file" in text_of(answer)


def test_a_folder_that_the_site_knows_is_read(
    app: Flask, config: Config, tmp_path: Path, author: FlaskClient
) -> None:
    for name, data in source().items():
        path = tmp_path / "known" / "doors" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    app.extensions["lms"] = replace(config, courses=tmp_path / "known")
    assert "doors" in text_of(author.get("/manage/courses"))
    answer = post(author, "/manage/courses/folder", {"folder": "doors"}, page="/manage/courses")
    assert answer.headers["Location"] == "/manage/courses/c/versions/1"
    for wrong in ("", "..", "../doors", "nowhere"):
        assert (
            post(author, "/manage/courses/folder", {"folder": wrong}, page="/manage/courses").status_code
            == 422
        )


def test_a_draft_is_offered_to_nobody_until_it_is_published(author: FlaskClient, world: World) -> None:
    upload(author, source())
    with world.reading() as session:
        assert published(session, "c") is None
    assert publish(author, 1, 0).status_code == 303
    with world.reading() as session:
        assert [(row.version_number, row.release_class) for row in releases(session, "c")] == [(1, "minor")]


def test_a_changed_answer_key_cannot_be_called_editorial(offered: FlaskClient, world: World) -> None:
    upload(offered, source(answer="b", release="editorial"))
    page = text_of(offered.get("/manage/courses/c/versions/2"))
    assert "It cannot be published like this" in page and "with it who passes" in page
    answer = publish(offered, 2, 1)
    assert answer.status_code == 422 and "more than its header says" in text_of(answer)
    upload(offered, source(answer="b", release="substantive"))
    assert publish(offered, 3, 1).status_code == 303
    with world.reading() as session:
        assert [row.release_class for row in releases(session, "c")] == ["substantive", "minor"]


def test_the_page_says_whom_it_concerns_and_what_would_change(offered: FlaskClient, world: World) -> None:
    enrolled(world, count=2)
    enrolled(world, "hour", count=3)
    upload(offered, source(release="substantive", more=MORE))
    page = text_of(offered.get("/manage/courses/c/versions/2"))
    assert "Not started 2" in page and "In progress 3" in page
    assert "3 people 1 of 4 1 of 6 1 h 1 h 2 steps more to do." in page
    assert "2 people 0 of 4 0 of 6 0 min 0 min 2 steps more to do." in page


def test_people_stay_where_they_are_unless_they_are_moved(offered: FlaskClient, world: World) -> None:
    (one,) = enrolled(world, "hour")
    upload(offered, source(release="substantive", more=MORE))
    publish(offered, 2, 1)
    assert pinned(world) == {one: 1}
    (two,) = enrolled(world)
    assert pinned(world) == {one: 1, two: 2}
    answer = publish(offered, 2, 2, who="everybody", note="The new lesson helps")
    assert answer.status_code == 303
    assert "1 person moved to version 2." in text_of(offered.get("/manage/courses/c"))
    assert pinned(world) == {one: 2, two: 2}
    with world.reading() as session:
        (move,) = session.scalars(sa.select(EnrollmentMove))
        assert (move.reason, move.actor_id) == ("The new lesson helps", world.made[0].id)


def test_only_those_who_have_not_started_can_be_moved(offered: FlaskClient, world: World) -> None:
    (new,), (begun,) = enrolled(world), enrolled(world, "hour")
    upload(offered, source(release="substantive", more=MORE))
    publish(offered, 2, 1, who="not started")
    assert pinned(world) == {new: 2, begun: 1}


def test_a_cohort_is_moved_together_and_keeps_the_version_for_who_joins_later(
    offered: FlaskClient, world: World
) -> None:
    with world.writing() as session:
        first = published(session, "c")
        assert first is not None
        district = builders.district(session)
        cohort = builders.cohort(session, first.id, district, "c")
        inside = builders.enroll(session, builders.person(session), first.id, "c", now(), cohort)
        outside = builders.enroll(session, builders.person(session), first.id, "c", now())
        settle(session, [inside, outside], now(), None, "begun")
    upload(offered, source(release="substantive", more=MORE))
    with world.reading() as session:
        public_id = session.get_one(Cohort, cohort).public_id
    publish(offered, 2, 1, who="groups", group=[public_id])
    assert pinned(world) == {inside: 2, outside: 1}
    with world.reading() as session:
        assert session.get_one(Cohort, cohort).version_id == published(session, "c").id  # type: ignore[union-attr]


def test_who_finished_never_moves(offered: FlaskClient, world: World) -> None:
    (done,) = enrolled(world, "hour", "l")
    with world.writing() as session:
        version = published(session, "c")
        assert version is not None
        for requirement in load_compiled(session, version.id).requirements:
            if requirement.kind == "activity":
                builders.activity_checked(session, done, version.id, requirement.key, now())
            if requirement.kind == "quiz":
                builders.quiz_tried(session, done, version.id, requirement.key, now())
        assert settle(session, [done], now(), None, "done").completed == (done,)
    upload(offered, source(release="substantive", more=MORE))
    assert "Certificate issued 1" in text_of(offered.get("/manage/courses/c/versions/2"))
    publish(offered, 2, 1, who="everybody")
    assert pinned(world) == {done: 1}


def test_a_page_that_is_older_than_the_last_release_is_refused_and_shown_anew(
    offered: FlaskClient, world: World
) -> None:
    upload(offered, source(word="Stay"))
    upload(offered, source(word="Linger"))
    assert publish(offered, 2, 1).status_code == 303
    answer = publish(offered, 3, 1)
    assert answer.status_code == 409 and "Somebody published another version meanwhile" in text_of(answer)
    assert 'name="release" value="2"' in answer.get_data(as_text=True)
    with world.reading() as session:
        assert published(session, "c").number == 2  # type: ignore[union-attr]


def test_rolling_back_is_publishing_an_earlier_version_again_with_a_reason(
    offered: FlaskClient, world: World
) -> None:
    upload(offered, source(release="substantive", answer="b"))
    publish(offered, 2, 1)
    assert "Publish this one again" in text_of(offered.get("/manage/courses/c"))
    assert publish(offered, 1, 2).status_code == 422
    assert publish(offered, 1, 2, note="Anna was right").status_code == 303
    with world.reading() as session:
        assert [(r.version_number, r.release_class, r.note) for r in releases(session, "c")] == [
            (1, "substantive", "Anna was right"), (2, "substantive", ""), (1, "minor", ""),
        ]  # fmt: skip


def test_the_same_files_are_the_version_that_is_there(offered: FlaskClient) -> None:
    assert upload(offered, source()).headers["Location"] == "/manage/courses/c/versions/1"


def test_the_files_of_a_version_go_out_as_they_came_in_and_come_in_again(offered: FlaskClient) -> None:
    page = offered.get("/manage/courses/c/versions/1")
    assert 'href="/manage/courses/c/versions/1/zip"' in page.get_data(as_text=True)
    out = offered.get("/manage/courses/c/versions/1/zip")
    assert out.mimetype == "application/zip" and 'filename="c-1.zip"' in out.headers["Content-Disposition"]
    assert out.data == pack(source())
    assert upload(offered, dict(unpack(out.data).files)).headers["Location"] == "/manage/courses/c/versions/1"
    assert offered.get("/manage/courses/c/versions/7/zip").status_code == 404


def test_a_kind_that_only_a_draft_had_binds_nobody(offered: FlaskClient) -> None:
    asked = lesson("\n## Say\n`do #say, 1 min`\n\nSay.\n\n**What?** `short #what`\n")
    number = asked.replace("`short #what`", "`number #what`")
    assert (
        upload(offered, source(release="substantive") | {"1-one/1-lesson.md": asked.encode()}).status_code
        == 303
    )
    assert (
        upload(offered, source(release="substantive") | {"1-one/1-lesson.md": number.encode()}).status_code
        == 303
    )


def test_unknown_courses_and_versions_are_not_there(offered: FlaskClient) -> None:
    for path in ("/manage/courses/d", "/manage/courses/c/versions/9", "/manage/courses/c/versions/x"):
        assert offered.get(path).status_code == 404


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["/manage/courses", "/manage/courses/c", "/manage/courses/c/versions/2"])
def test_a_page_asks_as_often_for_many_people_as_for_few(
    app: Flask, offered: FlaskClient, world: World, path: str
) -> None:
    upload(offered, source(release="substantive", more=MORE))
    enrolled(world, "hour", count=2)
    offered.get(path)
    with counted(app) as few:
        offered.get(path)
    enrolled(world, "hour", count=40)
    with counted(app) as many:
        offered.get(path)
    assert len(many) == len(few) <= 20, few
