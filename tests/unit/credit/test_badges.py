"""Badges: what they say, that every value of them is signed, and that nothing is fetched to make one."""

from __future__ import annotations

import copy
import io
import json
import socket
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace
from PIL import Image

from lms.credit import badges
from lms.credit.badges import vocabularies
from lms.credit.badges.baking import NAMESPACE, baked_png, baked_svg
from lms.credit.badges.credential import Certified, credential
from lms.credit.badges.issuing import Shape, badge
from lms.credit.badges.keyring import BadKeyFile, KeyRing, key_ring, rotate
from lms.credit.badges.origin import Origin, why_no_badges
from lms.credit.badges.picture import badge_picture
from lms.credit.badges.proofs import canonical_rdf, hash_data, multibase, signed
from lms.credit.badges.queries import Ended
from lms.credit.badges.status import PLACES, StatusList, encoded, list_named, standing_place
from lms.credit.badges.vocabularies import UnknownVocabulary, bundled
from lms.credit.queries import CertificateRow
from tests.unit.credit.badge_reader import Refused, bit, read_badge, unmultibase
from tests.unit.credit.frozen_rows import frozen_row

VECTORS = Path(__file__).parent / "vectors"
ORIGIN = Origin("https://learning.example.org", "Harbor Learning")
ISSUED = datetime(2026, 1, 9, 15, 30, 12, tzinfo=UTC)
NOW = datetime(2025, 9, 1, 8, 0, tzinfo=UTC)
NUMBER = "RIA-7K3M-9QX2-4TBE"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def keys(folder: Path) -> KeyRing:
    return key_ring(folder, NOW)


def row(name: str = "Rosa Delgado", enrollment_id: int = 41, **changes: Any) -> CertificateRow:
    frozen = frozen_row(name)
    frozen["person"] |= {
        "id": 7,
        "job": "teacher",
        "licenses": [{"jurisdiction": "US-MA", "number": "998877"}],
    }
    frozen["course"] |= {"version_id": 3, "content_areas": [], "clock_hours": 12}
    frozen["awards"][0]["rule_set"] = {**frozen["awards"][0]["rule_set"]}
    frozen["mastery"] = [{"kind": "quiz", **frozen["mastery"][0]}]
    values = {
        "enrollment_id": enrollment_id, "enrollment_public_id": "x", "user_id": 7, "sequence": 1, "number": NUMBER,
        "minutes": frozen["minutes"], "first_award_on": ISSUED.date(), "completed_on": ISSUED.date(),
        "issued_at": ISSUED, "organization_id": 0, "frozen": frozen, "digest": "5f" * 32, "state": "valid",
        "state_at": None, "issued_on": ISSUED.date(), "ended_on": None, "state_reason": None, "replaces": None, "replaced_by": None, "current": True,
    }  # fmt: skip
    return CertificateRow(**(values | changes))


def made(shape: Shape, keys: KeyRing, **changes: Any) -> bytes:
    return badge(row(**changes), shape, ORIGIN, keys)


@pytest.fixture(scope="module")
def text(keys: KeyRing) -> str:
    return made("json", keys).decode()


@pytest.fixture(scope="module")
def did(keys: KeyRing) -> dict[str, Any]:
    return badges.did_document(ORIGIN, keys)


# ── The signature ────────────────────────────────────────────────────────────────────────────────


def test_the_published_vector_of_the_standard_is_met_byte_for_byte() -> None:
    document = json.loads((VECTORS / "signed-credential.json").read_text())
    seed = unmultibase(json.loads((VECTORS / "key-pair.json").read_text())["privateKeyMultibase"])[2:]
    proof = document["proof"]
    options = {name: value for name, value in proof.items() if name != "proofValue"}

    def load(address: str, options: Any) -> dict[str, Any]:
        if address == "https://www.w3.org/ns/credentials/examples/v2":
            example = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
            return {**bundled(vocabularies.CREDENTIALS), "document": example, "documentUrl": address}
        return bundled(address)

    data = hash_data(document, options, load)
    assert data[:32].hex() == (VECTORS / "proof-config-hash.txt").read_text().strip()
    assert data[32:].hex() == (VECTORS / "doc-hash.txt").read_text().strip()

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    assert multibase(Ed25519PrivateKey.from_private_bytes(seed).sign(data)) == proof["proofValue"]


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\0\x01", bytes(64), b"\xff" * 64, b"\0" + b"\x07" * 63])
def test_bytes_that_begin_with_zeros_keep_them_in_multibase(data: bytes) -> None:
    assert unmultibase(multibase(data)) == data


