"""Mistakes planted in the rules. Each must make at least one history fail: a rule that no history defends is
not yet a rule.

A mutation is a name, the place it is planted in (module and attribute, as pytest's monkeypatch takes it), and
what stands there instead.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from lms.completion import rules
from lms.credit import awarding, certifying, ledger, lines, reckoning, ruleset, services
from lms.credit.reckoning import Taken
from tests.db import histories
from tests.db.histories import Story

Planting = Callable[[pytest.MonkeyPatch], None]


def make_up_beside_the_session(patch: pytest.MonkeyPatch) -> None:
    right = rules.contacts

    def both(facts: Any, versions: Any) -> Any:
        found = right(facts, versions)
        made_up = tuple(replace(c, key=c.source_key) for c in found if c.kind == "make_up")
        live = {c.key for c in found if c.kind == "make_up"}
        attended = tuple(
            c for f in facts if f.kind == "attendance" and f.key in live and f.minutes
            for c in rules._from_entry(f, {}, versions)
        )  # fmt: skip
        return (*(c for c in found if c.kind == "live"), *attended, *made_up)

    patch.setattr(reckoning, "contacts", both)


def the_last_attempt_decides(patch: pytest.MonkeyPatch) -> None:
    right = rules._find

    def last(requirement: Any, by_key: Any) -> Any:
        if requirement.kind != "quiz" or not by_key.get(requirement.key):
            return right(requirement, by_key)
        attempt = by_key[requirement.key][-1]
        return rules._first([attempt], "quiz") if attempt.passed else "below_pass"

    patch.setattr(rules, "_find", last)


def nothing_is_reversed(patch: pytest.MonkeyPatch) -> None:
    right = ledger.entries_due
    patch.setattr(
        reckoning,
        "entries_due",
        lambda wanted, entries: [e for e in right(wanted, entries) if e.sequence == 1],
    )


def revocation_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    right = services.taken_from

    def forgetful(*args: Any, **kwargs: Any) -> Taken:
        return replace(right(*args, **{**kwargs, "revoked": False}), void=False)

    patch.setattr(services, "taken_from", forgetful)


def each_enrollment_pays(patch: pytest.MonkeyPatch) -> None:
    right = lines.targets

    def own_keys(versions: Any, pinned: int, sessions: Any, status: Any, void: bool) -> Any:
        found = right(versions, pinned, sessions, status, void)
        tag = status.used[0].split(":")[1] if status.used else ""
        return {f"{key}@{tag}": line for key, line in found.items()}

    patch.setattr(reckoning, "targets", own_keys)


def the_last_enrollment_pays(patch: pytest.MonkeyPatch) -> None:
    right = reckoning._wanted

    def backwards(ordered: Any, standings: Any, cycles: Any, versions: Any) -> Any:
        wanted = right(ordered, standings, cycles, versions)
        for enrollment in ordered:
            wanted |= right([enrollment], standings, cycles, versions)
        return wanted

    patch.setattr(reckoning, "_wanted", backwards)


def the_first_attendance_mark_counts(patch: pytest.MonkeyPatch) -> None:
    right = rules.contacts

    def first(facts: Any, versions: Any) -> Any:
        return right([f for f in facts if f.kind != "attendance" or f.number == 1], versions)

    patch.setattr(reckoning, "contacts", first)


def every_rule_set_accepts_peers(patch: pytest.MonkeyPatch) -> None:
    right = awarding.award

    def lenient(rule: Any, *args: Any) -> Any:
        return right(replace(rule, reviewers=ruleset.REVIEWER_KINDS), *args)

    patch.setattr(certifying, "award", lenient)


def a_registration_lasts_a_day_longer(patch: pytest.MonkeyPatch) -> None:
    right = awarding.Registration.valid
    patch.setattr(
        awarding.Registration,
        "valid",
        lambda self, day: right(self, day) or right(self, day - timedelta(days=1)),
    )


def the_gate_sees_rounded_hours(patch: pytest.MonkeyPatch) -> None:
    right = awarding.topic_standing

    def rounded(rule: Any, own: Any, others: Any, day: Any) -> Any:
        return right(rule, [replace(li, minutes=-(-li.minutes // 30) * 30) for li in own], others, day)

    patch.setattr(awarding, "topic_standing", rounded)


def the_gate_lies_above_ten_hours(patch: pytest.MonkeyPatch) -> None:
    right = awarding.topic_standing

    def above(rule: Any, *args: Any) -> Any:
        more = rule.min_topic_minutes + 1 if rule.min_topic_minutes else 0
        return right(replace(rule, min_topic_minutes=more), *args)

    patch.setattr(awarding, "topic_standing", above)


def the_first_award_moves(patch: pytest.MonkeyPatch) -> None:
    right = services.reissued

    def moving(made: Any, today: Any) -> Any:
        made = right(made, today)
        return replace(made, first_award_on=today, frozen=made.frozen | {"first_award_on": today.isoformat()})

    patch.setattr(services, "reissued", moving)


def completion_is_the_last_evidence(patch: pytest.MonkeyPatch) -> None:
    right = rules.evaluate

    def late(requirements: Any, facts: Any, attendance: Any = None) -> Any:
        facts = list(facts)
        status = right(requirements, facts, attendance)
        if status.completed_on is None:
            return status
        return replace(status, completed_on=max(fact.on for fact in facts))

    patch.setattr(reckoning, "evaluate", late)


def the_pinned_version_sets_the_minutes(patch: pytest.MonkeyPatch) -> None:
    right = lines.targets

    def pinned_only(versions: Any, pinned: int, *args: Any) -> Any:
        return right(dict.fromkeys(versions, versions[pinned]), pinned, *args)

    patch.setattr(reckoning, "targets", pinned_only)


def certificates_reissue_themselves(patch: pytest.MonkeyPatch) -> None:
    right = services._settle

    def eager(session: Any, ids: Any, now: Any, actor: Any, reason: str, amend: Any, revoked: Any) -> Any:
        changes = right(session, ids, now, actor, reason, amend, revoked)
        if changes.due and not revoked:
            return right(session, ids, now, actor, reason, frozenset(changes.due), revoked)
        return changes

    patch.setattr(services, "_settle", eager)


def courses_do_not_add_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(certifying, "_others", lambda *_: [])


def nothing_is_carried_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reckoning, "_carried", lambda *_: ())


def everything_is_carried_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reckoning, "number_of", lambda *_: 1)


def a_move_makes_certificates_due(patch: pytest.MonkeyPatch) -> None:
    right = certifying._described
    patch.setattr(certifying, "_described", lambda person, before: right(person, None))


def other_topics_add_up_too(patch: pytest.MonkeyPatch) -> None:
    right = reckoning.targets

    def one_topic(*args: Any) -> Any:
        return {key: replace(line, topic="all the same") for key, line in right(*args).items()}

    right_others = certifying._others
    patch.setattr(reckoning, "targets", one_topic)
    patch.setattr(
        certifying,
        "_others",
        lambda taken, reckoned, _topic, day: right_others(taken, reckoned, "all the same", day),
    )


def unfinished_activities_count(patch: pytest.MonkeyPatch) -> None:
    original = services.read_evidence

    def with_unfinished(session: Any, people: Any) -> Any:
        found = original(session, people)
        for facts in found.facts.values():
            seen = {fact.key for fact in facts}
            facts.extend(
                replace(fact, kind="activity", key=f"{fact.key}.scenes")
                for fact in list(facts)
                if fact.kind == "lesson" and f"{fact.key}.scenes" not in seen
            )
        return found

    patch.setattr(services, "read_evidence", with_unfinished)


def one_sitting_is_enough(patch: pytest.MonkeyPatch) -> None:
    right = rules._try_out
    patch.setattr(
        rules,
        "_try_out",
        lambda requirement, facts: right(replace(requirement, sittings=requirement.sittings[:1]), facts),
    )


def a_make_up_pays_all_that_its_guide_says(patch: pytest.MonkeyPatch) -> None:
    right = rules._from_entry

    def generous(entry: Any, facts: Any, versions: Any) -> Any:
        return right(replace(entry, full=1000), facts, versions)

    patch.setattr(rules, "_from_entry", generous)


def a_piece_makes_up_for_every_session(patch: pytest.MonkeyPatch) -> None:
    right = rules.contacts

    def each(facts: Any, versions: Any) -> Any:
        keys = sorted({fact.key for fact in facts if fact.kind == "attendance"})
        return tuple(
            contact
            for key in keys
            for contact in right([f for f in facts if f.kind != "attendance" or f.key == key], versions)
        )

    patch.setattr(reckoning, "contacts", each)


def hours_add_up_without_an_assessment(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(certifying, "mastered_in", lambda _: None)


def the_line_keeps_its_first_entry(patch: pytest.MonkeyPatch) -> None:
    right = ledger._same
    patch.setattr(
        ledger, "_same", lambda want, entry: right((want[0], replace(want[1], fact=entry.fact)), entry)
    )


DEFENDED_BY: dict[Planting, Story] = {
    make_up_beside_the_session: histories.a_missed_session_is_never_paid_twice,
    the_last_attempt_decides: histories.who_fails_and_passes_is_complete_on_the_day_of_passing,
    nothing_is_reversed: histories.attendance_corrected_twice,
    revocation_is_forgotten: histories.what_was_revoked_stays_revoked,
    each_enrollment_pays: histories.a_grown_course_unfinishes_nobody,
    the_last_enrollment_pays: histories.a_grown_course_unfinishes_nobody,
    the_first_attendance_mark_counts: histories.attendance_corrected_twice,
    every_rule_set_accepts_peers: histories.a_peers_word_is_not_enough_everywhere,
    a_registration_lasts_a_day_longer: histories.a_registration_that_ended_the_day_before_awards_nothing,
    the_gate_sees_rounded_hours: histories.ten_hours_less_a_minute_is_no_point,
    the_gate_lies_above_ten_hours: histories.ten_hours_are_ten_points,
    the_first_award_moves: histories.minutes_attended_after_the_issue_wait_for_a_person,
    completion_is_the_last_evidence: histories.who_fails_and_passes_is_complete_on_the_day_of_passing,
    the_pinned_version_sets_the_minutes: histories.a_key_pays_the_minutes_of_the_version_it_was_done_in,
    certificates_reissue_themselves: histories.minutes_attended_after_the_issue_wait_for_a_person,
    courses_do_not_add_up: histories.short_courses_on_one_topic_add_up,
    nothing_is_carried_over: histories.who_returns_keeps_what_was_done,
    everything_is_carried_over: histories.in_a_new_cycle_a_key_is_paid_again,
    a_move_makes_certificates_due: histories.where_somebody_works_is_frozen_at_the_issue,
    other_topics_add_up_too: histories.short_courses_on_one_topic_add_up,
    unfinished_activities_count: histories.an_activity_is_done_when_all_its_parts_were_checked,
    a_make_up_pays_all_that_its_guide_says: histories.a_session_made_up_pays_what_was_planned,
    a_piece_makes_up_for_every_session: histories.one_piece_makes_up_for_one_session,
    hours_add_up_without_an_assessment: histories.hours_without_an_assessment_do_not_add_up,
    the_line_keeps_its_first_entry: histories.the_line_of_a_session_follows_the_entry_in_force,
    one_sitting_is_enough: histories.every_sitting_of_a_sheet_counts,
}
"""The history that notices each."""
