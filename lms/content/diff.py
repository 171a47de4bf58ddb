"""What is different between two versions of a course, by key.

Keys are what learners' facts carry. So: which keys are new, gone, elsewhere or renamed; what is required
now that was not; which answers count differently; which minutes; and, last and least, which words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from lms.content.keyed import Keyed, keyed_things, same_answers
from lms.content.nodes import Course, Requirement

_ABOUT = ("language", "license", "audience", "topic", "content_areas", "objectives", "needs_assessment")
_PROMISES = ("clock_hours", "reviewers")


class Thing(Struct, frozen=True):
    """A keyed thing as a list shows it."""

    key: str
    kind: str
    title: str
    page_key: str


class Renamed(Struct, frozen=True):
    old_key: str
    thing: Thing


class Moved(Struct, frozen=True):
    """To another page or module (`before` and `after` differ), or among its siblings (they do not)."""

    thing: Thing
    before: str
    after: str


class Changed(Struct, frozen=True):
    """One value that changed. `before` and `after` are words for people; '' when there was none."""

    thing: Thing
    what: str
    before: str
    after: str


class VersionDiff(Struct, frozen=True):
    added: tuple[Thing, ...] = ()
    removed: tuple[Thing, ...] = ()
    moved: tuple[Moved, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    requirements: tuple[Changed, ...] = ()
    """`what`: 'added', 'removed', or the name of the field that changed."""
    answers: tuple[Thing, ...] = ()
    """What counts as right is no longer the same."""
    deciding_answers: tuple[Thing, ...] = ()
    """Those of them that decide whether a quiz is passed or a text is enough."""
    minutes: tuple[Changed, ...] = ()
    shapes: tuple[Changed, ...] = ()
    """What a field, log or sheet asks for."""
    texts: tuple[Thing, ...] = ()
    promises: tuple[Changed, ...] = ()
    """Clock hours and reviewers of the course."""
    about: tuple[Changed, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__)


def compare(old: Course, new: Course) -> VersionDiff:
    """What `new` changes. Titles and kinds are the new ones; of what is gone, the old ones."""
    before, after = keyed_things(old), keyed_things(new)
    earlier = _earlier_keys(before, after)
    pairs = [(before[earlier[key]], thing) for key, thing in after.items() if key in earlier]
    kept = set(earlier.values())
    answers = [new_ for old_, new_ in pairs if not same_answers(old_.answers, new_.answers)]
    course = Thing(new.key, "course", new.title_text, "")
    return VersionDiff(
        added=tuple(_thing(each) for key, each in after.items() if key not in earlier),
        removed=tuple(_thing(each) for key, each in before.items() if key not in kept),
        moved=_moved(pairs, earlier),
        renamed=tuple(Renamed(old_.key, _thing(new_)) for old_, new_ in pairs if old_.key != new_.key),
        requirements=_requirements(old, new, earlier, after),
        answers=tuple(_thing(each) for each in answers),
        deciding_answers=tuple(_thing(e) for e in answers if e.in_quiz or e.kind == "rubric"),
        minutes=tuple(
            Changed(_thing(new_), "minutes", str(old_.minutes), str(new_.minutes))
            for old_, new_ in pairs
            if old_.minutes != new_.minutes
        ),
        shapes=tuple(change for old_, new_ in pairs for change in _shapes(old_, new_)),
        texts=_texts(old, new, pairs, course),
        promises=_attributes(old, new, _PROMISES, course),
        about=_attributes(old, new, _ABOUT, course),
    )


# ── Pairing ──────────────────────────────────────────────────────────────────────────────────────


def _earlier_keys(before: dict[str, Keyed], after: dict[str, Keyed]) -> dict[str, str]:
    """New key -> old key, of all that was there before: under its own key, by `was`, or in a renamed page.

    A `was` that names nothing of the old version speaks of one still older.
    """
    earlier = {key: key for key in after if key in before}
    taken = set(earlier.values())
    for key, thing in after.items():
        if key in earlier:
            continue
        guesses = [thing.was] if thing.was else []
        page_before = earlier.get(thing.page_key)
        if page_before is not None and key.startswith(thing.page_key + "."):
            guesses.append(page_before + key[len(thing.page_key) :])
        for guess in guesses:
            if guess in before and guess not in taken:
                earlier[key] = guess
                taken.add(guess)
                break
    return earlier


def _thing(keyed: Keyed) -> Thing:
    return Thing(keyed.key, keyed.kind, keyed.title, keyed.page_key)


def _moved(pairs: list[tuple[Keyed, Keyed]], earlier: dict[str, str]) -> tuple[Moved, ...]:
    moved: list[Moved] = []
    siblings: dict[str, list[tuple[Keyed, Keyed]]] = {}
    for old, new in pairs:
        if earlier.get(new.parent, new.parent) != old.parent:
            moved.append(Moved(_thing(new), old.parent, new.parent))
        else:
            siblings.setdefault(new.parent, []).append((old, new))
    for parent, children in siblings.items():
        children.sort(key=lambda pair: pair[1].place)
        stayed = _longest_rising([old.place for old, _ in children])
        moved += [
            Moved(_thing(new), parent, parent) for n, (_, new) in enumerate(children) if n not in stayed
        ]
    return tuple(moved)


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The places of a longest rising run of different numbers: what kept its order; the rest moved."""
    best: list[tuple[int, int]] = []
    for place, number in enumerate(numbers):
        length, previous = max(
            ((best[k][0], k) for k in range(place) if numbers[k] < number), default=(0, -1)
        )
        best.append((length + 1, previous))
    at = max(range(len(best)), key=lambda k: best[k][0], default=-1)
    kept: set[int] = set()
    while at >= 0:
        kept.add(at)
        at = best[at][1]
    return kept


