"""People in every state that a page can be in, for the list of pages. Made once for each process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from lms.accounts import affiliations, links, services
from lms.actions import coordinate, facilitate, learn_reflections, learn_work
from lms.actions.kept_posts import keep_post
from lms.actions.learn_work import Typed
from lms.cohorts import queries as cohorts
from lms.cohorts.attendance import Mark
from lms.cohorts.services import join_cohort
from lms.content.nodes import Activity, Lesson, Quiz, Toolkit
from lms.credit import queries as credit
from lms.credit import services as crediting
from lms.kernel.clock import now
from tests import builders
from tests.browser.headway import Headway
from tests.browser.second_course import Pupils, publish_example, pupils
from tests.browser.town import Town
from tests.web.conftest import Person


@dataclass(slots=True)
class Cast:
    """Each is in the state that the name or the comment says."""

    town: Town
    headway: Headway
    beginner: Person
    """Enrolled, nothing done."""
    newcomer: Person
    """An account and nothing else."""
    hopeful: Person
    """Named a school; its coordinator has not confirmed it."""
    learner: Person
    """In the middle of everything: drafts, a failed quiz, a log begun, one sitting finished."""
    waiting: Person
    """A reflection is with the reviewer."""
    sent_back: Person
    """A reflection came back with 'not yet', and another was accepted."""
    torn: Person
    """Two texts for one draft."""
    lonely: Person
    """Nobody but a peer could read the reflection that was handed in."""
    graduate: Person
    """Complete; the certificate is valid."""
    unmade: Person
    """Complete once; the certificate was revoked."""
    leaver: Person
    late: Person
    """Sent something after the session had ended."""
    member: Person
    """Of the cohort."""
    example: Pupils
    other_site: str = ""
    """Address of the other site (other_site.py)."""
    numbers: dict[str, str] = field(default_factory=dict)
    """Certificate numbers by whose they are."""
    ids: dict[str, str] = field(default_factory=dict)
    """Public ids and tokens that stand in addresses, by what they are of."""

    def person(self, name: str) -> Person:
        """Whom a state calls by this name."""
        found = next(each for each in (self, self.example, self.town) if hasattr(each, name))
        person: Person = getattr(found, name)
        return person

    @property
    def course(self) -> str:
        return f"/learn/{self.headway.course.key}"

    @property
    def lessons(self) -> list[Lesson]:
        return [lesson for module in self.headway.course.modules for lesson in module.lessons]

    @property
    def quizzes(self) -> list[Quiz]:
        return [module.quiz for module in self.headway.course.modules if module.quiz is not None]

    def toolkit(self, key: str) -> Toolkit:
        return next(t for m in self.headway.course.modules for t in m.toolkits if t.key == key)

    def case(self, person: Person, number: int = 1) -> str:
        """The page on which the first quiz's reflection of `person` is answered."""
        enrollment = self.headway.enrollment(person).public_id
        return f"/reviews/{enrollment}/{self.quizzes[0].reflections[0].key}/{number}"


def assemble(town: Town, headway: Headway) -> Cast:
    world = town.world
    cast = Cast(
        town=town,
        headway=headway,
        beginner=headway.enroll(town.teacher("Bea Larsen")),
        newcomer=world.person("Nadia Novak"),
        hopeful=world.person("Hugo Reyes"),
        learner=headway.enroll(town.teacher("Lena Ortiz")),
        waiting=headway.enroll(town.teacher("Wes Okafor", town.northside)),
        sent_back=headway.enroll(town.teacher("Sana Malik")),
        torn=headway.enroll(town.teacher("Tomas Berg")),
        lonely=headway.enroll(world.person("Ines Duarte")),
        graduate=headway.enroll(town.teacher("Dana Finch")),
        unmade=headway.enroll(town.teacher("Rex Holloway")),
        leaver=headway.enroll(town.teacher("Liv Andersen")),
        late=headway.enroll(town.teacher("Lou Peters")),
        member=town.teacher("Cora Bell"),
        example=pupils(town, publish_example(world)),
    )
    _make_learner(cast)
    _make_reviewed(cast)
    _make_torn(cast)
    _make_graduates(cast)
    _make_cohort(cast)
    _make_bodies(cast)
    _make_links(cast)
    _make_long_list(cast)
    return cast


def _make_learner(cast: Cast) -> None:
    headway, person = cast.headway, cast.learner
    first, second, *_ = cast.lessons
    headway.lesson(person, first)
    headway.open_lesson(person, second)
    headway.activity(person, second, next(b for b in second.blocks if isinstance(b, Activity)))
    headway.quiz(person, cast.quizzes[0], wrong=len(cast.quizzes[0].questions))
    headway.quiz(person, cast.quizzes[1])
    log = cast.toolkit("cc-t3")
    for number in (1, 2, 3):
        headway.entry(person, log, number)
    headway.sitting(person, cast.toolkit("cc-t1"), cast.toolkit("cc-t1").sittings[0])


def _make_reviewed(cast: Cast) -> None:
    headway, (first, second, *_) = cast.headway, cast.quizzes
    for person in (cast.waiting, cast.sent_back, cast.lonely):
        headway.hand_in(person, first)
    headway.review(cast.town.reviewer, cast.sent_back, first, "not_yet")
    headway.hand_in(cast.sent_back, second)
    headway.review(cast.town.reviewer, cast.sent_back, second, "strong")
    with headway.acting(cast.lonely) as actor:
        key = first.reflections[0].key
        cast.ids["peer"] = learn_reflections.ask_peer(actor, headway.course.key, first.key, key)


