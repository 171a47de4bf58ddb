"""My learning: resume first, then what is finished, what was answered, what is coming up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lms.content.nodes import SafeHtml
from lms.web.learn.dates import DateBlock


@dataclass(frozen=True, slots=True)
class TrainingRow:
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


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    title: str
    completed_on: date
    minutes: int
    units: tuple[str, ...]
    number: str
    state: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    title: str
    verdict: str
    reviewer: str
    comment: str
    at: datetime
    course_key: str
    page_key: str
    anchor: str
    link: str


@dataclass(frozen=True, slots=True)
class HomePage:
    returning: bool
    trainings: tuple[TrainingRow, ...]
    transcript: tuple[TranscriptLine, ...]
    answers: tuple[AnswerView, ...]
    sessions: tuple[DateBlock, ...]
