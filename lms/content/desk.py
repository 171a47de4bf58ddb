"""What is at hand while a page is built: its links, its keys, its problems, and the course around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar, TypeVarTuple

from msgspec import Struct, field

from lms.content.earlier import Earlier, changed_kind
from lms.content.finish import finish
from lms.content.languages import Language
from lms.content.nodes import SafeHtml, SeenBy, Source
from lms.content.page import PageLinks, Picture, Target
from lms.content.problems import Problem, error, warning
from lms.content.render import plain_text
from lms.content.settings import Tag
from lms.content.tree import Page, Text


class Known(Struct, frozen=True):
    """A thing with a key, for what refers to it from elsewhere."""

    kind: str
    page_key: str
    line: int
    seen_by: SeenBy = "me"
    options: tuple[str, ...] = ()
    instead_of: str = ""
    minutes: int = 0


class Carry(Struct, frozen=True):
    """A `show`, `starts from` or `hand in` that is checked when all pages are known."""

    how: str
    path: str
    page: Page
    page_key: str
    line: int
    column: int
    seen_by: SeenBy


class Shelf(Struct):
    """The course while its pages are built."""

    language: Language
    today: date
    whole: bool = True
    """False: a file could not be read, and nothing is said about what refers to it."""
    earlier: Mapping[str, Earlier] = field(default_factory=dict)
    """What carried each key in versions that were published."""
    problems: list[Problem] = field(default_factory=list)
    targets: dict[str, Target] = field(default_factory=dict)
    guide_targets: dict[str, Target] = field(default_factory=dict)
    """The same, and the session guides: only they may refer to one another."""
    images: dict[str, Picture] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    inserts: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    """Page key of each file."""
    pages: dict[str, Page] = field(default_factory=dict)
    keyed: dict[str, Known] = field(default_factory=dict)
    """By full key."""
    carries: list[Carry] = field(default_factory=list)
    used_sources: set[str] = field(default_factory=set)


class Desk:
    """One page on the way from tree to node."""

    def __init__(self, page: Page, shelf: Shelf, seen_by: SeenBy = "me") -> None:
        self.page = page
        self.shelf = shelf
        self.language = shelf.language
        self.key = shelf.keys.get(page.file, "")
        self.seen_by: SeenBy = seen_by
        self.links = PageLinks(
            page.file,
            shelf.guide_targets if page.kind == "session" else shelf.targets,
            shelf.images,
            shelf.sources,
            shelf.inserts,
            source_word=shelf.language.source_word,
            table_word=shelf.language.table_word,
            problems=shelf.problems,
        )
        self.copy = 0
        """Number of the person whose fields are built, inside a `for each`."""
        self._taken: dict[str, int] = {}
        self._unwritten: dict[str, int] = {}
        self._checks: list[Callable[[], None]] = []

    def html(self, text: Text | None, cites: bool = True) -> SafeHtml:
        """The text as the page shows it. Sources are numbered in the order of the calls."""
        if text is None:
            return SafeHtml()
        if text.done is None or self.copy > 1:  # a note's number has an id of its own each time
            text.done = finish(text.html, text.piece, self.links, cites)
        return text.done

    def header_html(self, name: str) -> SafeHtml:
        return self.html(self.page.lines_of_header.get(name), cites=False)

    def words(self, text: Text) -> str:
        return plain_text(text.shown)

    def error(self, line: int, column: int, code: str, message: str) -> None:
        self.shelf.problems.append(error(self.page.file, line, column, code, message))

    @property
    def rendered(self) -> bool:
        """False: the text was not fit to be rendered, and nothing is said about the links in it."""
        return self.page.rendered

    @property
    def has_errors(self) -> bool:
        """Whether something on this page was refused, so that sums over it are not yet known."""
        return any(
            problem.severity == "error" and problem.file == self.page.file for problem in self.shelf.problems
        )

    def warning(self, line: int, column: int, code: str, message: str) -> None:
        self.shelf.problems.append(warning(self.page.file, line, column, code, message))

    def key_of(self, tag: Tag, known: Known | None = None) -> str:
        """The full key of a tag, noted so that no second one of the file takes it."""
        name = self.copied(tag.key or f"line-{tag.line}-{tag.column}")
        full = f"{self.key}.{name}"
        if name in self._taken:
            first = self._taken[name]
            self.error(tag.line, tag.key_column, "key-twice", f"'#{name}' is already used on line {first}.")
            return full
        self._taken[name] = tag.line
        self.shelf.keyed[full] = known or Known(tag.kind, self.key, tag.line)
        if changed := changed_kind(self.shelf.earlier, full, tag.kind):
            self.error(tag.line, tag.key_column, "key-reused", f"'#{name}' {changed}")
        return full

    def copied(self, name: str) -> str:
        """A key, inside a `for each` with the number of the person."""
        return f"{name}-{self.copy}" if self.copy else name

    def unwritten_key(self, plain: str, known: Known) -> str:
        """A full key for what authors give none: these words, numbered from the second on."""
        number = self._unwritten[plain] = self._unwritten.get(plain, 0) + 1
        full = f"{self.key}.{plain}" if number == 1 else f"{self.key}.{plain}-{number}"
        self.shelf.keyed.setdefault(full, known)
        return full

    def own(self, name: str) -> Known | None:
        """What carries this key in the same file."""
        return self.shelf.keyed.get(f"{self.key}.{name}")

    @property
    def own_keys(self) -> list[str]:
        return list(self._taken)

    def later(self, check: Callable[[], None]) -> None:
        """Something to check when the whole page is known."""
        self._checks.append(check)

    def close(self) -> None:
        for check in self._checks:
            check()
        self.shelf.used_sources |= self.links.used_sources

    def carry(self, how: str, path: str, line: int, column: int, seen_by: SeenBy) -> None:
        self.shelf.carries.append(Carry(how, path, self.page, self.key, line, column, seen_by))


_Built = TypeVar("_Built")
_Given = TypeVarTuple("_Given")


class Workshop:
    """Where pages are built, each at a desk of its own."""

    def build(
        self,
        page: Page,
        shelf: Shelf,
        seen_by: SeenBy,
        make: Callable[[Desk, *_Given], _Built],
        *given: *_Given,
    ) -> _Built:
        desk = Desk(page, shelf, seen_by)
        built = make(desk, *given)
        desk.close()
        return built