def _make_torn(cast: Cast) -> None:
    """The same worksheet, typed on two devices."""
    sheet = cast.toolkit("cc-t4")
    with cast.headway.acting(cast.torn) as actor:
        for words in ("Written at school", "Written at home"):
            typed = Typed(sheet.key, {"cc-t4.work": words, "cc-t4.before": f"{words}, before."}, 0)
            learn_work.save_drafts(actor, cast.headway.course.key, sheet.key, [typed])


def _make_graduates(cast: Cast) -> None:
    for name, person in (("graduate", cast.graduate), ("unmade", cast.unmade)):
        cast.headway.everything(person, cast.town.reviewer)
        with cast.town.world.reading() as session:
            found = credit.certificate_of(session, cast.headway.enrollment(person).id)
            assert found is not None, f"{person.name} has done everything and has no certificate"
            cast.numbers[name] = found.number
    enrollment = cast.headway.enrollment(cast.unmade)
    with cast.town.world.writing() as session:
        crediting.revoke(session, enrollment.id, now(), cast.town.admin.id, "issued to the wrong person")


def _make_cohort(cast: Cast) -> None:
    """One cohort with two members and a session whose sheet is half marked, another to come; one that nobody has joined."""
    town, course = cast.town, cast.headway.course
    for name in ("Spring cohort", "Empty cohort"):
        with cast.headway.acting(town.coordinator) as actor:
            cast.ids[name] = coordinate.create_cohort(
                actor,
                course_key=course.key,
                name=name,
                organization=town.harbor.public_id,
                facilitator=town.facilitator.email,
                starts_on=now().date(),
                ends_on=None,
                required_minutes=None,
            )
    cohort = cast.ids["Spring cohort"]
    for person in (cast.member, town.teacher("Cody Marsh", town.northside)):
        with town.world.writing() as session:
            found = cohorts.cohort(session, cohort)
            assert found is not None
            join_cohort(
                session,
                cohort_id=found.id,
                user_id=person.id,
                time_zone="America/New_York",
                basis="join_code",
                now=now(),
                by=person.id,
            )
    cast.headway.hand_in(cast.member, cast.quizzes[0])
    starts_at = (now() - timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    for guide, days in zip(course.sessions, (0, 9), strict=False):
        with cast.headway.acting(town.facilitator) as actor:
            facilitate.schedule_session(
                actor, cohort_id=cohort, session_key=guide.key, starts_at=starts_at + timedelta(days=days),
                minutes=guide.minutes, break_minutes=0, place="Library",
            )  # fmt: skip
    with town.world.reading() as session:
        row = cohorts.cohort(session, cohort)
        assert row is not None
        planned, to_come = cohorts.sessions(session, row.id)
        member = cohorts.members(session, row.id)[0]
    mark = Mark(member.enrollment_id, 0, starts_at, starts_at + timedelta(minutes=40))
    with cast.headway.acting(town.facilitator) as actor:
        facilitate.save_attendance(actor, cohort_id=cohort, session_id=planned.id, marks=[mark], reason="")
    cast.ids["session"], cast.ids["session to come"] = str(planned.id), str(to_come.id)
    cast.ids["member"] = member.enrollment_public_id
    cast.ids["district"] = town.harbor.public_id


def _make_bodies(cast: Cast) -> None:
    """A provider in two states, one registration ended early, signing for a neighbor district; one with nothing."""
    with cast.town.world.writing() as session:
        body = builders.body(session, "registered_provider", name="Tide Institute")
        bare = builders.body(session, "registered_provider", name="Old Mill Seminars")
        builders.register(session, body, valid_from=date(2021, 1, 1), valid_to=date(2027, 12, 31))
        builders.register(session, body, valid_from=date(2026, 1, 1), number="R-2026-0114")
        builders.register(session, body, "US-NY", date(2090, 7, 1), number="NY 20118")
        builders.assign(session, body, "organization", cast.town.bridgeway.id)
    cast.ids |= {"body": str(body), "bare body": str(bare), "bridgeway": str(cast.town.bridgeway.id)}


def _make_links(cast: Cast) -> None:
    world, moment = cast.town.world, now()
    with world.writing() as session:
        affiliations.state_affiliation(
            session,
            user_id=cast.hopeful.id,
            organization_id=cast.town.bridgeway.id,
            now=moment,
            by=cast.hopeful.id,
        )
        services.state_license(
            session, user_id=cast.learner.id, jurisdiction="MA", number="445566", renews_on=None,
            now=moment, by=cast.learner.id,
        )  # fmt: skip
        cast.ids["password"] = links.make_password_link(
            session, user_id=cast.newcomer.id, now=moment, by=None
        )
        cast.ids["mail"] = links.make_mail_link(session, user_id=cast.newcomer.id, now=moment)
        for name, email in (("stranger", "stranger@elsewhere.example"), ("invited", cast.newcomer.email)):
            _, cast.ids[name] = links.invite(
                session,
                organization_id=cast.town.harbor.id,
                email=email,
                name="Noor Haddad",
                now=moment,
                by=cast.town.coordinator.id,
            )
    with cast.headway.acting(cast.late) as actor:
        fields = (("cc-t4.work", "A poster about the water cycle"),)
        cast.ids["kept"] = keep_post(actor.user_id, f"{cast.course}/cc-t4/save", fields)


def _make_long_list(cast: Cast) -> None:
    """More people who wait to be confirmed than one page of the list holds, in a district of their own."""
    world, moment = cast.town.world, now()
    there = world.district("Mill Pond Public Schools")
    with world.writing() as session:
        for number in range(1, 24):
            person = services.create_account(
                session, email=f"hopeful{number}@millpond.example", name=f"Hopeful {number}", job="teacher",
                time_zone="America/New_York", now=moment,
            )  # fmt: skip
            affiliations.state_affiliation(
                session, user_id=person.id, organization_id=there.id, now=moment, by=person.id
            )
