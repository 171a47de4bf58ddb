"""The coordinator's pages: the right district and nobody else's, every bad row named, records as files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import select

from lms.accounts import links
from lms.actions import coordinate, learn
from lms.actions.cohort_members import take_out
from lms.actions.records import correct_certificate
from lms.cohorts.queries import cohort as find_cohort
from lms.kernel import clock
from lms.kernel.audit import AuditEvent
from lms.kernel.errors import RuleBroken
from tests.web.conftest import PASSWORD, Person, World, post, tokens
from tests.web.staff import COURSE, Staff, build_staff

SignIn = Callable[[Person], FlaskClient]
LIST = (
    "name,email,school,job\n"
    "Sokha Chea,{own},Bridgeway Middle School,Teacher\n"
    "New Person,new@harbor.example,,Para\n"
    "Bad Row,no-at-sign,,Teacher\n"
)


@pytest.fixture
def staff(world: World) -> Staff:
    return build_staff(world)


def upload(client: FlaskClient, into: str, data: bytes, name: str = "staff.csv"):
    fields = {**tokens(client, "/coordinate/enroll"), "into": into, "file": (io.BytesIO(data), name)}
    return client.post("/coordinate/enroll", data=fields, content_type="multipart/form-data")


def test_the_district_page_shows_its_own_people_and_nobody_else_s(staff: Staff, sign_in: SignIn) -> None:
    own = sign_in(staff.coordinator).get("/coordinate").get_data(as_text=True)
    other = sign_in(staff.other_coordinator).get("/coordinate").get_data(as_text=True)
    assert "Rosa Delgado" in own and "Spring cohort" in own
    assert "Rosa Delgado" not in other and "Spring cohort" not in other


def test_what_is_left_is_said_of_staff_who_learn_by_themselves_too(staff: Staff, sign_in: SignIn) -> None:
    with staff.world.app.app_context():
        learn.enroll(staff.acting(staff.stranger), COURSE)
    client = sign_in(staff.coordinator)
    page = client.get("/coordinate").get_data(as_text=True)
    rows = dict(re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', page, re.DOTALL))
    hrefs = {name: re.findall(r'href="(/coordinate/enrollments/[^"]+)"', part) for name, part in rows.items()}
    assert {name: len(found) for name, found in hrefs.items()} == {
        "Carla Nunes": 0, "Rosa Delgado": 1, "Sokha Chea": 1,
    }  # fmt: skip
    (alone,), (member,) = hrefs["Sokha Chea"], hrefs["Rosa Delgado"]
    left = client.get(alone).get_data(as_text=True)
    assert "What is left for Sokha Chea" in left and "Not done yet." in left
    assert "Handed in." in client.get(member).get_data(as_text=True)
    assert sign_in(staff.other_coordinator).get(alone).status_code == 404


def test_somebody_who_names_the_district_is_unseen_until_confirmed(staff: Staff, sign_in: SignIn) -> None:
    from lms.accounts.affiliations import state_affiliation
    from lms.kernel.clock import now

    person = staff.world.person("Thùy Phạm")
    with staff.world.writing() as session:
        state_affiliation(
            session, user_id=person.id, organization_id=staff.school.id, now=now(), by=person.id
        )
    client = sign_in(staff.coordinator)
    path = f"/coordinate/affiliations/{person.public_id}/{staff.school.public_id}"
    assert "Thùy Phạm" in client.get("/coordinate").get_data(as_text=True)
    other = post(sign_in(staff.other_coordinator), path, {"answer": "confirm"}, page="/coordinate")
    assert other.status_code == 404
    assert post(client, path, {"answer": "confirm"}, page="/coordinate").status_code == 303
    page = client.get("/coordinate").get_data(as_text=True)
    assert "Nobody is waiting to be confirmed" in page and "Thùy Phạm" in page
    again = post(client, path, {"answer": "confirm"}, page="/coordinate")
    assert again.status_code == 303


def test_a_password_link_is_for_one_s_own_staff_only(staff: Staff, sign_in: SignIn) -> None:
    path = f"/coordinate/people/{staff.learner.public_id}/password-link"
    made = post(sign_in(staff.coordinator), path, page="/coordinate")
    assert made.status_code == 200 and "/password/" in made.get_data(as_text=True)
    assert post(sign_in(staff.other_coordinator), path, page="/coordinate").status_code == 404


def test_no_link_is_made_for_somebody_with_more_rights(staff: Staff, sign_in: SignIn) -> None:
    staff.world.belongs(staff.admin, staff.district)
    path = f"/coordinate/people/{staff.admin.public_id}/password-link"
    assert post(sign_in(staff.coordinator), path, page="/coordinate").status_code == 403


def test_a_list_is_checked_first_and_then_good_rows_go_ahead(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.coordinator)
    into = f"course:{staff.district.public_id}:{COURSE}"
    text = LIST.format(own=staff.stranger.email)
    checked = upload(client, into, text.encode()).get_data(as_text=True)
    assert "1 of 3 rows need fixing" in checked
    assert "Row 4: Email is missing “@”" in checked
    assert "Enroll the 2 people who are ready" in checked
    done = post(client, "/coordinate/enroll/confirm", {"into": into, "text": text}, page="/coordinate/enroll")
    page = done.get_data(as_text=True)
    assert "1 person enrolled" in page and "/invitations/" in page
    again = upload(client, into, text.encode()).get_data(as_text=True)
    assert "Is enrolled in this training already" in again


def test_a_list_for_a_cohort_makes_members(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.coordinator)
    into = f"cohort:{staff.cohort}"
    text = LIST.format(own=staff.stranger.email)
    post(client, "/coordinate/enroll/confirm", {"into": into, "text": text}, page="/coordinate/enroll")
    assert "Sokha Chea" in client.get(f"/facilitate/cohorts/{staff.cohort}").get_data(as_text=True)


def new_cohort(staff: Staff, name: str = "Fall cohort") -> str:
    with staff.world.app.app_context():
        return coordinate.create_cohort(
            staff.acting(staff.coordinator), name=name, course_key=COURSE,
            organization=staff.district.public_id, facilitator=staff.facilitator.email,
            starts_on=date(2026, 9, 1), ends_on=None, required_minutes=None,
        )  # fmt: skip


def test_a_row_of_somebody_in_another_cohort_says_so_and_the_good_rows_go_ahead(
    staff: Staff, sign_in: SignIn
) -> None:
    client = sign_in(staff.coordinator)
    into = f"cohort:{new_cohort(staff)}"
    with staff.world.app.app_context():
        learn.enroll(staff.acting(staff.stranger), COURSE)  # learns alone: may join a cohort
    body = f"Rosa Delgado,{staff.learner.email},,Teacher\nSokha Chea,{staff.stranger.email},,Teacher\n"
    text = "name,email,school,job\n" + body
    checked = upload(client, into, text.encode()).get_data(as_text=True)
    assert "Row 2: Learns with another cohort of this training, Spring cohort." in checked
    done = post(client, "/coordinate/enroll/confirm", {"into": into, "text": text}, page="/coordinate/enroll")
    page = done.get_data(as_text=True)
    assert done.status_code == 200 and "1 person enrolled" in page and "1 row stayed behind" in page


def test_who_came_into_another_cohort_since_the_check_stays_behind_alone(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = coordinate.roster_facts
    monkeypatch.setattr(coordinate, "roster_facts", lambda *asked: replace(facts(*asked), enrolled={}))
    body = f"Rosa Delgado,{staff.learner.email},,Teacher\nSokha Chea,{staff.stranger.email},,Teacher\n"
    text = "name,email,school,job\n" + body
    for into, enrolled in (
        (f"cohort:{new_cohort(staff)}", 1),
        (f"course:{staff.district.public_id}:{COURSE}", 0),
    ):
        with staff.world.app.app_context():
            done = coordinate.enroll_list(staff.acting(staff.coordinator), into_value=into, text=text)
        assert (done.enrolled, done.skipped) == (enrolled, 2 - enrolled)


def test_an_invitation_into_a_second_cohort_says_what_to_do_and_stays_open(
    staff: Staff, sign_in: SignIn
) -> None:
    fall = new_cohort(staff)
    with staff.world.writing() as session:
        row = find_cohort(session, fall)
        assert row is not None
        _, token = links.invite(
            session, organization_id=staff.other.id, email=staff.learner.email, name="Rosa",
            course_key=COURSE, cohort_id=row.id, now=clock.now(), by=staff.other_coordinator.id,
        )  # fmt: skip
    client, path = sign_in(staff.learner), f"/invitations/{token}"
    refused = post(client, path)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and "Ask its facilitator to take you out of it" in page
    assert "Harbor Valley" in client.get("/profile").get_data(as_text=True)  # nothing has changed
    with staff.world.app.app_context():
        take_out(staff.acting(staff.facilitator), cohort_id=staff.cohort, enrollment=staff.enrollment)
    assert post(client, path).status_code == 303
    assert "Rosa Delgado" in sign_in(staff.facilitator).get(f"/facilitate/cohorts/{fall}").get_data(
        as_text=True
    )


def test_a_list_for_a_closed_cohort_is_told_so(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.coordinator)
    post(client, f"/facilitate/cohorts/{staff.cohort}/close", page="/coordinate")
    typed = {"into": f"cohort:{staff.cohort}", "text": LIST.format(own=staff.stranger.email)}
    refused = post(client, "/coordinate/enroll/confirm", typed, page="/coordinate/enroll")
    assert refused.status_code == 422 and "This cohort is closed" in refused.get_data(as_text=True)


def test_who_accepts_after_the_cohort_is_closed_belongs_and_is_told(
    staff: Staff, sign_in: SignIn, client: FlaskClient
) -> None:
    coordinator = sign_in(staff.coordinator)
    typed = {"into": f"cohort:{staff.cohort}", "text": LIST.format(own=staff.stranger.email)}
    done = post(coordinator, "/coordinate/enroll/confirm", typed, page="/coordinate/enroll")
    found = re.search(r"/invitations/[\w-]+", done.get_data(as_text=True))
    assert found is not None
    post(coordinator, f"/facilitate/cohorts/{staff.cohort}/close", page="/coordinate")
    person = {"name": "New Person", "password": PASSWORD, "job": "teacher", "time_zone": "America/New_York"}
    assert post(client, found[0], person).status_code == 303
    home = client.get("/learn").get_data(as_text=True)
    assert "You now belong to Harbor Valley" in home and "no longer open for joining" in home


def test_a_new_cohort_begins_on_the_coordinator_s_own_day(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.coordinator)
    with clock.at(datetime(2026, 3, 2, 3, 0, tzinfo=UTC)):  # March 1, 10 pm in New York
        assert 'value="2026-03-01"' in client.get("/coordinate/cohorts/new").get_data(as_text=True)


def test_the_check_says_the_same_of_an_address_elsewhere_and_of_nobody_s(
    staff: Staff, sign_in: SignIn
) -> None:
    elsewhere = staff.other_coordinator.email
    client = sign_in(staff.coordinator)
    into = f"course:{staff.district.public_id}:{COURSE}"
    results = []
    for email in (elsewhere, "nobody@nowhere.example"):
        body = f"name,email,school,job\nSame Name,{email},,teacher\n"
        page = upload(client, into, body.encode()).get_data(as_text=True)
        results.append("Ready, by invitation link" in page)
    assert results == [True, True]


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "", "Choose a file first"),
        (b"", "empty.csv", "The file is empty"),
        (b"PK\x03\x04zip", "book.xlsx", "Save it as CSV first"),
        (b"first,second\na,b\n", "odd.csv", "must name the columns"),
        (b"name,email\n" + b"x" * 503_000, "big.csv", "larger than 500 KB"),
        (b'name,email\nBo,b@b.org\n"Ann,a@b.org\n', "open.csv", "A quotation mark in row 3 is not closed"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(
    staff: Staff, sign_in: SignIn, data: bytes, name: str, words: str
) -> None:
    client = sign_in(staff.coordinator)
    answer = upload(client, f"course:{staff.district.public_id}:{COURSE}", data, name)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


def test_whatever_a_list_says_is_answered_in_words(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.coordinator)
    into = f"course:{staff.district.public_id}:{COURSE}"
    mixed = "name,email,job\nZoë,z@b.org,para\n".encode() + b"Jos\xe9,j@b.org,para\n"
    page = upload(client, into, mixed).get_data(as_text=True)
    assert "Row 3: Name has a letter that could not be read" in page
    assert "Enroll the 1 person who is ready" in page
    for body in (
        "\x00,a@b.org,,teacher", "A\x85B,mailto:@,,", 'A,"""@b.org",,teacher', "A,a@b..org,,teacher",
        "A,é\u0301@b.org,,teacher\nA,é\u0301@b.org,,teacher", "Ａ,a@ｂ.org,,teacher", "A,a@" + "b" * 300 + ".org,,teacher",
        "A,a@b.org,\u2028,teacher", "A,a@-.--,,teacher", '"', "A,İ@b.org,,teacher\nA,i̇@b.org,,teacher",
        "A,ß@b.org,,teacher\nA,ss@b.org,,teacher", "ﷺ" * 100 + ",a@b.org,,teacher", "A,K@b.org,,aide\nA,k@b.org,,aide",
    ):  # fmt: skip
        typed = {"into": into, "text": f"name,email,school,job\n{body}"}
        for path in ("problems.csv", "confirm"):
            done = post(client, f"/coordinate/enroll/{path}", typed, page="/coordinate/enroll")
            assert done.status_code in (200, 422), body


