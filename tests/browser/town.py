"""The made-up people of the browser tests: two districts, their staff, and the site's administrator."""

from __future__ import annotations

from dataclasses import dataclass

from lms.accounts.permissions import Role
from lms.accounts.queries import person_by_email
from tests.web.conftest import Person, Place, World


@dataclass(frozen=True, slots=True)
class Town:
    """Harbor Valley has two schools; Cedar Falls is the district whose coordinator may see none of it."""

    world: World
    harbor: Place
    bridgeway: Place
    northside: Place
    cedar: Place
    coordinator: Person
    other_coordinator: Person
    reviewer: Person
    """Of Harbor Valley: reads the reflections of everybody there who is in no cohort."""
    facilitator: Person
    admin: Person

    def teacher(self, name: str, place: Place | None = None) -> Person:
        """Somebody who belongs to a school of Harbor Valley, or to `place`."""
        return self.world.belongs(self.world.person(name), place or self.bridgeway)

    def known(self, email: str) -> Person:
        """Somebody who made an account through the pages."""
        with self.world.reading() as session:
            row = person_by_email(session, email)
            assert row is not None, f"nobody has the address {email}"
            return Person(row.id, row.public_id, row.name, row.email)


def build_town(world: World) -> Town:
    harbor = world.district("Harbor Valley Public Schools")
    bridgeway = world.school(harbor, "Bridgeway Middle School")
    northside = world.school(harbor, "Northside High School")
    cedar = world.district("Cedar Falls Public Schools")
    return Town(
        world,
        harbor,
        bridgeway,
        northside,
        cedar,
        coordinator=_staff(world, "Carla Whitfield", "coordinator", harbor),
        other_coordinator=_staff(world, "Owen Brandt", "coordinator", cedar),
        reviewer=_staff(world, "Marcus Webb", "reviewer", harbor),
        facilitator=world.belongs(world.person("Felicia Stone"), harbor),
        admin=world.grant(world.person("Ada Quill"), "admin"),
    )


def _staff(world: World, name: str, role: Role, place: Place) -> Person:
    person = world.belongs(world.person(name), place)
    return world.grant(person, role, "organization", place.id)
