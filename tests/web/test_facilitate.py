"""Facilitators' pages: a text is read by one person at a time, minutes come from arrival and departure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from lms.cohorts.models import Cohort
from lms.cohorts.queries import attendance_of, sessions
from lms.cohorts.queries import cohort as find_cohort
from lms.courses.queries import forget_compiled
from lms.credit.queries import contact_minutes
from lms.credit.services import settle
from lms.kernel.clock import now
from lms.kernel.db import db
from lms.web import mail
from tests.web.conftest import Person, World, post
from tests.web.staff import TEXT, Staff, build_staff, real_course

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def staff(world: World) -> Staff:
    return build_staff(world)


@pytest.fixture
def mails(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """What the site mails, with a mail server set up: (to, subject, text)."""
    extensions = staff.world.app.extensions
    extensions["lms"] = replace(
        extensions["lms"], mail_server="smtp://mail.example", mail_from="site@harbor.example"
    )
    sent: list[tuple[str, str, str]] = []
    monkeypatch.setattr(mail, "_send", lambda *message: sent.append(message))
    return sent


def case(staff: Staff) -> str:
    return f"/reviews/{staff.enrollment}/{staff.reflection}/1"


def date(staff: Staff, client: FlaskClient, **typed: str) -> TestResponse:
    """Ask for a session from 15:30 yesterday, 75 minutes with 5 of break."""
    form = {
        "session_key": "cc-s1", "day": f"{now() - timedelta(days=1):%Y-%m-%d}", "time": "15:30",
        "minutes": "75", "break_minutes": "5", "place": "Library",
    }  # fmt: skip
    page = f"/facilitate/cohorts/{staff.cohort}"
    return post(client, f"{page}/sessions", form | typed, page=page)


def dated(staff: Staff, client: FlaskClient, key: str = "cc-s1", **typed: str) -> int:
    """The id of a session that was asked for like this."""
    answer = date(staff, client, session_key=key, **typed)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with staff.world.reading() as session:
        row = find_cohort(session, staff.cohort)
        assert row is not None
        return sessions(session, row.id)[0].id


def mark(staff: Staff, client: FlaskClient, number: int, arrived: str, left: str, **more: str):
    path = f"/facilitate/cohorts/{staff.cohort}/sessions/{number}/attendance"
    person = staff.enrollment
    form = {f"was-{person}": "present", f"arrived-{person}": arrived, f"left-{person}": left, **more}
    return post(client, path, form)


def test_the_cohort_page_shows_the_queue_and_everybody(staff: Staff, sign_in: SignIn) -> None:
    page = sign_in(staff.facilitator).get(f"/facilitate/cohorts/{staff.cohort}").get_data(as_text=True)
    assert "Rosa Delgado" in page and "1 waiting" in page and "Join code" in page


def test_a_coordinator_sees_the_cohort_and_no_word_of_a_reflection(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.coordinator)
    page = client.get(f"/facilitate/cohorts/{staff.cohort}").get_data(as_text=True)
    assert "Rosa Delgado" in page and "Reflections to read" not in page
    assert client.get(case(staff)).status_code == 404


@pytest.mark.parametrize("who", ["coordinator", "other_coordinator", "stranger", "admin", "learner"])
def test_nobody_but_the_facilitator_reads_the_reflection(staff: Staff, sign_in: SignIn, who: str) -> None:
    client = sign_in(getattr(staff, who))
    assert client.get(case(staff)).status_code == 404
    assert post(client, f"{case(staff)}/hold", page="/help").status_code == 404
    assert post(client, case(staff), {"criterion-1": "meets"}, page="/help").status_code == 404


def test_a_module_with_a_text_that_waits_is_in_progress(staff: Staff, sign_in: SignIn) -> None:
    path = f"/facilitate/cohorts/{staff.cohort}/progress.csv"
    head, row = sign_in(staff.coordinator).get(path).get_data(as_text=True).splitlines()[:2]
    places = head.split(",")
    cells = dict(zip(places, row.split(","), strict=True))
    assert (cells["Module 1"], cells["Module 2"]) == ("in progress", "not started")


def test_the_text_is_shown_once_it_is_held_and_not_before(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    assert TEXT[:40] not in client.get(case(staff)).get_data(as_text=True)
    assert post(client, f"{case(staff)}/hold", page=case(staff)).status_code == 303
    page = client.get(case(staff)).get_data(as_text=True)
    assert TEXT[:40] in page and "Not yet" in page and "Strong" in page


def test_two_facilitators_never_hold_one_text(staff: Staff, sign_in: SignIn) -> None:
    second = staff.world.person("Second Facilitator")
    with staff.world.reading() as session:
        row = find_cohort(session, staff.cohort)
        assert row is not None
    staff.world.grant(second, "facilitator", "cohort", row.id)
    first = sign_in(staff.facilitator)
    post(first, f"{case(staff)}/hold", page=case(staff))
    other = sign_in(second)
    answer = post(other, f"{case(staff)}/hold", page="/reviews")
    assert answer.headers["Location"] == "/reviews"
    assert TEXT[:40] not in other.get(case(staff)).get_data(as_text=True)
    post(first, f"{case(staff)}/put-back", page=case(staff))
    assert post(other, f"{case(staff)}/hold", page=case(staff)).headers["Location"] == case(staff)


def test_not_yet_needs_a_note_and_what_was_typed_stays(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    post(client, f"{case(staff)}/hold", page=case(staff))
    refused = post(client, case(staff), {"criterion-1": "not_yet", "comment": " "})
    assert refused.status_code == 422 and "Add a note" in refused.get_data(as_text=True)
    unchosen = post(client, case(staff), {"comment": "A long and careful note."})
    assert unchosen.status_code == 422 and "A long and careful note." in unchosen.get_data(as_text=True)
    sent = post(client, case(staff), {"criterion-1": "not_yet", "comment": "Say what she gave."})
    assert sent.status_code == 303
    assert "Nobody is waiting for you" in client.get("/reviews").get_data(as_text=True)


def test_a_verdict_sent_twice_is_one_verdict_and_one_mail_without_a_word_of_it(
    staff: Staff, sign_in: SignIn, mails: list[tuple[str, str, str]]
) -> None:
    client = sign_in(staff.facilitator)
    post(client, f"{case(staff)}/hold", page=case(staff))
    refused = post(client, case(staff), {"criterion-1": "not_yet", "comment": ""})
    assert refused.status_code == 422 and mails == []
    form = {"criterion-1": "meets", "comment": "Steady, and well seen."}
    assert post(client, case(staff), form).status_code == 303
    assert post(client, case(staff), form, page="/help").status_code == 303
    changed = post(client, case(staff), {"criterion-1": "strong", "comment": "Yes."}, page="/help")
    assert changed.status_code == 409
    ((to, subject, text),) = mails
    assert (to, subject) == (staff.learner.email, "You have an answer")
    assert "Steady" not in text and "dependable" not in text and "meets" not in text.lower()
    address = next(word for word in text.split() if "://" in word).removeprefix("http://localhost")
    assert "Steady, and well seen." in sign_in(staff.learner).get(address).get_data(as_text=True)


def test_arrival_and_departure_become_minutes_on_the_ledger(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    number = dated(staff, client)
    saved = mark(staff, client, number, "15:32", "16:45")
    assert saved.status_code == 303, saved.get_data(as_text=True)
    sheet = client.get(saved.headers["Location"]).get_data(as_text=True)
    assert "1 h 8 min, partial" in sheet
    assert "3:32 pm to 4:45 pm: 73 minutes, less 5 of breaks" in sheet
    with staff.world.reading() as session:
        assert attendance_of(session, staff.enrollment_id)[number].credited_minutes == 68
        assert contact_minutes(session, [staff.enrollment_id]) == {staff.enrollment_id: 68}


def test_a_correction_is_a_new_mark_with_a_reason(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    number = dated(staff, client)
    mark(staff, client, number, "15:30", "16:45")
    seen = {f"seen-{staff.enrollment}": "1"}
    refused = mark(staff, client, number, "15:30", "16:15", **seen)
    assert refused.status_code == 422 and "Say why a mark is changed" in refused.get_data(as_text=True)
    assert mark(staff, client, number, "15:30", "16:15", reason="Left early", **seen).status_code == 303
    stale = mark(staff, client, number, "15:31", "16:30", reason="Again", **seen)
    assert stale.status_code == 409
    page = stale.get_data(as_text=True)
    assert "Somebody else has recorded Rosa Delgado meanwhile" in page and "save again" in page
    assert "Recorded meanwhile: 3:30 pm to 4:15 pm" in page
    assert 'value="15:31"' in page and 'value="16:30"' in page and 'value="Again"' in page
    shown = {f"shown-{staff.enrollment}": "present 15:30 16:45"}
    untouched = mark(staff, client, number, "15:30", "16:45", reason="For others", **seen, **shown)
    page = untouched.get_data(as_text=True)
    assert untouched.status_code == 409 and "You had changed nothing there, so that stands" in page
    assert 'value="16:15"' in page and 'value="16:45"' not in page
    with staff.world.reading() as session:
        assert contact_minutes(session, [staff.enrollment_id]) == {staff.enrollment_id: 40}


@pytest.mark.parametrize(
    ("arrived", "left", "words"),
    [
        ("16:00", "15:40", "leaves before arriving"),
        ("", "16:00", "needs a time of arrival"),
        ("15:30", "", "needs a time of leaving"),
        ("half past", "16:00", "has a time that cannot be read"),
    ],
)
def test_a_line_that_cannot_be_is_named(
    staff: Staff, sign_in: SignIn, arrived: str, left: str, words: str
) -> None:
    client = sign_in(staff.facilitator)
    answer = mark(staff, client, dated(staff, client), arrived, left)
    assert answer.status_code == 422
    assert f"Rosa Delgado {words}" in answer.get_data(as_text=True)


def test_presence_is_recorded_once_the_session_has_begun(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    number = dated(staff, client, day=f"{now() + timedelta(days=8):%Y-%m-%d}")
    early = mark(staff, client, number, "15:30", "16:45")
    assert early.status_code == 422 and "This session has not begun" in early.get_data(as_text=True)
    with staff.world.reading() as session:
        assert contact_minutes(session, [staff.enrollment_id]) == {}
    assert mark(staff, client, number, "", "", **{f"was-{staff.enrollment}": "excused"}).status_code == 303


def test_a_sheet_with_an_impossible_number_in_it_is_answered(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    seen = {f"seen-{staff.enrollment}": "9" * 5000}
    assert mark(staff, client, dated(staff, client), "15:30", "16:45", **seen).status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": "9999-12-31", "time": "23:30"}, "Look at the year of this day again"),
        ({"day": "0001-01-01"}, "Look at the year of this day again"),
        ({"break_minutes": "75"}, "The breaks take as long as the session"),
    ],
)
def test_a_session_that_cannot_be_is_refused_in_words(
    staff: Staff, sign_in: SignIn, typed: dict[str, str], words: str
) -> None:
    answer = date(staff, sign_in(staff.facilitator), **typed)
    assert answer.status_code == 422 and words in answer.get_data(as_text=True)


def test_a_session_of_another_cohort_is_not_found(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    number = dated(staff, client)
    assert client.get(f"/facilitate/cohorts/nowhere/sessions/{number}/attendance").status_code == 404
    assert client.get(f"/facilitate/cohorts/{staff.cohort}/sessions/999/attendance").status_code == 404


def test_a_session_has_one_date(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    for guide in real_course()[0].sessions:
        page = client.get(f"/facilitate/cohorts/{staff.cohort}").get_data(as_text=True)
        assert f'value="{guide.key}"' in page
        dated(staff, client, guide.key)
        page = client.get(f"/facilitate/cohorts/{staff.cohort}").get_data(as_text=True)
        assert f'value="{guide.key}"' not in page
    assert "Add a live session" not in page


def test_the_guide_of_a_session_is_for_the_cohort_s_staff(staff: Staff, sign_in: SignIn) -> None:
    path = f"/facilitate/cohorts/{staff.cohort}/guides/cc-s1"
    assert "If it gets hard" in sign_in(staff.facilitator).get(path).get_data(as_text=True)
    assert sign_in(staff.learner).get(path).status_code == 404


def test_progress_goes_out_as_a_file_without_a_word_of_the_text(staff: Staff, sign_in: SignIn) -> None:
    answer = sign_in(staff.coordinator).get(f"/facilitate/cohorts/{staff.cohort}/progress.csv")
    text = answer.get_data(as_text=True)
    assert text.startswith("Name,Email,School,Job,Done,Needed,Module 1,Module 2")
    assert "Rosa Delgado" in text and "listened" not in text


def test_arrival_and_departure_of_each_session_stand_in_the_file(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    mark(staff, client, dated(staff, client), "15:32", "16:45")
    text = client.get(f"/facilitate/cohorts/{staff.cohort}/progress.csv").get_data(as_text=True)
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["Session cc-s1, arrived"].endswith(" 15:32")
    assert row["Session cc-s1, left"].endswith(" 16:45")
    assert row["Session cc-s1, minutes"] == "68"


def test_a_coordinator_sees_what_is_left_and_why(staff: Staff, sign_in: SignIn) -> None:
    path = f"/facilitate/cohorts/{staff.cohort}/people/{staff.enrollment}"
    page = sign_in(staff.coordinator).get(path).get_data(as_text=True)
    assert "What is left for Rosa Delgado" in page and "Handed in." in page and "listened" not in page


def test_live_time_that_is_missing_is_told_in_minutes_to_everybody(staff: Staff, sign_in: SignIn) -> None:
    with staff.world.writing() as session:
        session.query(Cohort).update({Cohort.required_minutes: 200})
        settle(session, [staff.enrollment_id], now(), None, "asked for")
    number = dated(staff, sign_in(staff.facilitator))
    assert mark(staff, sign_in(staff.facilitator), number, "15:32", "16:45").status_code == 303
    for person, path in (
        (staff.learner, "/learn/creating-connections/left"),
        (staff.facilitator, f"/facilitate/cohorts/{staff.cohort}/people/{staff.enrollment}"),
        (staff.coordinator, f"/coordinate/enrollments/{staff.enrollment}"),
    ):
        page = sign_in(person).get(path).get_data(as_text=True)
        assert "2 h 12 min more in live sessions is needed." in page


def test_closing_a_cohort_ends_its_code_and_nobody_s_course(staff: Staff, sign_in: SignIn) -> None:
    page = f"/facilitate/cohorts/{staff.cohort}"
    client = sign_in(staff.coordinator)
    assert post(client, f"{page}/close", page=page).status_code == 303
    shown = client.get(page).get_data(as_text=True)
    assert "Closed on" in shown and "Join code" not in shown
    assert post(client, f"{page}/close", page="/coordinate").status_code == 303


def test_the_cohort_page_costs_the_same_queries_at_any_size(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.facilitator)
    page = f"/facilitate/cohorts/{staff.cohort}"
    client.get(page)
    small = queries_of(staff, lambda: client.get(page))
    for name in ("Ana One", "Ben Two", "Cid Three"):
        _join(staff, staff.world.person(name))
    assert queries_of(staff, lambda: client.get(page)) == small


def test_a_list_of_cohorts_reads_no_course(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.coordinator)
    forget_compiled()
    read = _statements(staff, lambda: client.get("/coordinate"))
    assert read and not [statement for statement in read if "compiled" in statement]


def _join(staff: Staff, person: Person) -> None:
    from lms.cohorts.services import join_cohort

    with staff.world.writing() as session:
        row = find_cohort(session, staff.cohort)
        assert row is not None
        join_cohort(
            session, cohort_id=row.id, user_id=person.id, time_zone="America/New_York", basis="join_code",
            now=now(), by=person.id,
        )  # fmt: skip


def queries_of(staff: Staff, visit: Callable[[], object]) -> int:
    return len(_statements(staff, visit))


def _statements(staff: Staff, visit: Callable[[], object]) -> list[str]:
    with staff.world.app.app_context():
        engine = db.engine
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        visit()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen
