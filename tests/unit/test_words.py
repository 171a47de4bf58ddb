"""How the site says days, minutes and counts; and style sheets and scripts that refer to one another."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lms.web.static_files import Assets
from lms.web.words import clock_time, day, day_time, listed, minutes, plural, quoted, units

MOMENT = datetime(2026, 3, 12, 3, 5, tzinfo=UTC)


def test_a_moment_is_told_in_the_readers_zone() -> None:
    assert day(MOMENT, "America/New_York") == "March 11, 2026"
    assert day(MOMENT, "Pacific/Guam") == "March 12, 2026"
    assert day_time(MOMENT, "America/New_York") == "March 11, 2026 at 11:05 pm"


def test_a_date_is_the_same_everywhere() -> None:
    assert day(date(2026, 3, 1), "Pacific/Guam") == "March 1, 2026"


@pytest.mark.parametrize(
    ("hour", "said"), [(5, "12:30 am"), (17, "12:30 pm"), (13, "8:30 am"), (4, "11:30 pm")]
)
def test_noon_and_midnight_are_twelve(hour: int, said: str) -> None:
    assert clock_time(datetime(2026, 1, 10, hour, 30, tzinfo=UTC), "America/New_York") == said


@pytest.mark.parametrize(("total", "said"), [(0, "0 min"), (9, "9 min"), (60, "1 h"), (756, "12 h 36 min")])
def test_minutes_are_hours_and_minutes(total: int, said: str) -> None:
    assert minutes(total) == said


def test_counts_have_their_plural() -> None:
    assert [plural(n, "lesson") for n in (0, 1, 2)] == ["0 lessons", "1 lesson", "2 lessons"]
    assert plural(2, "person") == "2 people" and plural(1200, "activity") == "1,200 activities"
    assert plural(2, "quiz passed", "quizzes passed") == "2 quizzes passed"


def test_lists_are_read_aloud() -> None:
    assert (
        listed(["a"]) == "a" and listed(["a", "b"]) == "a and b" and listed(["a", "b", "c"]) == "a, b, and c"
    )


@pytest.mark.parametrize(
    ("hundredths", "said"), [(1500, "15"), (750, "7.5"), (325, "3.25"), (0, "0"), (100000, "1000")]
)
def test_units_show_no_empty_digits(hundredths: int, said: str) -> None:
    assert units(hundredths) == said


# ── Names of files ───────────────────────────────────────────────────────────────────────────────


def _write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_a_change_in_a_picture_changes_the_name_of_the_style_sheet_that_shows_it(tmp_path: Path) -> None:
    files = {"css/a.css": 'b { background: url("../img/x.svg") }', "img/x.svg": "<svg/>"}
    before = Assets(_write(tmp_path, files)).path("css/a.css")
    after = Assets(_write(tmp_path, {"img/x.svg": "<svg><g/></svg>"})).path("css/a.css")
    assert before != after


def test_scripts_find_each_other_by_hashed_names(tmp_path: Path) -> None:
    files = {
        "js/a.js": 'import { b } from "./parts/b.js";\nimport "./c.js";', "js/parts/b.js": 'export * from "../c.js";',
        "js/c.js": "export const c = 'from nowhere';",
    }  # fmt: skip
    assets = Assets(_write(tmp_path, files))
    first, _ = assets.find("js/a.js")
    second, _ = assets.find("js/parts/b.js")
    assert first is not None and second is not None
    assert assets.path("js/parts/b.js").rpartition("/")[2] in first.body.decode()
    assert f'"../{assets.path("js/c.js").rpartition("/")[2]}"' in second.body.decode()


@pytest.mark.parametrize(
    "files",
    [
        {"a.css": 'x { background: url("gone.svg") }'},
        {"a.js": 'import "./b.js";', "b.js": 'import "./a.js";'},
    ],
)
def test_a_reference_that_leads_nowhere_or_in_a_circle_stops_the_start(
    tmp_path: Path, files: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match=r"there is no file|refers to itself"):
        Assets(_write(tmp_path, files))


def test_addresses_outside_are_left_alone(tmp_path: Path) -> None:
    assets = Assets(_write(tmp_path, {"a.css": "x { background: url(data:image/png;base64,AA) }"}))
    asset, _ = assets.find("a.css")
    assert asset is not None and b"data:image/png" in asset.body


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("At the door", "“At the door”"),
        ('Feedback that says "I believe in you"', "“Feedback that says ‘I believe in you’”"),
        ("From “later” to now", "“From ‘later’ to now”"),
        ('The 6" shelf', '“The 6" shelf”'),
    ],
)
def test_quotation_marks_inside_others_are_single(words: str, said: str) -> None:
    assert quoted(words) == said
