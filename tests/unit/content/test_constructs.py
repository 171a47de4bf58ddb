"""Each construct of the format, shown once, ends in the node that the site shows."""

from __future__ import annotations

from lms.content.nodes import (
    Activity,
    Block,
    Box,
    Dialogue,
    Field,
    Heading,
    Lesson,
    Log,
    PageBreak,
    Prose,
    Rule,
    SafeHtml,
    ToolkitCard,
    Variants,
)  # fmt: skip
from tests.unit.content.builder import compile_files, course_of, files, lesson_of, quiz_of, sheet, sheet_of

CHOICES = "- [x] a\n    > yes\n- [ ] b\n    > no\n- [~] c\n    > perhaps\n"


def _activity(body: str) -> Activity:
    found = lesson_of(body).blocks[0]
    assert isinstance(found, Activity)
    return found


def _kinds(blocks: tuple[Block, ...]) -> list[str]:
    return [type(block).__name__ for block in blocks]


def _fields(blocks: tuple[Block, ...]) -> dict[str, Field]:
    return {block.key: block for block in blocks if isinstance(block, Field)}


# ── Text ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_box_has_its_label_its_own_title_and_its_text() -> None:
    box = lesson_of("> **Scene: Door *4*?** It is late.\n>\n> His car is warm.").blocks[0]
    assert isinstance(box, Box)
    assert (box.label, box.label_text) == ("scene", "Scene")
    assert box.title == "Door <em>4</em>?"
    assert box.html == "<p>It is late.</p>\n<p>His car is warm.</p>"


def test_two_quotations_stay_two_and_a_quotation_is_no_box() -> None:
    blocks = lesson_of("> One.\n\n> Two.").blocks[:2]
    assert [getattr(block, "html", "") for block in blocks] == [
        "<blockquote><p>One.</p></blockquote>",
        "<blockquote><p>Two.</p></blockquote>",
    ]


def test_paragraphs_that_begin_with_a_name_are_a_dialogue() -> None:
    found = lesson_of("**Ms. Tavares:** Did they win?\n\n**Dayo:** Nah.\nSmoked.\n\nThat was all.").blocks
    assert isinstance(found[0], Dialogue)
    assert found[0].lines == (("Ms. Tavares", "<p>Did they win?</p>"), ("Dayo", "<p>Nah.\nSmoked.</p>"))
    assert isinstance(found[1], Prose)


def test_one_name_alone_is_no_dialogue() -> None:
    found = lesson_of("**Ms. Tavares:** Did they win?\n\nShe waited.").blocks[0]
    assert isinstance(found, Prose)


def test_neighboring_role_sections_are_one_switch() -> None:
    found = lesson_of(
        "## For teachers and support staff: doors\n\nA\n\n## For administrators\n\n### Deeper\n\nB\n\n"
        "## For all\n\nC"
    ).blocks
    switch = found[0]
    assert isinstance(switch, Variants)
    assert [variant.roles for variant in switch.variants] == [
        ("teachers", "support staff"),
        ("administrators",),
    ]
    assert switch.variants[0].anchor == "for-teachers-and-support-staff-doors"
    assert _kinds(switch.variants[1].blocks) == ["Heading", "Prose"]
    heading = found[1]
    assert isinstance(heading, Heading)
    assert (heading.level, heading.html, heading.anchor) == (2, "For all", "for-all")


def test_three_dashes_end_every_section_of_a_lesson() -> None:
    found = lesson_of("## For teachers\n\nA\n\n---\n\nB\n\n## For administrators\n\nC").blocks
    assert _kinds(found[:4]) == ["Variants", "Rule", "Prose", "Variants"]


def test_sources_are_numbered_in_the_order_of_the_page() -> None:
    lesson = lesson_of("One. [@LJ-2012, p. 158]\n\n> **Good to know.** Two. [@LJ-2012]")
    assert [(note.number, note.key, note.places) for note in lesson.citations] == [
        (1, "LJ-2012", ("p. 158",))
    ]
    assert lesson.citations[0].html == "<p>Li &amp; Julian (2012).</p>"


def test_a_local_fact_stands_in_the_text_under_its_key() -> None:
    found = lesson_of("Tell {{report-to}}.").blocks[0]
    assert isinstance(found, Prose)
    assert '<span data-insert="report-to">the <em>principal</em></span>' in found.html


