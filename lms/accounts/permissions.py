"""Who may do what, where: one table of role -> permissions, and two readers of it.

`may` answers for one target, `scopes` gives the ids for a WHERE. A test demands that they agree.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from msgspec import Struct, field

Role = Literal["admin", "author", "coordinator", "reviewer", "facilitator"]
ScopeKind = Literal["site", "organization", "cohort"]


class Permission(StrEnum):
    """The closed set of things that can be allowed: `resource:action`."""

    COURSE_PREVIEW = "course:preview"
    COURSE_PUBLISH = "course:publish"
    COHORT_VIEW = "cohort:view"
    COHORT_CREATE = "cohort:create"
    COHORT_EDIT = "cohort:edit"
    COHORT_CLOSE = "cohort:close"
    ATTENDANCE_RECORD = "attendance:record"
    PROGRESS_VIEW = "progress:view"
    REFLECTION_REVIEW = "reflection:review"
    ENROLLMENT_CREATE = "enrollment:create"
    RECORD_VIEW = "record:view"
    RECORD_EXPORT = "record:export"
    CERTIFICATE_VIEW = "certificate:view"
    CERTIFICATE_CORRECT = "certificate:correct"
    CERTIFICATE_REVOKE = "certificate:revoke"
    PERSON_VIEW = "person:view"
    PERSON_INVITE = "person:invite"
    PERSON_RESET_PASSWORD = "person:reset_password"  # noqa: S105 - the name of a permission
    AFFILIATION_CONFIRM = "affiliation:confirm"
    ORGANIZATION_VIEW = "organization:view"
    ORGANIZATION_EDIT = "organization:edit"
    ORGANIZATION_CREATE = "organization:create"
    ROLE_GRANT = "role:grant"
    AWARDING_BODY_EDIT = "awarding_body:edit"
    AUDIT_VIEW = "audit:view"


P = Permission

PERMISSIONS_OF: dict[Role, frozenset[Permission]] = {
    # Nobody reads what learners write by being in charge: an administrator has no REFLECTION_REVIEW.
    "admin": frozenset(Permission) - {P.REFLECTION_REVIEW},
    "author": frozenset({P.COURSE_PREVIEW, P.COURSE_PUBLISH}),
    "coordinator": frozenset({
        P.COHORT_VIEW, P.COHORT_CREATE, P.COHORT_EDIT, P.COHORT_CLOSE, P.PROGRESS_VIEW,
        P.ENROLLMENT_CREATE, P.RECORD_VIEW, P.RECORD_EXPORT, P.CERTIFICATE_VIEW, P.CERTIFICATE_CORRECT,
        P.PERSON_VIEW, P.PERSON_INVITE, P.PERSON_RESET_PASSWORD, P.AFFILIATION_CONFIRM,
        P.ORGANIZATION_VIEW, P.ORGANIZATION_EDIT, P.ROLE_GRANT,
    }),
    "reviewer": frozenset({P.REFLECTION_REVIEW}),
    "facilitator": frozenset({
        P.COHORT_VIEW, P.COHORT_EDIT, P.ATTENDANCE_RECORD, P.PROGRESS_VIEW, P.REFLECTION_REVIEW,
        P.PERSON_VIEW,
    }),
}  # fmt: skip

OWN: frozenset[Permission] = frozenset({P.CERTIFICATE_VIEW, P.PROGRESS_VIEW})
"""What everybody may do with what is theirs."""


class Grant(Struct, frozen=True):
    """A role in a scope. `covers` holds the organization itself and its schools."""

    role: Role
    scope_kind: ScopeKind
    scope_id: int = 0
    covers: frozenset[int] = frozenset()


class Actor(Struct, frozen=True):
    """Who is asking: a person and the grants held at this moment."""

    user_id: int
    public_id: str
    name: str
    job: str
    time_zone: str
    grants: tuple[Grant, ...] = ()


class Target(Struct, frozen=True):
    """What is asked for: whose it is (`user_id`), and the organization and cohort it stands in."""

    user_id: int | None = None
    organization_id: int | None = None
    cohort_id: int | None = None


class Scopes(Struct, frozen=True):
    """Where somebody holds a permission: everywhere, or these ids (a row matches if any of them does)."""

    everywhere: bool = False
    organization_ids: frozenset[int] = field(default_factory=frozenset)
    cohort_ids: frozenset[int] = field(default_factory=frozenset)
    user_ids: frozenset[int] = field(default_factory=frozenset)


def may(actor: Actor | None, permission: Permission, target: Target) -> bool:
    if actor is None:
        return False
    if permission in OWN and target.user_id == actor.user_id:
        return True
    return any(permission in PERMISSIONS_OF[g.role] and _reaches(g, target) for g in actor.grants)


def may_somewhere(actor: Actor | None, permission: Permission) -> bool:
    """Is there any scope, other than what is one's own, in which `actor` holds the permission?"""
    return actor is not None and any(permission in PERMISSIONS_OF[g.role] for g in actor.grants)


def scopes(actor: Actor | None, permission: Permission) -> Scopes:
    if actor is None:
        return Scopes()
    held = [g for g in actor.grants if permission in PERMISSIONS_OF[g.role]]
    return Scopes(
        everywhere=any(g.scope_kind == "site" for g in held),
        organization_ids=frozenset().union(*(g.covers for g in held if g.scope_kind == "organization")),
        cohort_ids=frozenset(g.scope_id for g in held if g.scope_kind == "cohort"),
        user_ids=frozenset({actor.user_id}) if permission in OWN else frozenset(),
    )


def _reaches(grant: Grant, target: Target) -> bool:
    if grant.scope_kind == "site":
        return True
    if grant.scope_kind == "organization":
        return target.organization_id in grant.covers
    return target.cohort_id == grant.scope_id
