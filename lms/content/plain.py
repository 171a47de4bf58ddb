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
    r"\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ue000\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"
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


def is_plain(text: str) -> bool:
    """Whether the text needs neither Markdown nor a look at its characters.

    `strip`, as Python-Markdown strips: a no-break space at the end is gone there too.
    """
    return _PLAIN.match(text) is not None and text == text.strip()
