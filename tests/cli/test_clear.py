"""`lms clear`: words go when their time is over; what they proved stays proven."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from lms.kernel import clock
from tests.cli.conftest import Command

FACTS = ("submissions", "reviews", "quiz_attempts", "worksheet_entries", "certificates", "ledger_entries")
WORDS = ("submission_texts", "worksheet_texts", "review_comments", "answers")


def counts(instance: Path, tables: tuple[str, ...]) -> dict[str, int]:
    with sqlite3.connect(instance / "lms.db") as database:
        return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def test_nothing_goes_before_its_year_is_over(command: Command, instance: Path) -> None:
    before = counts(instance, WORDS)
    done = command("clear")
    assert done.exit_code == 0, done.output
    assert counts(instance, WORDS) == before


def test_words_go_a_year_later_and_the_audit_finds_everything_as_before(
    command: Command, instance: Path
) -> None:
    facts, words = counts(instance, FACTS), counts(instance, WORDS)
    with clock.at(clock.now() + timedelta(days=500)):
        rehearsed = command("clear", "--dry-run")
        assert "would be cleared" in rehearsed.output
        assert counts(instance, WORDS) == words
        done = command("clear")
        assert done.exit_code == 0, done.output
        assert rehearsed.output.replace("would be cleared", "cleared") == done.output
        left = counts(instance, WORDS)
        assert left["answers"] == 0
        assert 0 < left["worksheet_texts"] < words["worksheet_texts"], "somebody is still in the course"
        assert counts(instance, FACTS) == facts
        assert command("credit", "audit").exit_code == 0
        assert command("clear").output.startswith("0 answers and 0 texts cleared")


def test_a_legal_hold_keeps_everything(
    command: Command, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = counts(instance, WORDS)
    monkeypatch.setenv("LMS_LEGAL_HOLD", "Case 26-114")
    with clock.at(clock.now() + timedelta(days=500)):
        done = command("clear")
        assert done.exit_code == 0 and "would be cleared" in done.stdout
        assert "Nothing is cleared while LMS_LEGAL_HOLD is set: Case 26-114." in done.stderr
        assert json.loads(command("clear", "--json").stdout)["cleared"] is False
    assert counts(instance, WORDS) == words


def test_words_of_a_closed_account_go_a_year_later_though_the_course_was_never_finished(
    command: Command, instance: Path
) -> None:
    facts = counts(instance, FACTS)
    for who in ("rosa.delgado", "lena.fischer", "ken.ito"):
        assert command("people", "close", f"{who}@demo.example", "--yes").exit_code == 0
    with clock.at(clock.now() + timedelta(days=367)):
        assert command("clear").exit_code == 0
        assert counts(instance, WORDS) == dict.fromkeys(WORDS, 0)
        assert counts(instance, FACTS) == facts
        assert command("credit", "audit").exit_code == 0
