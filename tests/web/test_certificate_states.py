"""A certificate's states on its page, in print, and where anybody checks it; and the files that were printed."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pypdf
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.accounts.affiliations import confirm_affiliation
from lms.accounts.models import User
from lms.accounts.places import create_district, create_school, place_id
from lms.actions import printing
from lms.actions.printing import standing_of
from lms.credit import expiring
from lms.credit.evidence import lock_people
from lms.credit.expiring import expire
from lms.credit.models import CertificateEvent, CertificateFile
from lms.credit.queries import certificate, certificate_of, due_for_correction
from lms.credit.rulebook import shipped
from lms.credit.ruleset import CONTACT_HOURS, rule_set
from lms.credit.services import register_rule_sets, revoke, settle
from lms.kernel import clock
from lms.kernel.audit import AuditEvent
from lms.kernel.latest import Latest
from lms.web.words import day as say
from tests import builders as b
from tests.web.conftest import Person, World, post
from tests.web.staff import Staff, build_staff
from tests.web.test_access import finish

Views = Callable[[str], tuple[str, str, str]]


@pytest.fixture
def staff(world: World) -> Staff:
    return build_staff(world)


@pytest.fixture
def views(staff: Staff, sign_in: Callable[[Person], FlaskClient]) -> Views:
    """Page, print and check of a certificate, as text."""
    client = sign_in(staff.stranger)

    def seen(number: str) -> tuple[str, str, str]:
        made = pypdf.PdfReader(io.BytesIO(client.get(f"/certificates/{number}.pdf").data))
        return (
            " ".join(client.get(f"/certificates/{number}").get_data(as_text=True).split()),
            " ".join(" ".join(page.extract_text() for page in made.pages).split()),
            " ".join(client.get(f"/verify/{number}").get_data(as_text=True).split()),
        )

    return seen


def day_in_words(iso: str) -> str:
    return say(date.fromisoformat(iso), "UTC")


def _issued(world: World, staff: Staff) -> str:
    with world.writing() as session:
        return finish(session, staff)


def _hours_end_after_a_year(world: World) -> None:
    hours = next(rules for rules in shipped() if rules.key == CONTACT_HOURS)
    with world.writing() as session:
        register_rule_sets(session, [rule_set(dict(hours.data) | {"version": 2, "valid_years": 1})])


def test_a_valid_one_is_valid_everywhere(world: World, staff: Staff, views: Views) -> None:
    page, printed, check = views(_issued(world, staff))
    assert "is not valid" not in page
    assert "Valid when printed." in printed
    assert "This certificate is valid" in check


def test_a_changed_name_gives_a_corrected_one_and_keeps_the_chain(
    world: World, staff: Staff, views: Views
) -> None:
    number = _issued(world, staff)
    with world.writing() as session:
        old = certificate(session, number)
        assert old is not None
        session.get_one(User, staff.stranger.id).name = "Another Name"
        settle(session, [old.enrollment_id], b.day(30), staff.admin.id, "married", [old.enrollment_id])
    with world.reading() as session:
        new = certificate_of(session, old.enrollment_id)
    assert new is not None
    assert (new.replaces, new.first_award_on, new.frozen["person"]["name"]) == (
        number, old.first_award_on, "Another Name",
    )  # fmt: skip
    page, printed, check = views(number)
    assert "was corrected" in page and new.number in page
    assert f"by certificate {new.number}. Use that one." in printed
    assert "This certificate was replaced" in check and new.number in check
    page, printed, check = views(new.number)
    assert "Another Name" in page and "This certificate is valid" in check
    assert f"Replaces {number}" in printed


def test_what_a_certificate_would_say_otherwise_is_found_at_once_and_told(
    world: World, staff: Staff, sign_in: Callable[[Person], FlaskClient]
) -> None:
    number = _issued(world, staff)
    person, admin = sign_in(staff.stranger), sign_in(staff.admin)

    def due() -> list[str]:
        with world.reading() as session:
            return [row.number for row in due_for_correction(session)]

    yesterday = f"{clock.now() - timedelta(days=1):%Y-%m-%d}"
    body = {
        "name": "Harbor Valley Public Schools", "type": "district", "jurisdiction": "US-MA",
        "signatory_name": "Dr. June Park", "signatory_title": "Superintendent", "registration": "",
        "organization": staff.district.public_id, "from_on": f"{clock.now() + timedelta(days=2):%Y-%m-%d}",
    }  # fmt: skip
    assert post(admin, "/manage/awarding-bodies/new", body).status_code == 303
    assert due() == []  # it signs for what is completed from then on
    name = {"name": "Sokha Chea-Lund", "job": "teacher", "time_zone": "America/New_York"}
    for client, path, form in (
        (person, "/profile/person", name),
        (admin, "/manage/awarding-bodies/new", body | {"name": "Harbor Valley", "from_on": yesterday}),
        (person, "/profile/license", {"jurisdiction": "MA", "number": "123456", "renews_on": ""}),
        (person, "/profile/license/withdraw", {"jurisdiction": "MA", "number": "123456"}),  # on the same day
    ):
        assert due() == []
        assert post(client, path, form, page=path.replace("/license/withdraw", "")).status_code == 303
        assert due() == [number]
        own, record = f"/certificates/{number}", f"/coordinate/records/{number}"
        assert "A corrected one can be issued" in person.get(own).get_data(as_text=True)
        assert "Issue a corrected certificate" in admin.get(record).get_data(as_text=True)
        answer = post(admin, f"{record}/correct", {"reason": "as it is now"}, page=record)
        number = answer.headers["Location"].rpartition("/")[2]


def test_a_revoked_one_says_so_everywhere_with_its_day(world: World, staff: Staff, views: Views) -> None:
    number = _issued(world, staff)
    with world.writing() as session:
        row = certificate(session, number)
        assert row is not None
        revoke(session, row.enrollment_id, b.day(30), staff.admin.id, "another person")
        ended = certificate(session, number)
    assert ended is not None
    assert (ended.state, ended.state_reason) == ("revoked", "another person")
    page, printed, check = views(number)
    assert "was revoked and is not valid" in page
    assert "Revoked on April 1, 2026. This certificate is no longer valid." in printed
    assert "This certificate was withdrawn" in check and "another person" not in check


def test_one_whose_rule_set_ends_it_expires_by_itself_and_is_written_down_once(
    world: World, staff: Staff, views: Views
) -> None:
    _hours_end_after_a_year(world)
    number = _issued(world, staff)
    with world.writing() as session:
        row = certificate(session, number)
        assert row is not None
        late = b.day(5 * 365)
        assert (expire(session, b.day(0)), expire(session, late), expire(session, late)) == (0, 1, 0)
    page, printed, check = views(number)
    assert "This certificate has expired" in page
    assert row is not None
    ended = day_in_words(row.frozen["expires_on"])
    assert f"Expired on {ended}." in printed
    assert "This certificate has expired" in check and f"was valid until {ended}" in check


def test_its_days_are_those_of_its_own_time_zone_whoever_asks(
    world: World, staff: Staff, views: Views, sign_in: Callable[[Person], FlaskClient]
) -> None:
    number = _issued(world, staff)
    midnight = b.day(30).replace(hour=2)  # April 1 by the clock of Greenwich, the evening before in New York
    with world.writing() as session:
        row = certificate(session, number)
        assert row is not None
        session.get_one(User, staff.stranger.id).time_zone = "Asia/Tokyo"
        revoke(session, row.enrollment_id, midnight, staff.admin.id, "another person")
        ended = certificate(session, number)
    assert ended is not None and ended.ended_on == (midnight - timedelta(days=1)).date()
    words = day_in_words(ended.ended_on.isoformat())
    _, printed, check = views(number)
    assert f"Revoked on {words}." in printed and f"withdrawn on {words}" in check
    assert standing_of(ended).on == ended.ended_on  # what the command line prints too


def test_one_whose_term_has_run_out_unnoticed_says_until_when(
    world: World, staff: Staff, views: Views
) -> None:
    _hours_end_after_a_year(world)
    number = _issued(world, staff)
    with world.reading() as session:
        row = certificate(session, number)
    assert row is not None
    with clock.at(b.day(5 * 365)):
        _, printed, check = views(number)
    ended = day_in_words(row.frozen["expires_on"])
    assert f"Expired on {ended}." in printed and f"was valid until {ended}" in check


@pytest.mark.parametrize("written", [False, True])
def test_one_that_has_expired_says_so_in_the_records_and_can_be_revoked_and_corrected(
    world: World, staff: Staff, sign_in: Callable[[Person], FlaskClient], written: bool
) -> None:
    _hours_end_after_a_year(world)
    number = _issued(world, staff)
    with clock.at(b.day(5 * 365)):
        if written:
            with world.writing() as session:
                assert expire(session, clock.now()) == 1
        client, at = sign_in(staff.admin), f"/coordinate/records/{number}"
        found = {
            status: number in client.get(f"/coordinate/records?status={status}").get_data(as_text=True)
            for status in ("", "valid", "due", "expired", "corrected", "revoked")
        }
        assert [status for status, there in found.items() if there] == ["", "expired"]
        (row,) = client.get("/coordinate/records.json?status=expired").get_json()["rows"]
        assert (row["status"], row["expires_on"] < "2031") == ("expired", True)
        assert "expired," in client.get("/coordinate/records.csv").get_data(as_text=True)
        page = client.get(at).get_data(as_text=True)
        assert "<dd>Expired</dd>" in page and "Revoke the certificate" in page and "corrected" not in page
        with world.writing() as session:
            session.get_one(User, staff.stranger.id).name = "Another Name"
            row = certificate(session, number)
            assert row is not None
            settle(session, [row.enrollment_id], clock.now(), None, "married")
        assert "Issue a corrected" in client.get(at).get_data(as_text=True)
        assert post(client, f"{at}/correct", {"reason": "married"}, page=at).status_code == 303
        with world.reading() as session:
            again = certificate_of(session, row.enrollment_id)
        assert again is not None and (again.sequence, again.state) == (2, "expired")
        at = f"/coordinate/records/{again.number}"
        assert post(client, f"{at}/revoke", {"reason": "in error"}, page=at).status_code == 303
        assert "<dd>Revoked since" in client.get(at).get_data(as_text=True)
        late = post(client, f"{at}/revoke", {"reason": "a long reason"}, page="/join")
        page = late.get_data(as_text=True)
        assert late.status_code == 409 and "done this meanwhile" in page and "a long reason" in page


def test_one_that_is_corrected_while_the_end_of_it_waits_is_not_ended_twice(
    world: World, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    _hours_end_after_a_year(world)
    number = _issued(world, staff)
    late = b.day(5 * 365)

    def lock_after_a_correction(session: Session, enrollment_ids: Iterable[int]) -> object:
        ids = list(enrollment_ids)
        session.get_one(User, staff.stranger.id).name = "Another Name"
        settle(session, ids, b.day(30), staff.admin.id, "married", ids)
        return lock_people(session, ids)

    monkeypatch.setattr(expiring, "lock_people", lock_after_a_correction)
    with world.writing() as session:
        old = certificate(session, number)
        assert old is not None
        assert expire(session, late) == 1
        new = certificate_of(session, old.enrollment_id)
        assert new is not None
        rows = session.execute(
            sa.select(CertificateEvent.sequence, CertificateEvent.event, CertificateEvent.kind)
            .order_by(CertificateEvent.sequence, CertificateEvent.event)
        )  # fmt: skip
        assert [tuple(row) for row in rows] == [
            (1, 1, "issued"), (1, 2, "corrected"), (2, 1, "issued"), (2, 2, "expired"),
        ]  # fmt: skip


def test_that_one_ended_is_told_in_the_chain_of_its_district(world: World, staff: Staff) -> None:
    _hours_end_after_a_year(world)
    with world.writing() as session:
        district = create_district(
            session, name="Far Valley", time_zone="America/New_York", now=b.day(0), by=None
        )
        school = create_school(
            session, district_id=place_id(district), name="Far School", now=b.day(0), by=None
        )
        confirm_affiliation(
            session, user_id=staff.stranger.id, organization_id=place_id(school), basis="coordinator",
            now=b.day(0), by=None,
        )  # fmt: skip
        district_id = place_id(district)
    _issued(world, staff)
    with world.writing() as session:
        assert expire(session, b.day(5 * 365)) == 1
    with world.reading() as session:
        told = session.execute(
            sa.select(AuditEvent.action, AuditEvent.organization_id)
            .where(AuditEvent.action.in_(("certificate.issued", "certificate.expired")))
        )  # fmt: skip
        assert sorted(tuple(row) for row in told) == [
            ("certificate.expired", district_id), ("certificate.issued", district_id),
        ]  # fmt: skip


def test_the_first_print_leaves_its_digest_and_the_next_is_the_same(
    world: World, staff: Staff, views: Views, caplog: pytest.LogCaptureFixture
) -> None:
    number = _issued(world, staff)
    with caplog.at_level(logging.ERROR):
        assert views(number)[1] == views(number)[1]
    assert not caplog.records
    with world.reading() as session:
        (kept,) = session.scalars(sa.select(CertificateFile)).all()
    assert kept.release == printing.release()
    assert len(kept.digest) == 64


def test_other_bytes_of_the_same_words_are_noticed(
    world: World, staff: Staff, views: Views, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    number = _issued(world, staff)
    views(number)
    honest = printing.certificate_pdf
    monkeypatch.setattr(printing, "certificate_pdf", lambda *args: honest(*args) + b"\n%")
    monkeypatch.setattr(printing, "_printed", Latest(1))  # as another process sees it
    with caplog.at_level(logging.ERROR):
        views(number)
    assert f"certificate {number}" in caplog.text


def test_who_opens_it_again_costs_no_print_until_something_has_happened_to_it(
    world: World, staff: Staff, sign_in: Callable[[Person], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    number, client = _issued(world, staff), sign_in(staff.stranger)
    prints: list[str] = []
    honest = printing.certificate_pdf
    monkeypatch.setattr(printing, "certificate_pdf", lambda *args: prints.append(args[0]) or honest(*args))
    monkeypatch.setattr(printing, "_printed", Latest(4))
    first = client.get(f"/certificates/{number}.pdf")
    assert client.get(f"/certificates/{number}.pdf").data == first.data
    monkeypatch.setattr(printing, "_printed", Latest(4))  # another process, and a browser that has it
    known = client.get(f"/certificates/{number}.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert (known.status_code, known.data, len(prints)) == (304, b"", 1)
    with world.writing() as session:
        row = certificate(session, number)
        assert row is not None
        revoke(session, row.enrollment_id, clock.now(), staff.admin.id, "issued by mistake")
    told = client.get(f"/certificates/{number}.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert told.status_code == 200 and told.data != first.data and len(prints) == 2