# ── What changed ─────────────────────────────────────────────────────────────────────────────────


def _requirements(
    old: Course, new: Course, earlier: dict[str, str], things: dict[str, Keyed]
) -> tuple[Changed, ...]:
    before = {(each.kind, each.key): each for each in old.requirements}
    found: list[Changed] = []
    met: set[tuple[str, str]] = set()
    for each in new.requirements:
        place = (each.kind, earlier.get(each.key, each.key))
        thing = Thing(each.key, each.kind, each.title, each.page_key)
        was = before.get(place)
        if was is None:
            found.append(Changed(thing, "added", "", each.title))
            continue
        met.add(place)
        found += [
            Changed(thing, name, _shown(getattr(was, name)), _shown(getattr(each, name)))
            for name in ("minutes", "also", "pass_percent", "level", "reviewers", "sittings", "paper")
            if _mapped(name, each, earlier) != getattr(was, name)
        ]
    for place, was in before.items():
        if place not in met:
            found.append(Changed(Thing(was.key, was.kind, was.title, was.page_key), "removed", was.title, ""))
    return tuple(found)


def _mapped(name: str, requirement: Requirement, earlier: dict[str, str]) -> object:
    value = getattr(requirement, name)
    return tuple(earlier.get(key, key) for key in value) if name == "also" else value


def _shapes(old: Keyed, new: Keyed) -> list[Changed]:
    if old.kind != new.kind:
        return [Changed(_thing(new), "kind", old.kind, new.kind)]
    if not isinstance(old.shape, tuple) or not isinstance(new.shape, tuple):
        return []
    return [
        Changed(_thing(new), name, _shown(was), _shown(now))
        for (name, was), (_, now) in zip(old.shape, new.shape, strict=True)
        if was != now
    ]


def _texts(
    old: Course, new: Course, pairs: Iterable[tuple[Keyed, Keyed]], course: Thing
) -> tuple[Thing, ...]:
    changed = [_thing(new_) for old_, new_ in pairs if old_.text != new_.text]
    own = ("title", "blocks", "privacy_line", "every_page")
    if any(getattr(old, name) != getattr(new, name) for name in own):
        changed.insert(0, course)
    return tuple(changed)


def _attributes(old: Course, new: Course, names: Iterable[str], course: Thing) -> tuple[Changed, ...]:
    return tuple(
        Changed(course, name, _shown(getattr(old, name)), _shown(getattr(new, name)))
        for name in names
        if getattr(old, name) != getattr(new, name)
    )


def _shown(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
