"""Tagged sections of lessons and quizzes: choices, cards, steps, parts, and what learners do elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from lms.content.answers import ONE_LIST, Answers, build_choices, build_steps, read_checks
from lms.content.blocks import Around, Where, box_fits, build_plain, refuse_stray
from lms.content.branching import build_parts
from lms.content.desk import Desk, Known
from lms.content.nodes import NOTHING, Activity, Prose, SafeHtml
from lms.content.render import plain_text
from lms.content.settings import ACTIVITY_KIND, Tag
from lms.content.sorting import bold_group, build_groups
from lms.content.tree import Boxed, Child, FieldLine, Items, Lone, Quote, Section
from lms.content.worksheets import build_blocks, read_field

CHOOSING = {"choose one", "choose many", "true or false", "spot"}
_NEVER_INSIDE = {"activity", "pool", "reflection"}
AFTER = "Below the answers only fields, boxes and the way back may stand: move this above them."


def build_activity(desk: Desk, section: Section, tag: Tag, where: Where, inside: str = "") -> Activity:
    """The node of a tagged section. `inside`: the kind of the section that it is a part of, or ''."""
    if inside:
        _check_part(desk, tag, inside)
    around = Around(where, tag.seen_by or desk.seen_by, takes_back=True)
    key = desk.key_of(
        tag,
        Known(tag.kind, desk.key, tag.line, around.seen_by, (), tag.instead_of, tag.minutes or 0),
    )
    if tag.instead_of:
        _check_stand_in(desk, tag)
    title = desk.html(section.title, cites=False)
    parts = _BUILDERS.get(tag.kind, _done)(desk, section, tag, around)
    return Activity(
        key=key,
        kind=ACTIVITY_KIND[tag.kind],
        title=title,
        anchor=section.anchor,
        level=section.level,
        blocks=tuple(parts.blocks),
        choices=parts.choices,
        groups=parts.groups,
        cards=parts.cards,
        steps=parts.steps,
        parts=parts.parts,
        answers=parts.spellings,
        members=parts.members,
        checks=parts.checks,
        model=parts.model,
        after=tuple(parts.after),
        looking_back=SafeHtml("".join(around.looking_back)) if around.looking_back else NOTHING,
        minutes=tag.minutes or 0,
        points=_points(tag, parts.members),
        part_credit=tag.part_credit,
        in_order=tag.in_order,
        draw=tag.draw or 0,
        instead_of=f"{desk.key}.{tag.instead_of}" if tag.instead_of else None,
        seen_by=around.seen_by,
        see=around.see,
        was=tag.was,
    )


def _points(tag: Tag, members: Sequence[Activity]) -> int:
    if tag.kind == "scenario":
        return sum(member.points for member in members)
    if tag.kind == "pool":
        return (tag.draw or 0) * (members[0].points if members else 0)
    return 1 if tag.points is None else tag.points


def _check_part(desk: Desk, tag: Tag, inside: str) -> None:
    if tag.minutes is not None:
        desk.error(tag.line, tag.at("minutes"), "tag-setting", "Minutes stand in the top tag only.")
    if tag.instead_of:
        message = "A part stands in for nothing: put 'instead of' into the top tag."
        desk.error(tag.line, tag.at("instead_of"), "tag-setting", message)


def _check_stand_in(desk: Desk, tag: Tag) -> None:
    at = tag.at("instead_of")

    def check() -> None:
        known = desk.own(tag.instead_of)
        if known is None or known.kind not in ACTIVITY_KIND or tag.instead_of == tag.key:
            desk.error(tag.line, at, "key-unknown", f"No activity '#{tag.instead_of}' in this file.")
        elif known.minutes != (tag.minutes or 0):
            message = f"Stands in for {known.minutes} minutes of work and takes {tag.minutes or 0}."
            desk.error(tag.line, at, "instead-minutes", message)

    desk.later(check)


# ── Kinds ────────────────────────────────────────────────────────────────────────────────────────


def _choosing(desk: Desk, section: Section, tag: Tag, around: Around) -> Answers:
    """Prompt, one list of answers, and what may follow it."""
    parts = Answers()
    items = _prompt_and_answers(desk, section.children, tag, around, parts)
    if items is None:
        message = "Give at least two choices: a list of - [x] and - [ ]."
        if tag.kind == "order":
            code, message = "order-list", "Write the steps as one numbered list with feedback."
        else:
            code = "choices-few"
        desk.error(tag.line, tag.column, code, message)
    elif tag.kind == "spot":
        _check_passage(desk, section.children, items)
    return parts


def _prompt_and_answers(
    desk: Desk, children: Sequence[Child], tag: Tag, around: Around, parts: Answers
) -> Items | None:
    answers: Items | None = None
    taken: set[int] = set()
    for place, child in enumerate(children):
        if place in taken:
            continue
        if isinstance(child, Section):
            blocks = parts.blocks if answers is None else parts.after
            blocks += build_blocks(desk, [child], around)
        elif answers is None and isinstance(child, Items) and (child.checks or tag.kind == "order"):
            answers = child
            if tag.kind == "order":
                parts.steps = build_steps(desk, child)
            else:
                build_choices(desk, child, tag, parts)
        elif isinstance(child, FieldLine):
            field, used = read_field(desk, child, children, place, around)
            taken.update(range(place + 1, place + 1 + used))
            if field:
                (parts.blocks if answers is None else parts.after).append(field)
        elif answers is None:
            if block := build_plain(desk, child, around):
                parts.blocks.append(block)
        else:
            _after_answers(desk, child, tag, around, parts)
    return answers


def _after_answers(desk: Desk, child: Child, tag: Tag, around: Around, parts: Answers) -> None:
    if isinstance(child, Items) and tag.kind == "order":
        desk.error(child.line, 1, "order-list", ONE_LIST)
    elif isinstance(child, Boxed | Lone | Items):
        if block := build_plain(desk, child, around):
            if isinstance(block, Prose):
                refuse_stray(desk, child, AFTER)
            else:
                parts.after.append(block)
    else:
        refuse_stray(desk, child, AFTER)


def _check_passage(desk: Desk, children: Sequence[Child], items: Items) -> None:
    """Each choice of a `spot` stands in the passage once, and no two overlap."""
    passage = _plain_passage(desk, children, items)
    spans: list[tuple[int, int, str]] = []
    for item in items.items:
        if item.spoilt:
            continue
        words = _even(desk.words(item.text))
        times = passage.count(words) if words else 0
        if times != 1:
            count = "once" if times == 1 else f"{times} times"
            message = f"'{words}' stands {count} in the passage; it must stand there once."
            desk.error(item.line, item.column, "spot-text", message)
            continue
        start = passage.index(words)
        clash = next((known for known in spans if start < known[1] and known[0] < start + len(words)), None)
        if clash:
            desk.error(item.line, item.column, "spot-text", f"'{words}' and '{clash[2]}' overlap.")
        spans.append((start, start + len(words), words))


def _plain_passage(desk: Desk, children: Sequence[Child], items: Items) -> str:
    texts = []
    for child in children:
        if child is items:
            break
        if isinstance(child, Boxed):
            texts.append(child.body.html)
        elif isinstance(child, Quote):
            texts.append(child.text.html)
    return _even("\n".join(plain_text(text) for text in texts))


_SHAPES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "})


def _even(words: str) -> str:
    """With one shape of quotation marks; spaces are single already."""
    return words.translate(_SHAPES)


def _grouped(desk: Desk, section: Section, tag: Tag, around: Around) -> Answers:
    parts = Answers()
    groups = [child for child in section.children if isinstance(child, Section)]
    prompt = [child for child in section.children if not isinstance(child, Section)]
    if not groups and (name := bold_group(prompt)):
        message = f"Groups are headings: write '{'#' * (section.level + 1)} {name}'."
        desk.error(tag.line, tag.column, "groups-few", message)
        return parts
    parts.blocks += build_blocks(desk, prompt, around)
    build_groups(desk, groups, tag, around, parts)
    return parts


def _branching(desk: Desk, section: Section, tag: Tag, around: Around) -> Answers:
    parts = Answers()
    prompt = [child for child in section.children if not isinstance(child, Section)]
    parts.blocks += build_blocks(desk, prompt, around)
    parts.parts = build_parts(desk, [c for c in section.children if isinstance(c, Section)], tag, around)
    return parts


def _rewrite(desk: Desk, section: Section, tag: Tag, around: Around) -> Answers:
    parts = Answers()
    for child in section.children:
        if isinstance(child, Boxed) and child.label == "model" and box_fits(desk, child, around.where):
            parts.model = desk.html(child.body)
        elif isinstance(child, Items) and child.checks:
            parts.checks = read_checks(desk, child)
        else:
            parts.blocks += build_blocks(desk, [child], around)
    if not parts.model:
        words = next(words for words, label in desk.language.boxes.items() if label == "model")
        desk.error(tag.line, tag.column, "model-missing", f"Add a model answer: > **{words}.**")
    return parts


def _done(desk: Desk, section: Section, tag: Tag, around: Around) -> Answers:
    parts = Answers()
    parts.blocks += build_blocks(desk, section.children, around)
    return parts


def _members(desk: Desk, section: Section, tag: Tag, around: Around) -> Answers:
    """Parts of an `activity` or `scenario`, questions of a `pool`."""
    parts = Answers()
    code, noun = ("part-tag", "part") if tag.kind == "activity" else ("question-tag", "question")
    members = []
    prompt = [child for child in section.children if not isinstance(child, Section)]
    parts.blocks += build_blocks(desk, prompt, around)
    for child in section.children:
        if not isinstance(child, Section):
            continue
        inner = child.tag
        if inner is None:
            desk.error(child.line, 1, code, f"This {noun} has no tag.")
        elif inner.kind:
            if inner.kind in _NEVER_INSIDE or (inner.kind == "scenario" and tag.kind != "pool"):
                message = f"'{inner.kind}' cannot stand inside '{tag.kind}'."
                desk.error(inner.line, inner.column, "tag-place", message)
                continue
            members.append(build_activity(desk, child, inner, around.where, tag.kind))
    parts.members = tuple(members)
    if not any(isinstance(child, Section) for child in section.children):
        desk.error(tag.line, tag.column, code, f"Give each {noun} a heading of its own, with a tag.")
    return parts


_BUILDERS = {
    **dict.fromkeys((*CHOOSING, "order", "short answer"), _choosing),
    "sort": _grouped,
    "match": _grouped,
    "branching": _branching,
    "rewrite": _rewrite,
    "do": _done,
    "activity": _members,
    "scenario": _members,
    "pool": _members,
}
