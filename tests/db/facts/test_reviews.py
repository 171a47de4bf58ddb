"""Handing in, reading, answering: one text at a time with one reader, never oneself."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from lms.accounts.models import User
from lms.accounts.permissions import Scopes
from lms.cohorts.models import Cohort
from lms.content.nodes import NOTHING, Criterion, Rubric
from lms.enrollments.models import Enrollment
from lms.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from lms.kernel.paging import PageRequest
from lms.responses.bodies import text_digest
from lms.responses.models import (
    Draft,
    DraftConflict,
    Review,
    ReviewClaim,
    ReviewComment,
    ReviewCriterion,
    Submission,
    SubmissionText,
)
from lms.responses.queries.reviews import review_case, review_queue, submission_history
from lms.responses.queries.states import course_states
from lms.responses.queries.texts import own_texts
from lms.responses.reviewing import CLAIM, INVITATION, may_review
from lms.responses.services.drafts import Place, Stale, choose, save_draft
from lms.responses.services.handins import HandedIn, hand_in
from lms.responses.services.peers import accept_invitation, invite_peer
from lms.responses.services.reviews import HandIn, Reviewed, claim, release, review
from lms.responses.services.texts import erase_submission
from tests.db.facts.world import LEVELS, NOW, REFLECTION, World, later

KEY = REFLECTION.key
TEXT = "Our band teacher stretched us."
PEER = "facilitator, or self and one peer"


@pytest.fixture
def one(world: World) -> Enrollment:
    return world.enrolled(world.person("Ana"))


@pytest.fixture
def marcus(world: World) -> User:
    return world.person("Marcus")


def send(world: World, one: Enrollment, text: str = TEXT, minutes: float = 0, **more: Any) -> Any:
    return hand_in(
        world.session, enrollment_id=one.id, author_id=one.user_id, version_id=one.version_id, key=KEY,
        text=text, words_min=3, level=more.pop("level", "meets"), now=later(minutes), **more,
    )  # fmt: skip


def answer(
    world: World, one: Enrollment, who: User, verdict: str = "meets", number: int = 1, minutes: float = 5,
    comment: str = "Say more about the present student.",
) -> Reviewed:  # fmt: skip
    return review(
        world.session, HandIn(one.id, KEY, number), reviewer_id=who.id, kind="facilitator",
        rubric=REFLECTION.rubric, criteria={1: verdict}, comment=comment, now=later(minutes),
    )  # fmt: skip


# ── Handing in ───────────────────────────────────────────────────────────────────────────────────


def test_a_hand_in_keeps_a_fact_and_beside_it_the_words(world: World, one: Enrollment) -> None:
    save_draft(world.session, Place(one.id, KEY), revision=0, values={KEY: TEXT}, now=NOW)
    made = send(world, one, f"  {TEXT}\r\n", revision=1)
    assert made == HandedIn(KEY, 1, 5, again=False)
    (fact,), (words,) = world.all(Submission), world.all(SubmissionText)
    assert words.body == TEXT
    assert fact.text_digest == text_digest(words.salt, TEXT)
    assert len(words.salt) == 16
    assert world.all(Draft) == []


def test_a_double_click_hands_in_once_and_another_text_waits_its_turn(world: World, one: Enrollment) -> None:
    send(world, one)
    assert send(world, one).again
    with pytest.raises(RuleBroken) as refused:
        send(world, one, "Quite another text here")
    assert refused.value.code == "waiting"
    assert len(world.all(Submission)) == 1


@pytest.mark.parametrize(
    ("text", "code"), [("  ", "text_missing"), ("two words", "words_few"), ("x " * 11_000, "text_long")]
)
def test_a_text_that_cannot_be_handed_in(world: World, one: Enrollment, text: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        send(world, one, text)
    assert refused.value.code == code


def test_not_yet_lets_me_try_again_and_meets_ends_it(world: World, one: Enrollment, marcus: User) -> None:
    send(world, one)
    assert course_states(world.session, one.id).hand_ins == {KEY: "waiting"}
    answer(world, one, marcus, "not_yet")
    assert course_states(world.session, one.id).hand_ins == {KEY: "not_yet"}
    assert send(world, one, f"{TEXT} Now he waits.", 10).number == 2
    assert course_states(world.session, one.id).hand_ins == {KEY: "waiting"}
    answer(world, one, marcus, "meets", 2, 20)
    assert course_states(world.session, one.id).hand_ins == {KEY: "meets"}
    with pytest.raises(RuleBroken) as refused:
        send(world, one, "Once more with feeling")
    assert refused.value.code == "answered"
    assert send(world, one, "Once more with feeling", 30, level="strong").number == 3


def test_a_stale_page_hands_nothing_in_and_loses_nothing(world: World, one: Enrollment) -> None:
    place = Place(one.id, KEY)
    save_draft(world.session, place, revision=0, values={KEY: "from my phone this time"}, now=NOW)
    stale = send(world, one, revision=0)
    assert isinstance(stale, Stale)
    assert stale.values == {KEY: "from my phone this time"}
    assert world.all(Submission) == []
    again = send(world, one, revision=1)
    assert again == Stale(2, {KEY: TEXT}, 1), "what the other page sent waits for a choice"
    assert len(world.all(DraftConflict)) == 1
    choose(world.session, place, number=1, keep="other", now=later(1))
    assert isinstance(send(world, one, revision=3), HandedIn)
    assert world.all(Draft) == []


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────


def test_two_reviewers_never_hold_one_text(world: World, one: Enrollment, marcus: User) -> None:
    send(world, one)
    this, priya = HandIn(one.id, KEY, 1), world.person("Priya")
    assert claim(world.session, this, reviewer_id=marcus.id, now=NOW) == NOW + CLAIM
    assert claim(world.session, this, reviewer_id=marcus.id, now=later(5)) == later(5) + CLAIM
    with pytest.raises(Conflict):
        claim(world.session, this, reviewer_id=priya.id, now=later(10))
    with pytest.raises(Conflict):
        answer(world, one, priya)
    release(world.session, this, reviewer_id=priya.id)
    assert len(world.all(ReviewClaim)) == 1
    release(world.session, this, reviewer_id=marcus.id)
    claim(world.session, this, reviewer_id=priya.id, now=later(11))
    after = later(11) + CLAIM
    assert claim(world.session, this, reviewer_id=marcus.id, now=after) == after + CLAIM


def test_an_answer_is_given_once(world: World, one: Enrollment, marcus: User) -> None:
    send(world, one)
    claim(world.session, HandIn(one.id, KEY, 1), reviewer_id=marcus.id, now=NOW)
    assert answer(world, one, marcus) == Reviewed("meets", again=False)
    assert answer(world, one, marcus) == Reviewed("meets", again=True)
    with pytest.raises(Conflict):
        answer(world, one, marcus, "strong")
    with pytest.raises(Conflict):
        answer(world, one, world.person("Priya"))
    with pytest.raises(Conflict):
        claim(world.session, HandIn(one.id, KEY, 1), reviewer_id=marcus.id, now=later(9))
    assert world.all(ReviewClaim) == []
    assert len(world.all(Review)) == 1


def test_one_more_try_is_asked_with_a_reason(world: World, one: Enrollment, marcus: User) -> None:
    send(world, one)
    with pytest.raises(RuleBroken) as refused:
        answer(world, one, marcus, "not_yet", comment=" ")
    assert refused.value.code == "comment_missing"
    answer(world, one, marcus, "strong", comment="")
    assert world.all(ReviewComment) == []


def test_each_criterion_of_a_rubric_is_kept(world: World, one: Enrollment, marcus: User) -> None:
    send(world, one)
    two = Rubric("cc-capstone.rating", tuple(Criterion(n, NOTHING, LEVELS, n == 2) for n in (1, 2)))
    done = review(
        world.session, HandIn(one.id, KEY, 1), reviewer_id=marcus.id, kind="facilitator", rubric=two,
        criteria={1: "strong", 2: "meets"}, comment="The steps need dates.", now=later(1),
    )  # fmt: skip
    assert done.verdict == "not_yet"
    assert {row.criterion: row.verdict for row in world.all(ReviewCriterion)} == {1: "strong", 2: "meets"}


def test_nobody_reviews_themselves(world: World, one: Enrollment) -> None:
    send(world, one)
    author = world.session.get_one(User, one.user_id)
    with pytest.raises(NotAllowed):
        claim(world.session, HandIn(one.id, KEY, 1), reviewer_id=author.id, now=NOW)
    with pytest.raises(NotAllowed):
        answer(world, one, author)
    with pytest.raises(IntegrityError), world.session.begin_nested():  # not even past the code
        world.session.add(
            Review(
                enrollment_id=one.id, key=KEY, number=1, review=1, author_id=author.id,
                reviewer_id=author.id, reviewer_kind="peer", verdict="strong", at=NOW,
            )
        )  # fmt: skip
        world.session.flush()


def test_what_was_never_handed_in_is_not_found(world: World, one: Enrollment, marcus: User) -> None:
    for act in (
        lambda: claim(world.session, HandIn(one.id, KEY, 1), reviewer_id=marcus.id, now=NOW),
        lambda: answer(world, one, marcus),
        lambda: erase_submission(world.session, enrollment_id=one.id, key=KEY, number=1),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_history_shows_every_try_with_its_answer(world: World, one: Enrollment, marcus: User) -> None:
    send(world, one)
    answer(world, one, marcus, "not_yet")
    send(world, one, f"{TEXT} Now he waits.", 10)
    claim(world.session, HandIn(one.id, KEY, 2), reviewer_id=marcus.id, now=later(11))
    with world.database.counted() as sent:
        second, first = submission_history(world.session, one.id, KEY, later(12))
    assert len(sent) == 2
    assert (second.number, second.review, second.claimed_by) == (2, None, marcus.id)
    assert first.review is not None
    assert (first.review.reviewer_name, first.review.verdict, first.review.criteria) == (
        "Marcus", "not_yet", {1: "not_yet"},
    )  # fmt: skip
    assert first.review.comment == "Say more about the present student."
    assert submission_history(world.session, one.id, KEY, later(12) + CLAIM)[0].claimed_by is None


# ── The queue ────────────────────────────────────────────────────────────────────────────────────


def queue(world: World, who: User, **scopes: Any) -> list[str]:
    page = review_queue(
        world.session, reviewer_id=who.id, scopes=Scopes(**scopes), now=later(60), request=PageRequest()
    )
    return [row.author_name for row in page.rows]


def kind_of(world: World, one: Enrollment, who: User, reviewers: Any = "facilitator", **scopes: Any) -> Any:
    row = review_case(world.session, one.public_id, KEY)
    assert row is not None
    return may_review(row.case(reviewers), row.reviewer(who.id, Scopes(**scopes)))


def test_the_oldest_stands_first_and_what_was_answered_is_gone(world: World, marcus: User) -> None:
    version = world.version()
    people = [world.enrolled(world.person(name), version) for name in ("Ana", "Ben", "Cleo")]
    world.grant(marcus, "reviewer", "site", 0)
    for minutes, who in ((30, people[0]), (10, people[1]), (20, people[2])):
        send(world, who, minutes=minutes)
    assert queue(world, marcus, everywhere=True) == ["Ben", "Cleo", "Ana"]
    answer(world, people[2], marcus, "not_yet")
    assert queue(world, marcus, everywhere=True) == ["Ben", "Ana"]
    send(world, people[2], "A second, longer try.", 50)
    assert queue(world, marcus, everywhere=True) == ["Ben", "Ana", "Cleo"]


def test_a_district_reads_its_own_people_alone(world: World, marcus: User) -> None:
    ours, theirs = world.district("Ours"), world.district("Theirs")
    school = world.school("North", ours)
    version = world.version()
    ana = world.enrolled(world.person("Ana", at=school), version)
    ben = world.enrolled(world.person("Ben", at=theirs), version)
    for who in (ana, ben):
        send(world, who)
    world.grant(marcus, "reviewer", "organization", ours.id or 0)
    covers = frozenset({ours.id, school.id})
    assert queue(world, marcus, organization_ids=covers) == ["Ana"]
    assert kind_of(world, ana, marcus, organization_ids=covers) == "organization"
    assert kind_of(world, ben, marcus, organization_ids=covers) is None


def test_a_cohorts_text_waits_for_its_facilitators(world: World, one: Enrollment, marcus: User) -> None:
    site, cohort = world.person("Site"), 77
    one.cohort_id = _cohort(world, one)
    cohort = one.cohort_id
    world.grant(site, "reviewer", "site", 0)
    send(world, one)
    assert queue(world, site, everywhere=True) == ["Ana"]  # nobody facilitates yet
    world.grant(marcus, "facilitator", "cohort", cohort)
    assert queue(world, site, everywhere=True) == []
    assert queue(world, marcus, cohort_ids=frozenset({cohort})) == ["Ana"]
    assert queue(world, marcus, cohort_ids=frozenset({cohort + 1})) == []
    assert kind_of(world, one, marcus, cohort_ids=frozenset({cohort})) == "facilitator"
    assert kind_of(world, one, site, everywhere=True) is None


def test_a_text_does_not_wait_for_a_facilitator_whose_account_is_closed(
    world: World, one: Enrollment, marcus: User
) -> None:
    site = world.person("Site")
    one.cohort_id = _cohort(world, one)
    world.grant(site, "reviewer", "site", 0)
    world.grant(marcus, "facilitator", "cohort", one.cohort_id)
    send(world, one)
    marcus.closed_at = NOW
    world.session.flush()
    assert queue(world, site, everywhere=True) == ["Ana"]
    assert kind_of(world, one, site, everywhere=True) == "organization"


def test_a_facilitator_who_learns_in_the_own_cohort_is_read_by_somebody_else(
    world: World, one: Enrollment
) -> None:
    author, site = world.session.get_one(User, one.user_id), world.person("Site")
    one.cohort_id = _cohort(world, one)
    world.grant(author, "facilitator", "cohort", one.cohort_id)
    world.grant(site, "reviewer", "site", 0)
    send(world, one)
    assert queue(world, author, cohort_ids=frozenset({one.cohort_id})) == []
    assert queue(world, site, everywhere=True) == ["Ana"]


def test_the_queue_takes_two_queries_at_any_length(world: World, marcus: User) -> None:
    version = world.version()
    world.grant(marcus, "reviewer", "site", 0)

    def statements() -> int:
        with world.database.counted() as sent:
            queue(world, marcus, everywhere=True)
        return len(sent)

    send(world, world.enrolled(version=version))
    first = statements()
    for _ in range(6):
        send(world, world.enrolled(version=version))
    assert statements() == first == 2


def _cohort(world: World, one: Enrollment) -> int:
    district = world.district()
    cohort = Cohort(
        organization_id=district.id or 0, course_key="cc", version_id=one.version_id, title="Spring",
        time_zone="UTC", starts_on=NOW.date(),
    )  # fmt: skip
    world.session.add(cohort)
    world.session.flush()
    return cohort.id


# ── Peers ────────────────────────────────────────────────────────────────────────────────────────


def test_one_peer_of_the_same_course_reads_by_invitation(world: World, one: Enrollment) -> None:
    send(world, one)
    this = HandIn(one.id, KEY, 1)
    version = world.version()
    peer, other, stranger = world.person("Peer"), world.person("Other"), world.person("Stranger")
    for who in (peer, other):
        world.enrolled(who, version)
    token = invite_peer(world.session, this, author_id=one.user_id, now=NOW)
    assert kind_of(world, one, peer, PEER) is None
    for who in (stranger.id, one.user_id):
        with pytest.raises(NotAllowed):
            accept_invitation(world.session, token=token, user_id=who, now=later(1))
    assert accept_invitation(world.session, token=token, user_id=peer.id, now=later(2)) == this
    assert accept_invitation(world.session, token=token, user_id=peer.id, now=later(3)) == this
    with pytest.raises(Conflict):
        accept_invitation(world.session, token=token, user_id=other.id, now=later(4))
    assert kind_of(world, one, peer, PEER) == "peer"
    assert kind_of(world, one, peer, "facilitator") is None
    assert queue(world, peer) == ["Ana"]
    assert queue(world, other) == []
    with pytest.raises(RuleBroken):
        invite_peer(world.session, this, author_id=one.user_id, now=later(5))


def test_the_peer_stays_for_the_next_try(world: World, one: Enrollment) -> None:
    send(world, one)
    peer = world.person("Peer")
    world.enrolled(peer, world.version())
    token = invite_peer(world.session, HandIn(one.id, KEY, 1), author_id=one.user_id, now=NOW)
    accept_invitation(world.session, token=token, user_id=peer.id, now=later(1))
    answer(world, one, peer, "not_yet")
    send(world, one, "A second, longer try.", 10)
    assert queue(world, peer) == ["Ana"]


def test_a_link_ends_with_time_or_with_the_next_one(world: World, one: Enrollment) -> None:
    send(world, one)
    this, peer = HandIn(one.id, KEY, 1), world.person("Peer")
    world.enrolled(peer, world.version())
    first = invite_peer(world.session, this, author_id=one.user_id, now=NOW)
    second = invite_peer(world.session, this, author_id=one.user_id, now=later(1))
    for token, when in ((first, later(2)), (second, later(1) + INVITATION), ("made up", later(2))):
        with pytest.raises(NotFound):
            accept_invitation(world.session, token=token, user_id=peer.id, now=when)
    with pytest.raises(NotFound):
        invite_peer(world.session, this, author_id=peer.id, now=NOW)


# ── Words ────────────────────────────────────────────────────────────────────────────────────────


def test_words_go_after_the_verdict_and_the_facts_stay(world: World, one: Enrollment, marcus: User) -> None:
    send(world, one)
    with pytest.raises(RuleBroken) as refused:
        erase_submission(world.session, enrollment_id=one.id, key=KEY, number=1)
    assert refused.value.code == "waiting"
    answer(world, one, marcus)
    erase_submission(world.session, enrollment_id=one.id, key=KEY, number=1)
    assert world.all(SubmissionText) == world.all(ReviewComment) == []
    assert [(row.words, len(row.text_digest)) for row in world.all(Submission)] == [(5, 64)]
    (row,) = submission_history(world.session, one.id, KEY, NOW)
    assert row.text is None
    assert row.review is not None and row.review.verdict == "meets"


def test_the_download_holds_my_words_and_what_proves_them(
    world: World, one: Enrollment, marcus: User
) -> None:
    send(world, one)
    answer(world, one, marcus)
    save_draft(world.session, Place(one.id, "cc-1-1.rewrite"), revision=0, values={"a": "b"}, now=NOW)
    other = world.enrolled(world.person("Ben"), world.version())
    send(world, other, "Somebody else's words entirely")
    found = list(own_texts(world.session, one.user_id))
    assert [(text.source, text.key) for text in found] == [
        ("hand in", KEY), ("comment", KEY), ("draft", "cc-1-1.rewrite"),
    ]  # fmt: skip
    assert found[0].digest == text_digest(bytes.fromhex(found[0].salt), found[0].body)
    assert found[0].enrollment_public_id == one.public_id