def test_a_link_names_the_page_that_is_beside_it() -> None:
    course = course_of(
        lesson="---\nkey: l\nobjective: x\nminutes: 5\n---\n\n# L\n\n"
        "Read [it](9-hour.md#an-hour) and [this](#l) "
        "and [the course](../course.md).\n\n## A\n`do #a, 5 min`\n\nx\n"
    )
    prose = course.modules[0].lessons[0].blocks[0]
    assert isinstance(prose, Prose)
    assert '<a href="hour#an-hour">' in prose.html
    assert '<a href="#l">' in prose.html
    assert '<a href="../c">' in prose.html


def test_a_link_to_a_sheet_alone_in_its_paragraph_is_its_card() -> None:
    made = files(sheet=sheet("\n**A** `short #a`\n"))
    made["1-one/1-lesson.md"] = (
        b"---\nkey: l\nobjective: x\nminutes: 5\n---\n\n# L\n\n"
        b"Take it along: [Sheet](toolkit/t1-sheet.md)\n\n"
        b"## A\n`do #a, 5 min`\n\nx\n"
    )
    course = compile_files(made).course
    assert course is not None
    assert course.modules[0].lessons[0].blocks[0] == ToolkitCard("t", SafeHtml("Take it along"))


# ── Activities ───────────────────────────────────────────────────────────────────────────────────


def test_choices_have_marks_and_feedback_and_may_be_followed_by_a_field() -> None:
    found = _activity(
        f"## A\n`choose one #a, 3 min, in this order`\n\nWhich?\n\n- x\n- y\n\nNow:\n\n{CHOICES}\n"
        "**Why?** `short #why, needed`\nOne line.\n\n> **One way to say it.** So.\n\n"
        "> **Looking back.** Ah."
    )
    assert (found.key, found.kind, found.minutes, found.in_order) == ("l.a", "choose one", 3, True)
    assert [(choice.html, choice.mark, choice.feedback) for choice in found.choices] == [
        ("a", "right", "<p>yes</p>"),
        ("b", "wrong", "<p>no</p>"),
        ("c", "defensible", "<p>perhaps</p>"),
    ]
    assert _kinds(found.blocks) == ["Prose"]
    assert found.looking_back == "<p>Ah.</p>"
    field = found.after[0]
    assert isinstance(field, Field)
    assert (field.key, field.kind, field.help, field.model, field.needed) == (
        "l.why", "short", "<p>One line.</p>", "<p>So.</p>", True,
    )  # fmt: skip


def test_feedback_may_hold_paragraphs_and_lists() -> None:
    found = _activity(
        "## A\n`choose many #a`\n\n- [x] a\n    > b\n    >\n    > - c\n    > - d\n- [ ] e\n    > f"
    )
    assert "<li>c</li>" in found.choices[0].feedback
    assert found.choices[0].feedback.startswith("<p>b</p>")


def test_cards_know_their_group_and_the_notes_for_wrong_ones() -> None:
    found = _activity(
        "## A\n`sort #a`\n\nSort.\n\n### One\n- a\n    > b\n    >\n    > **Two?** c\n\n### Two\n- d\n"
        "    > e\n- f\n    > g"
    )
    assert found.groups == ("One", "Two")
    assert [(card.html, card.group, card.feedback) for card in found.cards] == [
        ("a", 0, "<p>b</p>"), ("d", 1, "<p>e</p>"), ("f", 1, "<p>g</p>"),
    ]  # fmt: skip
    assert found.cards[0].wrong == ((1, "<p>c</p>"),)


def test_a_match_may_have_a_decoy() -> None:
    found = _activity("## A\n`match #a`\n\n### One\n- a\n    > b\n\n### Two\n- c\n    > d\n\n### Three")
    assert found.groups == ("One", "Two", "Three")
    assert [card.group for card in found.cards] == [0, 1]


def test_steps_stand_in_their_right_order() -> None:
    found = _activity("## A\n`order #a`\n\n1. not\n2. these\n\nBut:\n\n1. a\n    > b\n2. c\n    > d")
    assert [(step.html, step.feedback) for step in found.steps] == [("a", "<p>b</p>"), ("c", "<p>d</p>")]
    assert isinstance(found.blocks[0], Prose)
    assert "<ol>" in found.blocks[0].html


def test_words_to_spot_may_differ_in_marks_and_line_breaks() -> None:
    found = _activity(
        '## A\n`spot #a`\n\n> He said “go\n> *now*” and left.\n\n- [x] "go now"\n    > b\n- [ ] left\n    > d'
    )
    assert [choice.mark for choice in found.choices] == ["right", "wrong"]


