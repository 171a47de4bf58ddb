"""The fixed words that authors write in their own language: labels, role headings, rubric levels.

Kinds and settings of tags are English everywhere. A course names its language in `course.md`; one that
has no table here is an error, so that no label is ever taken for prose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from lms.content.nodes import BoxLabel, Role


class Language(Struct, frozen=True):
    boxes: Mapping[str, BoxLabel]
    roles: Mapping[str, Role]
    role_lead: str
    """The word that a role heading begins with."""
    joiner: str
    see: str
    anything_else: str
    levels: tuple[str, str, str]
    source_word: str
    table_word: str
    bare_label: re.Pattern[str]
    """A label at the start of a quotation that is not in bold, or not followed by its stop."""


def _language(
    boxes: dict[str, BoxLabel],
    roles: dict[str, Role],
    *,
    role_lead: str,
    joiner: str,
    see: str,
    anything_else: str,
    levels: tuple[str, str, str],
    source_word: str,
    table_word: str,
) -> Language:
    words = "|".join(re.escape(label) for label in sorted(boxes, key=len, reverse=True))
    bare = re.compile(rf"[*_]{{0,3}}(?P<label>{words})[*_]{{0,3}}[.:]")
    return Language(
        boxes, roles, role_lead, joiner, see, anything_else, levels, source_word, table_word, bare
    )


LANGUAGES: Mapping[str, Language] = {
    "en": _language(
        {
            "Scene": "scene",
            "Try this tomorrow": "try",
            "Know your duty": "duty",
            "Take care": "care",
            "Good to know": "good-to-know",
            "What we know, and what we do not": "what-we-know",
            "Looking back": "looking-back",
            "One way to say it": "model",
            "Example": "example",
            "Say": "say",
            "Watch for": "watch-for",
            "Online": "online",
            "If it gets hard": "if-hard",
        },
        {
            "teachers": "teachers",
            "paraprofessionals": "paraprofessionals",
            "administrators": "administrators",
            "support staff": "support staff",
        },
        role_lead="For",
        joiner="and",
        see="See",
        anything_else="anything else",
        levels=("Not yet", "Meets", "Strong"),
        source_word="Source",
        table_word="Table",
    ),
    "es": _language(
        {
            "Escena": "scene",
            "Para probar mañana": "try",
            "Conozca su deber": "duty",
            "Cuídese": "care",
            "Conviene saber": "good-to-know",
            "Lo que sabemos y lo que no": "what-we-know",
            "Mirando atrás": "looking-back",
            "Una forma de decirlo": "model",
            "Ejemplo": "example",
            "Diga": "say",
            "Preste atención": "watch-for",
            "En línea": "online",
            "Si se pone difícil": "if-hard",
        },
        {
            "docentes": "teachers",
            "paraprofesionales": "paraprofessionals",
            "directivos": "administrators",
            "personal de apoyo": "support staff",
        },
        role_lead="Para",
        joiner="y",
        see="Vea",
        anything_else="cualquier otra respuesta",
        levels=("Todavía no", "Cumple", "Sobresale"),
        source_word="Fuente",
        table_word="Tabla",
    ),
}

DEFAULT = LANGUAGES["en"]