@pytest.mark.parametrize(
    "into", ["", "course:", "cohort:nothing", "course:nowhere:creating-connections", "x" * 900]
)
def test_a_place_that_is_not_there_is_not_found(staff: Staff, sign_in: SignIn, into: str) -> None:
    answer = upload(sign_in(staff.coordinator), into, b"name,email\na,a@b.example\n")
    assert answer.status_code == 404


def test_rows_to_fix_come_back_as_a_file(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.coordinator)
    into = f"course:{staff.district.public_id}:{COURSE}"
    text = "name,email,school,job\n=cmd(),broken,,teacher\n"
    answer = post(
        client, "/coordinate/enroll/problems.csv", {"into": into, "text": text}, page="/coordinate/enroll"
    )
    assert answer.mimetype == "text/csv"
    assert "'=cmd(),broken,,teacher,Email is missing “@”,2" in answer.get_data(as_text=True)


def test_records_are_empty_for_a_district_in_which_nobody_finished(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.coordinator)
    page = client.get("/coordinate/records").get_data(as_text=True)
    assert "No certificate matches" in page
    lines = client.get("/coordinate/records.csv").get_data(as_text=True).splitlines()
    assert len(lines) == 1 and lines[0].startswith("District,School,Name")


@pytest.mark.parametrize(
    "query", ["from=yesterday", "from=2026-05-01&to=2026-01-01", "status=lost", "page=-3&school=%00"]
)
def test_a_filter_that_makes_no_sense_is_named_and_left_out(
    staff: Staff, sign_in: SignIn, query: str
) -> None:
    assert sign_in(staff.coordinator).get(f"/coordinate/records?{query}").status_code == 200


