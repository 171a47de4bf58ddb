"""Fields, tables to fill in and logs: what learners write into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from msgspec.structs import replace

from lms.content.blocks import (
    Around,
    box_fits,
    build_heading,
    build_plain,
    followers,
)  # fmt: skip
from lms.content.desk import Desk, Known
from lms.content.fieldtables import build_columns
from lms.content.nodes import Block, Count, Field, Heading, Log, SafeHtml, SeenBy
from lms.content.plain import markup_at
from lms.content.settings import FIELD_KIND, OPTION_KINDS, Tag
from lms.content.tree import Boxed, Child, FieldLine, Items, Section

_STUDENTS_NAME = re.compile(
    r"\b(?:student|child|pupil)(?:'s|’s)?(?: first| last| full)? names?\b"
    r"|\bnames? of (?:the |a |each |your )?(?:student|child|pupil)|\binitials\b"
    r"|\bnombres? (?:del?|de la) (?:estudiante|alumn|niñ)|\biniciales\b",
    re.IGNORECASE,
)
_A_STUDENT = re.compile(r"(?:student|child|pupil|estudiante|alumn[oa]|niñ[oa])\b", re.IGNORECASE)
MAX_LEVEL = 4
FIELD_OUTSIDE = "A field belongs in a worksheet or an activity."


def build_blocks(desk: Desk, children: Sequence[Child], around: Around) -> list[Block]:
    """Blocks with their fields; headings without a tag stay headings."""
    blocks: list[Block] = []
    taken: set[int] = set()
    for place, child in enumerate(children):
        if place in taken:
            continue
        if isinstance(child, FieldLine):
            field, used = read_field(desk, child, children, place, around)
            taken.update(range(place + 1, place + 1 + used))
            if field:
                blocks.append(field)
        elif isinstance(child, Section):
            blocks += _section(desk, child, around)
        elif block := build_plain(desk, child, around):
            blocks.append(block)
    return blocks


def _section(desk: Desk, section: Section, around: Around) -> list[Block]:
    tag = section.tag
    if tag is not None and tag.kind == "log" and not around.scope:
        return [build_log(desk, section, tag, around)]
    if tag is not None and tag.kind == "for each" and not around.scope:
        return build_each(desk, section, tag, around)
    if tag is not None and tag.kind:
        message = f"'{tag.kind}' cannot stand inside another tagged section."
        desk.error(tag.line, tag.column, "tag-place", message)
    return [build_heading(desk, section), *build_blocks(desk, section.children, around)]


def build_log(desk: Desk, section: Section, tag: Tag, around: Around) -> Log:
    key = desk.key_of(tag, Known("log", desk.key, tag.line, around.seen_by))
    if tag.entries is not None and tag.at_least is not None and tag.at_least > tag.entries:
        message = f"Nobody can reach {tag.at_least} of {tag.entries} entries."
        desk.error(tag.line, tag.at("at_least"), "tag-setting", message)
    title = desk.html(section.title, cites=False)
    inside = Around(around.where, around.seen_by, scope=key)
    blocks = build_blocks(desk, section.children, inside)
    if not any(isinstance(block, Field) for block in blocks):
        desk.error(tag.line, tag.column, "done-unclear", "A log needs a field: there is nothing to fill in.")
    return Log(key, title, section.anchor, tag.entries or 0, tag.at_least, tuple(blocks), tag.was)


def build_each(desk: Desk, section: Section, tag: Tag, around: Around) -> list[Block]:
    """The section's fields once for each person, under a heading with the person's name. What stands before
    the first field is for all of them."""
    fields = [place for place, child in enumerate(section.children) if isinstance(child, FieldLine)]
    inner_tags = [child.tag for child in section.children if isinstance(child, Section) and child.tag]
    if log := next((inner for inner in inner_tags if inner.kind == "log"), None):
        message = "A log cannot stand in 'for each': give each person one, or use fields."
        desk.error(log.line, log.column, "tag-place", message)
        return [build_heading(desk, section)]
    if not fields:
        message = "Nothing to fill in: 'for each' needs a field below."
        desk.error(tag.line, tag.column, "done-unclear", message)
        return [build_heading(desk, section)]
    for inner in (child for child in section.children if isinstance(child, Section)):
        message = "Headings cannot stand inside 'for each': each person gets one."
        desk.error(inner.line, 1, "heading-place", message)
    if any(_A_STUDENT.match(name) for name in tag.options):
        message = "Call them 'Person A', 'Person B': a student is never named here."
        desk.warning(tag.line, tag.at("options"), "field-name", message)
    if any(markup_at(name) is not None for name in tag.options):
        message = "Names of 'for each' are plain words: no citation, local fact or link."
        desk.error(tag.line, tag.at("options"), "tag-setting", message)
    if section.level == MAX_LEVEL:
        message = "Write this heading with fewer #: the names go below it."
        desk.error(section.line, 1, "heading-skip", message)
    inside = Around(around.where, around.seen_by, scope=section.anchor)
    blocks: list[Block] = [build_heading(desk, section)]
    blocks += build_blocks(desk, section.children[: fields[0]], inside)
    repeated = [child for child in section.children[fields[0] :] if not isinstance(child, Section)]
    for number, name in enumerate(tag.options, 1):
        desk.copy = number
        blocks.append(Heading(section.level + 1, SafeHtml(escape(name)), f"{section.anchor}--{number}"))
        blocks += (_named(block, name) for block in build_blocks(desk, repeated, inside))
    desk.copy = 0
    return blocks


def _named(block: Block, name: str) -> Block:
    """Heard and listed without its heading, a field says whose it is."""
    if not isinstance(block, Field):
        return block
    hidden = f'<span class="visually-hidden">{escape(name)}: </span>'
    return replace(block, label=SafeHtml(hidden + block.label), label_text=f"{name}: {block.label_text}")


def _copies(desk: Desk) -> dict[str, int]:
    """How often each key of the page is repeated by a `for each`."""
    found: dict[str, int] = {}
    for section in desk.page.headings:
        if section.tag is not None and section.tag.kind == "for each":
            for line in (child for child in section.children if isinstance(child, FieldLine)):
                heads = [cell.tag for cell in line.table.head] if line.table else []
                tags = [line.tag, *(head for head in heads if head is not None)]
                found.update({each.key: len(section.tag.options) for each in tags if each.key})
    return found


def read_field(
    desk: Desk, line: FieldLine, siblings: Sequence[Child], place: int, around: Around
) -> tuple[Field | None, int]:
    """The field at this place among its siblings, and how many boxes after it belong to it."""
    if around.where not in ("activity", "worksheet"):
        if line.tag.kind:
            desk.error(line.line, line.column, "field-outside", FIELD_OUTSIDE)
        return None, len(followers(siblings, place))
    boxes = followers(siblings, place)
    if not line.tag.kind:
        return None, len(boxes)
    seen_by = line.tag.seen_by or around.seen_by
    example, model = boxes.get("example"), boxes.get("model")
    if model is not None and not box_fits(desk, model, around.where):
        model = None
    return build_field(desk, line, seen_by, example, model), len(boxes)


def build_field(
    desk: Desk, line: FieldLine, seen_by: SeenBy, example: Boxed | None, model: Boxed | None
) -> Field:
    tag = line.tag
    label = desk.html(line.label, cites=False)
    words = desk.words(line.label)
    if tag.kind in ("short", "long") and not tag.code and _STUDENTS_NAME.search(words):
        desk.warning(
            line.line, line.label.column, "field-name",
            "This looks like a field for a student's name: use 'code'.",
        )  # fmt: skip
    help_text = desk.html(line.help)
    options = _options(desk, line)
    _check_reachable(desk, tag, len(options))
    key = _field_key(desk, tag, seen_by, options)
    columns, rows, start_rows = (
        build_columns(desk, line, key, seen_by) if tag.kind == "table" else ((), (), 0)
    )
    _note_carries(desk, tag, seen_by)
    return Field(
        key=key,
        kind=FIELD_KIND[tag.kind],
        label=label,
        label_text=words,
        help=help_text,
        example=desk.html(example.body) if example else SafeHtml(),
        model=desk.html(model.body) if model else SafeHtml(),
        needed=tag.needed,
        seen_by=seen_by,
        options=options,
        at_least=tag.at_least,
        exactly=tag.exactly,
        minimum=tag.low,
        maximum=tag.high,
        lines=tag.lines,
        code=tag.code,
        or_link=tag.or_link,
        columns=columns,
        rows=rows,
        start_rows=0 if rows else tag.rows or start_rows,
        add_rows=tag.add_rows,
        up_to_rows=tag.up_to,
        count=_count(desk, tag) if tag.kind == "total" else None,
        carries=tag.path if tag.kind == "show" else tag.starts_from or None,
        hands_in=tag.path if tag.kind == "hand in" else None,
        was=desk.copied(tag.was) if tag.was else None,
    )


def _field_key(desk: Desk, tag: Tag, seen_by: SeenBy, options: tuple[str, ...]) -> str:
    if tag.kind in ("show", "hand in"):
        # Nothing is written into these, so authors give them no key; pages need one all the same.
        plain = f"{tag.kind} {tag.path}".replace(" ", "-").replace(".", "-")
        return desk.unwritten_key(plain, Known(tag.kind, desk.key, tag.line, seen_by))
    return desk.key_of(tag, Known(tag.kind, desk.key, tag.line, seen_by, options))


def _options(desk: Desk, line: FieldLine) -> tuple[str, ...]:
    tag = line.tag
    if tag.kind not in OPTION_KINDS:
        return ()
    if tag.options:
        return tag.options
    if line.items is None:
        desk.error(line.line, line.column, "choices-few", "Give at least two choices: a list of - [ ] below.")
        return ()
    words = read_option_list(desk, line.items)
    if len(words) < 2 and tag.kind != "checklist" and not any(item.spoilt for item in line.items.items):
        desk.error(line.line, line.column, "choices-few", "Give at least two choices.")
    return words


def _check_reachable(desk: Desk, tag: Tag, choices: int) -> None:
    """A field that asks for more than there is can never be done."""
    most = choices if tag.kind in OPTION_KINDS else tag.up_to
    for name, least in (("exactly", tag.exactly), ("at_least", tag.at_least)):
        if least is not None and most and least > most:
            of = f"{most} choices" if tag.kind in OPTION_KINDS else f"{most} rows"
            desk.error(tag.line, tag.at(name), "tag-setting", f"Nobody can reach {least} of {of}.")


def read_option_list(desk: Desk, items: Items) -> tuple[str, ...]:
    """The plain words of a list of `- [ ]` that has no right answers and no feedback."""
    words = []
    for item in items.items:
        desk.html(item.text, cites=False)
        words.append(desk.words(item.text))
        if item.spoilt:
            continue
        if not item.mark:
            message = "Write - [x], - [~] or - [ ], with a space after it."
            desk.error(item.line, item.column, "choice-mark", message)
        elif item.mark != " " or item.notes or item.empty_note:
            message = "A field has no right answers: write [ ]."
            if item.mark == " ":
                message = "A field has no feedback; put it into the help below the label."
            desk.error(item.line, item.column, "field-answer", message)
    return tuple(words)


def _count(desk: Desk, tag: Tag) -> Count:
    names = tag.sum_of or tag.count_of
    copies = _copies(desk)

    def check() -> None:
        for name in names:
            _check_counted(desk, tag, name, copies)

    desk.later(check)
    keys: list[str] = []
    for name in names:
        if name not in copies:
            keys.append(name)
        elif desk.copy:
            keys.append(desk.copied(name))
        else:
            keys += (f"{name}-{number}" for number in range(1, copies[name] + 1))
    full = tuple(f"{desk.key}.{key}" for key in keys)
    return Count("sum" if tag.sum_of else "count", full[0], tag.count_values, full[1:])


def _check_counted(desk: Desk, tag: Tag, name: str, copies: dict[str, int]) -> None:
    at = tag.at("sum_of" if tag.sum_of else "count_of")
    known = desk.own(f"{name}-1" if name in copies else name)
    if known is None:
        hint = desk.links.suggest(name, {*desk.own_keys, *copies})
        desk.error(tag.line, at, "key-unknown", f"No '#{name}' in this file.{hint}")
    elif tag.sum_of and known.kind not in ("number", "total"):
        desk.error(tag.line, at, "tag-setting", f"'#{name}' is no number: it cannot be added up.")
    else:
        allowed = {"yes", "no"} if known.kind == "yes or no" else set(known.options)
        for value in tag.count_values:
            if value != "none" and allowed and value not in allowed:
                hint = desk.links.suggest(value, allowed)
                desk.error(tag.line, at, "tag-setting", f"'{value}' is not a choice of #{name}.{hint}")


def _note_carries(desk: Desk, tag: Tag, seen_by: SeenBy) -> None:
    if tag.kind in ("show", "hand in"):
        audience: SeenBy = "reviewer" if tag.kind == "hand in" else seen_by
        desk.carry(tag.kind, tag.path, tag.line, tag.key_column, audience)
    if tag.starts_from:
        desk.carry("starts from", tag.starts_from, tag.line, tag.at("starts_from"), seen_by)
