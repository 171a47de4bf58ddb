"""The one list of pages and their states. Every template of lms/web/templates that is a page stands here.

A state is reached by opening `path` as `who` (an attribute of the cast, or of the town; nobody without one)
and then, where a state follows from what somebody does, by doing it. `heading` is what the page must say
to be that state and no other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.answering import walk
from tests.browser.cast import Cast
from tests.browser.visitor import Visitor

LIST = b"""name,email,school,job
Priya Nair,priya.nair@harbor.example,Bridgeway Middle School,teacher
Tom Ellery,tom.ellery@harbor.example,Northside High School,support staff
No Address,,Bridgeway Middle School,teacher
Ruth Abel,ruth.abel@harbor.example,Bridgway Middle School,teacher
Sam Oduya,sam.oduya@harbor.example,,principal
"""


@dataclass(frozen=True, slots=True)
class State:
    id: str
    template: str
    path: str | Callable[[Cast], str]
    heading: str
    who: str = ""
    then: Callable[[Visitor], None] | None = None
    says: str = ""
    """Words elsewhere on the page, where the heading alone does not tell."""

    def reach(self, visitor: Visitor, cast: Cast) -> None:
        visitor.go(self.path if isinstance(self.path, str) else self.path(cast))
        if self.then is not None:
            self.then(visitor)
        visitor.heading(self.heading)
        if self.says:
            visitor.sees(self.says)


def press(words: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.press(words)


def lesson(place: int) -> Callable[[Cast], str]:
    return lambda cast: f"{cast.course}/{cast.lessons[place].key}"


def quiz(place: int, query: str = "") -> Callable[[Cast], str]:
    return lambda cast: f"{cast.course}/{cast.quizzes[place].key}{query}"


def learning(path: str) -> Callable[[Cast], str]:
    return lambda cast: f"{cast.course}{path}"


def named(path: str) -> Callable[[Cast], str]:
    """A path with the name of an id or a token in braces."""
    return lambda cast: path.format_map(cast.ids | cast.numbers)


def _write_little(visitor: Visitor) -> None:
    visitor.write("Your reflection", "Too short.")
    visitor.press("Hand in")


def _walk_one_turn(visitor: Visitor) -> None:
    walk(visitor, "cc-2-3.late-again", [0])


def _walk_to_the_end(visitor: Visitor) -> None:
    while visitor.main.locator('button[name="step"].branch-choice').count():
        before = visitor.page.url
        visitor.hand.press(visitor.main.locator('button[name="step"].branch-choice').last)
        visitor.page.wait_for_url(lambda url, before=before: url != before)


def _upload(content: bytes, name: str = "staff.csv") -> Callable[[Visitor], None]:
    def upload(visitor: Visitor) -> None:
        visitor.hand.attach(visitor.page.get_by_label("Your file"), name, content)
        visitor.press("Upload and check")

    return upload


def _enroll(visitor: Visitor) -> None:
    _upload(LIST)(visitor)
    visitor.press("Enroll the")


def _leave_early(visitor: Visitor) -> None:
    visitor.hand.write(visitor.main.get_by_label("left at").first, "01:00")
    visitor.hand.write(visitor.main.get_by_label("arrived at").first, "02:00")
    visitor.press("Save attendance")


def _add_nothing(visitor: Visitor) -> None:
    visitor.hand.press(visitor.main.get_by_text("Add a live session"))
    visitor.press("Add this session")


def _add_outside(visitor: Visitor) -> None:
    visitor.follow("Add learning from elsewhere")
    said = {"Title": "Reading the room", "Who gave it": "Lakeside Collaborative", "Topic": "Classroom climate",
            "Type of activity": "Workshop", "First day": "2026-01-10", "Last day": "2026-01-11",
            "Contact hours": "7.5", "How many": "7.5"}  # fmt: skip
    for label, value in said.items():
        visitor.hand.write(visitor.main.get_by_label(label, exact=True), value)
    visitor.main.get_by_label("Counted as").select_option(label="MA PDP: Pedagogy")
    visitor.press("Add it")


def _open_all(visitor: Visitor) -> None:
    """Everything that is folded away."""
    for fold in visitor.main.locator("details:not([open]):not(.outline):not(.menu) > summary").all():
        fold.click()


def _open_menu(visitor: Visitor) -> None:
    visitor.main.locator("details.menu > summary").first.click()


STATES: tuple[State, ...] = (
    # ── Everybody ────────────────────────────────────────────────────────────────────────────────
    State("home", "site/home.html", "/", "Young people do well"),
    State("home-signed-in", "site/home.html", "/", "Young people do well", "learner", says="Go on with your learning"),
    State("trainings", "site/trainings.html", "/trainings", "The trainings"),
    State("training", "site/course.html", "/trainings/creating-connections", "Creating Connections", then=_open_all),
    State("training-signed-in", "site/course.html", "/trainings/creating-connections", "Creating Connections", "newcomer",
          says="Start today"),
    State("training-enrolled", "site/course.html", "/trainings/creating-connections", "Creating Connections", "learner",
          says="You are enrolled"),
    State("help", "site/help.html", "/help", "Help"),
    State("privacy", "site/privacy.html", "/privacy", "Privacy"),
    State("accessibility", "site/accessibility.html", "/accessibility", "Accessibility"),
    State("verify", "site/verify.html", "/verify", "Check a certificate"),
    State("verify-valid", "site/verify.html", named("/verify/{graduate}"), "Check a certificate", says="Dana Finch"),
    State("verify-revoked", "site/verify.html", named("/verify/{unmade}"), "Check a certificate", says="revoked"),
    State("verify-unknown", "site/verify.html", "/verify/RIA-2222-2222-2222-2222", "Check a certificate",
          says="What you can do"),
    State("verify-mistyped", "site/verify.html", "/verify?number=RIA-12", "Check a certificate"),
    State("not-found", "errors/404.html", "/no/such/page", "We cannot find that page"),
    State("not-allowed", "errors/403.html", "/manage", "You do not have access", "newcomer"),
    State("wrong-method", "errors/error.html", "/sign-out", "This address does not work that way"),
    # ── Accounts ─────────────────────────────────────────────────────────────────────────────────
    State("sign-in", "auth/sign_in.html", "/sign-in", "Sign in"),
    State("sign-in-refused", "auth/sign_in.html", "/sign-in", "Sign in", then=press("Sign in"), says="There is a problem"),
    State("sign-in-kept", "auth/sign_in.html", "/sign-in?kept=1", "Sign in", says="We kept it"),
    State("new-account", "auth/new_account.html", "/account/new", "Create an account"),
    State("new-account-refused", "auth/new_account.html", "/account/new", "Create an account",
          then=press("Create account"), says="There is a problem"),
    State("forgot", "auth/forgot.html", "/password/forgot", "Forgot your password?"),
    State("forgot-sent", "auth/forgot.html", "/password/forgot?sent=1", "Look into your mail"),
    State("choose-password", "auth/choose_password.html", named("/password/{password}"), "Choose a"),
    State("choose-password-refused", "auth/choose_password.html", named("/password/{password}"), "Choose a",
          then=press("Set the password"), says="There is a problem"),
    State("dead-password-link", "auth/dead_link.html", "/password/no-such-token", "This link no longer works"),
    State("dead-invitation", "auth/dead_link.html", "/invitations/no-such-token", "This link no longer works"),
    State("dead-mail-link", "auth/dead_link.html", "/mail/no-such-token", "This link no longer works",
          then=press("Yes, this is my address")),
    State("confirm-mail", "auth/confirm_mail.html", named("/mail/{mail}"), "Confirm your email address"),
    State("invitation", "auth/invitation.html", named("/invitations/{stranger}"), "Harbor Valley"),
    State("invitation-refused", "auth/invitation.html", named("/invitations/{stranger}"), "Harbor Valley",
          then=press("Create account and accept"), says="There is a problem"),
    State("invitation-known", "auth/invitation.html", named("/invitations/{invited}"), "Harbor Valley",
          says="Sign in to accept"),
    State("invitation-signed-in", "auth/invitation.html", named("/invitations/{invited}"), "Harbor Valley", "newcomer",
          says="You are signed in as"),
    State("profile-bare", "auth/profile.html", "/profile", "Your profile", "newcomer"),
    State("profile-unconfirmed", "auth/profile.html", "/profile", "Your profile", "hopeful", says="You named"),
    State("profile", "auth/profile.html", "/profile", "Your profile", "learner", says="Massachusetts"),
    State("change-person", "auth/change_person.html", "/profile/person", "Change your profile", "learner"),
    State("change-password", "auth/change_password.html", "/profile/password", "Change your password", "learner"),
    State("change-password-refused", "auth/change_password.html", "/profile/password", "Change your password", "learner",
          then=press("Change password"), says="There is a problem"),
    State("add-license", "auth/add_license.html", "/profile/license", "Add a license", "learner"),
    State("add-license-refused", "auth/add_license.html", "/profile/license", "Add a license", "learner",
          then=press("Add license"), says="There is a problem"),
    State("workplace", "auth/workplace.html", "/profile/workplace", "Where you work", "newcomer"),
    State("kept", "auth/kept.html", named("/kept/{kept}"), "We kept what you sent", "late", says="water cycle"),
    # ── Learners ─────────────────────────────────────────────────────────────────────────────────
    State("learning-empty", "learn/home.html", "/learn", "Welcome", "newcomer", says="You have not joined"),
    State("learning", "learn/home.html", "/learn", "Welcome back", "learner"),
    State("learning-answered", "learn/home.html", "/learn", "Welcome back", "sent_back"),
    State("learning-complete", "learn/home.html", "/learn", "Welcome back", "graduate", says="Transcript"),
    State("enroll", "learn/enroll.html", learning("/enroll"), "Join Creating Connections", "newcomer"),
    State("join", "learn/join.html", "/join", "Join a cohort", "newcomer"),
    State("join-refused", "learn/join.html", "/join?code=23456789", "Join a cohort", "newcomer", then=press("Join"),
          says="There is a problem"),
    State("course-new", "learn/course.html", learning(""), "Creating Connections", "beginner", then=_open_all),
    State("course", "learn/course.html", learning(""), "Creating Connections", "learner", then=_open_all),
    State("course-cohort", "learn/course.html", learning(""), "Creating Connections", "member"),
    State("course-complete", "learn/course.html", learning(""), "Creating Connections", "graduate"),
    State("leave", "learn/leave.html", learning("/leave"), "Leave Creating Connections", "leaver"),
    State("left", "learn/left.html", learning("/left"), "What is left, and why", "learner"),
    State("left-nothing", "learn/left.html", learning("/left"), "What is left, and why", "graduate", says="Nothing"),
    State("finished", "learn/finished.html", learning("/complete"), "You did it, Dana", "graduate"),
    State("certificate", "learn/certificate.html", named("/certificates/{graduate}"), "Your certificate", "graduate"),
    State("certificate-revoked", "learn/certificate.html", named("/certificates/{unmade}"), "Your certificate", "unmade"),
    State("certificate-coordinator", "learn/certificate.html", named("/certificates/{graduate}"), "Certificate",
          "coordinator"),
    State("transcript", "learn/transcript.html", "/transcript", "Transcript", "graduate", then=_add_outside,
          says="Added by you"),
    State("transcript-empty", "learn/transcript.html", "/transcript", "Transcript", "newcomer", says="Nothing yet"),
    State("outside", "learn/outside.html", "/transcript/add", "Add learning from elsewhere", "graduate"),
    State("outside-refused", "learn/outside.html", "/transcript/add", "Add learning from elsewhere", "graduate",
          then=press("Add it"), says="There is a problem"),
    State("cycle", "learn/cycle.html", "/transcript/cycle", "Dates of your cycle", "graduate"),
    State("cycle-refused", "learn/cycle.html", "/transcript/cycle", "Dates of your cycle", "newcomer",
          then=press("Set these dates"), says="There is a problem"),
    State("texts", "learn/texts.html", learning("/texts"), "Your texts", "learner", then=_open_menu),
    State("texts-empty", "learn/texts.html", learning("/texts"), "Your texts", "beginner", says="Nothing yet"),
    *(
        State(f"lesson-{place + 1}", "learn/lesson.html", lesson(place), "", "beginner", then=_open_all)
        for place in (0, 1, 2, 4, 5)
    ),
    State("lesson-note", "learn/lesson.html", lesson(3), "Safe, visible, in role", "beginner",
          says="Before you open this lesson"),
    State("lesson-opened", "learn/lesson.html", lesson(3), "Safe, visible, in role", "leaver",
          then=press("Open the lesson")),
    State("lesson-done", "learn/lesson.html", lesson(0), "Being known at school", "learner", then=_open_all),
    State("lesson-checked", "learn/lesson.html", lesson(1), "What makes a relationship", "learner", says="Done"),
    State("lesson-refused", "learn/lesson.html", lesson(0), "Being known at school", "beginner", then=press("Check")),
    State("lesson-branching", "learn/lesson.html", lesson(6), "Accountable and still connected", "beginner"),
    State("lesson-branching-turn", "learn/lesson.html", lesson(6), "Accountable and still connected", "leaver",
          then=_walk_one_turn, says="You chose"),
    State("lesson-branching-ending", "learn/lesson.html", lesson(6), "Accountable and still connected", "waiting",
          then=_walk_to_the_end, says="The way you went"),
    State("worksheet", "learn/worksheet.html", learning("/cc-t1"), "Relationship self-check", "beginner"),
    State("worksheet-finished", "learn/worksheet.html", learning("/cc-t1?sitting=Before%20module%202"),
          "Relationship self-check", "learner", says="Finished"),
    State("worksheet-compared", "learn/worksheet.html", learning("/cc-t1?sitting=At%20the%20end"),
          "Relationship self-check", "learner"),
    State("worksheet-refused", "learn/worksheet.html", learning("/cc-t3"), "Ten short contacts log", "beginner",
          then=lambda v: v.hand.press(v.page.get_by_role("button", name="Save and finish")), says="Not finished yet"),
    State("worksheet-card", "learn/worksheet.html", learning("/cc-t2"), "Boundary and channel card", "beginner"),
    State("worksheet-builder", "learn/worksheet.html", learning("/cc-t4"), "Wise-feedback builder", "beginner",
          then=_open_all),
    State("worksheet-log", "learn/worksheet.html", learning("/cc-t3"), "Ten short contacts log", "learner"),
    State("worksheet-log-change", "learn/worksheet.html", learning("/cc-t3?change=cc-t3.contacts:2"),
          "Ten short contacts log", "learner", says="Change entry 2"),
    State("worksheet-blank", "learn/worksheet.html", learning("/cc-t1?print=blank"), "Relationship self-check", "beginner"),
    State("worksheet-log-blank", "learn/worksheet.html", learning("/cc-t3?print=blank"), "Ten short contacts log",
          "beginner"),
    State("worksheet-two-texts", "learn/worksheet.html", learning("/cc-t4"), "Wise-feedback builder", "torn",
          says="Two texts for"),
    State("quiz", "learn/quiz.html", quiz(0), "Check what you know", "beginner", then=_open_all),
    State("quiz-second", "learn/quiz.html", quiz(1), "Check what you know", "beginner"),
    State("quiz-open", "learn/quiz.html", quiz(0, "?missing=1"), "Check what you know", "beginner", says="still open"),
    State("quiz-failed", "learn/quiz.html", quiz(0), "Check what you know", "learner", says="Not yet."),
    State("quiz-again", "learn/quiz.html", quiz(0, "?again=1"), "Check what you know", "learner"),
    State("quiz-passed", "learn/quiz.html", quiz(1), "Check what you know", "learner", says="Passed."),
    State("reflection-refused", "learn/quiz.html", quiz(0), "Check what you know", "leaver", then=_write_little),
    State("reflection-waiting", "learn/quiz.html", quiz(0), "Check what you know", "waiting", says="Handed in"),
    State("reflection-not-yet", "learn/quiz.html", quiz(0), "Check what you know", "sent_back", says="One more try",
          then=_open_all),
    State("reflection-accepted", "learn/quiz.html", quiz(1), "Check what you know", "sent_back", says="Accepted"),
    State("reflection-peer", "learn/quiz.html", quiz(0), "Check what you know", "lonely", then=press("Ask a peer"),
          says="Give this link to one peer"),
    # ── Facilitators and reviewers ───────────────────────────────────────────────────────────────
    State("cohorts", "facilitate/cohorts.html", "/facilitate", "Facilitating", "facilitator"),
    State("cohort", "facilitate/cohort.html", named("/facilitate/cohorts/{Spring cohort}"), "Spring cohort", "facilitator"),
    State("cohort-coordinator", "facilitate/cohort.html", named("/facilitate/cohorts/{Spring cohort}"), "Spring cohort",
          "coordinator"),
    State("cohort-empty", "facilitate/cohort.html", named("/facilitate/cohorts/{Empty cohort}"), "Empty cohort",
          "facilitator"),
    State("cohort-session-refused", "facilitate/cohort.html", named("/facilitate/cohorts/{Empty cohort}"), "Empty cohort",
          "facilitator", then=_add_nothing, says="There is a problem"),
    State("attendance", "facilitate/attendance.html",
          named("/facilitate/cohorts/{Spring cohort}/sessions/{session}/attendance"), "Attendance", "facilitator"),
    State("attendance-refused", "facilitate/attendance.html",
          named("/facilitate/cohorts/{Spring cohort}/sessions/{session}/attendance"), "Attendance", "facilitator",
          then=_leave_early, says="Nothing is saved yet"),
    State("guide", "facilitate/guide.html", named("/facilitate/cohorts/{Spring cohort}/guides/cc-s1"), "", "facilitator"),
    State("member-left", "facilitate/left.html", named("/facilitate/cohorts/{Spring cohort}/people/{member}"), "",
          "facilitator"),
    State("reviews", "facilitate/reviews.html", "/reviews", "Reflections", "reviewer"),
    State("reviews-empty", "facilitate/reviews.html", "/reviews", "Reflections", "newcomer"),
    State("review", "facilitate/review.html", lambda cast: cast.case(cast.waiting), "Wes Okafor", "reviewer",
          then=_open_all),
    State("review-refused", "facilitate/review.html", lambda cast: cast.case(cast.waiting), "Wes Okafor", "reviewer",
          then=press("Send"), says="Your reading is not sent yet"),
    State("review-answered", "facilitate/review.html", lambda cast: cast.case(cast.sent_back), "Sana Malik", "reviewer"),
    State("peer-invited", "facilitate/invited.html", named("/reviews/invited/{peer}"), "", "beginner"),
    # ── Coordinators ─────────────────────────────────────────────────────────────────────────────
    State("district", "coordinate/home.html", "/coordinate", "Harbor Valley", "coordinator"),
    State("district-empty", "coordinate/home.html", "/coordinate", "Cedar Falls", "other_coordinator"),
    State("password-link", "coordinate/links.html", "/coordinate", "password", "coordinator",
          then=press("New password link for Bea Larsen")),
    State("enroll-staff", "coordinate/enroll.html", "/coordinate/enroll", "Enroll staff from a list", "coordinator"),
    State("enroll-staff-checked", "coordinate/enroll.html", "/coordinate/enroll", "Enroll staff from a list", "coordinator",
          then=_upload(LIST), says="3 of 5 rows need fixing"),
    State("enroll-staff-refused", "coordinate/enroll.html", "/coordinate/enroll", "Enroll staff from a list", "coordinator",
          then=_upload(b"\x00\x01\x02", "staff.xlsx"), says="The file was not read"),
    State("enroll-staff-done", "coordinate/enrolled.html", "/coordinate/enroll", "enrolled", "coordinator", then=_enroll),
    State("new-cohort", "coordinate/new_cohort.html", "/coordinate/cohorts/new", "New cohort", "coordinator"),
    State("new-cohort-refused", "coordinate/new_cohort.html", "/coordinate/cohorts/new", "New cohort", "coordinator",
          then=press("Make this cohort"), says="There is a problem"),
    State("records", "coordinate/records.html", "/coordinate/records", "Completion records", "coordinator",
          says="Dana Finch"),
    State("record", "coordinate/record.html", "/coordinate/records", "Dana Finch", "coordinator",
          then=lambda v: v.hand.press(v.main.get_by_role("row").filter(has_text="Dana Finch").get_by_role("link").first)),
    State("records-none-match", "coordinate/records.html", "/coordinate/records?from=2031-01-01", "Completion records",
          "coordinator", says="No certificate matches"),
    State("records-refused", "coordinate/records.html", "/coordinate/records?from=soon", "Completion records",
          "coordinator", says="was not understood"),
    State("records-empty", "coordinate/records.html", "/coordinate/records", "Completion records", "other_coordinator"),
    # ── Administrators ───────────────────────────────────────────────────────────────────────────
    State("administration", "manage/overview.html", "/manage", "Administration", "admin"),
    State("new-organization", "manage/form.html", "/manage/organizations/new", "", "admin"),
    State("new-role", "manage/form.html", "/manage/roles/new", "", "admin"),
    State("new-body", "manage/form.html", "/manage/awarding-bodies/new", "", "admin"),
    State("new-body-refused", "manage/form.html", "/manage/awarding-bodies/new", "", "admin",
          then=lambda v: v.hand.press(v.main.locator("form button").last), says="There is a problem"),
)  # fmt: skip
