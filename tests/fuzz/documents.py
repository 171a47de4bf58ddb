"""Small courses around one page each: the ground that mutations start from."""

from __future__ import annotations

import random
import re
from pathlib import Path

COURSE = Path(__file__).parents[2] / "courses" / "creating-connections"
_SECTION = re.compile(r"^(?=## )", re.MULTILINE)

_USUAL = (
    (re.compile(r"@[A-Z0-9][A-Za-z0-9-]*"), "@LJ-2012"),
    (re.compile(r"\{\{[a-z-]+\}\}"), "{{report-now}}"),
    (re.compile(r"\]\((?!https:|#)[^()\s]*\)"), "](1-page.md)"),
    (re.compile(r"^minutes: .*$", re.MULTILINE), "minutes: 1"),
)
"""What a cut refers to, made to exist in a small course."""

_COURSE = """---
key: small
language: en
license: CC-BY-4.0
audience: [teachers]
topic: Fuzz
objectives: [Name it.]
clock-hours: 1
requires:
  lessons: all
  try-outs: all counted
privacy-line: "No names. {{report-now}}"
release:
  class: minor
  notes: None.
---

# Small
"""
_MODULE = "---\nkey: small-m1\n---\n\n# Module\n"
_LESSON = (
    "---\nkey: s-1\nobjective: Do it.\nminutes: 1\n---\n\n# A lesson\n\n## Late\n\n" + "Words. " * 200 + "\n"
)
_PAPER = "---\nkey: s-t9\nwho: You\nminutes: 60\nform: paper\n---\n\n# Walk\n\nWalk for an hour.\n"
_PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z"/></svg>'
_LOCAL = "# Facts\n\n## report-now\n`insert, checked 2026-11-22`\n\ncall *us*\n"
_SOURCES = (
    "# Sources\n\n## LJ-2012\n`source, argument, checked 2026-11-22`\n\nLi, J. (2012). <https://doi.org/1>\n"
)

_PLACES = {
    "lesson": "1-small/1-page.md",
    "quiz": "1-small/quiz.md",
    "toolkit": "1-small/toolkit/t1-page.md",
    "session": "sessions/1-page.md",
    "capstone": "capstone.md",
    "sources": "sources.md",
    "local": "local.md",
    "course": "course.md",
    "module": "1-small/module.md",
}

_WRITTEN = {
    "lesson": """---
key: s-1
objective: Do it.
minutes: 12
---

# A lesson

> **Scene: The bus.** It is late. [@LJ-2012, p. 3]
>
> - one
>   - two

**Ms. T:** Hello.

**Dayo:** Hi {{report-now}}.

## Two jobs

### For teachers: yours
Words.

### For support staff
Others.

---

## Late
`branching #late, 4 min`

### The door
He stands there.

- [ ] "Sit."
    > He leaves. [He leaves](#he-leaves)
- [x] "Good to see you."
    > He sits. [The door](#the-door)

### He leaves
Gone.

## Sort it
`sort #sort, 3 min`

### Supported
- A *went with* B.
    > Yes.
    >
    > **Overstated?** No.

### Overstated
- A raised B.
    > No.

## Spot
`spot #spot, 2 min`

> He threw it down because he wanted attention.

- [x] because he wanted attention
    > A guess.
- [ ] threw it down
    > Seen.

## Several
`activity #several, 3 min`

### Order
`order #order`

1. One
    > First.
2. Two
    > Then.

### Say it
`rewrite #say`

> Be quiet.

> **One way to say it.** Please.

- [ ] Is it kind?

## Plan
`do #plan, instead of #spot, 2 min`

**Who** `short #who, 1 to 8 words, needed`

| a | b |
| - | - |
| 1 | [x](#late) |

![A ladder](images/x.svg "Cap")
""",
    "quiz": """---
key: s-q
pass: 80
attempts: unlimited
minutes: 5
---

# Quiz

## How many?
`short answer #twenty, 2 points`

How many?

- [x] 20 / twenty
    > Yes.
- [ ] anything else
    > No.

See [Late](1-page.md#late).

## Pool
`pool #pool, draw 1`

### One
`true or false #one`

- [x] True
    > Yes.
- [ ] False
    > No.

See [Late](1-page.md#late).

### Van
`scenario #van`

A van.

#### Two
`choose many #two, part credit`

- [x] A
    > a
- [ ] B
    > b

See [Late](1-page.md#late).

## Me
`reflection #me, 80 to 300 words, 5 min`

Who?

| Not yet | Meets | Strong |
| --- | --- | --- |
| n | m | s |

> **Example.** Mr. K.
""",
    "toolkit": """---
key: s-t1
who: You
minutes: 5
seen-by: reviewer
sittings: [First, Second]
---

# Sheet

**Plan** `table #plan, add rows, up to 9 rows`

| What `short #what, needed` | When `date #when` | Who `choose one #by, me / us` |
| --- | --- | --- |
| | | |

**Often** `table #often`

| # | Action | How `scale #how, rarely / often` |
| --- | --- | --- |
| 1 | Be there | |
| 2 | Listen | |

**All** `total #all, count of #how = rarely / often`

**Kept** `choose one #kept, needed`

- [ ] Keep
- [ ] Erase

---

## Each day
`log #days, 20 entries, at least 10`

**Day** `date #day, needed`

**Then** `show s-t1.kept`
""",
    "capstone": """---
key: s-c
minutes: 20
---

# Capstone

**The plan** `hand in s-t1`

**Account** `long #account, 100 to 200 words, or link, needed`

## Read
`rubric #rating`

| # | We look for | Not yet | Meets | Strong |
| --- | --- | --- | --- | --- |
| 1 | Dates `needs strong` | n | m | s |
""",
}  # fmt: skip


