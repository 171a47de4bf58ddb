"""What a state of a page is, how its address is named, and what somebody does to bring it about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from lms.config import ROOT
from tests.browser.answering import walk
from tests.browser.cast import Cast
from tests.browser.conftest import Door
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
    """The page's own file below lms/web/templates."""
    path: str | Callable[[Cast], str]
    heading: str
    """What the page must say to be that page and no other."""
    who: str = ""
    """An attribute of the cast, of its pupils or of its town; nobody is signed in without one."""
    then: Callable[[Visitor], None] | None = None
    """What is done there, where the state follows from what somebody does."""
    says: str = ""
    """Words elsewhere on the page, where the heading alone does not tell."""
    prints: bool = False
    """People take it with them on paper."""
    fails: bool = False
    """The page is what the site shows when it breaks."""

    def opened(self, door: Door, cast: Cast, size: tuple[int, int]) -> Visitor:
        """A browser at this state: one of its own where the site's scripts keep what is typed."""
        person = cast.person(self.who) if self.who else None
        visitor = door.open(person, size=size) if self.then in KEPT else door.look(person, size)
        self._reach(visitor, cast)
        return visitor

    def _reach(self, visitor: Visitor, cast: Cast) -> None:
        visitor.go(self.path if isinstance(self.path, str) else self.path(cast))
        if self.then is not None:
            self.then(visitor)
        visitor.heading(self.heading)
        if self.says:
            visitor.sees(self.says)


def press(words: str) -> Callable[[Visitor], None]:
    return lambda visitor: visitor.press(words)


def other(path: str) -> Callable[[Cast], str]:
    """The page on the other site: a demonstration that sends mail and has a public address."""
    return lambda cast: cast.other_site + path.format_map(cast.ids | cast.numbers)


def example(path: str) -> Callable[[Cast], str]:
    """A page of the example course, which has every construct of the format."""
    return lambda cast: f"/learn/first-minute/{path}"


def lesson(place: int) -> Callable[[Cast], str]:
    return lambda cast: f"{cast.course}/{cast.lessons[place].key}"


def quiz(place: int, query: str = "") -> Callable[[Cast], str]:
    return lambda cast: f"{cast.course}/{cast.quizzes[place].key}{query}"


def learning(path: str) -> Callable[[Cast], str]:
    return lambda cast: f"{cast.course}{path}"


def named(path: str) -> Callable[[Cast], str]:
    """A path with the name of an id or a token in braces."""
    return lambda cast: path.format_map(cast.ids | cast.numbers)


def write_little(visitor: Visitor) -> None:
    visitor.write("Your reflection", "Too short.")
    visitor.press("Hand in")


def walk_one_turn(visitor: Visitor) -> None:
    walk(visitor, "cc-2-3.late-again", [0])


def walk_to_the_end(visitor: Visitor) -> None:
    while visitor.main.locator('button[name="step"].branch-choice').count():
        before = visitor.page.url
        visitor.hand.press(visitor.main.locator('button[name="step"].branch-choice').last)
        expect(visitor.page).not_to_have_url(before)


def upload(content: bytes, name: str = "staff.csv") -> Callable[[Visitor], None]:
    def attach(visitor: Visitor) -> None:
        visitor.hand.attach(visitor.page.get_by_label("Your file"), name, content)
        visitor.press("Upload and check")

    return attach


def enroll(visitor: Visitor) -> None:
    upload(LIST)(visitor)
    visitor.press("Enroll the")


def leave_early(visitor: Visitor) -> None:
    """Of one line, times that cannot be, on a sheet that was opened before somebody else marked it."""
    visitor.page.evaluate("""() => { document.querySelector("main [name^=seen-]").value = "0"; }""")
    visitor.hand.write(visitor.main.get_by_label("left at").first, "01:00")
    visitor.hand.write(visitor.main.get_by_label("arrived at").first, "02:00")
    visitor.press("Save attendance")


def answer_nothing(visitor: Visitor) -> None:
    """Take the text up, where nobody has, and send a reading without a verdict."""
    taking_up = visitor.main.get_by_role("button", name="Read and answer it")
    if taking_up.count():
        visitor.hand.press(taking_up)
    visitor.press("Send")


def name_a_public_domain(visitor: Visitor) -> None:
    visitor.write("Mail domains", "harbor.example gmail.com")
    visitor.press("Save the domains")


def add_nothing(visitor: Visitor) -> None:
    visitor.hand.press(visitor.main.get_by_text("Add a live session"))
    visitor.press("Add this session")


def change_to_another_year(visitor: Visitor) -> None:
    visitor.write("Day", "2199-01-01")
    visitor.press("Save the change")


