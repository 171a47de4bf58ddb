"""Lists that grow: each has pages of its own, says how many there are in all, and costs the same at any size."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from html import unescape

import pytest
from flask.testing import FlaskClient

from lms.accounts import affiliations, grants, services
from lms.cohorts.queries import cohort as find_cohort
from lms.cohorts.services import create_cohort, join_cohort
from lms.kernel.clock import now
from lms.responses.services.handins import hand_in
from tests.web.conftest import Person, World, post
from tests.web.staff import TEXT, Staff, build_staff
from tests.web.test_facilitate import queries_of

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def staff(world: World) -> Staff:
    return build_staff(world)


def add(staff: Staff, numbers: range) -> None:
    """For each number somebody who waits to be confirmed and is a reviewer, a member whose reflection waits,
    and a cohort."""
    moment = now()
    with staff.world.writing() as session:
        row = find_cohort(session, staff.cohort)
        assert row is not None
        for number in numbers:
            hopeful, member = (
                services.create_account(
                    session, email=f"{kind}{number}@harbor.example", name=f"{kind} {number:02}", job="teacher",
                    time_zone="America/New_York", now=moment,
                ).id
                for kind in ("Hopeful", "Member")
            )  # fmt: skip
            affiliations.state_affiliation(
                session, user_id=hopeful, organization_id=staff.school.id, now=moment, by=hopeful
            )
            grants.grant_role(
                session, user_id=hopeful, role="reviewer", scope_kind="organization",
                scope_id=staff.other.id, now=moment, by=None,
            )  # fmt: skip
            joined = join_cohort(
                session, cohort_id=row.id, user_id=member, time_zone="America/New_York", basis="join_code",
                now=moment, by=member,
            )  # fmt: skip
            hand_in(
                session, enrollment_id=joined, author_id=member, version_id=staff.version_id,
                key=staff.reflection, text=TEXT, words_min=80, level="meets", now=moment,
            )  # fmt: skip
            create_cohort(
                session, organization_id=staff.district.id, version_id=staff.version_id,
                title=f"Cohort {number:02}", time_zone="America/New_York", starts_on=moment.date(),
                ends_on=None, now=moment, by=staff.coordinator.id,
            )  # fmt: skip


def test_a_long_list_goes_on_and_costs_no_more_than_a_short_one(staff: Staff, sign_in: SignIn) -> None:
    add(staff, range(2))
    lists = (
        (sign_in(staff.coordinator), "/coordinate", "waiting", "Hopeful", "25 to confirm"),
        (sign_in(staff.coordinator), "/coordinate", "cohorts", "Cohort", ""),
        (sign_in(staff.coordinator), "/facilitate", "cohorts", "Cohort", ""),
        (sign_in(staff.facilitator), f"/facilitate/cohorts/{staff.cohort}", "queue", "Member", "26 waiting"),
        (sign_in(staff.admin), "/manage", "roles", "Hopeful", ""),
    )
    for client, path, *_ in lists:
        client.get(path)  # a course is read into memory once
    costs = [queries_of(staff, partial(client.get, path)) for client, path, *_ in lists]
    add(staff, range(2, 25))
    for (client, path, name, each, total), cost in zip(lists, costs, strict=True):
        shown = [client.get(f"{path}?{name}={number}").get_data(as_text=True) for number in (1, 2, 3)]
        found = [row for page in shown for row in rows(page, f'"{name}"', each)]
        assert sorted(found) == [f"{each} {number:02}" for number in range(25)], path
        assert total in shown[0] and f"{path}?{name}=2#{name}" in shown[0]
        assert queries_of(staff, partial(client.get, f"{path}?{name}=2")) == cost, path


def rows(page: str, heading: str, each: str) -> list[str]:
    """Names in the section that this heading names."""
    section = page.partition(f"aria-labelledby={heading}")[2].partition("</section>")[0]
    return [f"{each} {rest[:2]}" for rest in section.split(f"<strong>{each} ")[1:]]


def test_a_page_of_one_list_leaves_the_others_where_they_are(staff: Staff, sign_in: SignIn) -> None:
    add(staff, range(25))
    client = sign_in(staff.coordinator)
    page = client.get("/coordinate?waiting=2&cohorts=x").get_data(as_text=True)
    assert "/coordinate?waiting=2&amp;cohorts=2#cohorts" in page
    path = unescape(re.findall(r'action="(/coordinate/affiliations/[^"]+)"', page)[0])
    answer = post(client, path, {"answer": "confirm"}, page="/coordinate")
    assert answer.headers["Location"] == "/coordinate?waiting=2&cohorts=x"
