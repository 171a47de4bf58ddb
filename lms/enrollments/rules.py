"""Rules: the life of an enrollment.

active → completed (by `settle` alone, pins the version for good) · active → left · nothing leads back:
whoever comes again enrolls anew, and earlier facts of the same course and cycle count.
"""

from __future__ import annotations

from typing import Literal

from lms.kernel.errors import RuleBroken

EnrollmentState = Literal["active", "completed", "left"]
Step = Literal["complete", "leave", "move"]

_AFTER: dict[tuple[str, Step], EnrollmentState] = {
    ("active", "complete"): "completed",
    ("active", "leave"): "left",
    ("active", "move"): "active",
    ("completed", "complete"): "completed",
    ("left", "complete"): "completed",  # a review that arrives after somebody left still counts
    ("left", "leave"): "left",
}


def after(state: str, step: Step) -> EnrollmentState:
    """The state that follows. RuleBroken('enrollment_completed' | 'enrollment_left') for a step that
    this state does not allow."""
    if (state, step) not in _AFTER:
        raise RuleBroken(f"enrollment_{state}")
    return _AFTER[state, step]