def test_a_badge_is_proven_by_the_key_that_the_issuer_publishes(text: str, did: dict[str, Any]) -> None:
    read = read_badge(text, did)
    assert (
        read["proof"]["verificationMethod"]
        == f"{did['id']}#{did['verificationMethod'][0]['publicKeyMultibase']}"
    )
    assert did["verificationMethod"][0]["publicKeyMultibase"].startswith("z6Mk")
    assert did["id"] == read["issuer"]["id"] == "did:web:learning.example.org"


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in pairs:
            yield from _leaves(item, (*path, key))
    else:
        yield path, value


def test_every_value_of_a_badge_is_under_its_signature(text: str) -> None:
    """Canonical text leaves out what no vocabulary defines, without a word: so each value is looked for."""
    document = json.loads(text)
    proof = document.pop("proof")
    signed_text = canonical_rdf(document)
    for path, value in _leaves(document):
        if path[0] == "@context" or path[-1] == "type" or (len(path) > 1 and path[-2] == "type"):
            continue
        said = json.dumps(value, ensure_ascii=False).strip('"')
        assert f'"{said}"' in signed_text or f"<{said}>" in signed_text, path
    types = [value for path, value in _leaves(document) if "type" in path[-2:]]
    assert signed_text.count("rdf-syntax-ns#type") >= len(set(types))
    assert proof["proofValue"].startswith("z")


def test_whatever_is_changed_in_a_badge_breaks_it(text: str, did: dict[str, Any]) -> None:
    document = json.loads(text)
    unbroken = []
    for path, value in _leaves(document):
        changed = copy.deepcopy(document)
        place = changed
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = (
            (not value) if isinstance(value, bool) else f"{value[:-1]}{'a' if value[-1] != 'a' else 'b'}"
        )
        renamed = copy.deepcopy(document)
        place = renamed
        for key in path[:-1]:
            place = place[key]
        if isinstance(place, dict):
            place[f"{path[-1]}x"] = place.pop(path[-1])
        else:
            place.pop(path[-1])
        for altered in (changed, renamed):
            try:
                read_badge(json.dumps(altered), did)
                unbroken.append(path)
            except Refused:
                pass
    assert unbroken == []


@pytest.mark.parametrize("start", range(8))
def test_any_byte_that_is_flipped_breaks_a_badge(text: str, did: dict[str, Any], start: int) -> None:
    data = text.encode()
    for place in range(start * 37, len(data), 331):
        altered = bytearray(data)
        altered[place] ^= 1
        with pytest.raises(Refused):
            read_badge(altered.decode("utf-8", "replace"), did)


def test_a_member_that_was_added_is_refused(text: str, did: dict[str, Any]) -> None:
    document = json.loads(text)
    document["credentialSubject"]["pdHours"] = 400
    with pytest.raises(Refused, match="member"):
        read_badge(json.dumps(document), did)


