"""Pages -> course: builds every page in reading order and checks what they say of one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeVar, TypeVarTuple

from lms.content.carries import check_carries
from lms.content.desk import Desk, Shelf, Workshop
from lms.content.facts import build_inserts, build_sources, check_brackets, check_unused
from lms.content.guides import build_capstone, build_session, build_toolkit, reviewers_of
from lms.content.header import Header, Scalar
from lms.content.layout import Layout
from lms.content.lessons import build_lesson, build_page
from lms.content.nodes import (
    Block,
    Citation,
    Course,
    Image,
    Insert,
    Module,
    Release,
    Requirement,
    Role,
    SafeHtml,
    SeenBy,
    SessionGuide,
    Toolkit,
)  # fmt: skip
from lms.content.problems import did_you_mean, error
from lms.content.quizzes import build_quiz
from lms.content.requirements import requirements_of, unmet

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


_Built = TypeVar("_Built")
_Given = TypeVarTuple("_Given")


def assemble(
    shelf: Shelf, layout: Layout, images: tuple[Image, ...], digest: str, workshop: Workshop
) -> Course | None:
    """None when there is no readable `course.md`; everything else is built and checked all the same."""
    return _Assembly(shelf, layout, workshop).run(images, digest)


class _Front(NamedTuple):
    """What `course.md` and `module.md` show."""

    title: SafeHtml
    title_text: str
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...]
    privacy_line: SafeHtml


def _build_front(desk: Desk) -> _Front:
    privacy_line = desk.header_html("privacy-line")
    title = desk.html(desk.page.title, cites=False)
    blocks = build_page(desk, desk.page.children)
    words = desk.words(desk.page.title) if desk.page.title else ""
    return _Front(title, words, blocks, desk.links.citations, privacy_line)


class _Assembly:
    def __init__(self, shelf: Shelf, layout: Layout, workshop: Workshop) -> None:
        self.shelf = shelf
        self.layout = layout
        self.workshop = workshop
        self.audiences: dict[str, SeenBy] = {}
        self.forms: dict[str, str] = {}

    def run(self, images: tuple[Image, ...], digest: str) -> Course | None:
        inserts = self._facts()
        course_page = self.shelf.pages.get("course.md")
        header = course_page.header if course_page else Header("course.md", 0)
        reviewers = reviewers_of(header.text("reviewers")) or "facilitator"
        front = self._page("course.md", "me", _build_front)
        modules = tuple(
            module for name, number in self.layout.modules.items() if (module := self._module(name, number))
        )
        capstone = self._page("capstone.md", "reviewer", build_capstone, reviewers)
        sessions = tuple(
            guide
            for placed in self.layout.of("session")
            if (guide := self._page(placed.path, "me", build_session, placed.order))
        )
        requires = {name: value.text for name, value in header.maps.get("requires", {}).items()}
        requirements = requirements_of(requires, modules, capstone, sessions, reviewers)
        minutes = sum(requirement.minutes for requirement in requirements)
        self._check(header, requires, requirements, minutes, modules, sessions)
        if front is None:
            return None
        release = header.maps.get("release", {})
        return Course(
            key=self.shelf.keys["course.md"],
            title=front.title,
            title_text=front.title_text,
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
            privacy_line=front.privacy_line,
            every_page=header.items("every-page"),
            release=_release(release),
            blocks=front.blocks,
            modules=modules,
            capstone=capstone,
            sessions=sessions,
            requirements=requirements,
            sources=tuple(self.shelf.sources.values()),
            inserts=inserts,
            images=images,
            citations=front.citations,
            digest=digest,
        )

    def _page(
        self,
        path: str,
        seen_by: SeenBy,
        make: Callable[[Desk, *_Given], _Built],
        *given: *_Given,
    ) -> _Built | None:
        """What `make` builds of the page; None when there is no such page."""
        page = self.shelf.pages.get(path)
        return self.workshop.build(page, self.shelf, seen_by, make, *given) if page else None

    # Pages -----------------------------------------------------------------------------------

    def _facts(self) -> tuple[Insert, ...]:
        inserts = self._page("local.md", "me", build_inserts) or {}
        self.shelf.inserts.update({key: str(insert.html) for key, insert in inserts.items()})
        self.shelf.sources.update(self._page("sources.md", "me", build_sources) or {})
        return tuple(inserts.values())

    def _module(self, name: str, number: int) -> Module | None:
        path = f"{name}/module.md"
        front = self._page(path, "me", _build_front)
        lessons = [self._page(placed.path, "me", build_lesson) for placed in self.layout.of("lesson", name)]
        toolkits = [self._toolkit(placed.path) for placed in self.layout.of("toolkit", name)]
        quiz = self._page(f"{name}/quiz.md", "me", build_quiz)
        if front is None:
            return None
        return Module(
            key=self.shelf.keys[path],
            number=number,
            title=front.title,
            title_text=front.title_text,
            objective=self.shelf.pages[path].header.text("objective"),
            blocks=front.blocks,
            lessons=tuple(filter(None, lessons)),
            toolkits=tuple(filter(None, toolkits)),
            quiz=quiz,
            citations=front.citations,
        )

    def _toolkit(self, path: str) -> Toolkit | None:
        page = self.shelf.pages.get(path)
        seen_by = _SEEN_BY.get(page.header.text("seen-by"), "me") if page else "me"
        toolkit = self._page(path, seen_by, build_toolkit, seen_by)
        if toolkit is not None:
            self.forms[toolkit.key] = toolkit.form
            self.audiences[toolkit.key] = seen_by
        return toolkit

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
        sources = self.shelf.pages.get("sources.md")
        if sources and not any(problem.severity == "error" for problem in self.shelf.problems):
            self.shelf.problems += check_unused(sources, self.shelf.sources, self.shelf.used_sources)

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
