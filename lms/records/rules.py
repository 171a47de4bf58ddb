"""Rules: what a coordinator asks for, and the words of a record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from lms.content.nodes import Course, Module

Status = Literal["", "valid", "due", "expired", "corrected", "revoked"]
Order = Literal["finished", "name", "school"]
ORDERS: tuple[Order, ...] = ("finished", "name", "school")
STATUSES: tuple[Status, ...] = ("", "valid", "due", "expired", "corrected", "revoked")


class RecordFilter(Struct, frozen=True):
    """Which records: '' and None mean all. Days are inclusive, in the record's own time zone.

    status: valid (in force), due (in force, but the evidence has changed since), expired, corrected,
    revoked.
    """

    course_key: str = ""
    organization: str = ""
    """Public id of a school or district."""
    from_on: date | None = None
    to_on: date | None = None
    status: Status = ""

    def as_query(self) -> dict[str, str]:
        """The filter as an address carries it."""
        pairs = {
            "training": self.course_key,
            "school": self.organization,
            "from": self.from_on.isoformat() if self.from_on else "",
            "to": self.to_on.isoformat() if self.to_on else "",
            "status": self.status,
        }
        return {name: value for name, value in pairs.items() if value}


class FilterFault(Struct, frozen=True):
    field: str
    code: Literal["date_form", "dates_crossed", "status_unknown"]


def read_filter(args: Mapping[str, str]) -> tuple[RecordFilter, tuple[FilterFault, ...]]:
    """A filter from an address; what cannot be understood is left out and named."""
    faults: list[FilterFault] = []
    days: dict[str, date | None] = {}
    for name in ("from", "to"):
        text = args.get(name, "").strip()
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            days[name] = None
            faults.append(FilterFault(name, "date_form"))
    first, last = days["from"], days["to"]
    if first and last and first > last:
        faults.append(FilterFault("from", "dates_crossed"))
        first = last = None
    status = next((known for known in STATUSES if known == args.get("status", "")), None)
    if status is None:
        faults.append(FilterFault("status", "status_unknown"))
    return (
        RecordFilter(
            course_key=args.get("training", "")[:64],
            organization=args.get("school", "")[:32],
            from_on=first,
            to_on=last,
            status=status or "",
        ),
        tuple(faults),
    )


def read_order(args: Mapping[str, str]) -> Order:
    """By what the records are sorted: the latest first, where the address asks for nothing known."""
    return next((known for known in ORDERS if known == args.get("sort", "")), "finished")


ModuleStanding = Literal["completed", "waiting for an answer", "in progress", "not started"]

UNTOUCHED = ("not_done", "not_tried", "not_handed_in")
"""Reasons that say nothing was begun: a text that waits, or came back, is a beginning."""


def module_standings(course: Course, unmet: Mapping[str, str]) -> tuple[ModuleStanding, ...]:
    """Where each module stands for one person, from the keys that are unmet and why."""
    return tuple(_standing(course, module, unmet) for module in course.modules)


def _standing(course: Course, module: Module, unmet: Mapping[str, str]) -> ModuleStanding:
    pages = {lesson.key for lesson in module.lessons} | {sheet.key for sheet in module.toolkits}
    if module.quiz is not None:
        pages.add(module.quiz.key)
    keys = [requirement.key for requirement in course.requirements if requirement.page_key in pages]
    open_keys = [key for key in keys if key in unmet]
    if not open_keys:
        return "completed"
    if all(unmet[key] == "awaiting_review" for key in open_keys):
        return "waiting for an answer"
    begun = len(open_keys) < len(keys) or any(unmet[key] not in UNTOUCHED for key in open_keys)
    return "in progress" if begun else "not started"
