"""Whose course has been over for so long that its words may go."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.cohorts.models import Cohort
from lms.completion.models import CompletionSnapshot
from lms.enrollments.models import Enrollment


def over_before(session: Session, day: date) -> tuple[int, ...]:
    """Ids of enrollments that were completed or left before this day, their cohort ended before it too; and
    of those whose person closed the account before it.

    Somebody who is still in the course keeps every word, whatever became of the cohort.
    """
    midnight = datetime.combine(day, time.min, UTC)
    rows = session.execute(
        sa.select(Enrollment.id)
        .outerjoin(CompletionSnapshot, CompletionSnapshot.enrollment_id == Enrollment.id)
        .outerjoin(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(User, User.id == Enrollment.user_id)
        .where(
            sa.or_(
                User.closed_at < midnight,
                sa.and_(
                    sa.or_(
                        sa.and_(Enrollment.state == "completed", CompletionSnapshot.completed_on < day),
                        sa.and_(Enrollment.state == "left", Enrollment.left_at < midnight),
                    ),
                    sa.or_(Cohort.ends_on.is_(None), Cohort.ends_on < day),
                ),
            )
        )
        .order_by(Enrollment.id)
    )
    return tuple(row.id for row in rows)
