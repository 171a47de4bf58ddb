"""What one page's form holds, draft by draft: for a script that saves one of them, and for the 'save'
button that sends the whole page."""

from __future__ import annotations

from msgspec.structs import replace

from lms.actions.learn_work import Typed
from lms.content.nodes import Capstone, Lesson, Log, Quiz, Toolkit
from lms.kernel.errors import NotFound, RuleBroken
from lms.responses.checking import read_part
from lms.responses.fields import Values, fields_in, read_values
from lms.responses.grading import leaves
from lms.responses.queries.states import PageStates, page_states
from lms.responses.worksheets import Sheet, read_sitting
from lms.web.learn.forms import Sent, place, revision_of, sent_fields, sent_part
from lms.web.learn.here import Here
from lms.web.learn.layouts import layout_of
from lms.web.learn.pages.course_map import PageNode
from lms.web.learn.parts import parts_of, typed_part
from lms.web.reading import session


def typed_one(found: Here, node: PageNode, sent: Sent) -> Typed:
    """The one draft that the form names. NotFound for a key that the page does not have; RuleBroken for
    what no page sends."""
    key = sent.get("draft", "")
    typed = _typed(found, node, key, sent.get("sitting", ""), place(sent.get("entry"), key) or 0, sent)
    conflict = place(sent.get("conflict"), key)
    return replace(typed, conflict=conflict)


def _typed(found: Here, node: PageNode, key: str, sitting: str, entry: int, sent: Sent) -> Typed:
    match node:
        case Lesson():
            for part in parts_of(node.blocks):
                if part.key == key:
                    return typed_part(part, sent)
        case Toolkit() | Capstone():
            return _typed_sheet(node, key, sitting, entry, sent)
        case Quiz():
            if key == node.key:
                return typed_quiz(found, node, sent)
            for reflection in node.reflections:
                if reflection.key == key:
                    return typed_text(key, sent)
    raise NotFound


def typed_sheet(toolkit: Toolkit, sent: Sent) -> Typed:
    return _typed_sheet(toolkit, toolkit.key, sent.get("sitting", ""), 0, sent)


def typed_capstone(capstone: Capstone, sent: Sent) -> Typed:
    return _typed_sheet(capstone, capstone.key, "", 0, sent)


def typed_entry(toolkit: Toolkit, log: Log, sent: Sent) -> Typed:
    """The entry of a log that is being written, or changed; `entry:KEY` is its number."""
    number = place(sent.get(f"entry:{log.key}"), log.key) or 1
    return _typed_sheet(toolkit, log.key, sent.get("sitting", ""), number, sent)


def _typed_sheet(node: Toolkit | Capstone, key: str, sitting: str, entry: int, sent: Sent) -> Typed:
    if isinstance(node, Toolkit):
        if node.form == "paper":
            raise NotFound
        read_sitting(node, sitting)
    sheet = Sheet.of(node.key, node.blocks)
    if key == node.key:
        values = read_values(sheet.fields, sent_fields(sheet.fields, sent))
        return Typed(key, values, revision_of(sent, key), sitting)
    fields = tuple(fields_in(sheet.log(key).blocks))
    return Typed(key, read_values(fields, sent_fields(fields, sent)), revision_of(sent, key), sitting, entry)


def typed_quiz(found: Here, quiz: Quiz, sent: Sent) -> Typed:
    """Answers to the questions of the attempt that the page showed. Whether that is the one to come is for
    the check to find out."""
    number = place(sent.get("attempt"), quiz.key)
    if number is None:
        raise RuleBroken("answer_shape", quiz.key)
    values: Values = {}
    for question in leaves(layout_of(found, quiz, number)):
        values.update(read_part(question, sent_part(question, sent)))
    return Typed(quiz.key, values, revision_of(sent, quiz.key))


def typed_text(key: str, sent: Sent) -> Typed:
    text = sent.get(key, "").replace("\r\n", "\n").replace("\x00", "")
    return Typed(key, {key: text} if text.strip() else {}, revision_of(sent, key))


def typed_all(found: Here, node: PageNode, sent: Sent, but: frozenset[str] = frozenset()) -> list[Typed]:
    """Every draft of the page whose text was sent and is not what is kept; those named in `but` left out.
    RuleBroken for what cannot be read."""
    typed = [each for each in _candidates(found, node, sent, but) if each.values or each.revision]
    if not typed:
        return []
    states = page_states(session(), found.enrollment.id, node.key)
    return [each for each in typed if _is_new(each, states)]


def _is_new(typed: Typed, states: PageStates) -> bool:
    draft = states.draft(typed.key, typed.sitting, typed.entry)
    if draft is not None:
        return draft.values != typed.values
    # Check boxes that nobody touched say 'none chosen'; that alone begins no draft.
    return any(value != [] for value in typed.values.values())


def typed_readable(found: Here, node: PageNode, sent: Sent) -> tuple[list[Typed], str]:
    """`typed_all`, and the name of an input that cannot be read and is left out, so that it takes nothing
    else with it; '' where there is none."""
    unread = ""
    while True:
        try:
            return typed_all(found, node, sent), unread
        except RuleBroken as broken:
            odd = [name for name in sent if name.partition(":")[0] == broken.field]
            if not odd:
                raise
            unread = unread or odd[0]
            sent = sent.copy()
            for name in odd:
                del sent[name]


def _candidates(found: Here, node: PageNode, sent: Sent, but: frozenset[str]) -> list[Typed]:
    match node:
        case Lesson():
            return [typed_part(part, sent) for part in parts_of(node.blocks) if part.key not in but]
        case Quiz():
            typed = [typed_text(r.key, sent) for r in node.reflections if r.key in sent and r.key not in but]
            shown = "attempt" in sent and node.key not in but
            return [*typed, typed_quiz(found, node, sent)] if shown else typed
        case Toolkit() | Capstone():
            sitting = sent.get("sitting", "")
            entries = _typed_entries(node, sitting, sent)
            sheet = [] if node.key in but else [_typed_sheet(node, node.key, sitting, 0, sent)]
            return [*sheet, *(entry for entry in entries if entry.key not in but)]


def _typed_entries(node: Toolkit | Capstone, sitting: str, sent: Sent) -> list[Typed]:
    """The entry of each log that is being written; `entry:KEY` says which."""
    return [
        _typed_sheet(node, log.key, sitting, place(sent.get(f"entry:{log.key}"), log.key) or 1, sent)
        for log in Sheet.of(node.key, node.blocks).logs
        if f"entry:{log.key}" in sent
    ]