def mark_meanwhile(visitor: Visitor) -> None:
    """What a form sends that was opened before anybody was marked."""
    address = visitor.page.url
    visitor.follow("Back to the cohort")
    visitor.page.evaluate(
        """(address) => {
            const form = document.querySelector("main form[method=post]").cloneNode(true);
            form.action = address;
            const typed = { day: "2026-01-05", time: "15:30", minutes: "30", break_minutes: "0", place: "Room 4" };
            for (const [name, value] of Object.entries(typed)) {
                const field = document.createElement("input");
                Object.assign(field, { type: "hidden", name, value });
                form.append(field);
            }
            const button = document.createElement("button");
            button.textContent = "Save the change";
            form.append(button);
            document.querySelector("main").append(form);
        }""",
        address,
    )
    visitor.press("Save the change")


def add_outside(visitor: Visitor) -> None:
    visitor.follow("Add learning from elsewhere")
    said = {"Title": "Reading the room", "Who gave it": "Lakeside Collaborative", "Topic": "Classroom climate",
            "Type of activity": "Workshop", "First day": "2026-01-10", "Last day": "2026-01-11",
            "Contact hours": "7.5", "How many": "7.5"}  # fmt: skip
    for label, value in said.items():
        visitor.hand.write(visitor.main.get_by_label(label, exact=True), value)
    visitor.main.get_by_label("Counted as").select_option(label="MA PDP: Pedagogy")
    visitor.press("Add it")


def open_all(visitor: Visitor) -> None:
    """Everything that is folded away."""
    visitor.page.evaluate(
        """() => document.querySelectorAll("main details:not(.outline):not(.menu)").forEach((d) => { d.open = true; })"""
    )


def open_menu(visitor: Visitor) -> None:
    visitor.main.locator("details.menu > summary").first.click()


def spoil_token(visitor: Visitor) -> None:
    """A form of which the site cannot tell where it came from."""
    visitor.page.evaluate(
        """() => document.querySelectorAll("main [name=csrf_token], main [name=owner]").forEach((field) => { field.value = "x"; })"""
    )
    visitor.press("Save")


def end_session(visitor: Visitor) -> None:
    """Written, and the session is over before it is sent."""
    visitor.hand.write(visitor.main.get_by_label("Your reflection"), "What I noticed at the door.")
    visitor.page.context.clear_cookies()
    visitor.press("Hand in")


def type_signed_out(visitor: Visitor) -> None:
    """In mid-sentence the session ends: the line under the field says so, with the way back."""
    visitor.page.context.clear_cookies()
    visitor.hand.write(visitor.main.get_by_label("Your reflection"), "What I noticed, signed out.")
    expect(visitor.page.locator("[data-save]:visible").first).to_contain_text("You are signed out")


def type_offline(visitor: Visitor) -> None:
    """There is no network: the line under the field says where the text is."""
    visitor.page.context.set_offline(True)
    visitor.hand.write(visitor.main.get_by_label("Your reflection"), "What I noticed, far from any network.")
    expect(visitor.page.locator("[data-save]:visible").first).to_contain_text("no connection")


def guess(visitor: Visitor) -> None:
    """More tries than anybody needs who has only forgotten a password."""
    for _ in range(9):
        visitor.write("Email address", "nobody.at.all@elsewhere.example")
        visitor.write("Password", "not the password")
        visitor.press("Sign in")


def find_left(visitor: Visitor) -> None:
    """What is left for the first of the staff who is in the middle of a training."""
    visitor.hand.press(visitor.main.get_by_role("table").get_by_role("link").first)


def find_record(visitor: Visitor) -> None:
    visitor.hand.press(
        visitor.main.get_by_role("row").filter(has_text="Dana Finch").get_by_role("link").first
    )


def refuse_withdrawal(visitor: Visitor) -> None:
    """Without the reason that the record asks for."""
    find_record(visitor)
    visitor.press("Revoke the certificate")


KEPT = (write_little, end_session, type_signed_out, type_offline)


def check(key: str) -> Callable[[Visitor], None]:
    """Check one activity as it stands."""
    return lambda visitor: visitor.hand.press(visitor.main.locator(f'button[name="check"][value="{key}"]'))


def number_twice(key: str) -> Callable[[Visitor], None]:
    """Give two steps of an order the same number, then check."""

    def number(visitor: Visitor) -> None:
        for place in (0, 1):
            visitor.hand.write(visitor.main.locator(f'input[name="{key}:{place}"]'), "1")
        check(key)(visitor)

    return number


def send_last(visitor: Visitor) -> None:
    """The form's last button, with nothing filled in."""
    visitor.hand.press(visitor.main.locator("form button").last)


def bring_in_broken(visitor: Visitor) -> None:
    """The example course, claiming more hours than it has."""
    packed = io.BytesIO()
    folder = ROOT / "docs" / "example-course"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            content = file.read_bytes().replace(b"clock-hours: 2", b"clock-hours: 99")
            archive.writestr(file.relative_to(folder).as_posix(), content)
    visitor.hand.attach(visitor.page.get_by_label("A course as a zip file"), "broken.zip", packed.getvalue())
    visitor.press("Upload and compare")


def empty(label: str, button: str) -> Callable[[Visitor], None]:
    """What the form must have is taken out."""

    def send(visitor: Visitor) -> None:
        visitor.write(label, "")
        visitor.press(button)

    return send
