"""What the pages of accounts show."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from lms.accounts.kept import KeptPostRow
from lms.accounts.queries import AffiliationRow, PersonRow, Profile
from lms.accounts.rules import STATES
from lms.web.auth.forms import JOB_WORDS, ZONES


class LicenseLine(Struct, frozen=True):
    state: str
    jurisdiction: str
    number: str
    renews_on: date | None


class ProfilePage(Struct, frozen=True):
    person: PersonRow
    job: str
    time_zone: str
    licenses: tuple[LicenseLine, ...]
    confirmed: AffiliationRow | None
    unconfirmed: AffiliationRow | None


class KeptPage(Struct, frozen=True):
    id: str
    path: str
    texts: tuple[str, ...]
    """What was typed, to read again before it is sent."""
    fields: tuple[tuple[str, str], ...]
    kept_at: datetime


def profile_page(profile: Profile) -> ProfilePage:
    person = profile.person
    return ProfilePage(
        person=person,
        job=JOB_WORDS[person.job],
        time_zone=ZONES.get(person.time_zone, person.time_zone),
        licenses=tuple(
            LicenseLine(
                STATES.get(row.jurisdiction, row.jurisdiction), row.jurisdiction, row.number, row.renews_on
            )
            for row in profile.licenses
        ),
        confirmed=profile.confirmed,
        unconfirmed=profile.unconfirmed,
    )


def kept_page(post: KeptPostRow) -> KeptPage:
    texts = tuple(value for _, value in post.fields if " " in value.strip() or "\n" in value)
    return KeptPage(post.public_id, post.path, texts, post.fields, post.kept_at)