def test_a_filter_that_cannot_be_understood_gives_no_file(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.coordinator)
    answer = client.get("/coordinate/records.csv?from=last+week&status=valid&_external=1")
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Write the day as year, month, day" in page and "last week" in page


def test_a_pull_stands_in_the_trail_of_each_district_it_reaches(staff: Staff, sign_in: SignIn) -> None:
    staff.world.grant(staff.coordinator, "coordinator", "organization", staff.other.id)
    at_school = staff.world.grant(
        staff.world.person("Nora School"), "coordinator", "organization", staff.school.id
    )
    for person in (staff.coordinator, at_school):
        assert sign_in(person).get("/coordinate/records.csv").status_code == 200
    with staff.world.reading() as session:
        pulls = session.execute(
            select(AuditEvent.organization_id, AuditEvent.actor_id)
            .where(AuditEvent.action == "records.exported")
            .order_by(AuditEvent.actor_id, AuditEvent.organization_id)
        ).all()
    here, there = staff.district.id, staff.other.id
    assert pulls == [(here, staff.coordinator.id), (there, staff.coordinator.id), (here, at_school.id)]


def test_a_reason_is_refused_when_it_is_too_long_and_never_cut(staff: Staff) -> None:
    coordinator = staff.acting(staff.coordinator)
    with staff.world.app.app_context(), pytest.raises(RuleBroken, match="reason_long"):
        correct_certificate(coordinator, number="RIA", reason="x" * 301)


