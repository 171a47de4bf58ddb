"""The printed certificate: what it says, how it is tagged, whose letters it can set."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
import typst
from PIL import Image

from lms.config import ROOT
from lms.content.reader import course_folders
from lms.credit.pdf.faces import FONTS, HEADING, MISSING, TEXT, _covers, set_whole
from lms.credit.pdf.printed import EMBLEMS, Standing, printed
from lms.credit.pdf.typesetting import certificate_pdf
from lms.credit.pdf.words import format_in_words, hours, line_in_words, units
from tests.unit.credit.frozen_rows import frozen_row

NUMBER = "RIA-7K3M-9QX2-4TBE"
ISSUED = datetime(2025, 12, 12, 15, tzinfo=UTC)
SITE = "https://learn.example.org"

HARD_NAMES = [
    "Zoë Żółkiewska-O’Brien",
    "Nguyễn Thị Hồng Ánh",
    "Ελένη Παπαδοπούλου",
    "Олександра Щербакова",
    "Kaʻōnohi Kalākaua",
    "محمد عبد الرحمن",
    "שירה לוי",
    "ሰላም ተስፋዬ",
    "អៀង សុខា",
    "प्रिया शर्मा",
    "李小龍",
    "김민준",
    "Ɗanladi Ƙwara",
    "Nguyễn (阮) Văn An",
    "Ștefan Țîrlea d’Àlòs",
]


def pdf(frozen: dict[str, Any] | None = None, standing: Standing | None = None) -> bytes:
    return certificate_pdf(NUMBER, ISSUED, frozen or frozen_row(), standing or Standing(), SITE)


def pages(made: bytes) -> list[str]:
    """Text of each page in reading order, on one line."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(made)).pages]


def test_the_pdf_is_tagged_titled_and_says_its_language() -> None:
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        assert opened.Root.MarkInfo.Marked is True
        assert opened.Root.Lang == "en"
        assert "/StructTreeRoot" in opened.Root
        assert opened.Root.ViewerPreferences.DisplayDocTitle is True
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"].startswith(f"Certificate {NUMBER}: Rosa Delgado")


def test_every_font_is_embedded() -> None:
    fonts = 0
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        for thing in opened.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor":
                fonts += 1
                assert "/FontFile2" in thing or "/FontFile3" in thing
    assert fonts >= 3


def test_the_qr_code_and_nothing_decorative_has_a_description() -> None:
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        described = [
            str(thing.Alt)
            for thing in opened.objects
            if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing
        ]
    assert described == [f"QR code that opens the check of certificate {NUMBER}"]


def test_the_first_page_says_the_facts_in_reading_order() -> None:
    first, second = pages(pdf())
    facts = [
        "This certifies that", "Rosa Delgado", "completed the course",
        "Creating Connections: Empowering Youth-Adult Relationships",
        "Contact hours", "12 h 36 min", "12.5 MA PDP",
        "Begun", "September 3, 2025", "Completed", "December 11, 2025", "Issued", "December 12, 2025",
        "Awarding body", "Harbor Valley Public Schools", "MA PDP, version 1", "Format", "Online, self-paced",
        "Content area", "Social and emotional learning, School climate", "Version 1 · 7f3a9c01d2e4",
        "Dr. Amina Okafor", "learn.example.org/verify", NUMBER,
    ]  # fmt: skip
    place = 0
    for fact in facts:
        place = first.find(fact, place)
        assert place >= 0, f"{fact!r} is missing or out of order"
    assert second.startswith("How the hours were counted")


def test_the_second_page_shows_the_arithmetic_line_by_line() -> None:
    second = pages(pdf())[1]
    assert second.count("· self-paced 63") == 12
    assert "Contact time: 756 minutes = 12 h 36 min 756" in second
    assert "756 min ÷ 60 = 12.6, rounded down to a multiple of 0.5: 12.5 MA PDP." in second
    assert "Met: 756 minutes on this topic, at least 600 needed." in second
    assert "7f3a9c01d2e4b5a6" * 4 in second.replace(" ", "")


