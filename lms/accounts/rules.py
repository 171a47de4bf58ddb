"""What a name, an address, a password, a job may be, and when somebody has tried too often.

Reasons are codes of `Reason`; the words for them live with the pages.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct

from lms.content.nodes import Role as Audience
from lms.kernel.errors import RuleBroken

AUDIENCE_OF: dict[str, Audience] = {
    "teacher": "teachers",
    "paraprofessional": "paraprofessionals",
    "administrator": "administrators",
    "support staff": "support staff",
}
"""A person's job -> the readers that a lesson's variants name."""
JOBS = tuple(AUDIENCE_OF)

US_TIME_ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "Pacific/Guam", "Pacific/Pago_Pago",
)  # fmt: skip

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "GU": "Guam", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa",
    "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland",
    "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri",
    "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio",
    "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah",
    "VT": "Vermont", "VA": "Virginia", "VI": "U.S. Virgin Islands", "WA": "Washington",
    "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip


class Reason(StrEnum):
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    NAME_UNPRINTABLE = "name_unprintable"
    EMAIL_BAD = "email_bad"
    EMAIL_TAKEN = "email_taken"
    PASSWORD_SHORT = "password_short"  # noqa: S105 - a reason, not a password
    PASSWORD_LONG = "password_long"  # noqa: S105
    PASSWORD_COMMON = "password_common"  # noqa: S105
    PASSWORD_PERSONAL = "password_personal"  # noqa: S105
    PASSWORD_WRONG = "password_wrong"  # noqa: S105
    JOB_UNKNOWN = "job_unknown"
    TIME_ZONE_UNKNOWN = "time_zone_unknown"
    STATE_UNKNOWN = "state_unknown"
    LICENSE_BAD = "license_bad"
    ORGANIZATION_UNKNOWN = "organization_unknown"
    LINK_DEAD = "link_dead"
    INVITATION_DEAD = "invitation_dead"
    INVITATION_OTHER_ADDRESS = "invitation_other_address"
    PLACE_TAKEN = "place_taken"
    DOMAIN_BAD = "domain_bad"
    DOMAIN_TAKEN = "domain_taken"
    DOMAIN_PUBLIC = "domain_public"
    NOTHING_TO_CONFIRM = "nothing_to_confirm"
    TOO_MANY_TRIES = "too_many_tries"


JOINERS = "\u200c\u200d"
"""Invisible, and part of names in several scripts."""
NOT_SPACES = re.compile(r"[\x1c-\x1f\x85]")
"""Control characters that Python takes for spaces."""


# ── Names and addresses ──────────────────────────────────────────────────────────────────────────


def clean_name(text: str) -> str:
    """`text` in one line, composed (NFC). Raises RuleBroken."""
    if NOT_SPACES.search(text):
        raise RuleBroken(Reason.NAME_UNPRINTABLE, "name")
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise RuleBroken(Reason.NAME_MISSING, "name")
    if len(name) > 120:
        raise RuleBroken(Reason.NAME_TOO_LONG, "name")
    if not printable(name):
        raise RuleBroken(Reason.NAME_UNPRINTABLE, "name")
    return name


def printable(text: str) -> bool:
    """Has at least one letter and no control, direction-changing, unassigned or private character, and no
    mark of one that could not be read."""
    if "\ufffd" in text:
        return False
    kinds = [unicodedata.category(c) for c in text if c not in JOINERS]
    return any(kind[0] == "L" for kind in kinds) and not any(kind[0] == "C" for kind in kinds)


def clean_email(text: str) -> str:
    """The address in lower case. One `@`, no spaces, a domain with a dot. Raises RuleBroken.

    The form has checked the syntax in full; this holds for every other way in.
    """
    email = unicodedata.normalize("NFC", text).strip().lower()
    local, _, domain = email.rpartition("@")
    fits = len(email) <= 254 and 1 <= len(local) <= 64 and "@" not in local
    if not fits or "." not in domain.strip(".") or not email.isprintable() or " " in email:
        raise RuleBroken(Reason.EMAIL_BAD, "email")
    return email


PUBLIC_MAIL = frozenset((
    "aol.com", "comcast.net", "gmail.com", "googlemail.com", "hotmail.com", "icloud.com", "live.com",
    "mac.com", "me.com", "msn.com", "outlook.com", "proton.me", "protonmail.com", "verizon.net", "yahoo.com",
))  # fmt: skip
"""Where anybody may have an address: it says nothing about where somebody works."""


def clean_domain(text: str) -> str:
    """A district's mail domain in lower case. RuleBroken: domain_bad, domain_public."""
    domain = text.strip().lower().removeprefix("@")
    labels = domain.split(".")
    good = len(labels) >= 2 and all(
        label and label.replace("-", "").isalnum() and label.isascii() and label[0] != "-" != label[-1]
        for label in labels
    )
    if not good or len(domain) > 253:
        raise RuleBroken(Reason.DOMAIN_BAD, "mail_domains")
    if domain in PUBLIC_MAIL:
        raise RuleBroken(Reason.DOMAIN_PUBLIC, "mail_domains")
    return domain


