"""What somebody in the middle of a course would feel of another version of it, in words."""

from __future__ import annotations

from msgspec import Struct

from lms.content.diff import Renamed, Thing, VersionDiff
from lms.content.keyed import keyed_things
from lms.content.nodes import Course, Requirement
from lms.content.release_class import named, required_sentence

_NO_ANSWER = frozenset({
    "module", "lesson", "quiz", "toolkit", "capstone", "sessionguide", "source", "insert", "rubric", "total",
    "show",
})  # fmt: skip
"""Kinds that hold no answer of a learner's themselves."""


class Midway(Struct, frozen=True):
    """Sentences, each list empty where nothing is to be told."""

    new_to_do: tuple[str, ...]
    kept: tuple[str, ...]
    changed: tuple[str, ...]
    """Under answers that are kept, or above them."""
    gone: tuple[str, ...]
    minutes: tuple[str, ...]


def midway(old: Course, new: Course, diff: VersionDiff) -> Midway:
    """`diff`: what `compare(old, new)` gave."""
    return Midway(
        _new_to_do(new, diff), _kept(old, new), _changed(diff), _gone(diff), _minutes(old, new, diff)
    )


def _new_to_do(new: Course, diff: VersionDiff) -> tuple[str, ...]:
    required = {each.key: each for each in new.requirements}
    asked = {each.thing.key for each in diff.requirements if each.what == "added"}
    told = [f"{named(each.thing)} is required now." for each in diff.requirements if each.what == "added"]
    told += [
        f"{named(each.thing)} was '{each.old_key}': whoever has done it would have to do it again, and"
        " therefore stays with the version they began."
        for each in diff.renamed
        if each.thing.key in required
    ]
    told += [
        f"{named(each.thing)} must now be filled in."
        for each in diff.shapes
        if each.what == "needed" and each.after == "True"
    ]
    told += [
        f"{named(each)} is new, and nothing that is required."
        for each in diff.added
        if each.key not in asked and each.kind not in ("source", "insert", "rubric")
    ]
    return tuple(told)


def _kept(old: Course, new: Course) -> tuple[str, ...]:
    before = {_place(each) for each in old.requirements}
    steps = sum(_place(each) in before for each in new.requirements)
    things = keyed_things(old)
    answers = {key for key, thing in things.items() if thing.kind not in _NO_ANSWER}
    there = len(answers & keyed_things(new).keys())
    told = []
    if steps:
        told.append(
            f"Who has done them keeps {steps} of the {len(before)} steps required before: they are asked for"
            " under the same keys."
        )
    if there:
        told.append(
            f"What was answered stays in its place in {there} of {len(answers)} activities and fields."
        )
    return tuple(told)


def _place(each: Requirement) -> tuple[str, str]:
    return each.kind, each.key


def _changed(diff: VersionDiff) -> tuple[str, ...]:
    told = [f"What counts as right changes in {named(each)}." for each in diff.answers]
    told += [
        required_sentence(each)
        for each in diff.requirements
        if each.what not in ("added", "removed", "minutes")
    ]
    told += [
        f"{named(each.thing)} was '{each.before}' and becomes '{each.after}'."
        if each.what == "kind"
        else f"{named(each.thing)}: '{each.what.replace('_', ' ')}' was {_value(each.before)} and becomes"
        f" {_value(each.after)}."
        for each in diff.shapes
        if not (each.what == "needed" and each.after == "True")
    ]
    told += [f"{named(each)} is worded anew above its answers." for each in diff.texts if _answered(each)]
    told += [f"{named(each)} is worded anew." for each in diff.texts if not _answered(each)]
    told += [
        f"{named(each.thing)} stands in '{each.after}' instead of '{each.before}'."
        if each.before != each.after
        else f"{named(each.thing)} stands in another order."
        for each in diff.moved
    ]
    return tuple(told)


def _answered(thing: Thing) -> bool:
    return thing.kind not in _NO_ANSWER and thing.kind != "course"


def _value(words: str) -> str:
    return f"'{words}'" if words else "nothing"


def _gone(diff: VersionDiff) -> tuple[str, ...]:
    told = [
        f"{named(each.thing)} is no longer required." for each in diff.requirements if each.what == "removed"
    ]
    typed = [*diff.removed, *(_under_old_key(each) for each in diff.renamed)]
    for each in typed:
        rest = " What was written there is found under 'Your texts'." if _answered(each) else ""
        told.append(f"{named(each)} goes.{rest}")
    return tuple(told)


def _under_old_key(renamed: Renamed) -> Thing:
    return Thing(renamed.old_key, renamed.thing.kind, renamed.thing.title, renamed.thing.page_key)


def _minutes(old: Course, new: Course, diff: VersionDiff) -> tuple[str, ...]:
    before = sum(each.minutes for each in old.requirements)
    after = sum(each.minutes for each in new.requirements)
    told = []
    if before != after:
        told.append(f"All that is required earns {after} minutes instead of {before}.")
    told += [required_sentence(each) for each in diff.requirements if each.what == "minutes"]
    listed = {each.thing.key for each in diff.requirements}
    told += [
        f"{named(each.thing)} claims {each.after} minutes instead of {each.before}."
        for each in diff.minutes
        if each.thing.key not in listed
    ]
    told += [
        f"The course promises {each.after} clock hours instead of {each.before}."
        for each in diff.promises
        if each.what == "clock_hours"
    ]
    return tuple(told)
