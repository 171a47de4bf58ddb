"""Links, sources, local facts, tables and pictures, put into HTML that is already clean.

Works on the text between tags only, and never inside `<code>`. What is put in has itself been cleaned,
or is escaped here. Positions are those of the piece that the HTML came from.
"""

from __future__ import annotations

import html as html_entities
import re

from lms.content.links import attributes_of, resolve
from lms.content.nodes import SafeHtml
from lms.content.page import PageLinks
from lms.content.pieces import Piece, place
from lms.content.plain import CITATION
from lms.content.problems import error
from lms.content.render import plain_text

_SOMETHING_TO_DO = re.compile(r"<(?:a |a>|table|img|pre)|\[@|\{\{").search
_TAG = re.compile(r"(<[^>]*>)")
_MARKER = re.compile(r"\s*+(" + CITATION + r")|\{\{([^{}]*)\}\}|(\[@)|(\{\{)")
_CITED = re.compile(r"@([A-Za-z0-9][A-Za-z0-9-]*)(?:, ([^;\]]*))?")
_SECURE = re.compile(r"https://[^\W_][\w.-]*(?::\d{1,5})?(?:[/?#][^\s\\]*)?\Z", re.IGNORECASE)
_HOST = re.compile(r"(?:www\.|[\w-]+(?:\.[\w-]+)*\.(?:com|edu|gov|net|org|us)(?:[/?#]|\Z))", re.IGNORECASE)
_REFUSED = re.compile(r"\]\(<?(?!https:|mailto:)[A-Za-z][A-Za-z0-9+.-]*:", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^\s@/\\]+@[^\s@/\\]+\Z", re.IGNORECASE)


def finish(html: str, piece: Piece, page: PageLinks, cites: bool = True) -> SafeHtml:
    """The piece's HTML as the page shows it. Numbers of sources follow the order of the calls.

    `cites=False`: headings and labels, where a source has no place. Problems go to `page.problems`.
    """
    if _SOMETHING_TO_DO(html) is None:
        return SafeHtml(html)
    return SafeHtml(_Finisher(html, piece, page, cites).run())


