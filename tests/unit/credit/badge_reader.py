"""A reader of badges that trusts nothing it was not told: proof, issuer, members, dates, status."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lms.credit.badges.proofs import ALPHABET, hash_data
from lms.credit.badges.vocabularies import CREDENTIALS, OPEN_BADGES

PROFILE = {"id", "type", "name", "url"}
MEMBERS: dict[str, set[str]] = {
    "": {
        "@context", "id", "type", "name", "issuer", "validFrom", "validUntil", "awardedDate", "credentialSubject",
        "evidence", "credentialStatus", "proof",
    },
    "issuer": PROFILE,
    "source": PROFILE,
    "credentialSubject": {
        "id", "type", "identifier", "activityEndDate", "source", "achievement", "result", "statusPurpose", "encodedList",
    },
    "identifier": {"type", "identityType", "identityHash", "hashed"},
    "achievement": {
        "id", "type", "achievementType", "name", "description", "criteria", "humanCode", "version", "inLanguage",
        "image", "resultDescription",
    },
    "criteria": {"narrative"},
    "image": {"id", "type", "caption"},
    "resultDescription": {"id", "type", "name", "resultType"},
    "result": {"type", "resultDescription", "value", "status"},
    "evidence": {"id", "type", "name", "narrative"},
    "credentialStatus": {"id", "type", "statusPurpose", "statusListIndex", "statusListCredential"},
    "proof": {"type", "created", "verificationMethod", "cryptosuite", "proofPurpose", "proofValue"},
}  # fmt: skip


class Refused(Exception):
    """The first thing that is wrong."""


def read_badge(text: str, did: Mapping[str, Any], status_list: str | None = None) -> dict[str, Any]:
    """The badge, if all is well with it. Raises Refused: format, member, context, issuer, key, proof, revoked."""
    badge = _proven(text, did, [CREDENTIALS, OPEN_BADGES])
    if "OpenBadgeCredential" not in badge["type"]:
        raise Refused("format")
    if status_list is not None:
        entry = badge["credentialStatus"]
        listed = _proven(status_list, did, [CREDENTIALS])
        purpose = listed["credentialSubject"]["statusPurpose"]
        if listed["id"] != entry["statusListCredential"] or purpose != entry["statusPurpose"]:
            raise Refused("status")
        if bit(listed["credentialSubject"]["encodedList"], int(entry["statusListIndex"])):
            raise Refused("revoked")
    return badge


def bit(encoded: str, place: int) -> bool:
    packed = encoded.removeprefix("u")
    bits = gzip.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    assert len(bits) * 8 >= 131_072
    return bool(bits[place // 8] >> (7 - place % 8) & 1)


def unmultibase(text: str) -> bytes:
    signs, number = text.removeprefix("z"), 0
    for sign in signs:
        if sign not in ALPHABET:
            raise Refused("format")
        number = number * 58 + ALPHABET.index(sign)
    zeros = len(signs) - len(signs.lstrip(ALPHABET[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _proven(text: str, did: Mapping[str, Any], contexts: list[str]) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise Refused("format") from error
    if not isinstance(document, dict):
        raise Refused("format")
    _known(document, "")
    if document.get("@context") != contexts:
        raise Refused("context")
    proof, issuer = document.get("proof"), document.get("issuer")
    name = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(proof, dict) or name != did["id"]:
        raise Refused("issuer")
    method = proof.get("verificationMethod")
    keys = {m["id"]: m.get("publicKeyMultibase") for m in did["verificationMethod"]}
    if method not in did["assertionMethod"] or keys.get(method) is None:
        raise Refused("key")
    if str(method).partition("#")[0] != name:
        raise Refused("issuer")
    if (proof.get("type"), proof.get("cryptosuite"), proof.get("proofPurpose")) != (
        "DataIntegrityProof", "eddsa-rdfc-2022", "assertionMethod",
    ):  # fmt: skip
        raise Refused("proof")
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    try:
        public = Ed25519PublicKey.from_public_bytes(unmultibase(keys[method])[2:])
        public.verify(unmultibase(str(proof.get("proofValue"))), hash_data(document, options))
    except (InvalidSignature, ValueError) as error:
        raise Refused("proof") from error
    except Exception as error:  # what PyLD says of a document that is none
        raise Refused("format") from error
    return document


def _known(value: Any, name: str) -> None:
    """No member but those a badge has: a term that no vocabulary defines would be outside the signature."""
    if isinstance(value, list):
        for item in value:
            _known(item, name)
    elif isinstance(value, dict):
        if set(value) - MEMBERS.get(name, set()):
            raise Refused("member")
        for key, item in value.items():
            _known(item, key)
