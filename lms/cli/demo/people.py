"""The people of the made-up district. None of them exists."""

from __future__ import annotations

import secrets

from msgspec import Struct

DISTRICT = "Harbor Valley Public Schools"
SCHOOLS = ("Alder Street Elementary School", "Harbor Valley High School")
NEIGHBOR = "Mill River Public Schools"
"""A second district, so that it can be seen that nobody sees across."""


class DemoPerson(Struct, frozen=True):
    key: str
    name: str
    job: str
    place: str
    """District or school; '' for nobody's."""
    what: str
    """What can be tried with this account."""

    @property
    def email(self) -> str:
        return self.name.lower().replace(" ", ".") + "@demo.example"


PEOPLE = (
    DemoPerson("admin", "Amina Okafor", "administrator", "", "administrator: people, places, courses"),
    DemoPerson(
        "coordinator", "Sam Ruiz", "administrator", DISTRICT, "coordinator: staff, records, enrolling"
    ),
    DemoPerson(
        "facilitator", "Marcus Bell", "teacher", SCHOOLS[1], "facilitator: a cohort and a text to answer"
    ),
    DemoPerson("halfway", "Rosa Delgado", "teacher", SCHOOLS[1], "teacher in the middle of the course"),
    DemoPerson("finished", "Lena Fischer", "teacher", SCHOOLS[0], "teacher with a certificate"),
    DemoPerson("new", "Ken Ito", "paraprofessional", SCHOOLS[0], "paraprofessional who has just begun"),
    DemoPerson("neighbor", "Dana Whitfield", "administrator", NEIGHBOR, "coordinator of another district"),
)

WORDS = (
    "alder", "amber", "anchor", "apple", "aspen", "birch", "bread", "bridge", "candle", "cedar", "chalk",
    "cherry", "circle", "clover", "copper", "cotton", "crane", "ember", "fern", "fiddle", "flint", "garden",
    "ginger", "harbor", "hazel", "heron", "honey", "island", "ivory", "juniper", "kettle", "lantern", "linen",
    "maple", "marble", "meadow", "mitten", "orchard", "otter", "paper", "pebble", "pepper", "pillow", "quilt",
    "raven", "ribbon", "river", "saddle", "silver", "sparrow", "spruce", "thimble", "timber", "tulip",
    "velvet", "violet", "walnut", "willow", "window", "yarn",
)  # fmt: skip


def password() -> str:
    """Easy to type, made anew at each start: three words and two digits, about 24 bits."""
    return "-".join((*(secrets.choice(WORDS) for _ in range(3)), f"{secrets.randbelow(90) + 10}"))
