"""Accounts, as people make and enter them: create one, sign in and out, choose a password."""

from __future__ import annotations

from tests.browser.visitor import Visitor
from tests.web.conftest import Person


def create_account(visitor: Visitor, *, name: str, email: str, password: str, workplace: str) -> None:
    """On the page of a new account, which stands open."""
    visitor.heading("Create an account")
    visitor.write("Name, as on your license", name)
    visitor.write("Email address", email)
    visitor.write("Password", password)
    visitor.choose("Teacher")
    visitor.pick("District or school", workplace)
    visitor.press("Create account")


def sign_in(visitor: Visitor, person: Person) -> None:
    """From wherever the visitor is, unless the page of signing in stands open already."""
    if "/sign-in" not in visitor.page.url:
        visitor.go("/sign-in")
    visitor.heading("Sign in")
    visitor.write("Email address", person.email)
    visitor.write("Password", person.password)
    visitor.press("Sign in")


def sign_out(visitor: Visitor) -> None:
    visitor.go("/profile")
    visitor.press("Sign out")
    visitor.page.wait_for_url(lambda url: url.endswith("/"))
    visitor.sees("You are signed out")


def choose_password(visitor: Visitor, link: str, password: str) -> None:
    """By the link that a coordinator handed out."""
    visitor.go(link)
    visitor.heading("Choose a")
    visitor.write("New password", password)
    visitor.press("Set the password and sign in")
    visitor.sees("Your password is set")
