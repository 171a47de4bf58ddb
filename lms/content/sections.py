"""Lines of a file -> tree of sections. One pass, no Markdown: every piece keeps its line and column."""

from __future__ import annotations

import re

from lms.content.items import holds_answers, list_end, read_items
from lms.content.labels import read_bold_line, read_table
from lms.content.languages import Language
from lms.content.problems import Problem
from lms.content.quotations import read_quotation
from lms.content.script import Script, begins_list, is_code_line
from lms.content.settings import Tag
from lms.content.tables import check_prose_table, is_rule_row, table_end
from lms.content.tags import looks_like_tag
from lms.content.tree import Break, Lone, Page, Run, Section

_HEADING = re.compile(r" {0,3}(#{1,6})(?!#)(.*)")
_BREAK = re.compile(r" {0,3}([-*_])(?:[ ]*\1){2,}[ ]*")
_LONE = re.compile(
    r"(?:[^\[\]`!:]{1,80}:\s|[^\[\]`!:]{1,12}\s)?"
    r"\[(?:[^\[\]\\]|\\.)+\]\((?:[^()\s\\]|\\.|\([^()\s]*\))+(?:\s\"[^\"]*\")?\)\.?"
)
_LONE_LENGTH = 500
_BOLD_LINE = re.compile(r" {0,3}\*\*[^*]+\*\*[ ]*")
UNDERLINE = "Leave an empty line above ---; as it stands, it turns the line above into a heading."
ONE_TAG = "A heading has one tag: put settings after commas."


def read_page(page: Page, language: Language, problems: list[Problem]) -> None:
    """Fills the page with what stands below its header."""
    _Reader(page, language, problems).run()