def test_words_to_spot_may_stand_in_a_scene() -> None:
    found = _activity("## A\n`spot #a`\n\n> **Scene.** He left.\n\n- [x] left\n    > b\n- [ ] He\n    > d")
    assert isinstance(found.blocks[0], Box)


def test_choices_of_a_part_lead_to_the_next_and_their_link_is_taken_out() -> None:
    found = _activity(
        "## A\n`branching #a`\n\nIntro.\n\n### Start\nText.\n\n- [x] a\n    > b [End](#end)\n"
        "- [ ] c\n    > [Start](#start)\n\n### End\nDone."
    )
    assert [part.anchor for part in found.parts] == ["start", "end"]
    assert [(choice.feedback, choice.leads_to) for choice in found.parts[0].choices] == [
        ("<p>b</p>", "end"), ("", "start"),
    ]  # fmt: skip
    assert found.parts[1].choices == ()
    assert _kinds(found.blocks) == ["Prose"]


def test_a_rewrite_has_its_original_its_model_and_a_self_check() -> None:
    found = _activity(
        "## A\n`rewrite #a`\n\n> Go.\n\n> **One way to say it.** Please go.\n\n- [ ] kind\n- [ ] short"
    )
    assert found.model == "<p>Please go.</p>"
    assert found.checks == ("kind", "short")
    assert _kinds(found.blocks) == ["Prose"]


def test_a_do_holds_fields_headings_and_an_example_for_all() -> None:
    found = _activity(
        "## A\n`do #a, seen by reviewer`\n\n> **Example.** All.\n\n### B\n\n**F** `long #f`\n\n"
        "> **Example.** One."
    )
    assert found.seen_by == "reviewer"
    assert _kinds(found.blocks) == ["Box", "Heading", "Field"]
    field = found.blocks[2]
    assert isinstance(field, Field)
    assert (field.example, field.seen_by) == ("<p>One.</p>", "reviewer")


def test_an_activity_has_parts_of_other_kinds() -> None:
    found = _activity(
        f"## A\n`activity #a, 5 min`\n\n### B\n`choose one #b`\n\n{CHOICES}\n### C\n`do #c`\n\nx"
    )
    assert [(member.key, member.kind, member.level) for member in found.members] == [
        ("l.b", "choose one", 3), ("l.c", "do", 3),
    ]  # fmt: skip


def test_one_activity_can_stand_in_for_another() -> None:
    lesson = lesson_of("## A\n`do #a, 5 min`\n\nx\n\n## B\n`do #b, instead of #a, 5 min`\n\ny")
    assert isinstance(lesson.blocks[1], Activity)
    assert lesson.blocks[1].instead_of == "l.a"


# ── Quizzes ──────────────────────────────────────────────────────────────────────────────────────

SEE = "\nSee [An hour](9-hour.md#an-hour).\n"


def test_a_short_answer_has_spellings_and_anything_else() -> None:
    found = quiz_of(
        "Intro.\n\n## A\n`short answer #a, 2 points`\n\nHow many?\n\n- [x] 20 / twenty\n    > yes\n"
        "- [ ] 25\n    > no\n"
        f"- [ ] anything else\n    > 20\n{SEE}"
    )
    question = found.questions[0]
    assert [(answer.spellings, answer.mark) for answer in question.answers] == [
        (("20", "twenty"), "right"), (("25",), "wrong"), ((), "wrong"),
    ]  # fmt: skip
    assert question.points == 2
    assert question.see is not None
    assert (question.see.page_key, question.see.anchor, question.see.html) == ("hour", "an-hour", "An hour")
    assert _kinds(found.blocks) == ["Prose"]
    assert (found.pass_percent, found.attempts, found.shuffle) == (80, None, False)


def test_points_of_scenarios_and_pools_follow_from_their_questions() -> None:
    one = f"choose one #KEY, 3 points`\n\n{CHOICES}{SEE}"
    found = quiz_of(
        f"## S\n`scenario #s`\n\nStem.\n\n### A\n`{one.replace('KEY', 'a')}\n### B\n"
        f"`{one.replace('KEY', 'b')}\n"
        f"## P\n`pool #p, draw 1`\n\n### C\n`{one.replace('KEY', 'c')}\n### D\n`scenario #d`\n\n"
        f"#### E\n`{one.replace('KEY', 'e')}"
    )
    scenario, pool = found.questions
    assert (scenario.points, [member.key for member in scenario.members]) == (6, ["q.a", "q.b"])
    assert (pool.points, pool.draw, [member.kind for member in pool.members]) == (
        3,
        1,
        ["choose one", "scenario"],
    )