def test_the_reasons_are_told_apart(text: str, did: dict[str, Any], keys: KeyRing, tmp_path: Path) -> None:
    stranger = key_ring(tmp_path, NOW)
    with pytest.raises(Refused, match="key"):
        read_badge(badge(row(), "json", ORIGIN, stranger).decode(), did)
    forged = {**json.loads(text), "proof": {**json.loads(text)["proof"]}}
    forged["proof"]["proofValue"] = json.loads(badge(row(), "json", ORIGIN, stranger))["proof"]["proofValue"]
    with pytest.raises(Refused, match="proof"):
        read_badge(json.dumps(forged), did)
    other = Origin("https://other.example.org", "Other")
    with pytest.raises(Refused, match="issuer"):
        read_badge(badge(row(), "json", other, keys).decode(), did)
    place = json.loads(text)["credentialStatus"]
    wanted = list_named(place["statusListCredential"].rsplit("/", 1)[1])
    assert wanted is not None
    live = badges.status_credential(wanted, Ended((), ISSUED), ORIGIN, keys).decode()
    revoked = badges.status_credential(wanted, Ended((41,), ISSUED), ORIGIN, keys).decode()
    neighbor = badges.status_credential(wanted, Ended((40, 42), ISSUED), ORIGIN, keys).decode()
    read_badge(text, did, live)
    read_badge(text, did, neighbor)
    with pytest.raises(Refused, match="revoked"):
        read_badge(text, did, revoked)


# ── Nothing is fetched ───────────────────────────────────────────────────────────────────────────


