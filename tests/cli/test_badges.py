"""Badges at the command line: keys made at the first start, exports, rotation, and what a backup holds."""

from __future__ import annotations

import base64
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lms.credit import badges
from lms.kernel.clock import now
from tests.cli.conftest import Command
from tests.cli.test_operating import number_of
from tests.unit.credit.badge_reader import Refused, read_badge

ORIGIN = badges.Origin("https://learning.example.org", "Relationships in Action Learning")


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_SITE_URL", ORIGIN.url)


def _did(instance: Path) -> dict[str, Any]:
    return badges.did_document(ORIGIN, badges.key_ring(instance / "keys", now()))


def test_the_first_start_has_made_private_keys(instance: Path) -> None:
    assert (instance / "keys" / "badges.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("shape", ["ob3", "jwt"])
def test_without_a_public_address_no_badge_is_written(command: Command, instance: Path, shape: str) -> None:
    refused = command("certificates", "export", number_of(command), "--as", shape)
    assert refused.exit_code == 1 and refused.stdout == ""
    assert "set LMS_SITE_URL" in refused.stderr


@pytest.mark.usefixtures("public")
def test_a_badge_and_its_token_are_written_and_checked(
    command: Command, instance: Path, tmp_path: Path
) -> None:
    number = number_of(command)
    text = command("certificates", "export", number, "--as", "ob3").stdout
    badge = read_badge(text, _did(instance))
    assert badge["id"] == f"{ORIGIN.url}/badges/{number}"
    assert command("certificates", "export", number, "--as", "jwt", "-o", "badge.jwt").exit_code == 0
    payload = (tmp_path / "badge.jwt").read_text().split(".")[1]
    said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert said["jti"] == badge["id"] and said["iss"] == ORIGIN.issuer


@pytest.mark.usefixtures("public")
def test_new_keys_leave_old_badges_valid_unless_they_are_dropped(command: Command, instance: Path) -> None:
    number = number_of(command)
    old = command("certificates", "export", number, "--as", "ob3").stdout
    rotated = command("credit", "rotate-key")
    assert rotated.exit_code == 0 and "1 older key stays published" in rotated.stdout
    read_badge(old, _did(instance))
    new = command("certificates", "export", number, "--as", "ob3").stdout
    assert new != old
    assert (instance / "keys" / "badges.json").stat().st_mode & 0o777 == 0o600
    dropped = command("credit", "rotate-key", "--drop-old")
    assert "refused from now on" in dropped.stdout
    for text in (old, new):
        with pytest.raises(Refused, match="key"):
            read_badge(text, _did(instance))


def test_the_keys_are_in_the_backup_and_never_in_the_database(
    command: Command, instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = (instance / "keys" / "badges.json").read_bytes()
    assert command("backup", "site.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert archive.read("keys/badges.json") == held
        database = archive.read("lms.db")
    keys = json.loads(held)
    assert keys["keys"][0]["ed25519"].encode() not in database
    assert b"PRIVATE KEY" not in database and keys["secret"].encode() not in database
    monkeypatch.setenv("LMS_INSTANCE_PATH", str(tmp_path / "restored"))
    assert command("restore", "site.zip").exit_code == 0
    restored = tmp_path / "restored" / "keys" / "badges.json"
    assert restored.read_bytes() == held and restored.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("public")
def test_keys_that_others_can_read_are_refused_by_name(command: Command, instance: Path) -> None:
    (instance / "keys" / "badges.json").chmod(0o644)
    refused = command("certificates", "export", number_of(command), "--as", "ob3")
    assert refused.exit_code == 1 and "chmod 600" in refused.stderr