class _Finisher:
    def __init__(self, html: str, piece: Piece, page: PageLinks, cites: bool) -> None:
        self.tokens = _TAG.split(html)
        self.piece = piece
        self.page = page
        self.cites = cites
        self.out: list[str] = []
        self.code = 0
        self.links = 0
        self.searched: dict[str, int] = {}
        self.refused = 0

    def run(self) -> str:
        tokens = self.tokens
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if index % 2 == 0:
                self.out.append(self._text(token) if token and not self.code else token)
            elif self._lone_picture(index):
                self._figure(tokens[index + 2])
                index += 4
            else:
                self.out.append(self._tag(token, index))
            index += 1
        return "".join(self.out)

    def _problem(self, needle: str, code: str, message: str) -> None:
        """At the place of `needle` in the author's text, looking on from the last one found."""
        offset = self.piece.text.find(needle, self.searched.get(needle, 0))
        if offset < 0:
            offset = max(self.piece.text.find(needle), 0)
        else:
            self.searched[needle] = offset + 1
        line, column = place(self.piece, offset + 2 if needle.startswith("](") and offset else offset)
        self.page.problems.append(error(self.piece.file, line, column, code, message))

    # Text ------------------------------------------------------------------------------------

    def _text(self, text: str) -> str:
        if "[@" in text or "{{" in text:
            return _MARKER.sub(self._marker, text)
        return text

    def _marker(self, match: re.Match[str]) -> str:
        if match[1]:
            return self._citation(match[1])
        if match[2] is not None:
            return self._insert(match[2])
        if match[3]:
            near = match.string[match.start() : match.start() + 8]
            self._problem(near, "cite-form", "Write a source as [@KEY], or [@KEY, p. 3].")
        else:
            self._problem("{{", "insert-unknown", "Write a local fact as {{key}}.")
        return match[0]

    def _citation(self, written: str) -> str:
        if not self.cites:
            self._problem(written, "cite-form", "Sources are cited in the text, not in a heading or a label.")
            return ""
        if self.links:
            self._problem(written, "cite-form", "Cite the source after the link, not inside it.")
            return ""
        references = []
        for key, place_cited in _CITED.findall(written):
            if key in self.page.sources:
                references.append(self.page.cite(key, place_cited.strip()))
            else:
                hint = self.page.suggest(key, self.page.sources)
                self._problem(f"@{key}", "cite-unknown", f"'{key}' is not in sources.md.{hint}")
        return '<span class="fn-gap">,</span>'.join(references)

    def _insert(self, key: str) -> str:
        words = self.page.inserts.get(key)
        if words is None:
            hint = self.page.suggest(key, self.page.inserts)
            self._problem("{{" + key, "insert-unknown", f"'{key}' is not in local.md.{hint}")
            return ""
        self.page.used_inserts.add(key)
        if self.links and "<a" in words:
            message = f"'{key}' holds a link: it cannot stand inside another."
            self._problem("{{" + key, "insert-place", message)
            return ""
        return f'<span data-insert="{key}">{words}</span>'

    # Tags ------------------------------------------------------------------------------------

    def _tag(self, tag: str, index: int) -> str:
        name = tag[1:-1].split(" ", 1)[0]
        if name == "a":
            self.links += 1
            return self._link(tag)
        if name == "/a":
            self.links -= 1
        elif name == "code":
            self.code += 1
        elif name == "/code":
            self.code -= 1
        elif name == "img":
            return self._image(tag)
        elif name == "table":
            return self._table(index)
        elif name == "/table":
            return "</table></div>"
        elif name == "pre":
            self._problem("    ", "fence", "Code blocks are not used in courses; indent less.")
        return tag

    def _link(self, tag: str) -> str:
        attributes = attributes_of(tag)
        written = attributes.get("href", "")
        href = self._address(written)
        title = f' title="{html_entities.escape(attributes["title"])}"' if attributes.get("title") else ""
        return f'<a href="{html_entities.escape(href)}"{title}>' if href else "<a>"

    def _address(self, written: str) -> str:
        """The address on the site, or '' and a problem."""
        if _SECURE.match(written) or _MAIL.match(written):
            return written
        found = resolve(written, self.page.file)
        if found is None:
            message = "Links start with https: or mailto:, or name a file."
            self._problem(f"]({written}" if written else self._refused(), "link-scheme", message)
            return ""
        path, anchor = found
        self.page.asked.add(path)
        target = self.page.targets.get(path)
        if target is None and _HOST.match(written):
            self._problem(f"]({written}", "link-scheme", "Write https:// before this address.")
            return ""
        if target is None:
            hint = self.page.suggest(path, self.page.targets)
            self._problem(f"]({written}", "link-file", f"There is no file '{path}'.{hint}")
            return ""
        if anchor and anchor not in target.anchors:
            known = target.anchors if isinstance(target.anchors, (set, frozenset, list, tuple, dict)) else ()
            hint = self.page.suggest(anchor, known)
            self._problem(f"]({written}", "link-anchor", f"'{path}' has no heading '{anchor}'.{hint}")
            return ""
        own = "" if path == self.page.file and anchor else target.href
        return f"{own}#{anchor}" if anchor else own

    def _refused(self) -> str:
        """The next address with a scheme that cleaning has taken out of its link."""
        match = _REFUSED.search(self.piece.text, self.refused)
        if match is None:
            return "]("
        self.refused = match.end()
        return match[0]

    def _picture(self, tag: str) -> tuple[str, str]:
        """`<img>` of the site and its caption, both '' after a problem."""
        attributes = attributes_of(tag)
        written, words = attributes.get("src", ""), attributes.get("alt", "").strip()
        found = resolve(written, self.page.file)
        if not words:
            self._problem("![", "image-alt", "Say in the brackets what the picture shows.")
        elif found is None or found[1]:
            message = "A picture is a file of the course, beside the page: images/name.svg."
            self._problem("![", "link-scheme", message)
        elif found[0] not in self.page.images:
            hint = self.page.suggest(found[0], self.page.images)
            self._problem(written, "image-missing", f"There is no file '{found[0]}'.{hint}")
        else:
            picture = self.page.images[found[0]]
            size = f' width="{picture.width}" height="{picture.height}"' if picture.width else ""
            src, alt = html_entities.escape(picture.src), html_entities.escape(words)
            image = f'<img src="{src}" alt="{alt}"{size} loading="lazy">'
            return image, attributes.get("title", "")
        return "", ""

    def _image(self, tag: str) -> str:
        image, caption = self._picture(tag)
        if image and caption:
            message = "A picture with a caption stands in a paragraph of its own."
            self._problem("![", "image-place", message)
        return image

    def _lone_picture(self, index: int) -> bool:
        tokens = self.tokens
        return (
            tokens[index] == "<p>"
            and index + 4 < len(tokens)
            and tokens[index + 2].startswith("<img ")
            and tokens[index + 4] == "</p>"
            and not tokens[index + 1].strip()
            and not tokens[index + 3].strip()
        )

    def _figure(self, tag: str) -> None:
        image, caption = self._picture(tag)
        if "[@" in caption or "{{" in caption:
            self._problem("![", "cite-form", "Sources and local facts have no place in a caption.")
        shown = f"<figcaption>{html_entities.escape(caption, quote=False)}</figcaption>" if caption else ""
        self.out.append(f"<figure>{image}{shown}</figure>" if image else "")

    def _table(self, index: int) -> str:
        """The opening of a table; the cells' tags are rewritten in place."""
        tokens = self.tokens
        end = next((i for i in range(index, len(tokens)) if tokens[i] == "</table>"), len(tokens))
        heads: list[str] = []
        column, in_head, start = 0, True, index
        for i in range(index + 2, end, 2):
            tag = tokens[i]
            if tag == "<tr>":
                column = 0
            elif tag == "<tbody>":
                in_head = False
            elif tag in ("<th>", "<td>"):
                start = i
            elif tag in ("</th>", "</td>"):
                words = plain_text("".join(tokens[start + 1 : i]))
                if in_head:
                    heads.append(words)
                tokens[start], tokens[i] = _cell(words, column, in_head, heads)
                column += 1
        label = html_entities.escape(self.page.table_label(heads))
        return (
            f'<div class="table-wrap" role="region" tabindex="0" aria-label="{label}">'
            '<table class="table table-stack">'
        )


def _cell(words: str, column: int, in_head: bool, heads: list[str]) -> tuple[str, str]:
    """Opening and closing tag: heads name columns, the first cell of a row names the row."""
    if in_head:
        return ('<th scope="col">', "</th>") if words else ("<td>", "</td>")
    if column == 0 and words and len(heads) > 1:
        return '<th scope="row">', "</th>"
    head = heads[column] if column < len(heads) else ""
    return (f'<td data-label="{html_entities.escape(head)}">' if head else "<td>"), "</td>"