class _Reader(Script):
    def __init__(self, page: Page, language: Language, problems: list[Problem]) -> None:
        super().__init__(page, language, problems)
        self.level = 0
        self.awaits_tag: Section | None = None
        self.paragraphs_apart = page.kind in ("sources", "local")

    def run(self) -> None:
        i = self.page.header.body
        while i < len(self.lines):
            i = max(self._read(i), i + 1)
        self.flush()
        if self.page.title is None and self.page.header.usable:
            line = min(self.page.header.body + 1, len(self.lines))
            self.error(line, 1, "title-missing", "Give the page a # title.")

    def _read(self, i: int) -> int:
        """Reads the block that begins on line i, and says which line comes next."""
        line = self.lines[i]
        words = line.lstrip(" ")
        if not words:
            return i + 1
        indent = len(line) - len(words)
        first = words[0]
        if self.awaits_tag is not None:
            section, self.awaits_tag = self.awaits_tag, None
            if first == "`" and is_code_line(words):
                return self._heading_tag(section, i, indent, words)
        if indent > 3:
            return self._paragraph(i)
        if first == "#" and (found := _HEADING.fullmatch(line)):
            self._heading(i, indent, found)
            return i + 1
        if first == ">":
            return read_quotation(self, i)
        if first in "-*_" and _BREAK.fullmatch(line):
            self._break(i)
            return i + 1
        if first == "|":
            return self._table(i)
        if first in "-+*0123456789" and begins_list(line):
            return self._list(i)
        if words.startswith("**") and (following := read_bold_line(self, i)):
            return following
        return self._paragraph(i)

    # Headings --------------------------------------------------------------------------------

    def _heading(self, i: int, indent: int, found: re.Match[str]) -> None:
        self.flush()
        level, rest = len(found[1]), found[2]
        column = indent + level + 1
        words = _without_closing(rest.strip(" "))
        if rest and rest[0] != " ":
            self.error(i + 1, column, "heading-space", "Put a space after the # signs.")
        elif not words:
            self.error(i + 1, column, "heading-space", "Put a space and a title after the # signs.")
        if level == 1 and self.page.title is not None:
            self.error(i + 1, indent + 1, "title-twice", "A file has one # title.")
            level = 2
        level = self._checked_level(i, indent, level)
        column += len(rest) - len(rest.lstrip(" "))
        tag = None
        if "`" in words:
            words, tag = self._code_in_heading(i, column, words)
        section = Section(level, i + 1, self.page.text(i + 1, column, words, inline=True), tag)
        if level == 1:
            self.page.title = section.title
            self.open.clear()
            self.siblings = self.page.children
            return
        while self.open and self.open[-1].level >= level:
            self.open.pop()
        (self.open[-1].children if self.open else self.page.children).append(section)
        self.open.append(section)
        self.siblings = section.children
        self.page.headings.append(section)
        self.awaits_tag = section

    def _checked_level(self, i: int, indent: int, level: int) -> int:
        if level > 4:
            message = "Headings end at ####: give this one fewer #."
            self.error(i + 1, indent + 1, "heading-skip", message)
            level = 4
        elif self.level and level > self.level + 1:
            should = "#" * (self.level + 1)
            message = f"This heading skips a level ({self.level} to {level}): write {should}."
            self.error(i + 1, indent + 1, "heading-skip", message)
        self.level = level
        return level

    def _code_in_heading(self, i: int, column: int, words: str) -> tuple[str, Tag | None]:
        """Reports code in a heading; gives the words without it, and the tag at their end, if any."""
        if words.endswith("`") and words.count("`") > 1:
            at = words.rindex("`", 0, len(words) - 1)
            message = "Move the tag to a line of its own under the heading."
            self.error(i + 1, column + at, "tag-loose", message)
            tag = self.tag(words[at + 1 : -1], i + 1, column + at + 1, "heading", quiet=True)
            return words[:at].rstrip(" "), tag
        message = "A heading has no code of its own; only a tag below it."
        self.error(i + 1, column + words.index("`"), "tag-loose", message)
        return words.replace("`", ""), None

    def _heading_tag(self, section: Section, i: int, indent: int, words: str) -> int:
        """The line of code right below a heading, and whether a second one follows it."""
        words = words.rstrip(" ")
        if section.tag is not None:
            self.error(i + 1, indent + 1, "tag-loose", ONE_TAG)
            return i + 1
        section.tag = self.tag(words[1:-1], i + 1, indent + 2, "heading", section.title.piece.text)
        after = self.next_words(i + 1)
        if after is None or not is_code_line(self.lines[after]):
            return i + 1
        self.error(after + 1, self.lines[after].index("`") + 1, "tag-loose", ONE_TAG)
        return after + 1

    def _break(self, i: int) -> None:
        self.flush()
        if self.page.kind in ("lesson", "quiz") and self.lines[i].strip(" ") == "---":
            self.open.clear()
            self.siblings = self.page.children
        self.siblings.append(Break(i + 1))

    # Paragraphs, lists, tables ---------------------------------------------------------------

    def _paragraph(self, i: int) -> int:
        """Plain lines, up to an empty one or the start of something else."""
        lines = self.lines
        if is_rule_row(lines, i):
            return self._table(i)
        end = self.paragraph_end(i)
        for at in range(i, end):
            if "`" in lines[at] and is_code_line(lines[at]):
                self._stray_tag(at)
            elif at > i and lines[at].rstrip(" ") == "---":
                self.error(at + 1, 1, "heading-underline", UNDERLINE)
                self.prose(i, at)
                return at
        if self.paragraphs_apart:
            inline = self.page.kind == "local"
            words = "\n".join(line.strip(" ") if inline else line for line in lines[i:end])
            self.add(Run(self.page.text(i + 1, 1, words, inline=inline)))
        elif lines[end - 1].rstrip(" ").endswith((")", ").")) and self._is_lone_link(i, end):
            self.add(Lone(self.page.text(i + 1, 1, "\n".join(lines[i:end]).strip(" "))))
        else:
            self.prose(i, end)
        return end

    def _is_lone_link(self, start: int, end: int) -> bool:
        """Whether a paragraph, empty lines around it, is one link."""
        lines = self.lines
        if (start and lines[start - 1].strip(" ")) or (end < len(lines) and lines[end].strip(" ")):
            return False
        words = "\n".join(lines[start:end]).strip(" ")
        return len(words) < _LONE_LENGTH and _LONE.fullmatch(words) is not None

    def _stray_tag(self, i: int) -> None:
        """A line of code that is a tag, but not in a tag's place."""
        code = self.lines[i].strip(" ")[1:-1]
        if not looks_like_tag(code):
            return
        column = self.lines[i].index("`") + 1
        if i and _BOLD_LINE.fullmatch(self.lines[i - 1]):
            self.error(i + 1, column, "tag-loose", "Put the tag at the end of the label's line.")
            return
        if not self.open:
            return
        section = self.open[-1]
        if section.tag is not None:
            self.error(i + 1, column, "tag-loose", ONE_TAG)
            return
        self.error(i + 1, column, "tag-loose", "Text stands between the heading and its tag.")
        section.tag = self.tag(code, i + 1, column + 1, "heading", quiet=True)

    def _list(self, i: int) -> int:
        around, section = self.around, self.tagged
        in_group = section is not None and self.open[-1].level > section.level
        if (around.kind in ("sort", "match") and in_group) or holds_answers(self.lines, i):
            items, end = read_items(around, i)
            self.add(items)
            return end
        end = list_end(self.lines, i)
        self.prose(i, end)
        return end

    def _table(self, i: int) -> int:
        lines = self.lines
        end = table_end(lines, i)
        if not is_rule_row(lines, i):
            column = len(lines[i]) - len(lines[i].lstrip(" ")) + 1
            self.error(i + 1, column, "table-head", "A table needs a head row and a row of dashes.")
            self.prose(i, end)
            return end
        heads = [cell.strip(" ") for cell in lines[i].strip(" ").strip("|").split("|")]
        if self.around.kind in ("reflection", "rubric") and tuple(heads[-3:]) == self.language.levels:
            self.flush()
            self.siblings.append(read_table(self, i, end))
        elif any(head.endswith("`") and looks_like_tag(head.split("`")[-2]) for head in heads):
            self.flush()
            self.error(i + 1, 1, "table-label", "A table to fill in needs a label above it.")
        else:
            check_prose_table(lines, i, end, self.file, self.problems)
            self.prose(i, end)
        return end


def _without_closing(words: str) -> str:
    """A heading may end in # signs after a space, which viewers do not show."""
    bare = words.rstrip("#")
    return bare.rstrip(" ") if bare != words and bare[-1:] in ("", " ") else words
