"""What kind of release a new version must be called, from what it changes."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from lms.content.diff import Changed, Thing, VersionDiff

ReleaseClass = Literal["editorial", "minor", "substantive"]
CLASSES: tuple[ReleaseClass, ...] = ("editorial", "minor", "substantive")


class Reason(Struct, frozen=True):
    """Why a release is at least of a class."""

    release_class: ReleaseClass
    sentence: str


def release_class_needed(diff: VersionDiff) -> tuple[ReleaseClass, tuple[Reason, ...]]:
    """The lowest class that says no less than what changed, and every reason above 'editorial'.

    Substantive: what must be done, what it earns, or what passes is different. Minor: learners meet
    something else than before, and nothing they have or still need changes. Editorial: words only.
    """
    reasons = [*_substantive(diff), *_minor(diff)]
    rank = max((CLASSES.index(each.release_class) for each in reasons), default=0)
    return CLASSES[rank], tuple(reasons)


def _substantive(diff: VersionDiff) -> list[Reason]:
    sentences = [required_sentence(each) for each in diff.requirements]
    sentences += [
        f"What counts as right changes in {named(each)}, and with it who passes."
        for each in diff.deciding_answers
    ]
    sentences += [
        f"The course's {each.what.replace('_', ' ')} change from {each.before} to {each.after}."
        for each in diff.promises
    ]
    sentences += [
        f"{named(each.thing)} was '{each.before}' and becomes '{each.after}': a key keeps its kind."
        for each in diff.shapes
        if each.what == "kind"
    ]
    sentences += [
        f"{named(each.thing)} must now be filled in."
        for each in diff.shapes
        if each.what == "needed" and each.after == "True"
    ]
    return [Reason("substantive", each) for each in sentences]


def _minor(diff: VersionDiff) -> list[Reason]:
    required = {each.thing.key for each in diff.requirements}
    deciding = {each.key for each in diff.deciding_answers}
    sentences = [f"{named(each)} is new." for each in diff.added if each.key not in required]
    sentences += [f"{named(each)} is gone." for each in diff.removed if each.key not in required]
    sentences += [
        f"{named(each.thing)} moves from '{each.before}' to '{each.after}'."
        if each.before != each.after
        else f"{named(each.thing)} stands in another order."
        for each in diff.moved
    ]
    sentences += [f"'{each.old_key}' is now called '{each.thing.key}'." for each in diff.renamed]
    sentences += [
        f"What counts as right changes in {named(each)}." for each in diff.answers if each.key not in deciding
    ]
    sentences += [
        f"{named(each.thing)} claims {each.after} minutes instead of {each.before}."
        for each in diff.minutes
        if each.thing.key not in required
    ]
    sentences += [
        f"{named(each.thing)}: '{each.what.replace('_', ' ')}' changes."
        for each in diff.shapes
        if each.what != "kind" and not (each.what == "needed" and each.after == "True")
    ]
    sentences += [f"The course's {each.what.replace('_', ' ')} change." for each in diff.about]
    return [Reason("minor", each) for each in sentences]


def required_sentence(change: Changed) -> str:
    """What one change of `VersionDiff.requirements` comes to."""
    name = named(change.thing)
    if change.what == "added":
        return f"{name} is required now."
    if change.what == "removed":
        return f"{name} is no longer required."
    if change.what == "minutes":
        return f"{name} earns {change.after} minutes instead of {change.before}."
    return f"What is required of {name} changes: {change.what.replace('_', ' ')}."


def named(thing: Thing) -> str:
    """'Its title' (its-key)."""
    return f"'{thing.title}' ({thing.key})" if thing.title else f"'{thing.key}'"
