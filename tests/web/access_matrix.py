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
    Row("site.verify_number_json", "GET", {...: 404}, {"number": "RIA-ABCD"}),
    Row("site.help_page", "GET", {...: 200}),
    Row("site.privacy", "GET", {...: 200}),
    Row("site.accessibility", "GET", {...: 200}),
    Row("site.healthz", "GET", {...: 200}),
    # ── badges: for programs anywhere; 404 for all while the site has no public address
    Row("badges.did_document", "GET", {...: 404}),
    Row("badges.issuer", "GET", {...: 404}),
    Row("badges.key", "GET", {...: 404}, {"name": "no-such-key"}),
    Row("badges.status_list", "GET", {...: 404}, {"name": "1-0"}),
    Row("badges.badge", "GET", {...: 404}, {"number": "certificate"}),
    Row("badges.badge_file", "GET", {...: 404}, {"number": "certificate", "shape": "png"}),
    Row("badges.picture", "GET", {...: 404}, {"number": "certificate"}),
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

COURSE = {"course_key": "creating-connections"}
LESSON = {**COURSE, "page_key": "cc-1-1"}
QUIZ = {**COURSE, "page_key": "cc-1-quiz"}
SHEET = {**COURSE, "page_key": "cc-t1"}


def _of_the_course(status: int, not_enrolled: int) -> dict[Person, int]:
    """Those who take the course get `status` for their own page, everybody else `not_enrolled`."""
    takes: dict[Person, int] = dict.fromkeys(
        ("learner", "other_learner", "peer_reviewer", "no_cohort"), status
    )
    return {"anonymous": 303, **takes, ...: not_enrolled}


def _for(people: tuple[str, ...], status: int, rest: int = 404, **more: int) -> dict[Person, int]:
    """`people` get `status`; anonymous ones are sent to sign in; what others may not see is not there."""
    answers: dict[Person, int] = {"anonymous": 303, **dict.fromkeys(people, status), **more}
    answers[...] = rest
    return answers


RECORD = {"number": "certificate"}

LEARN: tuple[Row, ...] = (
    Row("learn.home", "GET", {"anonymous": 303, ...: 200}),
    # everybody's own transcript, whoever asks
    Row("learn.transcript", "GET", {"anonymous": 303, ...: 200}),
    Row("learn.transcript_csv", "GET", {"anonymous": 303, ...: 200}),
    Row("learn.transcript_pdf", "GET", {"anonymous": 303, ...: 200}),
    Row("learn.add_outside", "GET", {"anonymous": 303, ...: 200}),
    Row("learn.add_outside", "POST", {"anonymous": 303, ...: 422}),
    Row("learn.withdraw_outside", "POST", {"anonymous": 303, ...: 404}),
    Row("learn.date_cycle", "GET", {"anonymous": 303, ...: 200}),
    Row("learn.date_cycle", "POST", {"anonymous": 303, ...: 422}),
    Row("learn.join", "GET", {"anonymous": 303, ...: 200}),
    Row("learn.join_cohort", "POST", {"anonymous": 303, ...: 422}),
    Row("learn.enroll_page", "GET", {**_of_the_course(303, 200), "no_cohort": 200}, COURSE),
    Row("learn.enroll", "POST", {"anonymous": 303, ...: 303}, COURSE),
    Row("learn.course", "GET", _of_the_course(200, 303), COURSE),
    Row("learn.left", "GET", _of_the_course(200, 303), COURSE),
    Row("learn.finished", "GET", {**_of_the_course(303, 303), "no_cohort": 200}, COURSE),
    Row("learn.leave_page", "GET", {**_of_the_course(200, 303), "no_cohort": 303}, COURSE),
    Row("learn.leave", "POST", {**_of_the_course(303, 303), "no_cohort": 422}, COURSE),
    Row("learn.texts", "GET", _of_the_course(200, 303), COURSE),
    Row("learn.download_texts", "GET", _of_the_course(200, 303), COURSE),
    Row("learn.delete_text", "POST", _of_the_course(404, 404), COURSE),
    Row("learn.media", "GET", {...: 404}, {**COURSE, "name": "no-such.svg"}),
    Row("learn.page", "GET", _of_the_course(200, 303), LESSON),
    Row("learn.open_lesson", "POST", _of_the_course(303, 404), LESSON),
    Row("learn.done", "POST", _of_the_course(303, 404), LESSON),
    Row("learn.check", "POST", _of_the_course(404, 404), LESSON),
    Row("learn.step", "POST", _of_the_course(404, 404), LESSON),
    Row("learn.draft", "POST", _of_the_course(404, 404), LESSON),
    Row("learn.save", "POST", _of_the_course(303, 404), LESSON),
    Row("learn.choose", "POST", _of_the_course(404, 404), LESSON),
    Row("learn.row", "POST", _of_the_course(404, 404), SHEET),
    Row("learn.entry", "POST", _of_the_course(422, 404), SHEET),
    Row("learn.finish", "POST", _of_the_course(303, 404), SHEET),
    Row("learn.paper", "POST", _of_the_course(303, 404), SHEET),
    Row("learn.submit", "POST", _of_the_course(422, 404), QUIZ),
    Row("learn.hand_in", "POST", _of_the_course(404, 404), QUIZ),
    Row("learn.ask_peer", "POST", _of_the_course(404, 404), QUIZ),
    Row("learn.certificate", "GET", _for(("no_cohort", "coordinator", "admin"), 200), RECORD),
    Row("learn.certificate_pdf", "GET", _for(("no_cohort", "coordinator", "admin"), 200), RECORD),
)