def test_a_reflection_has_a_rubric_an_example_and_its_length() -> None:
    found = quiz_of(
        f"## Q\n`choose one #q`\n\n{CHOICES}{SEE}\n## R\n`reflection #r, 80 to 300 words, 15 min`\n\n"
        "Write.\n\n"
        "| Not yet | Meets | Strong |\n| --- | --- | --- |\n| a | b | *c* |\n\n> **Example.** So."
    ).reflections[0]
    assert (found.words_min, found.words_max, found.minutes, found.seen_by) == (80, 300, 15, "reviewer")
    assert found.example == "<p>So.</p>"
    assert found.rubric.criteria[0].levels == ("a", "b", "<em>c</em>")


def test_several_criteria_have_numbers_and_one_may_have_to_be_strong() -> None:
    found = quiz_of(
        f"## Q\n`choose one #q`\n\n{CHOICES}{SEE}\n## R\n`reflection #r`\n\nWrite.\n\n"
        "| # | We look for | Not yet | Meets | Strong |\n| --- | --- | --- | --- | --- |\n"
        "| 1 | Dates | a | b | c |\n| 4 | Steps `needs strong` | d | e | f |"
    ).reflections[0]
    assert [(row.number, row.html, row.needs_strong) for row in found.rubric.criteria] == [
        (1, "Dates", False), (4, "Steps", True),
    ]  # fmt: skip


# ── Worksheets ───────────────────────────────────────────────────────────────────────────────────


def test_every_kind_of_field_keeps_its_settings() -> None:
    fields = _fields(
        sheet_of(
            "**A** `short #a, code, needed`\n\n"
            "**B** `long #b, 20 to 80 words, 3 lines, or link, seen by cohort`\n\n"
            "**C** `number #c, 1 to 15`\n\n**D** `date #d`\n\n**E** `yes or no #e`\n\n"
            "**F** `choose one #f`\n\n- [ ] *x*\n- [ ] y\n\n**G** `choose many #g, exactly 2`\n\n- [ ] x\n"
            "- [ ] y\n\n"
            "**H** `checklist #h, at least 1`\n\n- [ ] x\n\n**I** `scale #i, not at all / 2 / very`\n\n"
            "**J** `link #j`\n\n"
            "**K** `total #k, count of #f = x / none`\n\n**L** `total #l, sum of #c`\n\n**M** `show t.b`"
        ).blocks
    )
    assert (fields["t.a"].code, fields["t.a"].needed) == (True, True)
    b = fields["t.b"]
    assert (b.minimum, b.maximum, b.lines, b.or_link, b.seen_by) == (20, 80, 3, True, "cohort")
    assert (fields["t.c"].minimum, fields["t.c"].maximum) == (1, 15)
    assert fields["t.f"].options == ("x", "y")
    assert fields["t.g"].exactly == 2
    assert fields["t.h"].at_least == 1
    assert fields["t.i"].options == ("not at all", "2", "very")
    count, total = fields["t.k"].count, fields["t.l"].count
    assert count is not None
    assert (count.how, count.key, count.values) == ("count", "t.f", ("x", "none"))
    assert total is not None
    assert (total.how, total.key) == ("sum", "t.c")
    assert fields["t.show-t-b"].carries == "t.b"


def test_a_table_with_fixed_rows_has_printed_cells_and_columns_of_the_learner() -> None:
    table = sheet_of(
        "**T** `table #t`\n\n| # | | Often `scale #o, rarely / often` | Sign `long #s, 2 lines, needed` |\n"
        "| --- | --- | --- | --- |\n| 1 | a \\| b | | |\n| 4 | c | | |"
    ).blocks[0]
    assert isinstance(table, Field)
    assert [(row.number, row.cells) for row in table.rows] == [(1, ("a | b",)), (4, ("c",))]
    assert [column.field.key if column.field else column.html for column in table.columns] == [
        "",
        "t.o",
        "t.s",
    ]
    sign = table.columns[2].field
    assert sign is not None
    assert (sign.lines, sign.needed, sign.label_text) == (2, True, "Sign")


def test_a_table_with_rows_of_the_learner_starts_with_those_that_were_drawn() -> None:
    body = "**T** `table #t{}`\n\n| What `short #w` |\n| --- |\n| |\n| |"
    drawn, said = (
        sheet_of(body.format(more)).blocks[0] for more in ("", ", 24 rows, add rows, up to 30 rows")
    )
    assert isinstance(drawn, Field)
    assert isinstance(said, Field)
    assert (drawn.start_rows, drawn.add_rows) == (2, False)
    assert (said.start_rows, said.add_rows, said.up_to_rows) == (24, True, 30)


