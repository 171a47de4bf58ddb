"""Rules: how many words a text has, in any script.

The browser counts by the same rule, so that the number beside the field is the number that decides: a
text is split at white space, dashes, slashes and ellipses; a piece is a word if it holds a letter or a
digit; Chinese characters and Japanese kana, which are written without spaces, count one each.
"""

from __future__ import annotations

import re

_BREAKS = re.compile(r"[\s\u2013\u2014\u2015/\u2026]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def count_words(text: str) -> int:
    unspaced, rest = 0, text
    if _UNSPACED.search(text):
        unspaced = len(_UNSPACED.findall(text))
        rest = _UNSPACED.sub(" ", text)
    return unspaced + sum(any(c.isalnum() for c in piece) for piece in _BREAKS.split(rest))
