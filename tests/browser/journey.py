"""The main journey in the parts that several tests walk: with a mouse, by keyboard, without scripts."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from playwright.sync_api import expect
from pypdf import PdfReader

from lms.cli.demo.answers import text
from lms.content.nodes import Capstone, Course, Module, Quiz, Reflection
from tests.browser.headway import Headway, handed_in_with
from tests.browser.joining import choose_password, create_account, sign_in, sign_out
from tests.browser.learning import answer_quiz, hand_in, hand_in_capstone
from tests.browser.reviewing import answer_hand_in
from tests.browser.visitor import Visitor
from tests.scanning import drawn, scanned
from tests.web.conftest import PASSWORD, Person

NUMBER = re.compile(r"[0-9A-Z]+(?:-[0-9A-Z]+){2,}")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who joins through the pages; `password` is that of the account's first day."""

    name: str
    email: str

    @property
    def person(self) -> Person:
        """As who signs in after the coordinator's link was used."""
        return Person(0, "", self.name, self.email, PASSWORD)


# ── Joining ──────────────────────────────────────────────────────────────────────────────────────


def join(visitor: Visitor, newcomer: Newcomer, workplace: str) -> None:
    """From the catalog to an account that names a school."""
    visitor.go("/")
    visitor.menu("Trainings")
    visitor.heading("The trainings")
    visitor.follow(visitor.course.title_text)
    visitor.heading(visitor.course.title_text)
    visitor.follow("Create an account")
    create_account(
        visitor, name=newcomer.name, email=newcomer.email, password="the very first one", workplace=workplace
    )
    visitor.sees("Your account is ready")
    visitor.heading(visitor.course.title_text)


def confirm(coordinator: Visitor, newcomer: Newcomer) -> str:
    """The coordinator confirms that the newcomer is staff. Gives a link to choose a password by."""
    coordinator.go("/coordinate")
    coordinator.press(f"Confirm {newcomer.name}")
    coordinator.sees(newcomer.email)
    coordinator.press(f"New password link for {newcomer.name}")
    link = coordinator.main.get_by_text(re.compile(r"/password/\S+")).first.inner_text()
    return link.strip()


def reset_password(visitor: Visitor, newcomer: Newcomer, link: str) -> None:
    """Signed out, in again by the link, out again, in again with the new password."""
    sign_out(visitor)
    choose_password(visitor, link, newcomer.person.password)
    sign_out(visitor)
    visitor.go(link)
    visitor.heading("This link no longer works")
    sign_in(visitor, newcomer.person)
    visitor.at("/learn")


def enroll(visitor: Visitor) -> None:
    visitor.go("/trainings")
    visitor.follow(visitor.course.title_text)
    visitor.press("Enroll")
    visitor.sees("You have joined")
    visitor.at(f"/learn/{visitor.course.key}")


# ── Learning ─────────────────────────────────────────────────────────────────────────────────────


def resume(visitor: Visitor, title: str) -> None:
    """Away and back: 'my learning' leads to the page where the learner was."""
    visitor.go("/learn")
    visitor.follow(re.compile("^(Resume|Start)"))
    visitor.heading(title)


def open_from_course(visitor: Visitor, page_key: str) -> None:
    """Through the course's own page, its module opened if it is folded."""
    visitor.go(f"/learn/{visitor.course.key}")
    link = visitor.page.locator(f'.lessons a[href$="/{page_key}"]')
    if not link.is_visible():
        visitor.hand.press(visitor.main.locator("details.module").filter(has=link).locator("summary"))
    visitor.hand.press(link)
    visitor.at(f"/{page_key}")


def fail_then_pass(visitor: Visitor, quiz: Quiz) -> None:
    answer_quiz(visitor, quiz, wrong=len(quiz.questions))
    visitor.sees("Not yet.")
    expect(visitor.main.locator(".answer-note").first).to_be_visible()
    visitor.follow("Try again")
    visitor.page.wait_for_url("**again=1*")
    answer_quiz(visitor, quiz)
    visitor.sees("Passed.")


def reflect_twice(visitor: Visitor, reviewer: Visitor, quiz: Quiz, author: str) -> None:
    """Handed in, 'not yet' with a note, handed in again, 'meets'."""
    reflection = quiz.reflections[0]
    first = text(reflection.words_min or 40)
    hand_in(visitor, reflection, first)
    answer_hand_in(reviewer, author, "Not yet", "You say what he did. What did you do next?")
    visitor.page.reload()
    visitor.sees("One more try")
    visitor.sees("What did you do next?")
    expect(visitor.input(reflection.key)).to_have_value(first)
    hand_in(visitor, reflection, f"{first}\n\nNext time I will ask one question and wait for the answer.")
    answer_hand_in(reviewer, author, "Meets", "Now I can see it.")
    visitor.page.reload()
    visitor.sees("Accepted")
    visitor.sees("Now I can see it.")