def test_a_log_holds_the_fields_of_one_entry() -> None:
    log = sheet_of("## Each\n`log #l, 20 entries, at least 10`\n\n**D** `date #d, needed`").blocks[0]
    assert isinstance(log, Log)
    assert (log.key, log.entries, log.at_least, log.anchor) == ("t.l", 20, 10, "each")
    assert list(_fields(log.blocks)) == ["t.d"]


def test_three_dashes_are_a_new_page_in_a_worksheet_and_end_nothing() -> None:
    blocks = sheet_of("## L\n`log #l, 3 entries`\n\n**D** `date #d`\n\n---\n\n**E** `short #e`").blocks
    assert isinstance(blocks[0], Log)
    assert _kinds(blocks[0].blocks) == ["Field", "PageBreak", "Field"]
    assert PageBreak() in blocks[0].blocks
    assert Rule() not in blocks[0].blocks


def test_a_sheet_knows_its_form_its_sittings_and_who_sees_it() -> None:
    found = sheet_of(
        "**A** `short #a`",
        "who: All\nform: paper\nminutes: 10\nseen-by: reviewer\nsittings: [First, Second]\n"
        "privacy-line: No names.",
    )
    assert (found.form, found.minutes, found.sittings) == ("paper", 10, ("First", "Second"))
    assert found.privacy_line == "No names."
    field = found.blocks[0]
    assert isinstance(field, Field)
    assert field.seen_by == "reviewer"


# ── Guides and capstone ──────────────────────────────────────────────────────────────────────────


def test_a_session_guide_is_a_row_of_timed_parts() -> None:
    guide = course_of(
        session="---\nkey: s\nminutes: 25\nwhen: Late\ngroup: 8\nbring: [t1, pens]\nneeds: A room\n"
        "---\n\n# S\n\nIntro.\n\n"
        "## 10 min: Arrive\n\n> **Say.** Hello.\n\n## 15 min: *Go*\n\nx\n"
    ).sessions[0]
    assert [(item.minutes, item.title, item.anchor) for item in guide.agenda] == [
        (10, "Arrive", "10-min-arrive"), (15, "<em>Go</em>", "15-min-go"),
    ]  # fmt: skip
    assert (guide.number, guide.when, guide.group, guide.bring, guide.needs) == (
        1, "Late", "8", ("t1", "pens"), "A room",
    )  # fmt: skip
    box = guide.agenda[0].blocks[0]
    assert isinstance(box, Box)
    assert box.label == "say"


def test_a_capstone_takes_a_sheet_and_has_a_rubric() -> None:
    course = course_of(
        sheet=sheet("\n**A** `short #a`\n", "who: All\nseen-by: reviewer"),
        capstone="---\nkey: cap\nminutes: 30\nreviewers: facilitator\n---\n\n# C\n\n"
        "**The sheet** `hand in t`\n\n"
        "**Account** `long #acc, or link, needed`\n\n## How\n`rubric #r`\n\nRead so.\n\n"
        "| # | We | Not yet | Meets | Strong |\n| --- | --- | --- | --- | --- |\n| 1 | x | a | b | c |\n",
    )
    capstone = course.capstone
    assert capstone is not None
    assert _kinds(capstone.blocks) == ["Field", "Field", "Heading", "Prose", "Rubric"]
    handed = capstone.blocks[0]
    assert isinstance(handed, Field)
    assert (handed.hands_in, handed.seen_by) == ("t", "reviewer")
    assert capstone.rubric.key == "cap.r"
    assert capstone.reviewers == "facilitator"


def test_the_lesson_carries_what_its_header_says() -> None:
    found: Lesson = (
        course_of(
            lesson="---\nkey: l\nobjective: 'Do: it'\nminutes: 5\ncontent-note: Tell {{report-to}}.\n"
            "---\n\n# A *b*\n\n"
            "## A\n`do #a, 5 min`\n\nx\n"
        )
        .modules[0]
        .lessons[0]
    )
    assert (found.key, found.objective, found.minutes, found.title, found.title_text) == (
        "l", "Do: it", 5, "A <em>b</em>", "A b",
    )  # fmt: skip
    assert found.content_note.startswith("Tell <span data-insert=")