def test_an_export_in_a_format_that_is_not_there_is_not_found(staff: Staff, sign_in: SignIn) -> None:
    assert sign_in(staff.coordinator).get("/coordinate/records.pdf").status_code == 404


def test_a_cohort_needs_a_facilitator_with_an_account(staff: Staff, sign_in: SignIn) -> None:
    client = sign_in(staff.coordinator)
    form = {
        "name": "Fall", "course": COURSE, "organization": staff.district.public_id,
        "facilitator": "nobody@nowhere.example", "starts_on": "2026-09-01",
    }  # fmt: skip
    refused = post(client, "/coordinate/cohorts/new", form)
    assert refused.status_code == 422 and "no account with this address" in refused.get_data(as_text=True)
    made = post(client, "/coordinate/cohorts/new", {**form, "facilitator": staff.facilitator.email})
    assert made.status_code == 303 and "/facilitate/cohorts/" in made.headers["Location"]


def test_a_cohort_that_ends_before_it_begins_is_told_so(staff: Staff, sign_in: SignIn) -> None:
    form = {
        "name": "Fall cohort", "course": COURSE, "organization": staff.district.public_id,
        "facilitator": staff.facilitator.email, "starts_on": "2026-05-05", "ends_on": "2026-05-01",
    }  # fmt: skip
    answer = post(sign_in(staff.coordinator), "/coordinate/cohorts/new", form)
    assert answer.status_code == 422 and "The last day lies before the first" in answer.get_data(as_text=True)


def test_another_district_cannot_be_chosen_for_a_cohort(staff: Staff, sign_in: SignIn) -> None:
    form = {
        "name": "Theirs", "course": COURSE, "organization": staff.other.public_id,
        "facilitator": staff.facilitator.email, "starts_on": "2026-09-01",
    }  # fmt: skip
    assert post(sign_in(staff.coordinator), "/coordinate/cohorts/new", form).status_code == 422
