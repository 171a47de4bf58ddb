"""`lms people`: accounts and the one-use links by which people choose a password."""

from __future__ import annotations

from typing import Literal

import click
from msgspec.structs import asdict

from lms.accounts.directory import directory
from lms.accounts.queries import person_by_email
from lms.accounts.rules import JOBS
from lms.actions.accounts import add_person, close_person
from lms.cli.output import as_json, table
from lms.cli.places import organization_named
from lms.cli.site import Site, with_site
from lms.config import Config
from lms.kernel.db import db

Role = Literal["admin", "author", "coordinator", "reviewer"]
ROLES = ("admin", "author", "coordinator", "reviewer")
IN_AN_ORGANIZATION = ("coordinator", "reviewer")


@click.group()
def people() -> None:
    """Accounts: add, list, close, new password links."""


@people.command()
@click.argument("name")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), help="Give this role too; none makes a learner.")
@click.option("--organization", default="", metavar="NAME", help="The district or school it is held in.")
@click.option("--job", type=click.Choice(JOBS), default="teacher", show_default=True)
@click.option("--time-zone", default="America/New_York", show_default=True)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def add(
    site: Site,
    name: str,
    email: str,
    role: Role | None,
    organization: str,
    job: str,
    time_zone: str,
    json_: bool,
) -> None:
    """Add NAME with EMAIL, and print a link to choose a password.

    The link works once, for a day. A person who is there already gets the role and a new link. `admin`
    and `author` hold for the whole site, `coordinator` and `reviewer` for a district or school.

    \b
    lms people add "Amina Okafor" a.okafor@example.org --role admin
    lms people add "Sam Ruiz" s.ruiz@example.org --role coordinator --organization "Harbor Valley"
    """
    if organization and role not in IN_AN_ORGANIZATION:
        raise click.UsageError("--organization goes with --role coordinator or reviewer.")
    if role == "coordinator" and not organization:
        raise click.UsageError("A coordinator needs --organization, the name of a district or school.")
    token = add_person(
        email=email,
        name=name,
        job=job,
        time_zone=time_zone,
        role=role,
        organization=organization_named(organization).public_id if organization else "",
    )
    _show_link(site.config, email, token, json_)


@people.command("list")
@click.option("--role", type=click.Choice((*ROLES, "facilitator")), help="Only those who hold it.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def list_(site: Site, role: str | None, json_: bool) -> None:
    """List everybody with an account."""
    rows = directory(db.session(), role)
    if json_:
        as_json([{**asdict(row), "created_at": row.created_at.isoformat()} for row in rows])
        return
    table(
        ("name", "e-mail", "job", "roles", "workplace", "password"),
        [
            (
                row.name,
                row.email,
                row.job,
                ", ".join(row.roles),
                row.workplace,
                "set" if row.has_password else "",
            )
            for row in rows
        ],
        empty="Nobody has an account yet. `lms people add` makes one.",
    )


@people.command()
@click.argument("email")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def link(site: Site, email: str, json_: bool) -> None:
    """Make a new one-use link for EMAIL to choose a password. Earlier unused links die.

    It lasts a day. The person's sessions end when the new password is chosen.
    """
    person = person_by_email(db.session(), email)
    if person is None:
        raise click.ClickException(f"Nobody has an account with the address {email}.")
    token = add_person(email=person.email, name=person.name, job=person.job, time_zone=person.time_zone)
    _show_link(site.config, person.email, token, json_)


@people.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def close(site: Site, email: str, yes: bool, json_: bool) -> None:
    """Close the account of EMAIL for good.

    Nobody can sign in with it any more, and nobody can make another with this address. Its roles end.
    Certificates and records stay; what the person wrote goes a year later, by `lms clear`.
    """
    if not yes:
        click.confirm(f"Close the account of {email} for good?", abort=True, err=True)
    close_person(email=email)
    if json_:
        as_json({"email": email, "closed": True})
        return
    click.echo(f"The account of {email} is closed.")


def password_address(config: Config, token: str) -> str:
    base = config.site_url or "http://127.0.0.1:8000"
    return f"{base}/password/{token}"


def _show_link(config: Config, email: str, token: str, json_: bool) -> None:
    address = password_address(config, token)
    if json_:
        as_json({"email": email, "link": address})
        return
    click.echo(f"Give this link to {email}. It works once, to choose a password:")
    click.echo(address)
    if not config.site_url:
        click.echo("(Set LMS_SITE_URL, or change the beginning to the address of your site.)", err=True)
