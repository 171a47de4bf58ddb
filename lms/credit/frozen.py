"""Rules: the frozen row of a certificate, made and read. It explains itself without any other table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec.structs import replace

from lms.credit.awarding import (
    Acceptance,
    Award,
    Body,
    Counted,
    Holder,
    Mastered,
    OtherWork,
    Registration,
    TopicStanding,
    award,
    counted_from,
)
from lms.credit.categories import Choice
from lms.credit.ruleset import RuleSet, rule_set

FORMAT = 1
Json = dict[str, Any]


def award_values(made: Award) -> Json:
    """An award as it stands in the frozen row, with the whole rule set."""
    return {
        "rule_set": dict(made.rule_set.data),
        "minutes": made.minutes,
        "units_hundredths": made.units_hundredths,
        "met_on": made.met_on.isoformat(),
        "topic_minutes": made.topic.minutes,
        "topic": topic_values(made.topic),
        "gates": gate_values(made),
        "accepted": [
            {"key": key, "fact": found.fact, "on": found.on.isoformat(), "by": found.by}
            for key, found in made.accepted
        ],
        "registration": registration_values(made.registration),
        "categories": [
            {
                "code": share.code,
                "label": share.label,
                "kind": share.kind,
                "minutes": share.minutes,
                "units_hundredths": hundredths,
            }
            for share, hundredths in made.categories
        ],
        "explanation": list(made.explanation),
    }


def topic_values(topic: TopicStanding) -> Json:
    return {
        "minutes": topic.minutes,
        "reached_on": topic.reached_on.isoformat() if topic.reached_on else None,
        "others": [
            [line.enrollment_id, line.credit_key, line.minutes, line.counts_on.isoformat()]
            for line in topic.others
        ],
    }


def gate_values(made: Award) -> list[Json]:
    return [{"gate": gate.gate, "passed": gate.passed, "detail": gate.detail} for gate in made.gates]


def registration_values(registration: Registration | None) -> Json | None:
    if registration is None:
        return None
    return {
        "jurisdiction": registration.jurisdiction,
        "number": registration.number,
        "valid_from": registration.valid_from.isoformat(),
        "valid_to": registration.valid_to.isoformat() if registration.valid_to else None,
    }


def body_values(body: Body, awards: Sequence[Award]) -> Json:
    """Who signs. Of the registrations only those that an award rests on: a later one changes no old row."""
    used = [made.registration for made in awards if made.registration is not None]
    return {
        "kind": "awarding_body",
        "id": body.id,
        "name": body.name,
        "type": body.type,
        "address": body.address,
        "contact": body.contact,
        "signatory_name": body.signatory_name,
        "signatory_title": body.signatory_title,
        "registrations": [registration_values(registration) for registration in used],
    }


def operator_values(name: str) -> Json:
    """The site's operator signs contact hours where no body is assigned."""
    return {
        "kind": "operator", "id": None, "name": name, "type": "operator", "address": "", "contact": "",
        "signatory_name": "", "signatory_title": "", "registrations": [],
    }  # fmt: skip


def body_from(signed_by: Mapping[str, Any], registrations: tuple[Registration, ...] = ()) -> Body | None:
    """The signing body as printed; None for the operator."""
    if signed_by["kind"] == "operator":
        return None
    return Body(
        id=signed_by["id"],
        name=signed_by["name"],
        type=signed_by["type"],
        address=signed_by["address"],
        contact=signed_by["contact"],
        signatory_name=signed_by["signatory_name"],
        signatory_title=signed_by["signatory_title"],
        jurisdictions=(),
        registrations=registrations,
    )


def as_printed(body: Body, signed_by: Mapping[str, Any] | None) -> Body:
    """The same body with the name and signatory that an earlier certificate carries.

    A body that changes its name or director does not make every certificate it ever signed due.
    """
    before = body_from(signed_by) if signed_by is not None else None
    if before is None or before.id != body.id:
        return body
    return replace(before, jurisdictions=body.jurisdictions, registrations=body.registrations)


def explain(frozen: Mapping[str, Any]) -> bool:
    """Does the certificate alone give the same sum, gates and units again?"""
    if frozen["minutes"] != sum(line["minutes"] for line in frozen["lines"]):
        return False
    return all(award_values(award_again(frozen, printed)) == printed for printed in frozen["awards"])


def award_again(
    frozen: Mapping[str, Any],
    printed: Mapping[str, Any],
    accepted: Mapping[str, Sequence[Acceptance]] | None = None,
    others: Sequence[OtherWork] | None = None,
    rules: RuleSet | None = None,
    counted: Sequence[Counted] | None = None,
) -> Award:
    """Compute a printed award anew from the row. `accepted` and `others` replace the reviews, and the work in
    other courses, that the row names; `rules` and `counted` are given where they are at hand."""
    completed_on = date.fromisoformat(frozen["completed_on"])
    if accepted is None:
        accepted = {
            found["key"]: [Acceptance(found["fact"], date.fromisoformat(found["on"]), found["by"])]
            for found in printed["accepted"]
        }
    return award(
        rule_set(printed["rule_set"]) if rules is None else rules,
        counted_in(frozen) if counted is None else counted,
        _others(printed) if others is None else others,
        body_from(frozen["signed_by"], registrations_from(printed["registration"])),
        Holder(
            frozen["person"]["job"],
            {held["jurisdiction"]: held["number"] for held in frozen["person"]["licenses"]},
        ),
        completed_on,
        [
            Mastered(
                thing["key"],
                product=thing["kind"] == "capstone",
                met=True,
                reviews=None if thing["reviewer"] is None else tuple(accepted.get(thing["key"], ())),
            )
            for thing in frozen["mastery"]
        ],
        _choices(printed),
    )


def counted_in(frozen: Mapping[str, Any]) -> list[Counted]:
    """The lines of the row, added up."""
    return counted_from(
        ((line["kind"], line["minutes"], date.fromisoformat(line["earned_on"])) for line in frozen["lines"]),
        date.fromisoformat(frozen["completed_on"]),
    )


def _others(printed: Mapping[str, Any]) -> list[OtherWork]:
    return [
        OtherWork(enrollment_id, key, minutes, date.fromisoformat(counts_on))
        for enrollment_id, key, minutes, counts_on in printed["topic"]["others"]
    ]


def _choices(printed: Mapping[str, Any]) -> list[Choice]:
    return [
        Choice(0, "", "", said["code"], date.min, said["minutes"] if said["kind"] == "part" else None)
        for said in printed["categories"]
    ]


def registrations_from(values: Mapping[str, Any] | None) -> tuple[Registration, ...]:
    """The registration that a printed award rests on, if on any."""
    if values is None:
        return ()
    return (
        Registration(
            values["jurisdiction"],
            values["number"],
            date.fromisoformat(values["valid_from"]),
            date.fromisoformat(values["valid_to"]) if values["valid_to"] else None,
        ),
    )