COHORT = {"cohort": "this_cohort"}
SHEET_OF_SESSION = {**COHORT, "number": "this_session"}
CASE = {"enrollment": "enrollment", "key": "reflection", "number": "1"}
STAFF = ("facilitator", "coordinator", "admin")


FACILITATE: tuple[Row, ...] = (
    Row("facilitate.cohorts", "GET", _for((*STAFF, "other_facilitator", "other_coordinator"), 200, 403)),
    Row("facilitate.cohort", "GET", _for(STAFF, 200), COHORT),
    Row("facilitate.left", "GET", _for(STAFF, 200), {**COHORT, "enrollment": "enrollment"}),
    Row("facilitate.take_out_page", "GET", _for(STAFF, 200), {**COHORT, "enrollment": "enrollment"}),
    Row("facilitate.take_out", "POST", _for(STAFF, 303), {**COHORT, "enrollment": "enrollment"}),
    Row("facilitate.progress", "GET", _for(STAFF, 200), COHORT),
    Row("facilitate.guide", "GET", _for(STAFF, 200), {**COHORT, "key": "cc-s1"}),
    Row("facilitate.add_session", "POST", _for(STAFF, 422), COHORT),
    Row("facilitate.change_session", "GET", _for(STAFF, 200), SHEET_OF_SESSION),
    Row("facilitate.save_session", "POST", _for(STAFF, 422), SHEET_OF_SESSION),
    Row("facilitate.renew_code", "POST", _for(STAFF, 303), COHORT),
    Row(
        "facilitate.attendance", "GET", _for(("facilitator", "admin"), 200, coordinator=403), SHEET_OF_SESSION
    ),
    Row(
        "facilitate.save_attendance",
        "POST",
        _for(("facilitator", "admin"), 303, coordinator=403),
        SHEET_OF_SESSION,
    ),
    # words are for their author and the reviewer in charge: a cohort with a facilitator waits for no one else
    Row("facilitate.reflections", "GET", {"anonymous": 303, ...: 200}),
    Row("facilitate.review", "GET", _for(("facilitator",), 200), CASE),
    Row("facilitate.hold", "POST", _for(("facilitator",), 303), CASE),
    Row("facilitate.put_back", "POST", _for(("facilitator",), 303), CASE),
    Row("facilitate.answer", "POST", _for(("facilitator",), 422), CASE),
    Row("facilitate.invited", "GET", {"anonymous": 303, ...: 200}, {"token": "spent"}),
    Row("facilitate.take_up", "POST", {"anonymous": 303, ...: 404}, {"token": "spent"}),
    Row("facilitate.close", "POST", _for(("coordinator", "admin"), 303, facilitator=403), COHORT),
)

