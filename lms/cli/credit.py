"""`lms credit`: does the ledger still say what the facts say? And new keys for badges."""

from __future__ import annotations

import hashlib
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select

from lms.actions.looking_again import concerned, look_again
from lms.cli.output import as_json, bar, table
from lms.cli.site import Site, with_site
from lms.config import Config
from lms.courses.models import Course
from lms.credit import badges
from lms.credit.audit import audit as audit_credit
from lms.credit.authority import read_rule_sets
from lms.credit.awarding import MODE_WORDS
from lms.credit.bodies import choose_category
from lms.credit.models import AwardingBody, Certificate
from lms.credit.queries import due_for_correction
from lms.credit.rulebook import read_rule_set, shipped
from lms.credit.ruleset import BadRuleSet, RuleSet
from lms.kernel import clock
from lms.kernel.clock import now
from lms.kernel.db import db, transaction
from lms.kernel.errors import Conflict, RuleBroken


@click.group()
def credit() -> None:
    """Rule sets, corrections that are due, the audit, new keys."""


@credit.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
def check(files: tuple[Path, ...], json_: bool) -> None:
    """Check rule sets before they are put into rule_sets/.

    Says what each would do, which of its parameters rest on no source, and whether the site has another text
    under the same key and version. Exit code 1 if one cannot be used.
    """
    found: list[dict[str, Any]] = []
    for path in files:
        try:
            rules = _usable(path)
        except BadRuleSet as error:
            found.append({"file": str(path), "ok": False, "says": [str(error)]})
        else:
            found.append(
                {"file": str(path), "ok": True, "key": rules.key, "version": rules.version}
                | {"says": _rule_set_in_words(path, rules)}
            )
    if json_:
        as_json(found)
    else:
        for each in found:
            click.echo("\n".join(each["says"]), err=not each["ok"])
    sys.exit(0 if all(each["ok"] for each in found) else 1)


def _usable(path: Path) -> RuleSet:
    """Raises BadRuleSet, also for a file that says something else than the site's own of that version."""
    rules = read_rule_set(path)
    same = next((r for r in shipped() if (r.key, r.version) == (rules.key, rules.version)), None)
    if same is not None and same.data != rules.data:
        raise BadRuleSet(
            f"{path.name}: the site has a {rules.key}, version {rules.version}, with another text. "
            f"Give yours version {rules.version + 1}, and the first day from which it counts. "
            "If a start has seen yours before, leave it: it stays, and the site's is left out."
        )
    return rules


def _rule_set_in_words(path: Path, rules: RuleSet) -> list[str]:
    until = f" to {rules.effective_to}" if rules.effective_to else ""
    policy = [name for name, sure in rules.data["confidence"].items() if sure == "local_policy"]
    gates = [
        f"{rules.min_topic_minutes} minutes on a topic" if rules.min_topic_minutes else "",
        f"{rules.min_activity_minutes} minutes" if rules.min_activity_minutes else "",
        *rules.requires,
        f"a license of {rules.jurisdiction}" if rules.license_required else "",
        f"one of: {', '.join(rules.awarding_body_types)}" if rules.awarding_body_types else "",
    ]
    return [
        f"{path.name}: {rules.title}, {rules.key} version {rules.version}, in force from "
        f"{rules.effective_from}{until}. It can be used.",
        f"  {rules.minutes_per_unit} minutes are one {rules.data['unit']['singular']}, "
        f"{MODE_WORDS[rules.mode]} {rules.quantum}.",
        f"  Asks for: {'; '.join(gate for gate in gates if gate) or 'nothing'}.",
        f"  Local policy, no source: {', '.join(policy) or 'nothing'}.",
    ]


@credit.command()
@click.argument("body")
@click.argument("rule_set")
@click.argument("course")
@click.argument("code")
@click.option(
    "--minutes", type=click.IntRange(1), help="How many minutes count under a heading that takes a part."
)
@click.option("--from", "from_on", type=click.DateTime(["%Y-%m-%d"]), help="First day; else today.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def category(
    site: Site,
    body: str,
    rule_set: str,
    course: str,
    code: str,
    minutes: int | None,
    from_on: datetime | None,
    json_: bool,
) -> None:
    """Say that BODY counts COURSE under heading CODE.

    BODY is the name of an awarding body, CODE a heading of RULE_SET.

    Example: lms credit category "Harbor Valley" us-ma-pdp creating-connections ma_pedagogy
    """
    with transaction() as session:
        found = session.scalars(select(AwardingBody.id).where(AwardingBody.name == body)).all()
        if len(found) != 1:
            raise click.ClickException(
                f"There is {'no' if not found else 'more than one'} awarding body named {body}."
            )
        held = [rules for rules in read_rule_sets(session) if rules.key == rule_set]
        if not held:
            raise click.ClickException(f"There is no rule set {rule_set}.")
        if session.get(Course, course) is None:
            raise click.ClickException(f"There is no course {course}.")
        day = from_on.date() if from_on else now().date()
        try:
            choose_category(
                session, body_id=found[0], rules=held[-1], course_key=course, code=code, minutes=minutes,
                from_on=day, now=now(), by=None,
            )  # fmt: skip
        except RuleBroken as refusal:
            known = ", ".join(f"{each.code} ({each.kind})" for each in held[-1].categories) or "none"
            raise click.ClickException(
                f"{REFUSED[refusal.code]} Headings of {rule_set}: {known}."
            ) from refusal
        except Conflict as clash:
            raise click.ClickException(f"{code} was chosen for {course} from {day} on already.") from clash
    due = _look_again(day, "a heading was chosen")
    if json_:
        as_json(
            {"body": body, "rule_set": rule_set, "course": course, "code": code, "minutes": minutes,
             "from": day.isoformat(), "due": due}
        )  # fmt: skip
        return
    click.echo(f"From {day} on, {body} counts {course} under {code}.")
    if due:
        click.echo(f"Certificates since then that are due for correction: {due}. See `lms credit due`.")


