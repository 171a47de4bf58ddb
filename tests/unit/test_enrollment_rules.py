"""Active, completed, left: what may follow what."""

from __future__ import annotations

import pytest

from lms.enrollments.rules import after
from lms.kernel.errors import RuleBroken


def test_a_completed_enrollment_is_never_moved_or_left() -> None:
    for step in ("leave", "move"):
        with pytest.raises(RuleBroken) as refused:
            after("completed", step)  # type: ignore[arg-type]
        assert refused.value.code == "enrollment_completed"


def test_completing_and_leaving_twice_changes_nothing() -> None:
    assert after("completed", "complete") == "completed"
    assert after("left", "leave") == "left"


def test_a_late_review_still_completes_who_left() -> None:
    assert after("left", "complete") == "completed"
