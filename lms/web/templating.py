"""What templates can use beside their page: names of files, words for days and minutes, the navigation.

A name that is not there is an error (StrictUndefined), and text is escaped unless it is `SafeHtml`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Flask, g, url_for
from jinja2 import StrictUndefined
from msgspec import Struct

from lms.accounts.permissions import Permission, may_somewhere
from lms.config import Config
from lms.web import words
from lms.web.access import actor_or_none
from lms.web.kept_posts import form_token, taken_forms
from lms.web.static_files import Assets

SITE_NAME = "Relationships in Action Learning"
DEFAULT_ZONE = "America/New_York"

STAFF_LINKS = (
    ("facilitate", "Cohorts", "facilitate.cohorts", Permission.ATTENDANCE_RECORD),
    ("reflections", "Reflections", "facilitate.reflections", Permission.REFLECTION_REVIEW),
    ("records", "Records", "coordinate.records", Permission.RECORD_VIEW),
    ("coordinate", "Staff", "coordinate.home", Permission.PERSON_INVITE),
    ("manage", "Manage", "manage.overview", Permission.ORGANIZATION_CREATE),
    ("manage", "Publish", "manage.courses", Permission.COURSE_PUBLISH),
)
"""Links of the header for those who hold the permission somewhere: key, words, endpoint. Of two with one key
the first is shown: an administrator finds the courses in the administration."""


class NavLink(Struct, frozen=True):
    key: str
    words: str
    href: str


class Viewer(Struct, frozen=True):
    """The person at the page, as the header shows them; nobody's name is ''."""

    name: str
    time_zone: str
    links: tuple[NavLink, ...]
    public_id: str = ""
    """Under this name the browser keeps text that is not saved yet."""
    has_role: bool = False
    """More than a learner's, somewhere."""

    @property
    def first_name(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def last_name(self) -> str:
        return self.name.partition(" ")[2]


def viewer() -> Viewer:
    shown: Viewer | None = g.get("viewer")
    if shown is None:
        shown = g.viewer = _nobody() if g.get("broken") else _viewer()
    return shown


def _viewer() -> Viewer:
    actor = actor_or_none()
    if actor is None:
        return _nobody()
    shown: dict[str, NavLink] = {}
    for key, text, endpoint, permission in STAFF_LINKS:
        if key not in shown and may_somewhere(actor, permission):
            shown[key] = NavLink(key, text, url_for(endpoint))
    links = list(shown.values())
    links.append(NavLink("learn", "My learning", url_for("learn.home")))
    links.append(NavLink("trainings", "Trainings", url_for("site.trainings")))
    if len(links) == 2:
        links.append(NavLink("help", "Help", url_for("site.help_page")))
    return Viewer(actor.name, actor.time_zone, tuple(links), actor.public_id, bool(actor.grants))


def _nobody() -> Viewer:
    return Viewer(
        "",
        DEFAULT_ZONE,
        (
            NavLink("trainings", "Trainings", url_for("site.trainings")),
            NavLink("verify", "Check a certificate", url_for("site.verify")),
            NavLink("sign-in", "Sign in", url_for("auth.sign_in")),
        ),
    )


def install(app: Flask, assets: Assets, config: Config) -> None:
    # Flask sets these from its own defaults only while the environment does not exist yet.
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    environment = app.jinja_env
    environment.globals.update(
        static=assets.path,
        form_token=form_token,
        taken_forms=taken_forms,
        viewer=viewer,
        site_name=SITE_NAME,
        demo=config.demo,
        contact_email=config.contact_email,
        operator_name=config.operator_name,
    )
    environment.filters.update(
        minutes=words.minutes,
        plural=words.plural,
        listed=words.listed,
        quoted=words.quoted,
        day=_in_zone(words.day),
        time=_in_zone(words.clock_time),
        day_time=_in_zone(words.day_time),
        iso=_iso,
    )


def _in_zone(say: Callable[[Any, str], str]) -> Callable[..., str]:
    """`value|day` in the viewer's time zone, `value|day(zone)` in another."""

    def said(value: date | datetime, time_zone: str | None = None) -> str:
        return say(value, time_zone or viewer().time_zone)

    return said


def _iso(value: date | datetime) -> str:
    return value.isoformat()
