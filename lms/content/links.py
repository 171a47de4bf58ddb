"""Anchors as GitHub spells them, and links as authors write them."""

from __future__ import annotations

import html as html_entities
import posixpath
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import unquote

_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_SLUG_ASCII = re.compile(r"[^a-z0-9_ -]")


# ── Anchors ──────────────────────────────────────────────────────────────────────────────────────


def slug(words: str) -> str:
    """The anchor that GitHub gives to a heading of these plain words, doubles aside."""
    lower = words.strip().lower()
    if lower.isascii():
        return _SLUG_ASCII.sub("", lower).replace(" ", "-")
    kept = (c for c in lower if c in "-_ " or unicodedata.category(c)[0] in "LM" or c.isdecimal())
    return "".join(kept).replace(" ", "-")


class Anchors:
    """The anchors of one file, in order: a second heading of the same words gets `-1`."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def next(self, words: str) -> str:
        plain = slug(words) or "section"
        anchor = plain
        while anchor in self._taken:
            self._taken[plain] += 1
            anchor = f"{plain}-{self._taken[plain]}"
        self._taken[anchor] = 0
        return anchor


# ── Reading links ────────────────────────────────────────────────────────────────────────────────


class Link(NamedTuple):
    """A link of clean HTML: its address as written, and the HTML in it, before it and after it."""

    href: str
    words: str
    before: str
    after: str


class LoneLink(NamedTuple):
    """A paragraph that is only a link, after a short phrase and a colon or none."""

    lead: str
    href: str
    words: str


_LINK = re.compile(r"<a(?P<attributes>[^>]*)>(?P<words>.*?)</a>", re.DOTALL)
_LONE_LINK = re.compile(
    r"(?:<p>)?(?:(?P<lead>[^<>:.!?]{1,80}):\s+)?<a(?P<attributes>[^>]*)>(?P<words>(?:(?!<a|</a>).)*)</a>\.?(?:</p>)?\Z",
    re.DOTALL,
)


def links_in(html: str) -> list[Link]:
    return [
        Link(attributes_of(m["attributes"]).get("href", ""), m["words"], html[: m.start()], html[m.end() :])
        for m in _LINK.finditer(html)
    ]


def lone_link(html: str) -> LoneLink | None:
    """`<p>[lead: ]<a href>words</a>[.]</p>`: a toolkit card, or the way back to a lesson."""
    match = _LONE_LINK.match(html)
    if match is None:
        return None
    return LoneLink(match["lead"] or "", attributes_of(match["attributes"]).get("href", ""), match["words"])


def resolve(href: str, file: str) -> tuple[str, str] | None:
    """Path in the course and anchor of a relative link written in `file`; None for any other address.

    A path that leaves the course comes back with `..` in front, and names no file.
    """
    if not href or href.startswith(("/", "\\")):
        return None
    path, _, anchor = href.partition("#")
    if ":" in path or "\\" in path or "?" in path:
        return None
    if not path:
        return file, unquote(anchor)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path)))
    return unicodedata.normalize("NFC", joined), unquote(anchor)


def attributes_of(tag: str) -> dict[str, str]:
    return {name: html_entities.unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
