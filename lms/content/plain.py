"""Text that means itself: most paragraphs of a course hold no Markdown at all.

For such a text `Markdown.convert` gives `<p>text</p>` and cleaning changes nothing, so neither is
needed to know the result. The pattern is possessive throughout: one pass, no backtracking.
"""

from __future__ import annotations

import re

_START = r"[A-Za-z\"'(\u00c0-\u024f\u2018-\u201d]"
"""Every line begins so; then no line is a list, heading, rule, quotation or row of dashes."""

_REFUSED = (
    r"\\`*_\[\]!<>&{\n"
    r"\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ue000\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 17))
)

CITATION = (
    r"\[@[A-Za-z0-9][A-Za-z0-9-]*(?:, [^\\`*_\[\]!<>&{};@\n\x00-\x1f\x7f-\x9f]*)?"
    r"(?:; @[A-Za-z0-9][A-Za-z0-9-]*(?:, [^\\`*_\[\]!<>&{};@\n\x00-\x1f\x7f-\x9f]*)?)*\]"
)
"""`[@KEY]`, `[@KEY, p. 3; @OTHER]`; a place holds no marks."""

INSERT = r"\{\{[a-z0-9]+(?:-[a-z0-9]+)*\}\}"

_PLAIN = re.compile(
    f"{_START}(?:[^{_REFUSED}]++|!(?!\\[)|{INSERT}|{CITATION}(?![\\[(:]|\\s\\[)|(?<! )\\n(?={_START}))*+\\Z"
)


_MARKUP = re.compile(r"\[@[A-Za-z0-9]|\{\{|\]\(")


def markup_at(text: str) -> int | None:
    """Where a citation, a local fact or a link stands in words that are shown as they are written."""
    found = _MARKUP.search(text)
    return found.start() if found else None


def is_plain(text: str) -> bool:
    """Whether the text needs neither Markdown nor a look at its characters.

    `strip`, as Python-Markdown strips: a no-break space at the end is gone there too.
    """
    return _PLAIN.match(text) is not None and text == text.strip()


# ── The other way: words that are to mean themselves ─────────────────────────────────────────────

_SIGNS = re.compile(r"([\\`*_\[\]{}#])")
_FIRST_SIGN = re.compile(r"(\d+)([.)])(?= |\Z)|[-+](?= |\Z)|[=:~|>](?!\w)|[|~]")


def escaped(line: str) -> str:
    """Plain words on one line as Markdown that shows them, sign for sign."""
    text = _SIGNS.sub(r"\\\1", line)
    text = (
        text.replace("&", "&amp;")
        .replace(r"\{\{", "&#123;&#123;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("[@", "[&#64;")
    )
    if first := _FIRST_SIGN.match(text):
        sign = first[2] or first[0]
        at = first.start(2) if first[2] else 0
        safe = f"\\{sign}" if sign in ".)-+" else f"&#{ord(sign)};"
        text = f"{text[:at]}{safe}{text[at + 1 :]}"
    return text


def escaped_title(words: str) -> str:
    """The same for a heading, which has no code of its own: for a backtick stands an apostrophe."""
    return escaped(" ".join(words.split()).replace("`", "'"))
