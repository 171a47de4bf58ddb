"""My learning: resume first, then what is finished, what was answered, what is coming up."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from lms.content.nodes import SafeHtml
from lms.web.learn.dates import DateBlock


class TrainingRow(Struct, frozen=True):
    course_key: str
    title: SafeHtml
    title_text: str
    emblem: str
    place: str
    begun: bool
    """Something of it was opened; then the way on is to resume."""
    done: int
    needed: int
    resume: str
    completed_on: date | None
    certificate: str
    cohort: str


class TranscriptLine(Struct, frozen=True):
    title: str
    completed_on: date
    minutes: int
    units: tuple[str, ...]
    number: str
    state: str


class AnswerView(Struct, frozen=True):
    title: str
    verdict: str
    reviewer: str
    comment: str
    at: datetime
    course_key: str
    page_key: str
    anchor: str
    link: str


class HomePage(Struct, frozen=True):
    returning: bool
    trainings: tuple[TrainingRow, ...]
    transcript: tuple[TranscriptLine, ...]
    answers: tuple[AnswerView, ...]
    sessions: tuple[DateBlock, ...]
