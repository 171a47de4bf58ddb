"""The two readers of the permission table agree, and nobody in charge reads what learners write."""

from __future__ import annotations

import re
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from lms.accounts.permissions import (
    OWN,
    PERMISSIONS_OF,
    Actor,
    Grant,
    Permission,
    Role,
    Scopes,
    Target,
    may,
    may_somewhere,
    scopes,
)

ids = st.integers(1, 6)
grants = st.builds(
    lambda role, kind, scope, schools: Grant(
        role, kind, 0 if kind == "site" else scope,
        frozenset({scope, *schools}) if kind == "organization" else frozenset(),
    ),
    st.sampled_from(get_args(Role)), st.sampled_from(["site", "organization", "cohort"]), ids,
    st.frozensets(ids, max_size=3),
)  # fmt: skip
actors = st.builds(
    lambda user, held: Actor(user, "p", "Rosa", "teacher", "America/New_York", tuple(held)),
    ids, st.lists(grants, max_size=4),
)  # fmt: skip
targets = st.builds(Target, st.none() | ids, st.none() | ids, st.none() | ids)


def in_where(found: Scopes, target: Target) -> bool:
    """What a WHERE made of these scopes would let through."""
    return (
        found.everywhere
        or target.organization_id in found.organization_ids
        or target.cohort_id in found.cohort_ids
        or target.user_id in found.user_ids
    )


@given(actors, st.sampled_from(Permission), targets)
def test_asking_for_one_and_filtering_many_give_the_same_answer(
    actor: Actor, permission: Permission, target: Target
) -> None:
    assert may(actor, permission, target) == in_where(scopes(actor, permission), target)


@given(actors, st.sampled_from(Permission))
def test_who_may_somewhere_has_a_scope_and_who_may_not_has_none(actor: Actor, permission: Permission) -> None:
    found = scopes(actor, permission)
    held = any(permission in PERMISSIONS_OF[grant.role] for grant in actor.grants)
    assert may_somewhere(actor, permission) == held
    assert held or not (found.everywhere or found.organization_ids or found.cohort_ids)


@given(st.sampled_from(Permission), targets)
def test_nobody_may_nothing(permission: Permission, target: Target) -> None:
    assert not may(None, permission, target)
    assert not may_somewhere(None, permission)
    assert not in_where(scopes(None, permission), target)


@given(st.sampled_from(Permission), targets)
def test_a_learner_may_only_what_is_ones_own(permission: Permission, target: Target) -> None:
    learner = Actor(3, "p", "Rosa", "teacher", "America/New_York")
    assert may(learner, permission, target) == (permission in OWN and target.user_id == 3)


def test_a_coordinator_reaches_the_schools_of_the_district_and_no_other() -> None:
    coordinator = Actor(
        1, "p", "Ana", "administrator", "America/New_York",
        (Grant("coordinator", "organization", 10, frozenset({10, 11, 12})),),
    )  # fmt: skip
    assert may(coordinator, Permission.RECORD_VIEW, Target(organization_id=12))
    assert not may(coordinator, Permission.RECORD_VIEW, Target(organization_id=20))
    assert not may(coordinator, Permission.RECORD_VIEW, Target())


def test_a_facilitator_of_one_cohort_sees_no_other() -> None:
    facilitator = Actor(1, "p", "Marcus", "teacher", "America/New_York", (Grant("facilitator", "cohort", 5),))
    assert may(facilitator, Permission.REFLECTION_REVIEW, Target(cohort_id=5))
    assert not may(facilitator, Permission.REFLECTION_REVIEW, Target(cohort_id=6))
    assert not may(facilitator, Permission.REFLECTION_REVIEW, Target(organization_id=5))


def test_who_is_in_charge_does_not_read_reflections() -> None:
    readers = {role for role, held in PERMISSIONS_OF.items() if Permission.REFLECTION_REVIEW in held}
    assert readers == {"facilitator", "reviewer"}


def test_the_whole_table_of_who_may_what_is_this_one() -> None:
    """Changing a role is a decision: it is made here too."""
    assert {role: len(held) for role, held in PERMISSIONS_OF.items()} == {
        "admin": 24,
        "author": 2,
        "coordinator": 17,
        "reviewer": 1,
        "facilitator": 6,
    }
    assert set(PERMISSIONS_OF) == set(get_args(Role))


def test_permissions_are_named_resource_and_action() -> None:
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*:[a-z]+(_[a-z]+)*", permission) for permission in Permission)
