"""A certificate as an Open Badges 3.0 credential, from its frozen row.

It says what the public verification page says, and no more of the person: no mail address, license,
workplace, score or text. Two things come from outside the row: the site's public address with its
operator, and the keys.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from lms.credit.badges.origin import Origin
from lms.credit.badges.proofs import Json, moment
from lms.credit.badges.status import standing_place
from lms.credit.badges.vocabularies import CREDENTIALS, OPEN_BADGES
from lms.credit.pdf.words import day, hours, units
from lms.credit.wording import required_words

FORMAT = 2
"""Raised when the same row would give another credential."""


class Certified(Struct, frozen=True):
    """What a badge is made of. `digest`: of the frozen row; `secret`: of the key ring, never changes."""

    number: str
    enrollment_id: int
    sequence: int
    issued_at: datetime
    frozen: Mapping[str, Any]
    digest: str


def credential(made: Certified, origin: Origin, secret: bytes) -> Json:
    """The credential without its proof. The same row gives the same credential each time."""
    frozen = made.frozen
    course = frozen["course"]
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": origin.badge(made.number),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": course["title"],
        "issuer": issuer(origin),
        "validFrom": moment(made.issued_at),
        **_until(frozen.get("expires_on")),
        "awardedDate": _noon(frozen["first_award_on"]),
        "credentialSubject": _subject(made, origin, secret),
        "evidence": [
            {
                "id": origin.verification(made.number),
                "type": ["Evidence"],
                "name": f"Record of certificate {made.number}",
                "narrative": "SHA-256 of the record as it was frozen when the certificate was issued: "
                f"{made.digest}. The address shows whether it is in force today.",
            }
        ],
        "credentialStatus": _status(made, origin, secret),
    }


def issuer(origin: Origin) -> Json:
    """The site's operator: whoever holds the keys."""
    return {"id": origin.issuer, "type": ["Profile"], "name": origin.operator, "url": origin.url}


def _until(expires_on: str | None) -> Json:
    return {"validUntil": _noon(expires_on)} if expires_on else {}


def _subject(made: Certified, origin: Origin, secret: bytes) -> Json:
    frozen = made.frozen
    results = _results(frozen)
    achievement = f"{origin.url}/trainings/{frozen['course']['key']}?version={frozen['course']['version']}"
    return {
        "id": f"urn:uuid:{pseudonym(frozen['person']['id'], secret)}",
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "identityType": "name",
                "identityHash": frozen["person"]["name"],
                "hashed": False,
            }
        ],
        "activityEndDate": _noon(frozen["completed_on"]),
        "source": _source(frozen["signed_by"]),
        "achievement": _achievement(made, origin, achievement, results),
        "result": [
            {"type": ["Result"], "resultDescription": f"{achievement}#{result.name}", **result.reached}
            for result in results
        ],
    }


def pseudonym(person_id: int, secret: bytes) -> UUID:
    """The same for each badge of a person, and nobody outside can tell whose."""
    return UUID(bytes=hmac.digest(secret, f"person {person_id}".encode(), "sha256")[:16], version=4)


def _source(signed_by: Mapping[str, Any]) -> Json:
    """Who signed the certificate: an awarding body, or the operator as it was called then."""
    signer = UUID(bytes=hmac.digest(b"signed by", signed_by["name"].encode(), "sha256")[:16], version=4)
    return {"id": f"urn:uuid:{signer}", "type": ["Profile"], "name": signed_by["name"]}


def _achievement(made: Certified, origin: Origin, name: str, results: list[_Result]) -> Json:
    course = made.frozen["course"]
    return {
        "id": name,
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": course["title"],
        "description": f"Professional development on {course['topic']}.",
        "criteria": {"narrative": _criteria(made.frozen)},
        "humanCode": course["key"],
        "version": str(course["version"]),
        "inLanguage": course["language"],
        "image": {
            "id": f"{origin.badge(made.number)}/picture.png",
            "type": "Image",
            "caption": f"Badge: {course['title']}",
        },
        "resultDescription": [
            {"id": f"{name}#{result.name}", "type": ["ResultDescription"], **result.description}
            for result in results
        ],
    }


def _criteria(frozen: Mapping[str, Any]) -> str:
    objectives = " ".join(frozen["course"]["objectives"])
    aims = f" What it set out to teach: {objectives}" if objectives else ""
    return (
        f"Completed on {day(frozen['completed_on'])}, {required_words(frozen)}. "
        f"Contact time: {hours(frozen['minutes'])}. Signed by {frozen['signed_by']['name']}.{aims}"
    )


class _Result(Struct, frozen=True):
    name: str
    description: Json
    reached: Json


def _results(frozen: Mapping[str, Any]) -> list[_Result]:
    """That it was completed, the exact minutes, and what each rule set made of them."""
    return [
        _Result("completed", {"name": "Completion", "resultType": "Status"}, {"status": "Completed"}),
        _Result(
            "contact-minutes",
            {"name": "Contact time in minutes", "resultType": "RawScore"},
            {"value": str(frozen["minutes"])},
        ),
        *(
            _Result(
                award["rule_set"]["key"],
                {"name": _in_full(award["rule_set"]), "resultType": "RawScore"},
                {"value": units(award["units_hundredths"])},
            )
            for award in frozen["awards"]
            if award["units_hundredths"]
        ),
    ]


def _in_full(rule_set: Mapping[str, Any]) -> str:
    """'Massachusetts Professional Development Points (MA PDP)', and not 'Contact hours (contact hours)'."""
    title, label = rule_set["title"], rule_set["unit"]["label"]
    return title if title.lower() == label.lower() else f"{title} ({label})"


def _status(made: Certified, origin: Origin, secret: bytes) -> Json:
    found, place = standing_place(made.enrollment_id, made.sequence, secret)
    address = origin.status_list(found.name)
    return {
        "id": f"{address}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(place),
        "statusListCredential": address,
    }


def _noon(value: str) -> str:
    """A day as the moment that the standard asks for: at noon it is that day in every American zone."""
    return f"{date.fromisoformat(value).isoformat()}T12:00:00Z"
