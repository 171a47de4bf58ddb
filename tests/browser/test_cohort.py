"""A cohort from its making to credited minutes, and a list of staff from the file to their enrollment."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Locator, expect

from lms.kernel.clock import now
from tests.browser.conftest import Door, Site
from tests.browser.headway import Headway
from tests.browser.visitor import Visitor
from tests.web.conftest import Person

REASONS = {
    4: "Email is empty",
    5: "No school of yours has this name. Did you mean Bridgeway Middle School?",
    6: "Job is not one of the four.",
    7: "The same email is in row 3",
}
"""Why a row stays behind, by its number in the file."""


def test_a_cohort_meets_and_what_was_attended_is_credited(door: Door, site: Site) -> None:
    town = site.town
    coordinator, facilitator = door.open(town.coordinator), door.open(town.facilitator)
    _make_cohort(coordinator, "Tuesday tables", town.facilitator)
    facilitator.go("/facilitate")
    facilitator.follow("Tuesday tables")
    code = facilitator.main.locator("dd.code").inner_text()

    late, away = town.teacher("Paula Quint"), town.teacher("Abel Moss", town.northside)
    for person in (late, away):
        teacher = door.open(person)
        teacher.go("/join")
        teacher.write("Join code", code.lower())
        teacher.press("Join")
        teacher.at(f"/learn/{site.course.key}")
        teacher.sees("Tuesday tables")

    facilitator.page.reload()
    _add_session(facilitator)
    facilitator.follow("Attendance")
    facilitator.sees("At most 1 h 5 min can be credited: breaks of 10 minutes do not count")
    facilitator.write(f"{late.name} arrived at", "15:40")
    facilitator.write(f"{late.name} left at", "16:32")
    facilitator.hand.mark(_row(facilitator, away).get_by_label("Absent"))
    facilitator.press("Save attendance")
    facilitator.sees("Attendance is saved, and the minutes are credited.")
    expect(_row(facilitator, late)).to_contain_text("42 min, partial")
    expect(_row(facilitator, late)).to_contain_text("3:40 pm to 4:32 pm: 52 minutes, less 10 of breaks")
    expect(_row(facilitator, away)).to_contain_text("0 min, absent")

    facilitator.go("/facilitate")
    facilitator.follow("Tuesday tables")
    expect(_row(facilitator, late)).to_contain_text("Partial, 42 minutes")
    expect(_row(facilitator, away)).to_contain_text("Absent, 0 minutes")
    facilitator.follow(f"what is left for {late.name}")
    facilitator.sees("42 min of contact time is credited so far")
    learner = door.open(late)
    learner.go(f"/learn/{site.course.key}/left")
    learner.sees("So far you have earned 42 min of contact time.")


def _make_cohort(coordinator: Visitor, name: str, facilitator: Person) -> None:
    coordinator.go("/coordinate")
    coordinator.follow("New cohort")
    coordinator.write("Name", name)
    coordinator.pick("Training", coordinator.course.title_text)
    coordinator.pick("District or school", "Harbor Valley")
    coordinator.write("Facilitator", facilitator.email)
    coordinator.write("First day", now().date().isoformat())
    coordinator.press("Make this cohort")
    coordinator.sees("The cohort is made. Give its join code to the people who take part.")
    coordinator.heading(name)


def _add_session(facilitator: Visitor) -> None:
    """Yesterday from half past three, 75 minutes."""
    facilitator.hand.press(facilitator.main.get_by_text("Add a live session"))
    facilitator.write("Day", (now() - timedelta(days=1)).date().isoformat())
    facilitator.write("Begins at", "15:30")
    facilitator.write("Minutes", "75")
    facilitator.write("Minutes of breaks", "10")
    facilitator.press("Add this session")
    facilitator.sees("0 of 2 marked")


def _row(visitor: Visitor, person: Person) -> Locator:
    return visitor.main.get_by_role("row").filter(has_text=person.name)


def test_a_list_of_staff_is_checked_first_and_its_good_rows_go_ahead(door: Door, site: Site) -> None:
    town = site.town
    own = town.teacher("Nell Farrow")
    rows = (
        "name,email,school,job",
        f"{own.name},{own.email},{town.bridgeway.name},teacher",
        f"Gus Ibarra,gus.ibarra@harbor.example,{town.northside.name},aide",
        f"No Address,,{town.bridgeway.name},teacher",
        "Ruth Abel,ruth.abel@harbor.example,Bridgway Middle School,teacher",
        "Sam Oduya,sam.oduya@harbor.example,,wizard",
        "Gus Ibarra,gus.ibarra@harbor.example,,teacher",
    )
    coordinator, mine = door.open(town.coordinator), door.open(own)
    coordinator.go("/coordinate")
    coordinator.follow("Enroll staff from a list")
    coordinator.hand.attach(
        coordinator.main.get_by_label("Your file"), "staff.csv", "\r\n".join(rows).encode()
    )
    coordinator.press("Upload and check")
    coordinator.sees("4 of 6 rows need fixing")
    for line, reason in REASONS.items():
        expect(coordinator.main.locator(f"#row-{line}")).to_contain_text(reason)
    coordinator.sees("1 of your staff at once, 1 by an invitation link")
    mine.go("/learn")
    mine.does_not_see(site.course.title_text)

    with coordinator.page.expect_download() as asked:
        coordinator.press("Download the 4 rows to fix")
    to_fix = asked.value.path().read_text()
    assert "Ruth Abel" in to_fix and own.email not in to_fix

    coordinator.press("Enroll the 2 people who are ready")
    coordinator.heading("enrolled")
    mine.page.reload()
    mine.sees(site.course.title_text)
    row = coordinator.main.get_by_role("row").filter(has_text="gus.ibarra@harbor.example")
    invited = door.open()
    invited.go(row.locator(".code").inner_text())
    invited.heading(f"{town.northside.name} invites you")
    invited.write("Password", "green lamp under stairs")
    invited.choose("Paraprofessional")
    invited.press("Create account and accept")
    invited.heading("Welcome, Gus")
    invited.sees(site.course.title_text)
    assert Headway(town.world, site.course).enrollment(town.known("gus.ibarra@harbor.example"))