def test_where_people_met_is_on_the_first_page_and_with_each_session_on_the_second() -> None:
    row = frozen_row()
    for line, place in zip(row["lines"], ("Room 12", "Room 12", "Main Library"), strict=False):
        line |= {"kind": "live", "place": place, "detail": "09:02–10:31"}
    first, second = pages(pdf(row))
    assert "Online, self-paced; live: Room 12, Main Library" in first
    assert "live session · Main Library · 09:02–10:31" in second
    assert format_in_words({"lines": row["lines"][:1]}) == "Live: Room 12"
    many = [row["lines"][0] | {"place": f"Room {number}"} for number in range(5)]
    assert format_in_words({"lines": many}) == "Live: Room 0, Room 1, Room 2 and 2 more"


def test_units_are_named_only_where_they_were_awarded() -> None:
    first, second = pages(pdf(frozen_row(awarded=False)))
    assert "PDP" not in first
    assert "12 h 36 min" in first
    assert "Contact hours only: a condition for more was not met" in first
    assert "Contact hours only: not every condition for MA PDP was met." in second
    assert "No MA PDP: not enough minutes on this topic." in second
    assert "Met: 756 minutes" not in second


def test_without_an_awarding_body_the_operator_signs() -> None:
    frozen = frozen_row(awarded=False)
    frozen["signed_by"] |= {"kind": "operator", "name": "RIA Initiative", "signatory_name": ""}
    first = pages(pdf(frozen))[0]
    assert "Awarding body" not in first
    assert "Issued by RIA Initiative" in first
    assert "Operator of this site" in first


@pytest.mark.parametrize(
    ("standing", "sentence"),
    [
        (
            Standing("revoked", date(2026, 1, 5)),
            "Revoked on January 5, 2026. This certificate is no longer valid.",
        ),
        (
            Standing("corrected", date(2026, 1, 5), replaced_by="RIA-2222-3333-4444"),
            "Replaced on January 5, 2026 by certificate RIA-2222-3333-4444. Use that one.",
        ),
        (Standing(replaces="RIA-2222-3333-4444"), "Replaces RIA-2222-3333-4444"),
    ],
)
def test_a_certificate_that_ended_says_so_on_its_first_page(standing: Standing, sentence: str) -> None:
    assert sentence in pages(pdf(standing=standing))[0]


def test_the_same_certificate_is_the_same_bytes() -> None:
    assert pdf() == pdf()