DISTRICTS = ("coordinator", "other_coordinator", "admin")
COORDINATE: tuple[Row, ...] = (
    Row("coordinate.home", "GET", _for(DISTRICTS, 200, 403)),
    Row("coordinate.records", "GET", _for(DISTRICTS, 200, 403)),
    Row("coordinate.export", "GET", _for(DISTRICTS, 200, 403), {"format": "csv"}),
    Row("coordinate.perms", "GET", _for(DISTRICTS, 200, 403)),
    Row("coordinate.perms_csv", "GET", _for(DISTRICTS, 200, 403)),
    Row("coordinate.summary_csv", "GET", _for(DISTRICTS, 200, 403)),
    Row("coordinate.record", "GET", _for(("coordinator", "admin"), 200), RECORD),
    Row("coordinate.correct", "POST", _for(("coordinator", "admin"), 422), RECORD),
    Row("coordinate.revoke", "POST", _for(("admin",), 422, coordinator=403), RECORD),
    # what is in progress is for the district where the learner works now
    Row("coordinate.left", "GET", _for(("coordinator", "admin"), 200), {"enrollment": "enrollment"}),
    Row("coordinate.enroll_staff", "GET", _for(DISTRICTS, 200, 403)),
    Row("coordinate.enroll_check", "POST", _for(DISTRICTS, 422, 403)),
    Row("coordinate.enroll_confirm", "POST", _for(DISTRICTS, 404, 403)),
    Row("coordinate.enroll_problems", "POST", _for(DISTRICTS, 404, 403)),
    Row("coordinate.enroll_template", "GET", _for(DISTRICTS, 200, 403)),
    Row("coordinate.new_cohort", "GET", _for(DISTRICTS, 200, 403)),
    Row("coordinate.new_cohort", "POST", _for(DISTRICTS, 422, 403)),
    # the learner is confirmed already: nothing waits for the coordinator, and nothing is there for others
    Row(
        "coordinate.answer_affiliation",
        "POST",
        _for(("coordinator", "admin"), 303, 403, other_coordinator=404),
        {"person": "this_learner", "organization": "this_school"},
    ),
    Row(
        "coordinate.password_link",
        "POST",
        _for(("coordinator", "admin"), 200, 403, other_coordinator=404),
        {"person": "this_learner"},
    ),
)

PUBLISHERS = ("author", "admin")
VERSION = {**COURSE, "number": "1"}
BODY = {"body": "this_body"}
REGISTRATION = {"place": "US-MA", "first": "2026-01-01"}
ASSIGNMENT = {"kind": "site", "scope": "0", "first": "2026-01-01"}
MANAGE: tuple[Row, ...] = (
    Row("manage.overview", "GET", _for(("admin",), 200, 403)),
    Row("manage.new_organization", "GET", _for(("admin",), 200, 403)),
    Row("manage.new_organization", "POST", _for(("admin",), 422, 403)),
    Row("manage.mail_domains", "GET", _for(("admin",), 200, 403), {"organization": "this_district"}),
    Row("manage.mail_domains", "POST", _for(("admin",), 303, 403), {"organization": "this_district"}),
    Row("manage.new_role", "GET", _for(("admin",), 200, 403)),
    Row("manage.new_role", "POST", _for(("admin",), 422, 403)),
    Row("manage.take_role", "POST", _for(("admin",), 422, 403)),
    Row("manage.new_body", "GET", _for(("admin",), 200, 403)),
    Row("manage.new_body", "POST", _for(("admin",), 422, 403)),
    Row("manage.body", "GET", _for(("admin",), 200, 403), BODY),
    Row("manage.register_body", "GET", _for(("admin",), 200, 403), BODY),
    Row("manage.register_body", "POST", _for(("admin",), 422, 403), BODY),
    Row("manage.end_registration", "GET", _for(("admin",), 200, 403), {**BODY, **REGISTRATION}),
    Row("manage.end_registration", "POST", _for(("admin",), 422, 403), {**BODY, **REGISTRATION}),
    Row("manage.assign_body", "GET", _for(("admin",), 200, 403), BODY),
    Row("manage.assign_body", "POST", _for(("admin",), 422, 403), BODY),
    Row("manage.end_assignment", "GET", _for(("admin",), 200, 403), {**BODY, **ASSIGNMENT}),
    Row("manage.end_assignment", "POST", _for(("admin",), 422, 403), {**BODY, **ASSIGNMENT}),
    # who publishes sees how many take a course, and no name
    Row("manage.courses", "GET", _for(PUBLISHERS, 200, 403)),
    Row("manage.upload", "POST", _for(PUBLISHERS, 422, 403)),
    Row("manage.folder", "POST", _for(PUBLISHERS, 422, 403)),
    Row("manage.versions", "GET", _for(PUBLISHERS, 200, 403), COURSE),
    Row("manage.version", "GET", _for(PUBLISHERS, 200, 403), VERSION),
    Row("manage.version_zip", "GET", _for(PUBLISHERS, 200, 403), VERSION),
    Row("manage.publish", "POST", _for(PUBLISHERS, 409, 403), VERSION),
)

ROWS = (*SHELL, *LEARN, *FACILITATE, *COORDINATE, *MANAGE)