def check_job(job: str) -> str:
    if job not in AUDIENCE_OF:
        raise RuleBroken(Reason.JOB_UNKNOWN, "job")
    return job


def check_time_zone(name: str) -> str:
    """A name of the time zone database, such as America/Chicago. Raises RuleBroken."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise RuleBroken(Reason.TIME_ZONE_UNKNOWN, "time_zone") from error
    return name


def clean_license(jurisdiction: str, number: str) -> tuple[str, str]:
    state, plain = jurisdiction.strip().upper(), " ".join(number.split())
    if state not in STATES:
        raise RuleBroken(Reason.STATE_UNKNOWN, "jurisdiction")
    if len(plain) > 40 or not plain.isprintable():
        raise RuleBroken(Reason.LICENSE_BAD, "number")
    return state, plain


# ── Passwords ────────────────────────────────────────────────────────────────────────────────────

PASSWORD_MIN, PASSWORD_MAX = 10, 200

COMMON = frozenset({
    "password", "passw0rd", "qwertyuiop", "qwerty", "letmein", "welcome", "iloveyou", "sunshine", "football",
    "baseball", "princess", "superman", "trustno1", "teacher", "school", "changeme", "administrator", "admin",
    "dragon", "monkey", "abc", "abcdefghij", "abcdefghijklmnop", "asdfghjkl", "zxcvbnm", "iloveteaching",
    "ilovemystudents", "summer", "winter", "spring", "autumn", "learning", "secret", "temporary", "default",
})  # fmt: skip
"""Words that are no password even with digits and marks around them."""


def normal_password(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, email: str = "", name: str = "") -> str:
    """The password as it is to be hashed (normal, so that two keyboards agree). Raises RuleBroken."""
    secret = normal_password(password)
    if len(secret) < PASSWORD_MIN:
        raise RuleBroken(Reason.PASSWORD_SHORT, "password")
    if len(secret) > PASSWORD_MAX:
        raise RuleBroken(Reason.PASSWORD_LONG, "password")
    plain = secret.casefold()
    core = plain.strip("0123456789!?.,-_#$%&*@+= ")
    if core in COMMON or len(set(plain)) < 4 or _is_run(plain):
        raise RuleBroken(Reason.PASSWORD_COMMON, "password")
    personal = {
        email.casefold(),
        email.partition("@")[0].casefold(),
        name.casefold(),
        *name.casefold().split(),
    }
    if core and (core in personal or plain in personal):
        raise RuleBroken(Reason.PASSWORD_PERSONAL, "password")
    return secret


def _is_run(text: str) -> bool:
    """Is it one run of neighbors, such as 1234567890 or abcdefghij?"""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps <= {1, -9} or steps <= {-1, 9}


# ── Trying too often ─────────────────────────────────────────────────────────────────────────────


class Tries(Struct, frozen=True):
    """Failed tries within the windows below, this one included."""

    pair: int
    """On this account from this address."""
    account: int
    """On this account from anywhere."""
    address: int
    """From this address on any account."""


WINDOW = timedelta(minutes=15)
PAIR_LIMIT = 8
ACCOUNT_LIMIT = 50
ADDRESS_LIMIT = 300
"""A school of 200 behind one address mistypes on the first morning; a guesser needs far more."""
NUMBER_LIMIT = 30
"""Unknown certificate numbers asked for from one address within the window."""
KEEP_TRIES = timedelta(days=1)


def too_many(tries: Tries) -> bool:
    return tries.pair > PAIR_LIMIT or tries.account > ACCOUNT_LIMIT or tries.address > ADDRESS_LIMIT


# ── Links ────────────────────────────────────────────────────────────────────────────────────────

PASSWORD_LINK_LIFE = timedelta(hours=24)
MAIL_LINK_LIFE = timedelta(days=7)
INVITATION_LIFE = timedelta(days=60)
KEPT_POST_LIFE = timedelta(days=30)


def link_is_live(used_at: datetime | None, expires_at: datetime, now: datetime) -> bool:
    return used_at is None and now < expires_at