def last_piece(course: Course) -> Reflection | Capstone:
    """What is handed in last: the capstone, or the last module's reflection."""
    if course.capstone is not None:
        return course.capstone
    return quiz_of(course.modules[-1]).reflections[-1]


def hand_in_last(visitor: Visitor, headway: Headway, person: Person, piece: Reflection | Capstone) -> None:
    course = visitor.course
    if isinstance(piece, Capstone):
        for toolkit in handed_in_with(course, piece):
            headway.worksheet(person, toolkit)
        open_from_course(visitor, piece.key)
        hand_in_capstone(visitor, piece)
    else:
        open_from_course(visitor, quiz_of(course.modules[-1]).key)
        hand_in(visitor, piece, text(piece.words_min or 40, start=1))


# ── The end ──────────────────────────────────────────────────────────────────────────────────────


def see_certificate(visitor: Visitor, newcomer: Newcomer) -> str:
    """From the page that says it is complete to the certificate and its PDF, whose QR code leads to the
    page that checks it; gives the number."""
    visitor.go(f"/learn/{visitor.course.key}/complete")
    visitor.heading("is complete")
    visitor.follow("See your certificate")
    visitor.heading("Your certificate")
    visitor.sees(newcomer.name)
    number = visitor.main.locator("dd.code").first.inner_text().strip()
    href = visitor.main.get_by_role("link", name="Download as PDF").get_attribute("href")
    answer = visitor.page.request.get(href or "")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages)
    assert number in printed
    assert newcomer.name in " ".join(printed.split())
    assert scanned(drawn(answer.body())) == urljoin(visitor.page.url, f"/verify/{number}")
    return number


def verify(stranger: Visitor, number: str, name: str) -> None:
    """Somebody without an account scans the code, types the number, and another that is none."""
    stranger.go(f"/verify/{number}")
    stranger.sees(name)
    stranger.go("/")
    stranger.hand.press(
        stranger.page.get_by_role("navigation", name="Footer").get_by_role("link", name="Check a certificate")
    )
    stranger.write("Certificate number", number.lower().replace("-", " "))
    stranger.press("Check certificate")
    stranger.sees(name)
    stranger.sees(stranger.course.title_text)
    wrong = number[:-1] + ("2" if number[-1] != "2" else "3")
    stranger.write("Certificate number", wrong)
    stranger.press("Check another")
    stranger.does_not_see(name)
    stranger.sees("What you can do")


def find_record(coordinator: Visitor, number: str, name: str) -> None:
    """In the district's records: by filter, and in the file; not under a filter that leaves it out."""
    coordinator.go("/coordinate")
    coordinator.follow("Completion records")
    coordinator.pick("Training", coordinator.course.title_text)
    _show_school(coordinator, "Bridgeway")
    row = coordinator.main.get_by_role("row").filter(has_text=number)
    expect(row).to_contain_text(name)
    assert number in _csv(coordinator)
    _show_school(coordinator, "Northside")
    coordinator.does_not_see(number)
    assert number not in _csv(coordinator)


def _show_school(coordinator: Visitor, school: str) -> None:
    coordinator.pick("School", school)
    with coordinator.page.expect_navigation():
        coordinator.press("Show records")


def find_nothing(other: Visitor, number: str, name: str) -> None:
    """The coordinator of another district sees none of it, and learns nothing from the address."""
    other.go("/coordinate/records")
    other.heading("Completion records")
    other.does_not_see(number)
    other.does_not_see(name)
    assert number not in _csv(other)
    other.go("/coordinate")
    other.does_not_see(name)
    other.go(f"/certificates/{number}")
    other.heading("We cannot find that page")


def _csv(coordinator: Visitor) -> str:
    href = coordinator.main.get_by_role("link", name="Export CSV").get_attribute("href")
    answer = coordinator.page.request.get(href or "")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/csv")
    return answer.text()


# ── Pieces of the course ─────────────────────────────────────────────────────────────────────────


def quiz_of(module: Module) -> Quiz:
    assert module.quiz is not None
    return module.quiz
