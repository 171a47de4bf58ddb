"""The transcript in the browser's eyes: what stands there, what a person adds, files, the cycle's dates."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from tests import builders
from tests.web.conftest import Person, World, post
from tests.web.staff import Staff, build_staff
from tests.web.test_access import finish

SignIn = Callable[[Person], FlaskClient]
OUTSIDE = {
    "title": "Reading the room", "provider": "Lakeside Collaborative", "topic": "Classroom climate",
    "activity": "Workshop", "started_on": "2026-01-10", "ended_on": "2026-01-11", "hours": "7.5",
    "unit": "us-ma-pdp:ma_pedagogy", "units": "7.5",
}  # fmt: skip


@pytest.fixture
def staff(world: World) -> Staff:
    return build_staff(world)


@pytest.fixture
def graduate(world: World, staff: Staff, sign_in: SignIn) -> FlaskClient:
    """Somebody who has finished the course."""
    with world.writing() as session:
        finish(session, staff)
    return sign_in(staff.stranger)


def shown(client: FlaskClient) -> str:
    answer = client.get("/transcript")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_certificate_stands_with_topic_type_dates_and_time(graduate: FlaskClient) -> None:
    page = shown(graduate)
    assert "Relationships between adults and students" in page
    assert "Online, self-paced" in page
    assert "Contact time" in page and "/certificates/RIA-" in page


def test_nothing_learned_yet_is_said_in_words(sign_in: SignIn, world: World) -> None:
    assert "Nothing yet." in shown(sign_in(world.person()))


def test_learning_from_elsewhere_is_added_marked_counted_apart_and_taken_off(graduate: FlaskClient) -> None:
    assert post(graduate, "/transcript/add", OUTSIDE).status_code == 303
    page = shown(graduate)
    assert "Added by you" in page and "Lakeside Collaborative" in page
    assert "Before your first cycle" in page
    post(graduate, "/transcript/cycle", {"starts_on": "2024-07-01", "ends_on": "2029-07-01"})
    page = shown(graduate)
    assert "Before your first cycle" not in page
    assert "0 of 150 MA PDP awarded, and 7.5 that you added. 142.5 to go." in page
    assert "Pedagogy: 7.5 of at least 15" in page
    public_id = page.partition('name="outside" value="')[2].partition('"')[0]
    assert (
        post(graduate, "/transcript/take-off", {"outside": public_id}, page="/transcript").status_code == 303
    )
    assert "Lakeside Collaborative" not in shown(graduate)


def test_nobody_takes_off_what_another_added(graduate: FlaskClient, world: World, sign_in: SignIn) -> None:
    post(graduate, "/transcript/add", OUTSIDE)
    public_id = shown(graduate).partition('name="outside" value="')[2].partition('"')[0]
    other = sign_in(world.person("Other Person"))
    assert post(other, "/transcript/take-off", {"outside": public_id}, page="/profile").status_code == 404
    assert "Lakeside Collaborative" in shown(graduate)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "Enter the title"),
        ({"hours": "many"}, "Enter a number such as 6 or 7.5"),
        ({"hours": "NaN"}, "Enter a number such as 6 or 7.5"),
        ({"hours": "0"}, "Enter the contact hours, up to 1,000"),
        ({"ended_on": "2025-12-31"}, "The last day lies before the first"),
        ({"ended_on": "2999-01-01"}, "The last day lies ahead"),
        ({"units": ""}, "or neither"),
        ({"unit": ""}, "or neither"),
        ({"unit": "us-xx:"}, "Not a valid choice"),
        ({"topic": "t" * 201}, "Shorten this to 200 characters"),
    ],
)
def test_what_cannot_be_added_is_said_at_its_field_and_nothing_typed_is_lost(
    change: dict[str, str], words: str, graduate: FlaskClient
) -> None:
    answer = post(graduate, "/transcript/add", {**OUTSIDE, **change})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert "Lakeside Collaborative" in page
    assert "Added by you" not in shown(graduate)


def test_the_csv_file_has_the_four_things_and_says_what_was_added(graduate: FlaskClient) -> None:
    post(graduate, "/transcript/add", {**OUTSIDE, "title": "=cmd()"})
    rows = list(csv.DictReader(io.StringIO(graduate.get("/transcript.csv").get_data(as_text=True))))
    added = next(row for row in rows if row["Added by the person"] == "yes")
    assert (added["Topic"], added["Type of activity"]) == ("Classroom climate", "Workshop")
    assert (added["From"], added["To"], added["Units"], added["Unit"]) == (
        "2026-01-10", "2026-01-11", "7.5", "MA PDP",
    )  # fmt: skip
    assert added["Title"] == "'=cmd()"
    earned = next(row for row in rows if row["Added by the person"] == "no")
    assert earned["Certificate"].startswith("RIA-") and int(earned["Contact minutes"]) > 0


def test_the_pdf_says_the_same_as_the_page(graduate: FlaskClient) -> None:
    post(graduate, "/transcript/add", {**OUTSIDE, "title": "Nguyễn Łódź ạ ú 你好"})
    answer = graduate.get("/transcript.pdf")
    assert answer.mimetype == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.get_data()))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in (
        "Nguyễn Łódź ạ ú 你好",
        "Lakeside Collaborative",
        "7.5 MA PDP",
        "added",
        "RIA-",
        "MA PDP: Pedagogy",
    ):
        assert words in text, words
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_an_empty_transcript_prints(sign_in: SignIn, world: World) -> None:
    answer = sign_in(world.person()).get("/transcript.pdf")
    assert answer.get_data().startswith(b"%PDF-")


def test_the_running_cycle_takes_the_dates_of_a_license(graduate: FlaskClient) -> None:
    dates = {"starts_on": "2024-07-01", "ends_on": "2029-07-01"}
    assert post(graduate, "/transcript/cycle", dates).status_code == 303
    assert "July 1, 2024 to June 30, 2029" in shown(graduate)
    refused = post(graduate, "/transcript/cycle", {**dates, "ends_on": "2025-07-01"})
    assert refused.status_code == 422
    assert "The cycle has to end on a day to come" in refused.get_data(as_text=True)
    assert "July 1, 2024 to June 30, 2029" in shown(graduate)


def test_a_total_for_paraprofessionals_is_shown_to_paraprofessionals(
    world: World, staff: Staff, graduate: FlaskClient
) -> None:
    with world.writing() as session:
        body = builders.body(session, jurisdictions=("US-PA",))
        builders.assign(session, body, "organization", staff.district.id)
    person = {"name": "Sokha Chea", "time_zone": "America/New_York"}
    post(graduate, "/profile/license", {"jurisdiction": "PA", "number": "7654321", "renews_on": ""})
    page = shown(graduate)
    assert "Act 48" in page and "paraprofessional" not in page
    post(graduate, "/profile/license/withdraw", {"jurisdiction": "PA", "number": "7654321"}, page="/profile")
    assert post(graduate, "/profile/person", person | {"job": "paraprofessional"}).status_code == 303
    page = shown(graduate)
    assert "paraprofessional" in page and "Act 48" not in page


def test_the_dates_of_the_next_renewal_are_offered(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.person())
    post(client, "/profile/license", {"jurisdiction": "MA", "number": "", "renews_on": "2028-03-01"})
    page = client.get("/transcript/cycle").get_data(as_text=True)
    assert 'value="2023-03-01"' in page and 'value="2028-03-01"' in page
