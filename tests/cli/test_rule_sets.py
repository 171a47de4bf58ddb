"""Rule sets from the operator's side: check a file, bring it into force, never change it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from lms.app import create_app
from lms.cli.credit import credit
from lms.cli.first_start import prepare
from lms.config import Config, load_config
from lms.credit.authority import read_rule_sets
from lms.credit.rule_checks import checked
from lms.credit.rulebook import FOLDER, OWN, shipped
from lms.kernel.db import db
from tests.cli.conftest import Command

ILLINOIS = (FOLDER / "us-il.toml").read_text(encoding="utf-8")
SECOND = ILLINOIS.replace("version = 1", "version = 2").replace("2014-07-01", "2026-01-01")


def _check(*files: Path) -> tuple[int, str]:
    found = CliRunner().invoke(credit, ["check", *map(str, files)])
    return found.exit_code, found.output


def test_a_good_file_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "il.toml").write_text(SECOND, encoding="utf-8")
    code, said = _check(tmp_path / "il.toml")
    assert code == 0
    assert "us-il version 2, in force from 2026-01-01. It can be used." in said
    assert "60 minutes are one IL PD clock hour, rounded down to a multiple of 0.25." in said
    assert "Local policy, no source: multiplier" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SECOND.replace('mode = "floor"', 'mode = "nearest"'), "il.toml: rounding needs a mode"),
        (SECOND.replace('label = "IL PD clock hours"', 'label = "PDP"'), "unit.label must name its state"),
        (ILLINOIS.replace('min_award = "0.25"', 'min_award = "0.5"'), "Give yours version 2"),
        ("key = ", "il.toml: "),
    ],
)
def test_a_bad_file_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "il.toml").write_text(text, encoding="utf-8")
    code, said = _check(tmp_path / "il.toml")
    assert code == 1
    assert words in said


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "courses").mkdir()
    settings = {"LMS_INSTANCE_PATH": str(tmp_path / "site"), "LMS_COURSES_PATH": str(tmp_path / "courses")}
    made = load_config(settings)
    (made.instance / OWN).mkdir()
    return made


def _start(config: Config) -> None:
    prepare(create_app(config), config, lambda _: None)


def test_an_operators_rule_set_comes_into_force_with_a_start_and_is_never_changed(config: Config) -> None:
    own = config.instance / OWN / "il.toml"
    own.write_text(SECOND, encoding="utf-8")
    _start(config)
    own.write_text(SECOND.replace('min_award = "0.25"', 'min_award = "0.5"'), encoding="utf-8")
    with pytest.raises(click.ClickException, match="us-il 2 says something else than when this site first"):
        _start(config)
    own.write_text(SECOND, encoding="utf-8")
    _start(config)


def test_what_a_rule_set_or_a_heading_changes_is_found_at_once(instance: Path, command: Command) -> None:
    def due(*options: str) -> int:
        return len(json.loads(command("credit", "due", *options, "--json").stdout))

    assert due() == due("--again") == 0
    hours = (FOLDER / "contact-hours.toml").read_text(encoding="utf-8")
    second = re.sub(
        r"(?m)^effective_from = .*$",
        "effective_from = 2020-01-01",
        hours.replace("version = 1", "version = 2"),
    )
    own = instance / OWN
    own.mkdir(exist_ok=True)
    (own / "contact-hours-2.toml").write_text(second.replace('title = "', 'title = "All '), encoding="utf-8")
    config, said = load_config(), list[str]()
    prepare(create_app(config), config, said.append)
    found = due()
    assert (
        found and f"Certificates that are due for correction: {found}. `lms credit due` lists them." in said
    )
    heading = ("Harbor Valley Public Schools", "us-ma-pdp", "creating-connections", "ma_pedagogy")
    made = command("credit", "category", *heading, "--from", "2020-01-01", "--json")
    assert json.loads(made.stdout)["due"] == due() == due("--again") >= found


def test_a_start_names_the_file_that_cannot_be_used(config: Config) -> None:
    (config.instance / OWN / "il.toml").write_text(
        SECOND.replace("total = 120", 'total = "many"'), encoding="utf-8"
    )
    with pytest.raises(click.ClickException, match=r"il\.toml: cycle\.total must be a whole number"):
        _start(config)


def test_a_release_that_brings_a_number_which_the_operator_has_stops_nothing(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator's stays, with its file and without; the site's is named, and how to take it."""
    own, said = config.instance / OWN / "il.toml", list[str]()
    own.write_text(SECOND.replace('min_award = "0.25"', 'min_award = "0.5"'), encoding="utf-8")
    _start(config)
    newer = checked(dict(next(r.data for r in shipped() if r.key == "us-il")) | {"version": 2})
    release = (*shipped(), newer)
    monkeypatch.setattr("lms.credit.rulebook.shipped", lambda: release)
    app = create_app(config)
    prepare(app, config, said.append)
    own.unlink()
    prepare(app, config, said.append)
    told = [words for words in said if words.startswith("us-il version 2 of this release is left out")]
    assert len(told) == 2 and told[0].endswith("as version 3.")
    with app.app_context():
        kept = [rules for rules in read_rule_sets(db.session()) if rules.key == "us-il"]
    assert [(rules.version, str(rules.min_award)) for rules in kept] == [(1, "0.25"), (2, "0.5")]
