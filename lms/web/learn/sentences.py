"""What learners read for the reasons that rules give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lms.completion.rules import Unmet
from lms.content.nodes import Activity
from lms.responses.fields import LONG_LIMIT, Fault, FaultCode, Json, Need
from lms.responses.grading import LONGEST_ANSWER
from lms.responses.ordering import lack_of
from lms.responses.wording import WHOLE_LIMIT
from lms.web.words import minutes, quoted

FAULTS: dict[FaultCode, str] = {
    "number_form": "Write a whole number, such as 12",
    "number_range": "This number is outside what the sheet asks for",
    "date_form": "Write a date as year-month-day, such as 2026-03-12",
    "link_form": "Write a web address that starts with https://",
    "code_long": "Use four characters at most, so that no name fits",
    "words_few": "Write a few more words",
    "at_least": "Choose more of them",
    "exactly": "Choose exactly as many as the question asks for",
    "text_long": "Shorten this to {limit:,} characters",
    "rows_many": "Leave {limit:,} rows at most: the sheet holds no more",
}
UNREAD = "What was chosen here could not be read; everything else is kept. Choose again"
OPEN = "This is still to be filled in"
UNANSWERED: dict[str, str] = {
    "choose one": "Choose an answer, then check it",
    "true or false": "Choose an answer, then check it",
    "choose many": "Choose what fits, then check it",
    "spot": "Choose what fits, then check it",
    "sort": "Choose a group for every card, then check",
    "match": "Choose a partner for every line, then check",
    "order": "Give every step a number of its own, then check",
    "short answer": "Write an answer, then check it",
    "rewrite": "Write your version first; then compare",
    "branching": "Go on until you reach an ending",
    "do": "Tick it once you have done it",
}
REFUSED: dict[str, str] = {
    "text_long": f"Shorten your text to {LONG_LIMIT:,} characters, then hand it in",
    "whole_long": "This is the longest part of a capstone that is longer than "
    f"{WHOLE_LIMIT:,} characters with its worksheets. Shorten it, then hand in",
    "rows_many": "These are more rows than the sheet holds",
    "text_missing": "Write something first, then hand it in",
    "words_few": "This is shorter than the reflection asks for. Write a little more, then hand it in",
    "waiting": "You have handed this in. You can change it after you have an answer",
    "answered": "This has been accepted. There is nothing to hand in again",
    "attempts_used": "You have used all the tries there are for this quiz",
    "unanswered": "Some questions are still open. Answer them, then check",
    "sheet_empty": "There is nothing on this sheet yet",
    "entries_many": "The log is full",
    "peer_found": "Somebody has taken up your invitation already",
}
UNMET: dict[str, str] = {
    "not_done": "Not done yet",
    "not_tried": "Not tried yet",
    "below_pass": "Tried, and below what it takes to pass. Try again, as the quiz says",
    "not_handed_in": "Not handed in yet",
    "awaiting_review": "Handed in. Your reviewer has it; you do not have to do anything",
    "not_yet": "One more try: read the note, add to your text, and hand it in again",
    "attendance_short": "More time in live sessions is needed",
}
"""Why a requirement is not met."""


def why_unmet(unmet: Unmet) -> str:
    """Why a requirement is not met; of live sessions, how much time is missing."""
    if unmet.missing:
        return f"{minutes(unmet.missing)} more in live sessions is needed"
    return UNMET[unmet.reason]


def fault_words(fault: Fault) -> str:
    return FAULTS[fault.code].format(limit=fault.limit)


def fault_problems(faults: Iterable[Fault]) -> dict[str, str]:
    """Words for each fault by the name of its input."""
    return {input_name(fault.key, fault.row): fault_words(fault) for fault in faults}


def over_problems(faults: Iterable[Fault]) -> dict[str, str]:
    """Of these what is too long or too many: said at once, not only when something is to be finished."""
    return fault_problems(fault for fault in faults if fault.code in ("text_long", "rows_many"))


def unread_problems(query: Mapping[str, str]) -> dict[str, str]:
    """Words for the input that `unread` names, and for the question it belongs to."""
    name = query.get("unread", "")
    return {name: UNREAD, name.partition(":")[0]: UNREAD} if name else {}


def input_name(key: str, row: int | None) -> str:
    return key if row is None else f"{key}:{row}"


def open_words(question: Activity, answer: Json) -> str:
    """Why a question is not answered yet."""
    if isinstance(answer, str) and question.kind == "short answer":
        return f"Shorten this to {LONGEST_ANSWER} characters"
    lack = lack_of(question, answer) if isinstance(answer, dict) else None
    if lack is None:
        return UNANSWERED.get(question.kind, OPEN)
    if lack.code == "not_a_number":
        found = f"{quoted(lack.text)} is not a number"
    elif lack.code == "twice":
        found = f"More than one step has the number {lack.text}"
    elif lack.count == 1:
        found = "One step has no number yet"
    else:
        found = f"{lack.count} steps have no number yet"
    return f"{found}. {UNANSWERED['order']}"


def need_words(need: Need) -> str:
    if need.need > 1:
        return f"{need.have} of at least {need.need} are there"
    return OPEN
