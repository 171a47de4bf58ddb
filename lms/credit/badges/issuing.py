"""Signed documents: a badge in each of its forms, the status list, and what says whose the keys are."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal

from lms.credit.badges.baking import baked_png, baked_svg
from lms.credit.badges.credential import Certified, credential, issuer
from lms.credit.badges.keyring import KeyRing
from lms.credit.badges.origin import Origin
from lms.credit.badges.picture import badge_picture
from lms.credit.badges.proofs import Json, moment, signed
from lms.credit.badges.queries import Ended
from lms.credit.badges.status import StatusList, encoded, standing_place
from lms.credit.badges.tokens import token
from lms.credit.badges.vocabularies import CREDENTIALS, OPEN_BADGES
from lms.credit.queries import CertificateRow

Shape = Literal["json", "jwt", "png", "svg"]
MEDIA_TYPES: dict[Shape, str] = {
    "json": "application/vc+ld+json",
    "jwt": "text/plain",
    "png": "image/png",
    "svg": "image/svg+xml",
}


def badge(row: CertificateRow, shape: Shape, origin: Origin, keys: KeyRing) -> bytes:
    """The badge of a certificate, whatever has become of it: its status list says whether it is in force."""
    unsigned = credential(_certified(row), origin, keys.secret)
    if shape == "jwt":
        return token(unsigned, keys.rsa, origin.key(keys.public[0].jwk["kid"])).encode()
    said = as_text(_signed(unsigned, origin, keys, row.issued_at))
    course = row.frozen["course"]
    if shape == "png":
        return baked_png(badge_picture(course["key"], course["title"], "png"), said)
    if shape == "svg":
        return baked_svg(badge_picture(course["key"], course["title"], "svg").decode(), said).encode()
    return said.encode()


def status_credential(wanted: StatusList, found: Ended, origin: Origin, keys: KeyRing) -> bytes:
    """The signed list of which badges are no longer in force."""
    address = origin.status_list(wanted.name)
    places = (standing_place(number, wanted.sequence, keys.secret)[1] for number in found.enrollment_ids)
    unsigned = {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": origin.issuer,
        "validFrom": moment(found.changed_at),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(places),
        },
    }
    return as_text(_signed(unsigned, origin, keys, found.changed_at)).encode()


def did_document(origin: Origin, keys: KeyRing) -> Json:
    """Whose keys sign (W3C did:web). All keys stay listed, so that what an old one signed can be checked."""
    methods: list[dict[str, Any]] = []
    for public in keys.public:
        methods += [
            {
                "id": origin.method(public.multibase),
                "type": "Multikey",
                "controller": origin.issuer,
                "publicKeyMultibase": public.multibase,
            },
            {
                "id": origin.method(public.jwk["kid"]),
                "type": "JsonWebKey",
                "controller": origin.issuer,
                "publicKeyJwk": public.jwk,
            },
        ]
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/jwk/v1",
        ],
        "id": origin.issuer,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def issuer_profile(origin: Origin) -> Json:
    return {"@context": [CREDENTIALS, OPEN_BADGES], **issuer(origin)}


def public_key(name: str, keys: KeyRing) -> dict[str, str] | None:
    """The JWK of this name, of the keys in use or of those before them."""
    return next((public.jwk for public in keys.public if public.jwk["kid"] == name), None)


def as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _signed(unsigned: Json, origin: Origin, keys: KeyRing, at: datetime) -> Json:
    """Signed as of `at`, or of when the keys were made: the same keys give the same bytes each time."""
    return signed(unsigned, keys.seed, origin.method(keys.public[0].multibase), max(at, keys.since))


def _certified(row: CertificateRow) -> Certified:
    return Certified(row.number, row.enrollment_id, row.sequence, row.issued_at, row.frozen, row.digest)
