"""What a refusal says at the command line: one sentence, and what to do where there is something."""

from __future__ import annotations

from lms.config import BadSetting
from lms.kernel.errors import LmsError, RuleBroken

SENTENCES = {
    "name_missing": "The name is empty.",
    "name_too_long": "The name is longer than 120 characters.",
    "name_unprintable": "The name holds characters that cannot be printed.",
    "email_bad": "That is not an e-mail address.",
    "email_taken": "This address has an account already. `lms people link` makes a new password link.",
    "job_unknown": "The job is one of teacher, paraprofessional, administrator, support staff.",
    "time_zone_unknown": "That is not a time zone such as America/New_York.",
    "organization_unknown": "There is no such district or school.",
    "class_understated": "The header of course.md says less than what changed.",
    "note_needed": "Say with --note why an earlier version is published again.",
    "note_long": "Shorten the note to 300 characters.",
    "digest_missing": "This course was not compiled from files.",
    "rule_set_changed": (
        "The file of a rule set in use was changed. Put it back, and make the change as a new version."
    ),
}


def sentence(error: LmsError | BadSetting) -> str:
    """One line for people."""
    if isinstance(error, RuleBroken):
        words = SENTENCES.get(error.code, f"A rule refused it: {error.code}.")
        return f"{error.field}: {words}" if error.code == "rule_set_changed" and error.field else words
    return str(error) or "There is no such thing."