def test_no_connection_is_opened_to_make_or_to_read_a_badge(
    keys: KeyRing, did: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    read_badge(made("json", keys).decode(), did)


def test_another_vocabulary_is_refused(keys: KeyRing) -> None:
    from pyld.jsonld import JsonLdError

    with pytest.raises(UnknownVocabulary, match="nothing is fetched"):
        bundled("https://evil.example/context")
    document = {"@context": ["https://evil.example/context"], "id": "urn:x"}
    with pytest.raises(JsonLdError):
        signed(document, keys.seed, "did:web:x#y", NOW)


def test_a_vocabulary_file_whose_bytes_changed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, _ = vocabularies.PINNED[vocabularies.OPEN_BADGES]
    (tmp_path / name).write_bytes((vocabularies.FOLDER / name).read_bytes() + b"\n")
    monkeypatch.setattr(vocabularies, "FOLDER", tmp_path)
    vocabularies._read.cache_clear()
    try:
        with pytest.raises(UnknownVocabulary, match="not the file that was pinned"):
            bundled(vocabularies.OPEN_BADGES)
    finally:
        vocabularies._read.cache_clear()


# ── What it says ─────────────────────────────────────────────────────────────────────────────────


def test_a_badge_says_what_the_certificate_says(text: str) -> None:
    document = json.loads(text)
    frozen = row().frozen
    subject = document["credentialSubject"]
    achievement = subject["achievement"]
    assert document["id"] == f"https://learning.example.org/badges/{NUMBER}"
    assert document["validFrom"] == "2026-01-09T15:30:12Z"
    assert document["awardedDate"].startswith(frozen["first_award_on"])
    assert subject["activityEndDate"].startswith(frozen["completed_on"])
    assert subject["identifier"][0]["identityHash"] == frozen["person"]["name"]
    assert subject["source"]["name"] == frozen["signed_by"]["name"]
    assert document["issuer"]["name"] == "Harbor Learning"
    assert achievement["name"] == document["name"] == frozen["course"]["title"]
    assert achievement["criteria"]["narrative"].startswith(
        "Completed on December 11, 2025, with every lesson"
    )
    assert "Contact time: 12 h 36 min." in achievement["criteria"]["narrative"]
    names = {thing["id"]: thing["name"] for thing in achievement["resultDescription"]}
    reached = {names[result["resultDescription"]]: result for result in subject["result"]}
    assert reached["Completion"]["status"] == "Completed"
    assert reached["Contact time in minutes"]["value"] == "756"
    assert reached["Massachusetts Professional Development Points (MA PDP)"]["value"] == "12.5"
    assert "5f" * 32 in document["evidence"][0]["narrative"]
    assert document["evidence"][0]["id"] == f"https://learning.example.org/verify/{NUMBER}"


def test_a_badge_has_every_member_that_the_standard_requires(text: str) -> None:
    document = json.loads(text)
    assert list(document["@context"]) == [vocabularies.CREDENTIALS, vocabularies.OPEN_BADGES]
    assert {"id", "type", "credentialSubject", "issuer", "validFrom"} <= set(document)
    subject = document["credentialSubject"]
    assert {"type", "achievement"} <= set(subject) and ("id" in subject or subject["identifier"])
    assert {"id", "type", "name", "description", "criteria"} <= set(subject["achievement"])
    assert {"type", "identityHash", "identityType", "hashed"} == set(subject["identifier"][0])
    assert {"id", "type"} <= set(subject["achievement"]["image"])
    assert all(
        {"id", "type", "name", "resultType"} <= set(one)
        for one in subject["achievement"]["resultDescription"]
    )
    assert not {"issuanceDate", "expirationDate", "endorsementJwt", "jti"} & set(document)


def test_nothing_more_of_the_person_stands_in_a_badge(text: str) -> None:
    assert "998877" not in text and "teacher" not in text and "9 of 10" not in text
    assert "Module 1 quiz" not in text and "@" not in text.replace("@context", "")


def test_the_pseudonym_is_one_for_each_person_and_another_on_another_site(keys: KeyRing) -> None:
    def subject(person_id: int, secret: bytes) -> str:
        found = row()
        frozen = {**found.frozen, "person": {**found.frozen["person"], "id": person_id}}
        made = Certified(NUMBER, 41, 1, ISSUED, frozen, found.digest)
        return str(credential(made, ORIGIN, secret)["credentialSubject"]["id"])

    assert subject(7, keys.secret) == subject(7, keys.secret)
    assert len({subject(7, keys.secret), subject(8, keys.secret), subject(7, b"other" * 8)}) == 3


def test_a_badge_names_the_operator_as_it_was_called_when_it_signed(keys: KeyRing) -> None:
    found = row()
    signed_by = {**found.frozen["signed_by"], "kind": "operator", "name": "Harbor Learning Lab"}
    found = replace(found, frozen={**found.frozen, "signed_by": signed_by})
    said = json.loads(badge(found, "json", ORIGIN, keys))
    assert said["credentialSubject"]["source"]["name"] == "Harbor Learning Lab"
    assert said["issuer"]["name"] == "Harbor Learning"


def test_what_ends_says_when(keys: KeyRing, did: dict[str, Any]) -> None:
    found = row()
    found = replace(found, frozen={**found.frozen, "expires_on": "2031-01-09"})
    read = read_badge(badge(found, "json", ORIGIN, keys).decode(), did)
    assert read["validUntil"] == "2031-01-09T12:00:00Z"
    claims = _part(badge(found, "jwt", ORIGIN, keys).decode(), 1)
    assert claims["exp"] == datetime.fromisoformat(claims["validUntil"]).timestamp()


def test_the_same_row_gives_the_same_bytes(keys: KeyRing, text: str) -> None:
    assert made("json", keys).decode() == text
    assert made("jwt", keys) == made("jwt", keys) and made("png", keys) == made("png", keys)


# ── Where badges are refused ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("site_url", "words"),
    [
        ("", "set LMS_SITE_URL"),
        ("http://learning.example.org", "https"),
        ("https://localhost", "known here alone"),
        ("https://site.localhost:8000", "known here alone"),
        ("https://127.0.0.1", "known here alone"),
        ("https://127.1", "known here alone"),
        ("https://0x7f.0x1", "known here alone"),
        ("https://10.0.0.8:8443", "known here alone"),
        ("https://[::1]", "known here alone"),
        ("https://[2001:db8::1]", "known here alone"),
        ("https://localhost.localdomain", "known here alone"),
        ("https://localhost.", "known here alone"),
        ("https://ip6-localhost", "known here alone"),
        ("https://intranet", "known here alone"),
        ("https://lms.local", "known here alone"),
        ("https://lms.local.", "known here alone"),
        ("https://lms.internal:8443", "known here alone"),
        ("https://lms.home.arpa", "known here alone"),
        ("https://lms.lan", "known here alone"),
        ("https://lms..example.org", "plain letters"),
        ("https://-lms.example.org", "plain letters"),
        ("https://learning.example.org/lms", "bare name"),
        ("https://user@learning.example.org", "bare name"),
        ("https://Learning.example.org", "bare name"),
        ("https://schülerinnen.example.org", "xn--"),
    ],
)
def test_a_site_without_a_public_https_name_issues_none(site_url: str, words: str) -> None:
    assert words in why_no_badges(site_url)