class Corpus:
    """Pages by kind: those written here, which hold every construct, and cuts of the real course."""

    def __init__(self) -> None:
        self.pages: list[tuple[str, str]] = list(_WRITTEN.items())
        self.pages += [("course", _COURSE), ("module", _MODULE), ("local", _LOCAL), ("sources", _SOURCES)]
        for path in sorted(COURSE.rglob("*.md")):
            kind = _kind(path.relative_to(COURSE).as_posix())
            if kind in ("lesson", "quiz", "toolkit", "session", "sources"):
                self.pages += [(kind, cut) for cut in _cuts(path.read_text("utf-8"))]

    def pick(self, chance: random.Random) -> tuple[str, str]:
        """Kind and text; the written ones as often as all others together."""
        return chance.choice(self.pages[:8] if chance.random() < 0.5 else self.pages)


def _kind(path: str) -> str:
    for part, kind in (("toolkit/", "toolkit"), ("sessions/", "session"), ("quiz.md", "quiz")):
        if part in path:
            return kind
    name = path.rsplit("/", 1)[-1]
    return name.removesuffix(".md") if not name[0].isdigit() else "lesson"


def _cuts(text: str) -> list[str]:
    """The header and title with a section or two: a page small enough to be compiled in milliseconds."""
    head, *sections = _SECTION.split(text)
    head = head[: head.find("\n\n", head.find("\n# ") + 1) + 2]
    cuts = [head + section for section in sections if len(section) < 2_500]
    for pattern, usual in _USUAL:
        cuts = [pattern.sub(usual, cut) for cut in cuts]
    return cuts


def around(kind: str, page: bytes) -> dict[str, bytes]:
    """A course that holds the page where its kind belongs, and what the pages here link to."""
    files = {
        "course.md": _COURSE.encode(),
        "1-small/module.md": _MODULE.encode(),
        "1-small/1-page.md": _LESSON.encode(),
        "1-small/toolkit/t9-walk.md": _PAPER.encode(),
        "1-small/images/x.svg": _PICTURE,
        "local.md": _LOCAL.encode(),
        "sources.md": _SOURCES.encode(),
    }
    if kind == "capstone":
        files[_PLACES["toolkit"]] = _WRITTEN["toolkit"].encode()
    files[_PLACES[kind]] = page
    return files


def place_of(kind: str) -> str:
    return _PLACES[kind]