def _look_again(since: date, reason: str) -> int:
    ids = concerned(since)
    with bar(len(ids), "Looking at certificates again") as progress:
        return look_again(ids, None, reason, progress.update)


REFUSED = {
    "category_unknown": "There is no such heading.",
    "minutes_missing": "That heading takes a part: say how many minutes with --minutes.",
    "minutes_given": "That heading takes the whole: leave out --minutes.",
}


@credit.command()
@click.option("--again", is_flag=True, help="First look at every certificate in force again.")
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def due(site: Site, again: bool, json_: bool) -> None:
    """List certificates whose evidence has changed since.

    A change is noticed when it is made; --again is for one that was cut short. Each waits for a person to
    issue a corrected one or to leave it. Exit code 1 if there is any.
    """
    if again:
        _look_again(date.min, "looked at again")
    rows = [
        {"number": row.number, "name": row.frozen["person"]["name"], "course": row.frozen["course"]["title"]}
        for row in due_for_correction(db.session(), None)
    ]
    if json_:
        as_json(rows)
    else:
        table(
            ("number", "name", "course"),
            [list(row.values()) for row in rows],
            empty="Every certificate says what its evidence says.",
        )
    sys.exit(1 if rows else 0)


@credit.command()
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def audit(site: Site, json_: bool) -> None:
    """Check every certificate, the ledger and the audit trail.

    Each certificate is recomputed from the facts it names; no text that anybody wrote is read. Of the
    trail, chains and seals are checked. Exit code 1 if a fault is found.
    """
    session = db.session()
    certificates = session.scalar(select(func.count()).select_from(Certificate)) or 0
    with bar(certificates, "Auditing") as progress:
        faults = list(audit_credit(session, audit_keys(site.config), progress.update))
    if json_:
        as_json(
            {
                "certificates": certificates,
                "faults": [{"subject": f.subject, "code": f.code, "detail": f.detail} for f in faults],
            }
        )
    elif faults:
        table(("subject", "code", "detail"), [(f.subject, f.code, f.detail) for f in faults], empty="")
        found = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        click.echo(f"{found}; {certificates} certificates were checked.", err=True)
    else:
        click.echo(f"{certificates} certificates checked, with ledger and audit trail: no fault.")
    sys.exit(1 if faults else 0)


@credit.command("rotate-key")
@click.option(
    "--drop-old",
    is_flag=True,
    help="Also refuse what the old keys signed: when one was stolen. Badges must then be downloaded again.",
)
@click.option("--json", "json_", is_flag=True, help="Print JSON.")
@with_site
def rotate_key(site: Site, drop_old: bool, json_: bool) -> None:
    """Sign badges with new keys from now on.

    Badges signed before stay valid: the old public keys stay published, their private halves are deleted.
    Workers that run take up the new keys at once. Back up afterwards.
    """
    keys = badges.rotate(site.config.keys_folder, clock.now(), drop_old=drop_old)
    old = len(keys.public) - 1
    if json_:
        as_json({"signs": keys.public[0].multibase, "older": old})
        return
    click.echo(f"Badges are signed with {keys.public[0].multibase} from now on.")
    if drop_old:
        click.echo("The old keys are no longer published: what they signed is refused from now on.")
    else:
        stay = "key stays" if old == 1 else "keys stay"
        click.echo(f"{old} older {stay} published, so that old badges stay valid.")
    click.echo("Next: `lms backup`.")


def audit_key_id(config: Config) -> str:
    """Names the key that signs checkpoints without giving it away."""
    return hashlib.sha256(b"audit key " + config.keys.audit).hexdigest()[:12]


def audit_keys(config: Config) -> dict[str, bytes]:
    return {audit_key_id(config): config.keys.audit}
