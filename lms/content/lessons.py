"""Lessons: prose with boxes, role variants and activities. Also the prose of courses and modules."""

from __future__ import annotations

from collections.abc import Sequence

from lms.content.activities import build_activity
from lms.content.blocks import Around, build_heading, build_plain
from lms.content.desk import Desk
from lms.content.effort import check_reading, counted_minutes, reading_words
from lms.content.nodes import Block, Lesson, Variant, Variants
from lms.content.roles import RoleHeading, read_role_heading
from lms.content.tree import Boxed, Child, FieldLine, Items, Section
from lms.content.worksheets import read_field


def build_lesson(desk: Desk) -> Lesson:
    page, header = desk.page, desk.page.header
    content_note = desk.header_html("content-note")
    title = desk.html(page.title, cites=False)
    blocks = build_page(desk, page.children)
    check_reading(desk)
    words = reading_words(desk)
    minutes = header.number("minutes") or 0
    counted = counted_minutes(words, blocks)
    if minutes > counted and desk.rendered and not desk.has_errors:
        message = f"Claims {minutes} minutes; text and activities come to {counted}."
        desk.error(*header.at("minutes"), "minutes-high", message)
    return Lesson(
        key=desk.key,
        title=title,
        title_text=desk.words(page.title) if page.title else "",
        objective=header.text("objective"),
        minutes=minutes,
        reading_words=words,
        blocks=blocks,
        citations=desk.links.citations,
        content_note=content_note,
        alternative_to=header.text("alternative-to") or None,
        read_before_release=header.items("read-before-release"),
    )


def build_page(desk: Desk, children: Sequence[Child]) -> tuple[Block, ...]:
    """The blocks of a page of text: neighboring role sections become one switch."""
    blocks: list[Block] = []
    variants: list[Variant] = []
    around = Around("page", desk.seen_by)

    def close() -> None:
        if variants:
            blocks.append(Variants(tuple(variants)))
            variants.clear()

    skip: set[int] = set()
    for place, child in enumerate(children):
        if place in skip:
            continue
        if isinstance(child, Section):
            role = None if child.tag else read_role_heading(child.words, desk.language)
            if role is not None and role.roles:
                variants.append(_variant(desk, child, role))
                continue
            if role is not None:
                message = f"'{role.wrong}' is not a role heading.{role.hint}"
                desk.error(child.line, child.level + 2, "variant-role", message)
            close()
            blocks += _section(desk, child)
        elif isinstance(child, FieldLine):
            close()
            _, used = read_field(desk, child, children, place, around)
            skip.update(range(place + 1, place + 1 + used))
        elif block := build_plain(desk, child, around):
            close()
            blocks.append(block)
    close()
    return tuple(blocks)


def _section(desk: Desk, section: Section) -> list[Block]:
    tag = section.tag
    if tag is None:
        children = section.children
        answers = [child for child in children if isinstance(child, Items) and child.checks]
        if answers:
            # The tag is missing: what would have belonged to it is not reported as well.
            children = [child for child in children if isinstance(child, Section | Items)]
        return [build_heading(desk, section), *build_page(desk, children)]
    if not tag.kind:
        return [build_heading(desk, section)]  # where a proof shows what is wrong with the tag
    return [build_activity(desk, section, tag, "activity")]


def _variant(desk: Desk, section: Section, role: RoleHeading) -> Variant:
    title = desk.html(section.title, cites=False)
    _refuse_shared(desk, section, section)
    children = [child for child in section.children if not _is_activity(child)]
    return Variant(role.roles, title, section.anchor, build_page(desk, children))


def _is_activity(child: Child) -> bool:
    return isinstance(child, Section) and child.tag is not None


def _refuse_shared(desk: Desk, section: Section, variant: Section) -> None:
    """What everybody needs must not stand in a section that only one role opens."""
    for child in section.children:
        if isinstance(child, Boxed) and child.label in ("try", "what-we-know"):
            message = f"This box is inside '{variant.words}': put --- above it if it is for everyone."
            desk.error(child.line, 1, "variant-box", message)
        elif isinstance(child, Section):
            if child.tag is not None and child.tag.kind:
                message = "Move the activity out of the role section."
                desk.error(child.tag.line, child.tag.column, "variant-activity", message)
            else:
                _refuse_shared(desk, child, variant)
