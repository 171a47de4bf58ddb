"""Pages -> course: builds every page in reading order and checks what they say of one another."""

from __future__ import annotations

from typing import Literal

from lms.content.carries import check_carries
from lms.content.desk import Desk, Shelf
from lms.content.facts import build_inserts, build_sources, check_brackets, check_unused
from lms.content.guides import build_capstone, build_session, build_toolkit, reviewers_of
from lms.content.header import Header, Scalar
from lms.content.layout import Layout
from lms.content.lessons import build_lesson, build_page
from lms.content.nodes import (
    Capstone,
    Course,
    Image,
    Insert,
    Lesson,
    Module,
    Quiz,
    Release,
    Requirement,
    Role,
    SeenBy,
    SessionGuide,
    Toolkit,
)  # fmt: skip
from lms.content.problems import did_you_mean, error
from lms.content.quizzes import build_quiz
from lms.content.requirements import requirements_of, unmet
from lms.content.tree import Page

_ROLES: dict[str, Role] = {
    "teachers": "teachers",
    "paraprofessionals": "paraprofessionals",
    "administrators": "administrators",
    "support staff": "support staff",
}
_CLASSES: dict[str, Literal["editorial", "minor", "substantive"]] = {
    "editorial": "editorial",
    "minor": "minor",
    "substantive": "substantive",
}
_SEEN_BY: dict[str, SeenBy] = {"me": "me", "reviewer": "reviewer", "cohort": "cohort", "counts": "counts"}


def assemble(shelf: Shelf, layout: Layout, images: tuple[Image, ...], digest: str) -> Course | None:
    """None when there is no readable `course.md`; everything else is built and checked all the same."""
    return _Assembly(shelf, layout).run(images, digest)


