"""Hostile and broken files: no exception, no long wait, the same answer every time."""

from __future__ import annotations

import random
import sys
import threading

import pytest
import yaml

from lms.content import compiler, header
from lms.content.compiler import CompileResult
from lms.content.header import read_header
from lms.content.problems import Problem
from tests.unit.content.builder import compile_files, example, files, lesson, quiz, sheet
from tests.unit.content.stopwatch import cpu

WHOLE = {"lesson": lesson, "quiz": quiz, "sheet": sheet}
PATTERNS = [
    "#", "# ", "- [x] ", "> ", "    > ", "|-" + " " * 40, "| a ", "`", "*", "**a** `", "#" * 50 + "`",
    "[@a]\n\n", "{{a}}\n\n", "[a](b)\n\n", "**a:** b\n\n", "- a\n", "1. a\n", "...", "---\n", "===\n",
    "## A\n`spott`\n", "## For teachers\n", "**A** `short #a`\n\n", "| a |\n| - |\n", "- [ ] a\n    > **b?** c\n",
    "### a\n\n- [ ] b\n    > [c](#d)\n\n", "**a** `short #a`\n- [ ] b\n\n", "# " + " " * 50 + "b",
    "> **Scene.** x\n\n", "> **X.** x\n\n", "**A** `show t.a`\n\n", "## a\n### b\n#### c\n",
]  # fmt: skip
PLACES = ["", "\n## A\n`choose one #a`\n\n", "\n## A\n`sort #a`\n\n### G\n", "\n## A\n`branching #a`\n\n"]


