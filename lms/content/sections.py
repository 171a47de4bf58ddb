"""Lines of a file -> tree of sections. One pass, no Markdown: every piece keeps its line and column."""

from __future__ import annotations

import re

from lms.content.items import Around, holds_answers, list_end, read_items
from lms.content.languages import Language
from lms.content.problems import Problem, did_you_mean, error, warning
from lms.content.tables import check_prose_table, is_rule_row, read_cells, table_end
from lms.content.tags import KEYLESS, OPTION_KINDS, Place, Tag, like_a_kind, looks_like_tag, read_tag
from lms.content.tree import (
    Boxed,
    Break,
    Cells,
    Child,
    FieldLine,
    Items,
    Lone,
    Page,
    Quote,
    Run,
    Section,
    Speech,
)

_HEADING = re.compile(r" {0,3}(#{1,6})(?!#)(.*)")
_CLOSING = re.compile(r"(?:^|[ ]+)#+[ ]*$")
_BREAK = re.compile(r" {0,3}([-*_])(?:[ ]*\1){2,}[ ]*")
_QUOTE = re.compile(r" {0,3}>")
_MARKER = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ ]|$)")
_BOX_IN_ANY_FORM = re.compile(r" {0,3}[-*+] ?\[.?\](?!\()")
_FIELD = re.compile(r" {0,3}\*\*(.+?)\*\*[ ]*`([^`]*)`[ ]*")
_FIELD_WITH_MORE = re.compile(r" {0,3}\*\*(?:.+?)\*\*[ ]*`([^`]*#[^`]*)`[ ]*\S")
_SPEAKER = re.compile(r" {0,3}\*\*([^*:]+):\*\*(?=[ ]|$)[ ]*")
_LONE = re.compile(
    r"(?:[^\[\]`!:]{1,80}:\s|[^\[\]`!:]{1,12}\s)?"
    r"\[(?:[^\[\]\\]|\\.)+\]\((?:[^()\s\\]|\\.|\([^()\s]*\))+(?:\s\"[^\"]*\")?\)\.?"
)
_LABEL = re.compile(r"\*\*(.+?)\*\*(.*)")


def read_page(page: Page, language: Language, problems: list[Problem]) -> None:
    """Fills the page with what stands below its header."""
    _Reader(page, language, problems).run()


