"""Pieces of Markdown to clean HTML: alone from each other, quickly, and never more than the allow-list.

Plain text is known without conversion. The rest is converted piece by piece, so that no piece can
change its neighbour, and everything goes through the cleaner in batches. Only screened pieces come
here; what slips through is escaped text, never markup. Both libraries are imported when something is
rendered: a site that only shows its pages holds neither.
"""

from __future__ import annotations

import html as html_entities
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import Element, SubElement

from lms.content.pieces import Piece, parts
from lms.content.plain import CITATION, is_plain
from lms.content.problems import Problem, error
from lms.content.viewers import as_viewers_read

if TYPE_CHECKING:
    from bleach.sanitizer import Cleaner

ALLOWED_TAGS = frozenset({
    "p", "br", "hr", "em", "strong", "code", "pre", "a", "img", "ul", "ol", "li", "blockquote",
    "table", "thead", "tbody", "tr", "th", "td",
})  # fmt: skip
ALLOWED_ATTRIBUTES = {"a": ["href", "title"], "img": ["src", "alt", "title"], "ol": ["start"]}
ALLOWED_SCHEMES = frozenset({"https", "mailto"})

_SEPARATOR = "\ue000"
"""Between the pieces of a batch; the screen refuses it in texts."""
_BATCH_PIECES = 64
_BATCH_CHARACTERS = 16_000

_UNUSED = {
    "preprocessors": ("html_block",),
    "inlinePatterns": ("reference", "image_reference", "short_reference", "short_image_ref", "html"),
}
"""Raw HTML and link definitions are refused; without their readers they could only ever be text."""


class Rendering(NamedTuple):
    html: list[str]
    """In the order of the pieces; '' where a piece failed."""
    problems: list[Problem]


def render(pieces: Sequence[Piece]) -> Rendering:
    """Clean HTML for each piece: paragraphs and lists for a block, without `<p>` for an inline one.

    A plain block is cleaned as text and gets its `<p>` afterwards: a run of plain text is then one thing
    for the cleaner, whose time goes by tags.
    """
    converter = _Converter()
    texts: list[str] = []
    owners: list[int] = []
    wrapped: list[bool] = []
    problems: list[Problem] = []
    failed: set[int] = set()
    for index, piece in enumerate(pieces):
        for part in parts(piece):
            plain = is_plain(part.text)
            try:
                texts.append(part.text if plain else converter.convert(part.text, part.inline))
            except Exception as fault:  # RecursionError too: whatever it is, it is this piece's
                problems.append(_failure(part, fault))
                failed.add(index)
                texts.append("")
            owners.append(index)
            wrapped.append(plain and not part.inline)
    collected: list[list[str]] = [[] for _ in pieces]
    for index, cleaned, wrap in zip(owners, _clean_in_batches(new_cleaner(), texts), wrapped, strict=True):
        collected[index].append(f"<p>{cleaned}</p>" if wrap else cleaned)
    found = ["" if index in failed else "\n".join(each) for index, each in enumerate(collected)]
    return Rendering(found, problems)


def new_cleaner() -> Cleaner:
    """A cleaner with our allow-list. One for each call: it may not be shared between threads."""
    from bleach.sanitizer import Cleaner

    return Cleaner(tags=ALLOWED_TAGS, attributes=ALLOWED_ATTRIBUTES, protocols=ALLOWED_SCHEMES)


def _failure(piece: Piece, fault: Exception) -> Problem:
    message = f"This text could not be read ({type(fault).__name__}): write it more simply."
    return error(piece.file, piece.line, piece.column, "piece-failed", message)


class _Converter:
    """One Markdown reader, used again and again; no state passes from piece to piece."""

    def __init__(self) -> None:
        from markdown import Markdown
        from markdown.extensions.sane_lists import SaneListExtension
        from markdown.extensions.tables import TableExtension

        self.markdown = Markdown(extensions=[TableExtension(), SaneListExtension()], output_format="html")
        for registry, names in _UNUSED.items():
            for name in names:
                getattr(self.markdown, registry).deregister(name)
        self.markdown.parser.blockprocessors.deregister("reference")

    def convert(self, text: str, inline: bool) -> str:
        markdown = self.markdown.reset()
        if inline:
            return self._inline(text)
        return markdown.convert(as_viewers_read(text))

    def _inline(self, text: str) -> str:
        """Without the block reader: the choice `1. Tell her` is no list, `# of students` no heading."""
        markdown = self.markdown
        root = Element("div")
        paragraph = SubElement(root, "p")
        lines = markdown.preprocessors["normalize_whitespace"].run(text.strip().split("\n"))
        paragraph.text = "\n".join(lines).strip()
        if not paragraph.text:
            return ""
        for tree_processor in markdown.treeprocessors:
            tree_processor.run(root)
        out = markdown.serializer(root)
        out = out[out.index("<p>") + 3 : out.rindex("</p>")]
        for postprocessor in markdown.postprocessors:
            out = postprocessor.run(out)
        return out


def _clean_in_batches(cleaner: Cleaner, texts: Sequence[str]) -> list[str]:
    """Batches are bounded by length too: the cleaner grows with the square of some patterns."""
    cleaned: list[str] = []
    batch: list[str] = []
    characters = 0
    for text in texts:
        if batch and (len(batch) == _BATCH_PIECES or characters + len(text) > _BATCH_CHARACTERS):
            cleaned += _clean_batch(cleaner, batch)
            batch, characters = [], 0
        batch.append(text)
        characters += len(text)
    return cleaned + _clean_batch(cleaner, batch)


def _clean_batch(cleaner: Cleaner, batch: list[str]) -> list[str]:
    together = cleaner.clean(_SEPARATOR.join(batch)).split(_SEPARATOR) if batch else []
    if len(together) == len(batch):
        return together
    return [cleaner.clean(text) for text in batch]


_TAG = re.compile(r"<[^>]*>")
_NOTE_REFERENCE = re.compile(r'<a class="fn-ref"[^>]*>[^<]*</a>|<span class="fn-gap"[^>]*>[^<]*</span>')
_BETWEEN_BLOCKS = re.compile(r"</(?:p|li|td|th|tr|blockquote|figcaption)>|<br>|<hr>|<img [^>]*>")
_CITATION = re.compile(r"\s*" + CITATION)
_WORD = re.compile(r"\w\S*")


def plain_text(html: str) -> str:
    """The words of clean HTML on one line, without sources: for titles, labels and counting."""
    if "<" in html:
        html = _NOTE_REFERENCE.sub("", html)
        html = _TAG.sub("", _BETWEEN_BLOCKS.sub(" ", html))
    if "[@" in html:
        html = _CITATION.sub("", html)
    if "&" in html:
        html = html_entities.unescape(html)
    return " ".join(html.split())


def count_words(html: str) -> int:
    """Words of clean HTML; a dash or a sign alone is none."""
    return len(_WORD.findall(plain_text(html)))
