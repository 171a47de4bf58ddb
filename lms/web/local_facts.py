"""What this site says in place of a course's own local facts: `local/KEY.md` in the instance folder.

Read once at start, like every setting; a file with a problem stops the start.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock

from lms.config import BadSetting
from lms.content.local import LocalFacts, compile_local, with_local
from lms.content.nodes import Course
from lms.kernel.clock import now

KEPT = 12
"""Versions of courses with other words in them, of those that have any."""


class LocalWords:
    """The facts of each course, and the courses that were made with them."""

    def __init__(self, folder: Path) -> None:
        """Raises BadSetting."""
        self._facts: dict[str, LocalFacts] = {}
        self._made: OrderedDict[str, tuple[Course, Course]] = OrderedDict()
        self._guard = Lock()
        for path in sorted(folder.glob("*.md")) if folder.is_dir() else ():
            facts, problems = compile_local(str(path), path.read_bytes(), today=now().date())
            errors = [problem for problem in problems if problem.severity == "error"]
            if errors:
                raise BadSetting(str(errors[0]))
            self._facts[path.stem] = facts

    def unused(self, course: Course) -> tuple[str, ...]:
        """Keys that this site has words for and the course does not know."""
        return tuple(sorted(set(self._facts.get(course.key, ())) - {insert.key for insert in course.inserts}))

    def of(self, course: Course) -> Course:
        """The course as this site shows it; the same object for the same course."""
        facts = self._facts.get(course.key)
        if facts is None:
            return course
        with self._guard:
            known = self._made.get(course.digest)
            if known is None or known[0] is not course:
                known = self._made[course.digest] = course, with_local(course, facts)
            self._made.move_to_end(course.digest)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
            return known[1]