def _sized(pattern: str, size: int) -> str:
    body = (pattern * (size // len(pattern) + 1))[:size]
    if "\n" in pattern:
        return body
    return "\n".join(body[start : start + 3_900] for start in range(0, size, 3_900))


def _seconds(kind: str, body: str, enough: float = 0.0) -> float:
    made = files(**{kind: WHOLE[kind](body)})
    return cpu(lambda: compile_files(made), enough)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_time_grows_with_the_size_of_a_file_and_not_with_its_square(pattern: str) -> None:
    for kind, place in [*(("lesson", place) for place in PLACES), ("quiz", ""), ("sheet", "")]:
        small = _seconds(kind, place + _sized(pattern, 2_000))
        # Six times the size: 6 when linear, 36 when quadratic.
        most = max(12 * small, 0.2)
        large = _seconds(kind, place + _sized(pattern, 12_000), enough=most)
        assert large < most, (kind, place, small, large)


HEADERS = [
    "[" * 3_000, "{" * 3_000, "- " * 1_900, "? " * 1_900, "a: " * 1_200, "&a " * 1_000, "a: *b",
    "!!python/object:os.system x", "a: |\n " + "b" * 3_000, "a: >-\n  b\n  c", "%YAML 9.9\n", "a: b\n...\nc: d",
    "\u0085", "a: \U0001f600", '"', "'", "a:\n\tb", "{}", "[]",
    "? a\n: b", "key: k\nkey: k\nkey: k", "<<: *a", "a: &x [*x]", "---", "--- a", ": ", "-", "#", "a: # b", "\ufeffa: b",
]  # fmt: skip


@pytest.mark.parametrize("text", HEADERS)
def test_a_header_of_any_kind_is_read_or_refused(text: str) -> None:
    made = files(lesson=f"---\n{text}\n---\n\n# L\n")
    result = compile_files(made)
    assert cpu(lambda: compile_files(made), enough=1) < 1
    assert result.course is None
    assert any(problem.file == "1-one/1-lesson.md" for problem in result.problems)


@pytest.mark.parametrize(
    "text", [*HEADERS, "key: l\nobjective: [a, b]\nminutes: 'x", 'k: "ü": x', "é: b", "a:\n  - b\n  c: d"]
)
def test_both_readers_of_yaml_give_one_answer(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML has one in C, where the machine has the library, and one in Python. Sentences may differ."""

    def problems(loader: type) -> list[tuple[int, str]]:
        monkeypatch.setattr(header, "_LOADER", loader)
        found: list[Problem] = []
        read_header("x.md", "lesson", f"---\n{text}\n---\n# L".split("\n"), found)
        return sorted(
            {(0 if problem.code == "header-yaml" else problem.line, problem.code) for problem in found}
        )

    if yaml.__with_libyaml__:
        assert problems(yaml.CBaseLoader) == problems(yaml.BaseLoader)
    assert problems(yaml.BaseLoader)


def _damaged(chance: random.Random) -> dict[str, bytes]:
    made = example()
    for _ in range(chance.randint(1, 4)):
        path = chance.choice([path for path in made if path.endswith(".md")])
        lines = made[path].decode().split("\n")
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        damage = chance.randrange(6)
        if damage == 0:
            del lines[at : at + chance.randint(1, 3)]
        elif damage == 1:
            lines.insert(at, lines[other])
        elif damage == 2:
            lines[at] = lines[at][chance.randrange(len(lines[at]) + 1) :]
        elif damage == 3:
            lines[at], lines[other] = lines[other], lines[at]
        elif damage == 4:
            sign = chance.choice(
                ["#", ">", "`", "*", "[", "|", "-", " ", "    ", "[x]", "{{", "[@", "](", ":", "\u2028"]
            )
            cut = chance.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:cut] + sign + lines[at][cut:]
        else:
            lines = lines[:at]
        made[path] = "\n".join(lines).encode()
    return made


def _answer(result: CompileResult) -> tuple[object, ...]:
    return (result.course, result.problems)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_course_is_answered_and_in_the_same_way_each_time(seed: int) -> None:
    made = _damaged(random.Random(seed))
    first = compile_files(made)
    assert first.course is not None or first.errors
    lengths = {path: data.decode().split("\n") for path, data in made.items()}
    for problem in first.problems:
        lines = lengths.get(problem.file, [""])
        assert 1 <= problem.line <= max(len(lines), 1)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1, str(problem)
    shuffled = list(made.items())
    random.Random(seed + 1).shuffle(shuffled)
    assert _answer(compile_files(dict(shuffled))) == _answer(first)


def test_the_answer_is_the_same_in_a_thread_and_deep_in_the_stack() -> None:
    made = _damaged(random.Random(4))
    plain = _answer(compile_files(made))
    found: list[tuple[object, ...]] = []

    def deep(left: int) -> None:
        if left:
            deep(left - 1)
        else:
            found.append(_answer(compile_files(made)))

    thread = threading.Thread(target=lambda: deep(min(200, sys.getrecursionlimit() // 4)))
    thread.start()
    thread.join()
    assert found == [plain]


def test_text_that_stops_the_markdown_library_is_a_problem_of_its_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`piece-failed` must never fire; if it does, the author is told where, and nothing is published."""
    real = compiler.render

    def failing(pieces: list[object]) -> object:
        rendering = real(pieces)  # type: ignore[arg-type]
        fault = Problem("1-one/9-hour.md", 7, 1, "error", "piece-failed", "This text cannot be converted.")
        return rendering._replace(problems=[fault])

    monkeypatch.setattr(compiler, "render", failing)
    result = compile_files(files())
    assert result.course is None
    assert [(problem.line, problem.code) for problem in result.problems] == [(7, "piece-failed")]


def test_at_most_a_hundred_problems_of_a_file_are_told() -> None:
    body = "\n".join(f"## A{number}\n`spott`\n\nx\n" for number in range(300))
    found = compile_files(files(lesson=lesson("\n" + body), quiz="")).problems
    own = [problem for problem in found if problem.file == "1-one/1-lesson.md"]
    assert len(own) == 101
    assert own[-1].code == "and-more"
    assert [problem.code for problem in found if problem.file == "1-one/quiz.md"] == ["header-missing"]
