"""Which header fields each kind of file has, and what each may hold."""

from __future__ import annotations

from msgspec import Struct

from lms.content.languages import LANGUAGES


class Spec(Struct, frozen=True):
    """One field. `says` completes the sentence "'minutes' is …" (of `key` it is the whole sentence)."""

    pattern: str
    says: str
    needed: bool = False
    listed: bool = False
    words: tuple[str, ...] = ()
    """The closed list behind the pattern, for suggestions."""
    parts: dict[str, Spec] | None = None
    example: str = ""


_KEY = r"(?!(?:left|media)\Z)[a-z0-9]+(?:-[a-z0-9]+)*"
_KEY_SAYS = "A key is lower-case words joined by hyphens; 'left' and 'media' are taken by the site."
_ROLES = ("teachers", "paraprofessionals", "administrators", "support staff")
_SEEN = ("me", "reviewer", "cohort", "counts")
_READERS = ("counselor", "administrator", "nurse", "lawyer")
_REVIEWERS = ("facilitator", "facilitator, or self and one peer")


def _one_of(words: tuple[str, ...], needed: bool = False, listed: bool = False) -> Spec:
    says = ", ".join(words[:-1]) + f" or {words[-1]}" if len(words) > 1 else words[0]
    if any("," in word for word in words):
        says = " or ".join(f"'{word}'" for word in words)
    if listed:
        says = f"a list of {says}"
    return Spec("|".join(words), says, needed, listed, words)


def _text(needed: bool = False) -> Spec:
    return Spec(r".+", 'a text, in "quotes" if it holds a colon', needed)


def _list(needed: bool = False) -> Spec:
    return Spec(r".+", "a list: [a, b], or one '- item' a line", needed, listed=True)


def _whole(example: int, needed: bool = False) -> Spec:
    return Spec(r"[1-9]\d{0,3}", f"a whole number, such as {example}", needed)


_OWN_KEY = Spec(_KEY, _KEY_SAYS, needed=True)
_OTHER_KEY = Spec(_KEY, "the key of another file")
_LEVELS = ("all at meets", "all at strong")
_LEVEL = Spec("|".join(_LEVELS), "'all at meets' or 'all at strong'", words=_LEVELS)
_ALL = Spec("all", "'all'; leave the line out if they are not required", words=("all",))

_REQUIRES = Spec(
    "",
    "",
    needed=True,
    example="lessons: all",
    parts={
        "lessons": _ALL,
        "activities": _ALL,
        "quizzes": Spec(r"all at ([1-9]\d?|100)", "'all at' and a percentage, such as 'all at 80'"),
        "reflections": _LEVEL,
        "try-outs": Spec("all counted", "'all counted'", words=("all counted",)),
        "capstone": _LEVEL,
    },
)
_RELEASE = Spec(
    "",
    "",
    needed=True,
    example="class: minor",
    parts={
        "class": Spec(
            "editorial|minor|substantive",
            "editorial, minor or substantive",
            needed=True,
            words=("editorial", "minor", "substantive"),
        ),
        "notes": Spec(r".+", "a sentence about what changed", needed=True),
    },
)

MARKDOWN = ("content-note", "privacy-line")
"""Fields in which Markdown means something; the others are shown as they are written."""

FIELDS: dict[str, dict[str, Spec]] = {
    "course": {
        "key": _OWN_KEY,
        "language": _one_of(tuple(LANGUAGES), needed=True),
        "license": _text(needed=True),
        "audience": _one_of(_ROLES, needed=True, listed=True),
        "topic": _text(needed=True),
        "content-areas": _list(),
        "needs-assessment": _text(),
        "objectives": _list(needed=True),
        "clock-hours": _whole(12, needed=True),
        "requires": _REQUIRES,
        "reviewers": _one_of(_REVIEWERS),
        "privacy-line": _text(needed=True),
        "every-page": _list(),
        "release": _RELEASE,
    },
    "module": {"key": _OWN_KEY, "objective": _text()},
    "lesson": {
        "key": _OWN_KEY,
        "objective": _text(needed=True),
        "minutes": _whole(16, needed=True),
        "content-note": _text(),
        "alternative-to": _OTHER_KEY,
        "read-before-release": _one_of(_READERS, listed=True),
    },
    "quiz": {
        "key": _OWN_KEY,
        "pass": Spec(r"[1-9]\d?|100", "a percentage of the points, such as 80", needed=True),
        "attempts": Spec(r"unlimited|[1-9]\d?", "'unlimited' or a whole number", words=("unlimited",)),
        "minutes": _whole(10),
        "content-note": _text(),
        "shuffle": _one_of(("yes", "no")),
        "read-before-release": _one_of(_READERS, listed=True),
    },
    "toolkit": {
        "key": _OWN_KEY,
        "who": _text(needed=True),
        "minutes": _whole(30),
        "content-note": _text(),
        "seen-by": _one_of(_SEEN),
        "sittings": _list(),
        "form": _one_of(("worksheet", "card", "paper")),
        "privacy-line": _text(),
        "read-before-release": _one_of(_READERS, listed=True),
    },
    "session": {
        "key": _OWN_KEY,
        "minutes": _whole(75, needed=True),
        "make-up": _OTHER_KEY,
        "when": _text(),
        "group": _text(),
        "bring": _list(),
        "needs": _text(),
        "read-before-release": _one_of(_READERS, listed=True),
    },
    "capstone": {
        "key": _OWN_KEY,
        "minutes": _whole(60, needed=True),
        "content-note": _text(),
        "reviewers": _one_of(_REVIEWERS),
        "read-before-release": _one_of(_READERS, listed=True),
    },
    "sources": {},
    "local": {},
}