class _Assembly:
    def __init__(self, shelf: Shelf, layout: Layout) -> None:
        self.shelf = shelf
        self.layout = layout
        self.desks: dict[str, Desk] = {}
        self.audiences: dict[str, SeenBy] = {}
        self.forms: dict[str, str] = {}

    def run(self, images: tuple[Image, ...], digest: str) -> Course | None:
        inserts = self._facts()
        course_page = self.shelf.pages.get("course.md")
        header = course_page.header if course_page else Header("course.md", 0)
        reviewers = reviewers_of(header.text("reviewers")) or "facilitator"
        course_desk = self._desk("course.md")
        privacy_line = course_desk.header_html("privacy-line") if course_desk else None
        title = course_desk.html(course_desk.page.title, cites=False) if course_desk else None
        blocks = build_page(course_desk, course_desk.page.children) if course_desk else ()
        modules = tuple(
            module for name, number in self.layout.modules.items() if (module := self._module(name, number))
        )
        capstone = self._capstone(reviewers)
        sessions = tuple(
            build_session(desk, placed.order)
            for placed in self.layout.of("session")
            if (desk := self._desk(placed.path))
        )
        for desk in self.desks.values():
            desk.close()
        requires = {name: value.text for name, value in header.maps.get("requires", {}).items()}
        requirements = requirements_of(requires, modules, capstone, sessions, reviewers)
        minutes = sum(requirement.minutes for requirement in requirements)
        self._check(header, requires, requirements, minutes, modules, sessions)
        if course_desk is None or title is None or privacy_line is None:
            return None
        release = header.maps.get("release", {})
        return Course(
            key=course_desk.key,
            title=title,
            title_text=course_desk.words(course_desk.page.title) if course_desk.page.title else "",
            language=header.text("language"),
            license=header.text("license"),
            audience=tuple(_ROLES[role] for role in header.items("audience") if role in _ROLES),
            topic=header.text("topic"),
            content_areas=header.items("content-areas"),
            needs_assessment=header.text("needs-assessment"),
            objectives=header.items("objectives"),
            clock_hours=header.number("clock-hours") or 0,
            design_minutes=minutes,
            reviewers=reviewers,
            privacy_line=privacy_line,
            every_page=header.items("every-page"),
            release=_release(release),
            blocks=blocks,
            modules=modules,
            capstone=capstone,
            sessions=sessions,
            requirements=requirements,
            sources=tuple(self.shelf.sources.values()),
            inserts=inserts,
            images=images,
            citations=course_desk.links.citations,
            digest=digest,
        )

    def _desk(self, path: str, seen_by: SeenBy = "me") -> Desk | None:
        page = self.shelf.pages.get(path)
        return self._at_desk(page, seen_by) if page else None

    def _at_desk(self, page: Page, seen_by: SeenBy) -> Desk:
        desk = self.desks[page.file] = Desk(page, self.shelf, seen_by)
        return desk

    # Pages -----------------------------------------------------------------------------------

    def _facts(self) -> tuple[Insert, ...]:
        inserts: dict[str, Insert] = {}
        if desk := self._desk("local.md"):
            inserts = build_inserts(desk)
            self.shelf.inserts.update({key: str(insert.html) for key, insert in inserts.items()})
        if desk := self._desk("sources.md"):
            self.shelf.sources.update(build_sources(desk))
        return tuple(inserts.values())

    def _module(self, name: str, number: int) -> Module | None:
        desk = self._desk(f"{name}/module.md")
        title = desk.html(desk.page.title, cites=False) if desk else None
        blocks = build_page(desk, desk.page.children) if desk else ()
        lessons: list[Lesson] = []
        for placed in self.layout.of("lesson", name):
            if own := self._desk(placed.path):
                lessons.append(build_lesson(own))
        toolkits: list[Toolkit] = []
        for placed in self.layout.of("toolkit", name):
            if page := self.shelf.pages.get(placed.path):
                toolkits.append(self._toolkit(page))
        quiz: Quiz | None = None
        if own := self._desk(f"{name}/quiz.md"):
            quiz = build_quiz(own)
        if desk is None or title is None:
            return None
        return Module(
            key=desk.key,
            number=number,
            title=title,
            title_text=desk.words(desk.page.title) if desk.page.title else "",
            objective=desk.page.header.text("objective"),
            blocks=blocks,
            lessons=tuple(lessons),
            toolkits=tuple(toolkits),
            quiz=quiz,
            citations=desk.links.citations,
        )

    def _toolkit(self, page: Page) -> Toolkit:
        seen_by = _SEEN_BY.get(page.header.text("seen-by"), "me")
        toolkit = build_toolkit(self._at_desk(page, seen_by), seen_by)
        self.forms[toolkit.key] = toolkit.form
        self.audiences[toolkit.key] = seen_by
        return toolkit

    def _capstone(self, reviewers: str) -> Capstone | None:
        desk = self._desk("capstone.md", "reviewer")
        return build_capstone(desk, reviewers_of(reviewers) or "facilitator") if desk else None

    # What pages say of one another -----------------------------------------------------------

    def _check(
        self,
        header: Header,
        requires: dict[str, str],
        requirements: tuple[Requirement, ...],
        minutes: int,
        modules: tuple[Module, ...],
        sessions: tuple[SessionGuide, ...],
    ) -> None:
        if not self.shelf.whole:
            return
        check_carries(self.shelf, self.layout, self.forms, self.audiences)
        lessons = {lesson.key: lesson.minutes for module in modules for lesson in module.lessons}
        sheets = {sheet.key: sheet.minutes for module in modules for sheet in module.toolkits}
        for page in self.shelf.pages.values():
            if page.kind == "lesson":
                self._stand_in(page.header, "alternative-to", lessons, "lesson", "lesson")
            elif page.kind == "session":
                self._stand_in(page.header, "make-up", lessons | sheets, "lesson or toolkit piece", "session")
        for item in header.lists.get("every-page", ()):
            if item.text not in self.shelf.inserts:
                hint = did_you_mean(item.text, self.shelf.inserts)
                self._error("course.md", item.line, item.column, "insert-unknown",
                            f"'{item.text}' is not in local.md.{hint}")  # fmt: skip
        course_page = self.shelf.pages.get("course.md")
        if course_page is not None and all(page.header.sound for page in self.shelf.pages.values()):
            for line, column, message in unmet(course_page, requires, requirements):
                self._error("course.md", line, column, "requires-unmet", message)
            hours = header.number("clock-hours")
            if hours and hours > minutes // 60 and "requires" in header.maps:
                noun = "hour" if hours == 1 else "hours"
                message = f"Claims {hours} clock {noun}; the course earns {minutes // 60}."
                self._error("course.md", *header.at("clock-hours"), "hours-high", message)
        check_brackets(self.shelf.pages.values(), self.shelf.sources, self.shelf.problems)
        sources = self.desks.get("sources.md")
        if sources and not any(problem.severity == "error" for problem in self.shelf.problems):
            check_unused(sources, self.shelf.sources, self.shelf.used_sources)

    def _stand_in(self, header: Header, name: str, known: dict[str, int], noun: str, replaced: str) -> None:
        key = header.text(name)
        own = header.text("key")
        if not key:
            return
        if key not in known or key == own:
            hint = did_you_mean(key, set(known) - {own})
            message = f"No {noun} '{key}' in this course.{hint}"
            self._error(header.file, *header.at(name), "key-unknown", message)
            return
        minutes = header.number("minutes")
        if minutes is None or not known[key] or known[key] == minutes:
            return
        if replaced == "session":
            message = f"The make-up takes {known[key]} minutes, the session {minutes}."
        else:
            message = f"Stands in for {known[key]} minutes of work and takes {minutes}."
        self._error(header.file, *header.at(name), "instead-minutes", message)

    def _error(self, file: str, line: int, column: int, code: str, message: str) -> None:
        self.shelf.problems.append(error(file, line, column, code, message))


def _release(lines: dict[str, Scalar]) -> Release:
    kind = lines["class"].text if "class" in lines else ""
    notes = lines["notes"].text if "notes" in lines else ""
    return Release(_CLASSES.get(kind, "editorial"), notes)