class _Reader:
    def __init__(self, page: Page, language: Language, problems: list[Problem]) -> None:
        self.page = page
        self.file = page.file
        self.lines = page.lines
        self.language = language
        self.problems = problems
        self.open: list[Section] = []
        self.siblings: list[Child] = page.children
        self.level = 0
        self.run_from = -1
        self.run_to = -1
        self.awaits_tag: Section | None = None
        self.paragraphs_apart = page.kind in ("sources", "local")

    def run(self) -> None:
        i = self.page.header.body
        while i < len(self.lines):
            i = max(self._read(i), i + 1)
        self._flush()
        if self.page.title is None and self.page.header.usable:
            line = min(self.page.header.body + 1, len(self.lines))
            self._error(line, 1, "title-missing", "Give the page a # title.")

    def _error(self, line: int, column: int, code: str, message: str) -> None:
        self.problems.append(error(self.file, line, column, code, message))

    # One block -------------------------------------------------------------------------------

    def _read(self, i: int) -> int:
        """Reads the block that begins on line i, and says which line comes next."""
        line = self.lines[i]
        words = line.lstrip(" ")
        if not words:
            if self.paragraphs_apart:
                self._flush()
            return i + 1
        indent = len(line) - len(words)
        first = words[0]
        if self.awaits_tag is not None:
            section, self.awaits_tag = self.awaits_tag, None
            if first == "`" and _is_code_line(words):
                self._heading_tag(section, i, indent, words)
                return i + 1
        if indent > 3:
            return self._paragraph(i)
        if first == "#" and (found := _HEADING.fullmatch(line)):
            self._heading(i, indent, found)
            return i + 1
        if first == ">":
            return self._quote(i)
        if first in "-*_" and _BREAK.fullmatch(line):
            self._break(i)
            return i + 1
        if first == "|":
            return self._table(i)
        if first in "-+*0123456789" and (_MARKER.match(line) or _BOX_IN_ANY_FORM.match(line)):
            return self._list(i)
        if line.startswith("**", indent) and (following := self._bold(i, line)):
            return following
        return self._paragraph(i)

    def _flush(self) -> None:
        """Ends the run of prose."""
        if self.run_from < 0:
            return
        start, end = self.run_from, self.run_to
        self.run_from = -1
        text = self.page.text(start + 1, 1, "\n".join(self.lines[start:end]))
        self.siblings.append(Run(text))

    def _prose(self, start: int, end: int) -> None:
        """Lines of prose: with those before them, unless something stands between."""
        if self.run_from < 0:
            self.run_from = start
        self.run_to = end

    # Headings and tags -----------------------------------------------------------------------

    def _heading(self, i: int, indent: int, found: re.Match[str]) -> None:
        self._flush()
        level, rest = len(found[1]), found[2]
        column = indent + level + 1
        words = _CLOSING.sub("", rest).strip()
        if rest and rest[0] != " ":
            self._error(i + 1, column, "heading-space", "Put a space after the # signs.")
        elif not words:
            self._error(i + 1, column, "heading-space", "Put a space and a title after the # signs.")
        if level > 4:
            self._error(i + 1, 1, "heading-skip", "Headings end at ####; give this one a level less.")
            level = 4
        elif self.level and level > self.level + 1:
            should = "#" * (self.level + 1)
            self._error(
                i + 1, 1, "heading-skip", f"This heading skips a level ({self.level} to {level}): write {should}."
            )
        self.level = level
        column += len(rest) - len(rest.lstrip(" "))
        tag = None
        if "`" in words and words.endswith("`"):
            at = words.rindex("`", 0, len(words) - 1) if words.count("`") > 1 else len(words) - 1
            code = words[at + 1 : -1]
            self._error(i + 1, column + at, "tag-loose", "Move the tag to a line of its own under the heading.")
            tag = self._tag(code, i + 1, column + at + 1, "heading", quiet=True)
            words = words[:at].rstrip()
        elif "`" in words:
            at = words.index("`")
            self._error(i + 1, column + at, "tag-loose", "A heading has no code of its own; only a tag below it.")
            words = words.replace("`", "")
        title = self.page.text(i + 1, column, words, inline=True)
        if level == 1:
            if self.page.title is not None:
                self._error(i + 1, 1, "title-twice", "A file has one # title.")
            else:
                self.page.title = title
            self.open.clear()
            self.siblings = self.page.children
            return
        section = Section(level, i + 1, title, tag)
        while self.open and self.open[-1].level >= level:
            self.open.pop()
        (self.open[-1].children if self.open else self.page.children).append(section)
        self.open.append(section)
        self.siblings = section.children
        self.page.headings.append(section)
        self.awaits_tag = section

    def _heading_tag(self, section: Section, i: int, indent: int, words: str) -> None:
        words = words.rstrip()
        if section.tag is not None:
            return self._error(i + 1, indent + 1, "tag-loose", "A heading has one tag: put settings after commas.")
        section.tag = self._tag(words[1:-1], i + 1, indent + 2, "heading", section.title.piece.text)
        after = self._next_words(i + 1)
        if after is not None and _is_code_line(self.lines[after].lstrip(" ")):
            at = len(self.lines[after]) - len(self.lines[after].lstrip(" ")) + 1
            self._error(after + 1, at, "tag-loose", "A heading has one tag: put settings after commas.")
            self.lines[after] = ""
        return None

    def _tag(
        self, code: str, line: int, column: int, place: str, words: str = "", quiet: bool = False
    ) -> Tag:
        """Reads a tag. `quiet`: its place was wrong already, so nothing more is said about it."""
        found: list[Problem] = []
        tag = read_tag(code, self.file, line, column, _PLACES[place], self.page.kind, found)
        if not quiet:
            self.problems += found
            if tag.kind and not tag.key and tag.kind not in KEYLESS:
                self._error(
                    line, column, "key-missing", f"Give this {tag.kind} a key, or let 'lms courses keys' write one."
                )
                self.page.keyless.append((tag, words))
        return tag

    def _next_words(self, i: int) -> int | None:
        while i < len(self.lines):
            if self.lines[i].strip(" "):
                return i
            i += 1
        return None

    @property
    def around(self) -> Section | None:
        """The nearest tagged section that is open here."""
        return next((section for section in reversed(self.open) if section.tag is not None), None)

    def _break(self, i: int) -> None:
        self._flush()
        if self.page.kind in ("lesson", "quiz") and self.lines[i].strip() == "---":
            self.open.clear()
            self.siblings = self.page.children
        self.siblings.append(Break(i + 1))

    # Paragraphs, fields, dialogue ------------------------------------------------------------

    def _paragraph(self, i: int) -> int:
        """Plain lines, up to an empty one or the start of something else."""
        lines = self.lines
        end = i + 1
        while end < len(lines) and not self._interrupts(end):
            end += 1
        if end == i + 1 and is_rule_row(lines, i):
            return self._table(i)
        for at in range(i, end):
            self._stray_tag(at)
        last = lines[end - 1].rstrip(" ")
        if self.paragraphs_apart:
            self._flush()
            inline = self.page.kind == "local"
            words = "\n".join(line.strip(" ") if inline else line for line in lines[i:end])
            self.siblings.append(Run(self.page.text(i + 1, 1, words, inline=inline)))
        elif last.endswith((")", ").")) and self._stands_alone(i, end):
            words = "\n".join(lines[i:end]).strip(" ")
            if len(words) < 500 and _LONE.fullmatch(words):
                self._flush()
                self.siblings.append(Lone(self.page.text(i + 1, 1, words)))
                return end
            self._prose(i, end)
        else:
            self._prose(i, end)
        return end

    def _interrupts(self, i: int) -> bool:
        line = self.lines[i]
        words = line.lstrip(" ")
        if not words:
            return True
        first = words[0]
        if first in "#>":
            return len(line) - len(words) < 4
        if first == "|":
            return True
        if first == "*" and words.startswith("**"):
            return _FIELD.fullmatch(line) is not None
        if first in "-+*":
            return _MARKER.match(line) is not None or _BOX_IN_ANY_FORM.match(line) is not None
        if first == "1":
            return _MARKER.match(line) is not None
        return is_rule_row(self.lines, i)

    def _stands_alone(self, start: int, end: int) -> bool:
        return (start == 0 or not self.lines[start - 1].strip(" ") or self.run_to != start) and (
            end >= len(self.lines) or not self.lines[end].strip(" ")
        )

    def _stray_tag(self, i: int) -> None:
        """A line of code alone that is a tag, but not in a tag's place."""
        words = self.lines[i].strip(" ")
        if not words.startswith("`") or not _is_code_line(words) or not self.open:
            return
        code = words[1:-1]
        if not looks_like_tag(code):
            return
        section = self.open[-1]
        column = self.lines[i].index("`") + 1
        if section.tag is not None:
            self._error(i + 1, column, "tag-loose", "A heading has one tag: put settings after commas.")
            return
        self._error(i + 1, column, "tag-loose", "Text stands between the heading and its tag.")
        section.tag = self._tag(code, i + 1, column + 1, "heading", quiet=True)

    def _bold(self, i: int, line: str) -> int:
        """A field or a dialogue that begins here; 0 if it is ordinary text."""
        if (found := _FIELD.fullmatch(line)) and like_a_kind(found[2]):
            return self._field(i, found)
        if (found := _FIELD_WITH_MORE.match(line)) and looks_like_tag(found[1]):
            self._error(i + 1, found.start(1), "tag-loose", "End the line after the tag; help goes on the next line.")
            return i + 1
        if _SPEAKER.match(line):
            return self._dialogue(i)
        return 0

    def _field(self, i: int, found: re.Match[str]) -> int:
        self._flush()
        column = found.start(1) + 1
        label = self.page.text(i + 1, column, found[1].strip(" "), inline=True)
        tag = self._tag(found[2], i + 1, found.start(2) + 1, "label", found[1])
        line = FieldLine(i + 1, found.start(1) - 1, label, tag)
        end = i + 1
        while end < len(self.lines) and not self._interrupts(end):
            end += 1
        if end > i + 1:
            words = "\n".join(self.lines[i + 1 : end])
            line.help = self.page.text(i + 2, 1, words)
        following = self._next_words(end)
        if following is not None and (tag.kind in OPTION_KINDS or not tag.kind) and not tag.options:
            if _MARKER.match(self.lines[following]) or _BOX_IN_ANY_FORM.match(self.lines[following]):
                line.items, end = read_items(self._around(), following)
        elif following is not None and tag.kind == "table" and self.lines[following].lstrip(" ").startswith("|"):
            end = table_end(self.lines, following)
            line.table = self._cells(following, end)
        self.siblings.append(line)
        return end

    def _dialogue(self, i: int) -> int:
        """Two paragraphs or more that each begin with a name; 0 if it is only one."""
        spoken: list[tuple[int, int, re.Match[str]]] = []
        at: int | None = i
        while at is not None and (found := _SPEAKER.match(self.lines[at])):
            end = at + 1
            while end < len(self.lines) and not self._interrupts(end):
                end += 1
            spoken.append((at, end, found))
            blank = end < len(self.lines) and not self.lines[end].strip(" ")
            at = self._next_words(end) if blank else None
        if len(spoken) < 2:
            return 0
        self._flush()
        lines = []
        for start, end, found in spoken:
            words = "\n".join([self.lines[start][found.end() :], *self.lines[start + 1 : end]])
            lines.append((found[1].strip(), self.page.text(start + 1, found.end() + 1, words, rest=1)))
        self.siblings.append(Speech(lines))
        return spoken[-1][1]

    # Lists and tables ------------------------------------------------------------------------

    def _around(self) -> Around:
        section = self.around
        return Around(self.page, self.problems, section.tag.kind if section and section.tag else "")

    def _list(self, i: int) -> int:
        around = self._around()
        section = self.around
        in_group = bool(
            around.kind in ("sort", "match") and section and self.open and self.open[-1].level > section.level
        )
        if in_group or holds_answers(self.lines, i):
            self._flush()
            items, end = read_items(around, i)
            self.siblings.append(items)
            return end
        end = list_end(self.lines, i)
        self._prose(i, end)
        return end

    def _table(self, i: int) -> int:
        end = table_end(self.lines, i)
        if not is_rule_row(self.lines, i):
            if self.lines[i].lstrip(" ").startswith("|"):
                message = "A table needs a head row and a row of dashes."
                self._error(i + 1, len(self.lines[i]) - len(self.lines[i].lstrip(" ")) + 1, "table-head", message)
            self._prose(i, end)
            return end
        around = self.around
        kind = around.tag.kind if around and around.tag else ""
        heads = [cell.strip() for cell in self.lines[i].strip(" ").strip("|").split("|")]
        if kind in ("reflection", "rubric") and tuple(heads[-3:]) == self.language.levels:
            self._flush()
            self.siblings.append(self._cells(i, end))
        elif any(head.endswith("`") and looks_like_tag(head.split("`")[-2]) for head in heads):
            self._flush()
            self._error(i + 1, 1, "table-label", "A table to fill in needs a label above it.")
        else:
            check_prose_table(self.lines, i, end, self.file, self.problems)
            self._prose(i, end)
        return end

    def _cells(self, start: int, end: int) -> Cells:
        def tag(code: str, line: int, column: int, words: str) -> Tag:
            if code == "needs strong":
                return Tag("needs strong", line, column, needs_strong=True)
            return self._tag(code, line, column, "cell", words)

        return read_cells(self.page, start, end, self.problems, tag)

    # Quotations and boxes --------------------------------------------------------------------

    def _quote(self, i: int) -> int:
        lines = self.lines
        end = i
        while end < len(lines) and _QUOTE.match(lines[end]):
            end += 1
        if i > 0 and self._after_item(i):
            self._error(
                i + 1, lines[i].index(">") + 1, "feedback-indent",
                "This feedback belongs to no choice: indent it by four spaces.",
            )  # fmt: skip
            return end
        self._flush()
        if end < len(lines) and not self._interrupts(end):
            message = "Start every line of a quotation with >, or leave an empty line below it."
            self._error(end + 1, 1, "feedback-lazy", message)
            while end < len(lines) and lines[end].strip(" "):
                end += 1
        column = lines[i].index(">") + 1
        body = [_unquoted(line) for line in lines[i:end]]
        start = column + (2 if lines[i][column : column + 1] == " " else 1)
        self._boxed_or_quoted(i, start, body)
        return end

    def _after_item(self, i: int) -> bool:
        """Whether a list with answers stands right above, without an empty line."""
        last = self.siblings[-1] if self.siblings else None
        if isinstance(last, FieldLine):
            last = last.items
        return isinstance(last, Items) and bool(self.lines[i - 1].strip(" ")) and self.run_from < 0

    def _boxed_or_quoted(self, i: int, column: int, body: list[str]) -> None:
        first = body[0]
        lead = len(first) - len(first.lstrip(" "))
        words = first[lead:]
        found = _LABEL.match(words)
        at = column + lead
        if found is None:
            if bare := self.language.bare_label.match(words):
                label = bare["label"]
                message = f"Write **{label}.** with the full stop inside the bold."
                self._error(i + 1, at, "box-label", message)
                return
            if self.siblings and isinstance(self.siblings[-1], Boxed):
                message = "This quotation comes right after a box: if it belongs to it, put > on the empty line."
                self.problems.append(warning(self.file, i + 1, 1, "box-split", message))
            self.siblings.append(Quote(self.page.text(i + 1, column, "\n".join(body), rest=column)))
            return
        bold, rest = found[1], found[2]
        label, colon, title = bold.partition(":")
        boxes = self.language.boxes
        plain = label.strip().rstrip(".?!")
        if plain not in boxes:
            hint = did_you_mean(plain, boxes)
            message = f"'{plain}' is not a box; a quotation begins with another word.{hint}"
            self._error(i + 1, at, "box-label", message)
            return
        stop = bold[-1] in ".?!" and (not colon or title.strip(" .") != "")
        if not stop or label != label.strip() or (colon and not title.startswith(" ")):
            self._error(i + 1, at, "box-label", f"Write **{plain}.** with the full stop inside the bold.")
            return
        heading = None
        if colon:
            own = title.strip()
            own = own[:-1] if own.endswith(".") else own
            heading = self.page.text(i + 1, at + 3 + len(label) + len(title) - len(title.lstrip()), own, inline=True)
        text = rest.lstrip(" ")
        start = at + found.start(2) + len(rest) - len(text)
        body_text = "\n".join([text, *body[1:]])
        self.siblings.append(
            Boxed(boxes[plain], plain, heading, self.page.text(i + 1, start, body_text, rest=column), i + 1)
        )


_PLACES: dict[str, Place] = {"heading": "heading", "label": "label", "cell": "cell"}


def _is_code_line(words: str) -> bool:
    words = words.rstrip(" ")
    return len(words) > 2 and words[0] == words[-1] == "`" and words.count("`") == 2


def _unquoted(line: str) -> str:
    """Without its `>` and the space after it."""
    at = line.index(">") + 1
    return line[at + 1 :] if line[at : at + 1] == " " else line[at:]
