"""What may be done with completion records: pull them, correct one, revoke one. Each is one commit."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lms.accounts.permissions import Actor, Permission, Scopes, Target, may, scopes
from lms.accounts.queries import organization_by_id, organizations
from lms.actions.facilitate import find_cohort
from lms.cohorts.rules import clean_reason
from lms.credit import queries as certificates
from lms.credit.services import revoke, settle
from lms.kernel import audit
from lms.kernel.clock import now
from lms.kernel.db import transaction
from lms.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken


def note_pull(actor: Actor, *, format: str, wanted: dict[str, str], rows: int) -> None:
    """Keep who pulled which records, and how many, in the audit trail of each district in scope."""
    moment = now()
    within = scopes(actor, Permission.RECORD_EXPORT)
    with transaction() as session:
        for district_id in _districts(session, within):
            audit.record(
                session,
                audit.AuditEntry(
                    organization_id=district_id, stream="access", actor_id=actor.user_id,
                    action="records.exported", subject="certificates",
                    after={"format": format, "filter": wanted, "rows": rows},
                ),
                moment,
            )  # fmt: skip


def note_roster_pull(actor: Actor, *, cohort_id: str, ids: bool, rows: int) -> None:
    """Keep who pulled a cohort's progress and attendance, and whether with state ids."""
    moment = now()
    with transaction() as session:
        row = find_cohort(session, actor, cohort_id, Permission.PROGRESS_VIEW)
        place = organization_by_id(session, row.organization_id)
        audit.record(
            session,
            audit.AuditEntry(
                organization_id=place.district_id or place.id if place else 0, stream="access",
                actor_id=actor.user_id, action="roster.exported", subject=f"cohorts:{row.id}",
                after={"state_ids": ids, "rows": rows},
            ),
            moment,
        )  # fmt: skip


def _districts(session: Session, within: Scopes) -> list[int]:
    """Whose trails it concerns: a school's matters stand in its district's, everybody's in the site's."""
    if within.everywhere:
        return [0]
    return sorted({place.district_id or place.id for place in organizations(session, within)})


def correct_certificate(actor: Actor, *, number: str, reason: str) -> str:
    """Issue the next certificate where the evidence has changed; the number of the one now in force.

    RuleBroken: reason_missing, reason_long, not_due.
    """
    return _amend(actor, number, reason, Permission.CERTIFICATE_CORRECT)


def revoke_certificate(actor: Actor, *, number: str, reason: str) -> str:
    """End a certificate for good, also one that has expired; live sessions stay on the ledger.

    RuleBroken: reason_missing, reason_long.
    """
    return _amend(actor, number, reason, Permission.CERTIFICATE_REVOKE)


def _amend(actor: Actor, number: str, reason: str, permission: Permission) -> str:
    moment, why = now(), clean_reason(reason)
    if not why:
        raise RuleBroken("reason_missing", "reason")
    with transaction() as session:
        row = certificates.certificate(session, number)
        if row is None or not may(
            actor, Permission.CERTIFICATE_VIEW, Target(organization_id=row.organization_id)
        ):
            raise NotFound
        if not may(actor, permission, Target(organization_id=row.organization_id)):
            raise NotAllowed
        if row.state not in ("valid", "expired"):
            raise Conflict("ended meanwhile")
        if permission == Permission.CERTIFICATE_REVOKE:
            revoke(session, row.enrollment_id, moment, actor.user_id, why)
            return number
        changes = settle(session, [row.enrollment_id], moment, actor.user_id, why, amend=[row.enrollment_id])
        if not changes.certificates:
            raise RuleBroken("not_due", "reason")
        return changes.certificates[-1].number
