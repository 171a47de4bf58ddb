"""What learners read for the reasons that rules give."""

from __future__ import annotations

from lms.completion.rules import Unmet
from lms.responses.fields import FaultCode, Need
from lms.web.words import minutes

FAULTS: dict[FaultCode, str] = {
    "number_form": "Write a whole number, such as 12",
    "number_range": "This number is outside what the sheet asks for",
    "date_form": "Write a date as year-month-day, such as 2026-03-12",
    "link_form": "Write a web address that starts with https://",
    "code_long": "Use four characters at most, so that no name fits",
    "words_few": "Write a few more words",
    "at_least": "Choose more of them",
    "exactly": "Choose exactly as many as the question asks for",
}
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
    "text_long": "This text is too long to be kept. Shorten it, please",
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


def need_words(need: Need) -> str:
    if need.need > 1:
        return f"{need.have} of at least {need.need} are there"
    return OPEN
