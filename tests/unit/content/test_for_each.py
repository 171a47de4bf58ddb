"""Fields repeated for each of several people, and totals over several columns."""

from __future__ import annotations

from lms.content.nodes import Field, Heading, Prose
from lms.responses.totals import total
from tests.unit.content.builder import places, sheet, sheet_of

BODY = """
## One at a time
`for each, Person A / Person B`

For both. [@LJ-2012]

**Code** `short #who, code, needed`
Made up. [@LJ-2012]

**Minutes** `number #minutes, 1 to 60`

**Days** `table #days`

| # | Day | Seen `yes or no #seen` |
| --- | --- | --- |
| 1 | Monday | |

**Here** `total #here, sum of #minutes`

## In all

**All** `total #all, sum of #minutes`

**Seen** `total #times, count of #seen = yes`
"""


def _fields() -> dict[str, Field]:
    return {block.key: block for block in sheet_of(BODY).blocks if isinstance(block, Field)}


def test_the_fields_stand_once_for_each_person_under_the_name() -> None:
    blocks = sheet_of(BODY).blocks
    heads = [(block.level, block.html, block.anchor) for block in blocks if isinstance(block, Heading)]
    assert heads == [
        (2, "One at a time", "one-at-a-time"),
        (3, "Person A", "one-at-a-time--1"),
        (3, "Person B", "one-at-a-time--2"),
        (2, "In all", "in-all"),
    ]
    assert next(block.html for block in blocks if isinstance(block, Prose)).startswith("<p>For both.")
    assert list(_fields()) == [
        "t.who-1", "t.minutes-1", "t.days-1", "t.here-1", "t.who-2", "t.minutes-2", "t.days-2", "t.here-2",
        "t.all", "t.times",
    ]  # fmt: skip


def test_a_field_says_whose_it_is_where_its_heading_is_not_seen() -> None:
    field = _fields()["t.who-2"]
    assert field.label_text == "Person B: Code"
    assert field.label == '<span class="visually-hidden">Person B: </span>Code'
    assert (field.needed, field.code) == (True, True)


def test_columns_of_a_repeated_table_have_keys_of_their_own() -> None:
    assert [column.field.key for column in _fields()["t.days-2"].columns if column.field] == ["t.seen-2"]


def test_notes_of_repeated_words_have_ids_of_their_own() -> None:
    text = "".join(field.help for field in _fields().values())
    assert 'id="ref-1-2"' in text
    assert 'id="ref-1-3"' in text


def test_a_total_counts_everybody_and_one_among_the_fields_its_own_person() -> None:
    fields = _fields()
    values = {
        "t.minutes-1": 5, "t.minutes-2": 7, "t.days-1": {"1": {"t.seen-1": True}},
        "t.days-2": {"1": {"t.seen-2": True}},
    }  # fmt: skip
    found = {key: f.count for key, f in fields.items() if f.count is not None}
    sums = {key: total(count, tuple(fields.values()), (), values, {}) for key, count in found.items()}
    assert sums == {"t.here-1": 5, "t.here-2": 7, "t.all": 12, "t.times": 2}


def test_totals_may_name_several_columns() -> None:
    body = """
**Week** `table #week`

| # | Door | Monday `yes or no #mon` | Friday `yes or no #fri` |
| --- | --- | --- | --- |
| 1 | Front | | |
| 2 | Side | | |

**Kept** `total #kept, count of #mon / #fri = yes`

**Answered** `total #answered, count of #mon / #fri`
"""
    fields = tuple(block for block in sheet_of(body).blocks if isinstance(block, Field))
    values = {"t.week": {"1": {"t.mon": True, "t.fri": True}, "2": {"t.mon": False}}}
    kept, answered = (total(f.count, fields, (), values, {}) for f in fields[1:] if f.count is not None)
    assert (kept, answered) == (2, 3)


def test_every_key_that_a_total_names_is_looked_for() -> None:
    body = "\n**A** `number #a, 1 to 9`\n\n**All** `total #all, sum of #a / #b`\n"
    assert places(sheet=sheet(body)) == ["1-one/toolkit/t1-sheet.md:10:22 key-unknown"]


def test_mistakes_in_for_each_are_told_in_their_place() -> None:
    field = "\n**Code** `short #who, code`\n"
    named = "`for each, Person A / Person B`\n"
    path = "1-one/toolkit/t1-sheet.md"
    assert places(sheet=sheet(f"\n## Each\n`for each`\n{field}")) == [f"{path}:9:2 tag-setting"]
    marked = "`for each, Person A / {{nope}}`\n"
    assert places(sheet=sheet(f"\n## Each\n{marked}{field}")) == [f"{path}:9:12 tag-setting"]
    assert places(sheet=sheet(f"\n## Each\n`for each #x, A / B`\n{field}")) == [f"{path}:9:11 tag-setting"]
    assert places(sheet=sheet(f"\n## Each\n{named}\nWords.\n")) == [f"{path}:9:2 done-unclear"]
    assert places(sheet=sheet(f"\n## Each\n{named}{field}\n### More\n")) == [f"{path}:13:1 heading-place"]
    assert places(sheet=sheet(f"\n## A\n\n### B\n\n#### Each\n{named}{field}")) == [
        f"{path}:12:1 heading-skip"
    ]
    log = "\n## Days\n`log #days, 3 entries`\n\n### Each\n"
    assert places(sheet=sheet(f"{log}{named}{field}")) == [f"{path}:12:2 tag-place"]
    assert places(lesson=f"---\nkey: l\nobjective: X.\nminutes: 1\n---\n\n# L\n\n## Each\n{named}{field}")[
        0
    ] == ("1-one/1-lesson.md:10:2 tag-place")


def test_a_key_that_the_copies_take_is_taken() -> None:
    body = "\n## Each\n`for each, A / B`\n\n**Code** `short #who, code`\n\n## More\n\n**X** `short #who-2`\n"
    assert places(sheet=sheet(body)) == ["1-one/toolkit/t1-sheet.md:15:14 key-twice"]