def test_the_bytes_do_not_depend_on_what_was_set_before() -> None:
    for name in ("Rosa Delgada", "Nguyễn Thị Hồng Ánh"):
        pdf(frozen_row(name), Standing("revoked"))
    code = (
        "import hashlib\n"
        "from tests.unit.credit.test_certificate_pdf import pdf\n"
        "print(hashlib.sha256(pdf()).hexdigest())"
    )
    fresh = subprocess.run((sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True, check=True)
    assert fresh.stdout.strip() == hashlib.sha256(pdf()).hexdigest()


@pytest.mark.parametrize("name", ['Rosa "#pagebreak()" \\', "\\u{41}", '"))\n#[Hello]', "#eval(1)"])
def test_what_looks_like_a_program_in_a_name_stays_text(name: str) -> None:
    made = pdf(frozen_row(name))
    assert len(pages(made)) == 2
    with pikepdf.open(io.BytesIO(made)) as opened, opened.open_metadata() as metadata:
        assert name in str(metadata["dc:title"])


def test_another_minute_is_another_document() -> None:
    assert pdf() != pdf(frozen_row(lines=11))


@pytest.mark.parametrize("name", HARD_NAMES)
def test_a_hard_name_is_set_without_a_gap(name: str) -> None:
    made = pdf(frozen_row(name))
    assert MISSING not in "".join(pages(made))
    with pikepdf.open(io.BytesIO(made)) as opened, opened.open_metadata() as metadata:
        assert name in metadata["dc:title"]


@pytest.mark.parametrize("name", HARD_NAMES)
def test_every_letter_of_a_hard_name_leaves_ink(name: str, tmp_path: Path) -> None:
    """A face may map a letter to an empty outline: what counts is what the printer would put down."""
    for letter in {letter for letter in set_whole(name).text if unicodedata.category(letter)[0] == "L"}:
        layout = tmp_path / "letter.typ"
        families = json.dumps(list(set_whole(letter).families)).strip("[]")
        page = "#set page(width: 60pt, height: 60pt, margin: 5pt)"
        layout.write_text(f"#set text(font: ({families},), size: 30pt)\n{page}\n{letter}")
        compiler = typst.Compiler(root=tmp_path, font_paths=[FONTS], ignore_system_fonts=True)
        drawn = compiler.compile(input=layout, format="png", ppi=72)
        assert isinstance(drawn, bytes)
        darkest, _ = Image.open(io.BytesIO(drawn)).convert("L").getextrema()
        assert darkest < 128, f"{letter} ({unicodedata.name(letter)}) is blank"


@pytest.mark.parametrize("name", [name for name in HARD_NAMES if "阮" not in name])
def test_a_name_stays_in_one_face(name: str) -> None:
    assert len(set_whole(name).families) == 1


@pytest.mark.parametrize("faces", [HEADING, TEXT])
def test_the_first_face_has_every_letter_of_ascii(faces: tuple[str, ...]) -> None:
    for letter in filter(str.isprintable, map(chr, range(128))):
        assert _covers(faces[0], ord(letter)) or letter == " "


def test_a_letter_that_no_face_has_leaves_a_visible_gap() -> None:
    made = pages(pdf(frozen_row("Bo 😀 Ek")))
    assert f"Bo {MISSING} Ek" in made[0]


def test_a_registration_stands_on_the_first_page_only_where_units_rest_on_it() -> None:
    held = {"jurisdiction": "US-MA", "number": "R-1", "valid_from": "2020-01-01", "valid_to": "2026-01-01"}
    for awarded in (True, False):
        row = frozen_row(awarded=awarded)
        row["awards"][0] |= {"registration": held}
        row["signed_by"] |= {"registrations": [held]}
        facts = {fact["label"] for fact in printed(NUMBER, row, Standing(), SITE)["facts"]}
        assert ("Registration" in facts) == awarded
        row["awards"][0] |= {"registration": held | {"valid_to": "2021-01-01"}}
        assert "Registration" not in {
            each["label"] for each in printed(NUMBER, row, Standing(), SITE)["facts"]
        }


def test_control_signs_and_direction_overrides_are_not_printed() -> None:
    assert set_whole("Ro\u202esa\u0000\n Delgado").text == "Rosa Delgado"


def test_long_names_titles_and_bodies_stay_on_one_landscape_page() -> None:
    frozen = frozen_row(
        "Wolfeschlegelsteinhausenbergerdorff-Fitzgerald Montgomery " * 3,
        "Healing and Trauma Informed Care for Whole Schools, Families and Neighborhoods " * 2,
    )
    frozen["signed_by"]["name"] = "The Greater Harbor Valley Regional Educational Service Collaborative " * 2
    made = pypdf.PdfReader(io.BytesIO(pdf(frozen)))
    first = made.pages[0]
    assert (first.mediabox.width, first.mediabox.height) == (792, 612)
    assert NUMBER in first.extract_text()
    assert "How the hours were counted" in made.pages[1].extract_text()


def test_a_long_ledger_runs_on_with_its_head_repeated() -> None:
    made = pages(pdf(frozen_row(lines=120)))
    assert len(made) > 3
    assert made[2].startswith("Earned on Piece of work Minutes")
    assert made[2].endswith("page 3")


def test_markup_in_a_name_stays_text() -> None:
    assert '#read("/etc/passwd") *bold* $x$' in pages(pdf(frozen_row('#read("/etc/passwd") *bold* $x$')))[0]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(756, "12 h 36 min"), (45, "45 min"), (120, "2 h"), (0, "0 min"), (61, "1 h 1 min")],
)
def test_contact_time_is_said_in_hours_and_minutes(minutes: int, words: str) -> None:
    assert hours(minutes) == words


@pytest.mark.parametrize(("hundredths", "words"), [(1250, "12.5"), (1200, "12"), (25, "0.25"), (1000, "10")])
def test_units_carry_no_zeros_that_say_nothing(hundredths: int, words: str) -> None:
    assert units(hundredths) == words


def test_each_course_that_comes_with_the_site_has_its_emblem() -> None:
    keys = {folder.name for folder in course_folders(ROOT / "courses")}
    assert keys <= set(EMBLEMS)


def test_a_line_says_once_which_session_it_was() -> None:
    line = {"where": "Session 2", "kind": "live", "place": None, "detail": "09:02–10:31"}
    for title in ("Listening first", "Session 2: Listening first"):
        assert line_in_words({**line, "title": title}).startswith("Session 2: Listening first · ")
