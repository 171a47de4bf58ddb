"""Who gets what at every endpoint, written by hand. A test fails for an endpoint that has no row here.

A row is `Row(endpoint, method, answers, arguments)`. `answers` maps a person to the status that the
request ends with when its form is otherwise empty; people left out get what `...` (the rest) says. 303 for
`anonymous` means: to the sign-in page. Ids come from `WORLD` in `test_access.py` by name.

People: anonymous · learner (of this district) · other_learner (another district) · peer_reviewer (same
course, no grant) · no_cohort (same district, in no cohort) · facilitator (of this cohort) ·
other_facilitator (another cohort) · coordinator (of this district) · other_coordinator · reviewer (of this
district's queue) · author · admin.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import EllipsisType

Person = str | EllipsisType


@dataclass(frozen=True, slots=True)
class Row:
    endpoint: str
    method: str
    answers: dict[Person, int]
    arguments: dict[str, str] = field(default_factory=dict)


SHELL = (
    Row("static", "GET", {...: 200}, {"name": "css/site.css"}),
    # ── site: for everybody
    Row("site.home", "GET", {...: 200}),
    Row("site.trainings", "GET", {...: 200}),
    Row("site.course", "GET", {...: 404}, {"course_key": "no-such-course"}),
    Row("site.verify", "GET", {...: 200}),
    Row("site.verify_number", "GET", {...: 404}, {"number": "RIA-ABCD"}),
    Row("site.help_page", "GET", {...: 200}),
    Row("site.privacy", "GET", {...: 200}),
    Row("site.accessibility", "GET", {...: 200}),
    Row("site.healthz", "GET", {...: 200}),
    # ── auth: doors, for everybody; forms that come empty are shown again
    Row("auth.sign_in", "GET", {...: 200}),
    Row("auth.sign_in", "POST", {...: 422}),
    Row("auth.sign_out", "POST", {...: 303}),
    Row("auth.new_account", "GET", {...: 200}),
    Row("auth.new_account", "POST", {...: 422}),
    Row("auth.forgot_password", "GET", {...: 200}),
    Row("auth.forgot_password", "POST", {...: 422}),  # no mail server, so no form to send
    Row("auth.choose_password", "GET", {...: 410}, {"token": "spent"}),
    Row("auth.choose_password", "POST", {...: 410}, {"token": "spent"}),
    Row("auth.confirm_mail", "GET", {...: 200}, {"token": "spent"}),
    Row("auth.confirm_mail", "POST", {...: 410}, {"token": "spent"}),
    Row("auth.invitation", "GET", {...: 410}, {"token": "spent"}),
    Row("auth.invitation", "POST", {...: 410}, {"token": "spent"}),
    # ── auth: what is one's own
    Row("auth.profile", "GET", {"anonymous": 303, ...: 200}),
    Row("auth.change_person", "GET", {"anonymous": 303, ...: 200}),
    Row("auth.change_person", "POST", {"anonymous": 303, ...: 422}),
    Row("auth.add_license", "GET", {"anonymous": 303, ...: 200}),
    Row("auth.add_license", "POST", {"anonymous": 303, ...: 422}),
    Row("auth.withdraw_license", "POST", {"anonymous": 303, ...: 404}),
    Row("auth.name_workplace", "GET", {"anonymous": 303, ...: 200}),
    Row("auth.name_workplace", "POST", {"anonymous": 303, ...: 422}),
    Row("auth.leave_workplace", "POST", {"anonymous": 303, ...: 404}, {"organization": "other_district"}),
    Row("auth.change_password", "GET", {"anonymous": 303, ...: 200}),
    Row("auth.change_password", "POST", {"anonymous": 303, ...: 422}),
    # what was kept for the learner is there for the learner alone
    Row("auth.kept", "GET", {"anonymous": 303, "learner": 200, ...: 404}, {"kept_id": "kept_post"}),
    Row("auth.drop_kept", "POST", {"anonymous": 303, "learner": 303, ...: 404}, {"kept_id": "kept_post"}),
)

LEARN: tuple[Row, ...] = ()
FACILITATE: tuple[Row, ...] = ()
COORDINATE: tuple[Row, ...] = ()
MANAGE: tuple[Row, ...] = ()

ROWS = (*SHELL, *LEARN, *FACILITATE, *COORDINATE, *MANAGE)