def test_a_port_is_part_of_the_issuers_name() -> None:
    assert why_no_badges("https://learning.example.org:8443") == ""
    assert Origin("https://learning.example.org:8443", "x").issuer == "did:web:learning.example.org%3A8443"


# ── Keys ─────────────────────────────────────────────────────────────────────────────────────────


def test_keys_are_made_once_and_are_private(tmp_path: Path) -> None:
    seen: list[KeyRing] = []
    start = threading.Barrier(3)

    def load() -> None:
        start.wait()
        seen.append(key_ring(tmp_path, NOW))

    threads = [threading.Thread(target=load) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 3 and len({ring.seed for ring in seen}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["badges.json"]
    assert (tmp_path / "badges.json").stat().st_mode & 0o777 == 0o600
    shown = repr(seen[0])
    assert seen[0].seed.hex() not in shown and "PRIVATE" not in shown and str(seen[0].secret) not in shown
    (tmp_path / "badges.json").chmod(0o640)
    with pytest.raises(BadKeyFile, match="chmod 600"):
        key_ring(tmp_path, NOW)


def test_a_damaged_file_of_keys_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "badges.json").write_text("{}")
    (tmp_path / "badges.json").chmod(0o600)
    with pytest.raises(BadKeyFile, match="Restore it"):
        key_ring(tmp_path, NOW)


def test_after_a_rotation_old_badges_stay_valid_and_new_ones_carry_the_new_key(tmp_path: Path) -> None:
    before = key_ring(tmp_path, NOW)
    old = badge(row(), "json", ORIGIN, before).decode()
    old_token = badge(row(), "jwt", ORIGIN, before).decode()
    later = datetime(2026, 5, 1, tzinfo=UTC)
    after = rotate(tmp_path, later)
    new = badge(row(), "json", ORIGIN, after).decode()
    did = badges.did_document(ORIGIN, after)
    assert read_badge(old, did)["proof"] != read_badge(new, did)["proof"]
    assert read_badge(new, did)["proof"]["created"] == "2026-05-01T00:00:00Z"
    assert badges.public_key(_header(old_token)["kid"].rsplit("/", 1)[1], after) is not None
    assert after.secret == before.secret
    for name in ("credentialSubject", "credentialStatus"):
        assert json.loads(old)[name] == json.loads(new)[name]
    held = (tmp_path / "badges.json").read_text()
    assert before.seed.hex() not in held and held.count("PRIVATE KEY") == 2
    dropped = rotate(tmp_path, later, drop_old=True)
    with pytest.raises(Refused, match="key"):
        read_badge(old, badges.did_document(ORIGIN, dropped))


# ── Status lists ─────────────────────────────────────────────────────────────────────────────────


def test_no_two_certificates_share_a_place(keys: KeyRing) -> None:
    places = [standing_place(number, 1, keys.secret) for number in range(20_000)]
    assert len(set(places)) == 20_000
    assert {found.name for found, _ in places} == {"1-0"}
    assert all(0 <= place < PLACES for _, place in places)
    neighbors = sum(abs(a[1] - b[1]) == 1 for a, b in pairwise(places))
    assert neighbors < 5
    assert standing_place(PLACES, 2, keys.secret)[0] == StatusList(2, 1)
    assert standing_place(5, 1, keys.secret)[1] != standing_place(5, 2, keys.secret)[1]


def test_a_list_has_a_one_where_a_certificate_has_ended() -> None:
    said = encoded([0, 9, 131_071])
    assert said.startswith("u") and "=" not in said
    assert [place for place in (0, 1, 8, 9, 10, 131_070, 131_071) if bit(said, place)] == [0, 9, 131_071]


@pytest.mark.parametrize("name", ["", "1", "0-0", "1-", "1-9999999999", "-1-0", "1-0\n", "١-٠", "1-0-0"])
def test_a_list_that_cannot_be_is_none(name: str) -> None:
    assert list_named(name) is None


# ── Other forms ──────────────────────────────────────────────────────────────────────────────────


def _part(token: str, place: int) -> dict[str, Any]:
    import base64

    part = token.split(".")[place]
    value: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return value


def _header(token: str) -> dict[str, Any]:
    return _part(token, 0)


def test_the_token_is_the_same_credential_signed_with_the_published_key(keys: KeyRing, text: str) -> None:
    import base64

    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
    from cryptography.hazmat.primitives.hashes import SHA256

    def number(text: str) -> int:
        return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")

    token = made("jwt", keys).decode()
    header = _header(token)
    assert set(header) == {"alg", "kid", "typ"} and (header["alg"], header["typ"]) == ("RS256", "JWT")
    jwk = badges.public_key(header["kid"].removeprefix("https://learning.example.org/badges/keys/"), keys)
    assert jwk is not None and not {"d", "p", "q"} & set(jwk)
    public = RSAPublicNumbers(number(jwk["e"]), number(jwk["n"])).public_key()
    said, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    public.verify(raw, said.encode(), PKCS1v15(), SHA256())
    with pytest.raises(InvalidSignature):
        public.verify(raw, said[:-1].encode() + b"A", PKCS1v15(), SHA256())
    payload = _part(token, 1)
    plain = json.loads(text)
    plain.pop("proof")
    claims = {name: payload.pop(name) for name in ("iss", "jti", "sub", "nbf")}
    assert payload == plain
    assert claims == {
        "iss": plain["issuer"]["id"], "jti": plain["id"], "sub": plain["credentialSubject"]["id"],
        "nbf": int(ISSUED.timestamp()),
    }  # fmt: skip


def test_the_png_is_a_picture_with_the_badge_inside(keys: KeyRing, text: str) -> None:
    data = made("png", keys)
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        assert picture.size == (600, 600) and picture.mode == "RGBA"
        assert picture.info["openbadgecredential"] == text
    place, kinds = 8, []
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        body = data[place + 8 : place + 8 + length]
        assert (
            zlib.crc32(kind + body) == struct.unpack(">I", data[place + 8 + length : place + 12 + length])[0]
        )
        kinds.append(kind)
        place += 12 + length
    assert kinds.count(b"iTXt") == 1 and kinds[0] == b"IHDR" and kinds[-1] == b"IEND"


def test_the_svg_is_a_picture_with_the_badge_as_its_first_child(keys: KeyRing, did: dict[str, Any]) -> None:
    name = "Ana ]]> <b>Núñez & Łë"
    root = ElementTree.fromstring(made("svg", keys, name=name))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root[0].tag == f"{{{NAMESPACE}}}credential"
    read = read_badge(root[0].text or "", did)
    assert read["credentialSubject"]["identifier"][0]["identityHash"] == name


def test_what_is_no_picture_is_not_baked() -> None:
    with pytest.raises(ValueError, match="PNG"):
        baked_png(b"GIF89a", "{}")
    with pytest.raises(ValueError, match="SVG"):
        baked_svg("<html></html>", "{}")


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Ạnh", "Łukasz Núñez-Ëvë", "O’Neill \u2028 “Q” \\ /", "王 小明", "𝒜 😀"]
)
def test_hard_names_are_signed_as_they_are(keys: KeyRing, did: dict[str, Any], name: str) -> None:
    read = read_badge(made("json", keys, name=name).decode(), did)
    assert read["credentialSubject"]["identifier"][0]["identityHash"] == name


def test_a_very_long_title_still_makes_a_picture() -> None:
    assert badge_picture("unknown-course", "Relationship-centered " * 20, "png").startswith(b"\x89PNG")


def test_a_start_of_the_site_imports_nothing_that_only_badges_need() -> None:
    said = "import sys, lms.app, lms.cli; print([n for n in ('pyld', 'cryptography', 'lxml') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
