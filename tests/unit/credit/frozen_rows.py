"""Frozen rows as `settle` writes them, made small for tests of what is printed."""

from __future__ import annotations

from typing import Any

MA_PDP: dict[str, Any] = {
    "key": "us-ma-pdp",
    "version": 1,
    "title": "Massachusetts Professional Development Points",
    "unit": {"label": "MA PDP"},
    "minutes_per_unit": 60,
    "rounding": {"mode": "floor", "quantum": "0.5"},
    "authority_urls": ["https://www.doe.mass.edu/pd/faq.html"],
    "checked_on": "2026-11-22",
    "confidence": {"min_topic_minutes": "verified", "rounding": "local_policy"},
}


def frozen_row(
    name: str = "Rosa Delgado",
    title: str = "Creating Connections: Empowering Youth-Adult Relationships",
    *,
    awarded: bool = True,
    lines: int = 12,
) -> dict[str, Any]:
    minutes = 63 * lines
    award = {
        "rule_set": MA_PDP,
        "minutes": minutes,
        "units_hundredths": (minutes * 2 // 60) * 50 if awarded else 0,
        "met_on": "2025-12-11",
        "topic_minutes": minutes,
        "gates": [
            {
                "gate": "topic_minutes",
                "passed": awarded,
                "detail": f"{minutes} minutes on this topic, at least 600 needed.",
            },
            {"gate": "license", "passed": True, "detail": "A license of US-MA is stated in the profile."},
        ],
        "explanation": [
            f"Counted: self-paced {minutes} min.",
            f"{minutes} min ÷ 60 = {minutes / 60:g}, rounded down to a multiple of 0.5: 12.5 MA PDP.",
            *(() if awarded else ("No MA PDP: not enough minutes on this topic.",)),
        ],
    }
    return {
        "person": {"name": name},
        "enrollment": {"repeats": []},
        "contact_hours_only": ""
        if awarded
        else "Contact hours only: not every condition for MA PDP was met.",
        "expires_on": None,
        "course": {
            "key": "creating-connections",
            "title": title,
            "version": 1,
            "digest": "7f3a9c01d2e4b5a6" * 4,
            "language": "en",
            "topic": "Relationships between adults and students",
            "content_areas": ["Social and emotional learning", "School climate"],
            "objectives": [
                "Name what makes a relationship developmental.",
                "Greet in ways that keep a student connected.",
            ],
        },
        "started_on": "2025-09-03",
        "completed_on": "2025-12-11",
        "first_award_on": "2025-12-12",
        "minutes": minutes,
        "lines": [
            {
                "where": f"Lesson 1.{number}",
                "title": "four scenes",
                "detail": "",
                "place": None,
                "kind": "self_paced",
                "minutes": 63,
                "earned_on": "2025-12-11",
            }
            for number in range(1, lines + 1)
        ],
        "mastery": [{"title": "Module 1 quiz", "detail": "passed with 9 of 10 points on December 1, 2025"}],
        "signed_by": {
            "kind": "awarding_body",
            "name": "Harbor Valley Public Schools",
            "signatory_name": "Dr. Amina Okafor",
            "signatory_title": "Director of Professional Learning",
            "registrations": [],
        },
        "awards": [award],
    }
