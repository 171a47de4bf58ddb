"""What a start does before it serves: the database brought to this release, rule sets, courses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import click
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.places import ensure_site
from lms.actions.looking_again import concerned, look_again
from lms.cli.credit import audit_key_id
from lms.cli.folders import course_folders
from lms.cli.output import bar
from lms.cli.published import bring_in
from lms.cli.site import WHY_NOT, state_of_database
from lms.config import Config
from lms.courses.models import CourseVersion
from lms.courses.queries import catalog, load_compiled
from lms.credit.badges import key_ring
from lms.credit.expiring import expire
from lms.credit.rulebook import FOLDER, OWN, brought, read_rule_sets
from lms.credit.ruleset import BadRuleSet
from lms.credit.services import register_rule_sets, seen_rule_sets
from lms.kernel import clock
from lms.kernel.db import db, transaction
from lms.kernel.errors import RuleBroken
from lms.kernel.migration import upgrade
from lms.kernel.sealing import seal


def prepare(app: Flask, config: Config, say: Callable[[str], None]) -> None:
    """Bring the site to the state that this release serves, and close every connection again.

    `say` is told what was done. A database that is newer, half migrated or somebody else's stops the start.
    """
    with app.app_context():
        state = state_of_database()
        if state in ("newer", "half_migrated", "foreign"):
            raise click.ClickException(WHY_NOT[state])
        if state != "current":
            say("Making the database." if state == "empty" else "Migrating the database.")
            upgrade(db.engine)
        now = clock.now()
        with transaction() as session:
            ensure_site(session, name=config.operator_name, now=now)
            since = _bring_in_rule_sets(session, config, say)
            expire(session, now)
        if since is not None:
            _look_again(since, say)
        with transaction() as session:
            seal(session, now, config.keys.audit, audit_key_id(config))
        if not config.demo:
            key_ring(config.keys_folder, now)
        _bring_in_courses(config, say)
        for version in catalog(db.session()):
            course = load_compiled(db.session(), version.id)  # once here, for all workers
            for key in app.extensions["local_words"].unused(course):
                say(f"{config.instance / 'local' / course.key}.md: {course.key} has no local fact '{key}'.")
        db.session.remove()
        db.engine.dispose()


def _look_again(since: date, say: Callable[[str], None]) -> None:
    """What new rule sets make of certificates that were issued for days on which they are in force."""
    ids = concerned(since)
    with bar(len(ids), "Certificates under the new rule sets") as progress:
        due = look_again(ids, None, "a rule set is new", progress.update)
    if due:
        say(f"Certificates that are due for correction: {due}. `lms credit due` lists them.")


def _bring_in_rule_sets(session: Session, config: Config, say: Callable[[str], None]) -> date | None:
    """The operator's rule sets and the site's own; the first day on which a new one is in force.

    A file of the operator's that is wrong, or was changed, stops the start.
    """
    folder = config.instance / OWN
    try:
        seen = seen_rule_sets(session)
        rule_sets, left_out = brought(read_rule_sets(folder), seen)
        since = register_rule_sets(session, rule_sets)
        for rules in left_out:
            free = 1 + max(number for key, number in seen_rule_sets(session) if key == rules.key)
            say(
                f"{rules.key} version {rules.version} of this release is left out: another text has that"
                f" number here. To use it, copy it from {FOLDER} into {folder} as version {free}."
            )
        return since
    except BadRuleSet as error:
        raise click.ClickException(
            f"A rule set in {folder} cannot be used. {error}. Check it with `lms credit check {folder}/FILE`."
        ) from error
    except RuleBroken as refusal:
        raise click.ClickException(
            f"Rule set {refusal.field} says something else than when this site first used it. Awards rest on"
            " it, so it is never changed: put the old text back, and give the new one the next version."
        ) from refusal


def _bring_in_courses(config: Config, say: Callable[[str], None]) -> None:
    """The first start publishes the folders; a text changed later is a draft until somebody publishes it."""
    first = db.session().scalar(select(CourseVersion.id).limit(1)) is None
    for folder in course_folders(config.courses):
        outcome = bring_in(folder, publish=first)
        if outcome.kind == "published":
            say(f"Published {outcome.course_key}.")
        elif outcome.kind == "draft":
            say(
                f"{folder} has changed: version {outcome.number} of {outcome.course_key} is a draft."
                f" See what it changes with `lms courses publish {folder}`."
            )
