"""A course is one text, and the text is that course again."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from lms.content.codec import CodecError, decode, encode, source_digest
from lms.content.nodes import Course, Prose, SafeHtml
from tests.unit.content.random_courses import random_course


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_a_course_comes_back_as_it_was(seed: int) -> None:
    course = random_course(seed)
    text = encode(course)
    again = decode(text)
    assert again == course
    assert encode(again) == text
    assert same_types(course, again)


def same_types(one: Any, other: Any) -> bool:
    """Equality does not tell SafeHtml from a plain text, nor one class of block from its twin."""
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same_types, one, other))
    if isinstance(one, Struct):
        return all(same_types(getattr(one, name), getattr(other, name)) for name in one.__struct_fields__)
    return bool(one == other)


def test_the_text_is_canonical() -> None:
    text = encode(random_course(5))
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_html_comes_back_as_html_that_templates_trust() -> None:
    course = replace(random_course(1), title=SafeHtml("<em>x</em>"), blocks=(Prose(SafeHtml("<p>y</p>")),))
    again = decode(encode(course))
    assert type(again.title) is SafeHtml
    assert isinstance(again.blocks[0], Prose)
    assert type(again.blocks[0].html) is SafeHtml


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", "null", "1", '{"key":1}', '{"nothing":2}', '{"is":"Lesson"}', "[" * 5000]
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(CodecError):
        decode(text)


@pytest.mark.parametrize("number", range(20))
def test_a_damaged_text_is_refused_or_is_another_course(number: int) -> None:
    text = encode(random_course(number))
    for at in range(0, len(text), max(1, len(text) // 25)):
        for damaged in (text[:at], text[:at] + text[at + 1 :], text[:at] + "x" + text[at:]):
            try:
                decode(damaged)
            except CodecError:
                continue


def test_an_unknown_class_or_field_is_refused() -> None:
    data = json.loads(encode(replace(random_course(3), blocks=(Prose(SafeHtml("x")),))))
    data["blocks"][0]["is"] = "Script"
    with pytest.raises(CodecError):
        decode(json.dumps(data))
    data["blocks"][0] = {"is": "Prose", "html": "x", "more": 1}
    with pytest.raises(CodecError):
        decode(json.dumps(data))


def test_a_large_course_is_read_quickly() -> None:
    """330 KB, a third of it small parts, take some 20 ms; 100 are allowed, as cores are shared."""
    modules = tuple(module for seed in range(80) for module in random_course(seed).modules)
    paragraph = Prose(SafeHtml("<p>" + "Words of a paragraph. " * 18 + "</p>"))
    text = encode(replace(random_course(11), modules=modules, blocks=(paragraph,) * 600))
    assert len(text) > 330_000
    assert min(_cpu(text) for _ in range(5)) < 0.1


def _cpu(text: str) -> float:
    start = time.process_time()
    decode(text)
    return time.process_time() - start


# ── Digest ───────────────────────────────────────────────────────────────────────────────────────


def test_the_digest_knows_paths_and_bytes_and_no_order() -> None:
    files = {"course.md": b"a", "1-x/module.md": b"b"}
    digest = source_digest(files)
    assert digest == source_digest(dict(reversed(files.items())))
    assert len(digest) == 64
    others = [
        {"course.md": b"a", "1-x/module.md": b"c"},
        {"course.md": b"a", "1-y/module.md": b"b"},
        {"course.md": b"a"},
        {"course.md": b"", "1-x/module.md": b"ab"},
        {"course.mda": b"", "1-x/module.md": b"b"},
        {},
    ]
    assert len({digest, *map(source_digest, others)}) == len(others) + 1


def test_the_digest_is_the_same_on_every_machine() -> None:
    """Names with accents come decomposed from some file systems; the bytes of files are never touched."""
    assert source_digest({"1-e\u0301/x.md": b"1"}) == source_digest({"1-\u00e9/x.md": b"1"})
    assert source_digest({"x.md": "e\u0301".encode()}) != source_digest({"x.md": "\u00e9".encode()})
    assert source_digest({"a.md": b"x"}) == (
        "1aea55c762735f968ca7bb9ff41fe364663f13550a6eb1e29e63f3ab1c56fa36"
    )


def test_every_field_of_a_course_reaches_the_text() -> None:
    names = set(Course.__struct_fields__)
    course = random_course(2)
    for name in names - {"blocks", "modules", "sessions", "capstone"}:
        if getattr(course, name):
            assert f'"{name}"' in encode(course)


def test_several_threads_may_read_the_first_course_at_once() -> None:
    """A fresh process, threads that change places all the time: each of them gets the whole course."""
    program = (
        "import sys, threading\n"
        "sys.setswitchinterval(1e-6)\n"
        "from lms.content.codec import decode\n"
        "text = sys.stdin.read()\n"
        "found = []\n"
        "gate = threading.Barrier(4)\n"
        "def read():\n"
        "    gate.wait()\n"
        "    found.append(decode(text).key)\n"
        "threads = [threading.Thread(target=read) for _ in range(4)]\n"
        "[thread.start() for thread in threads]\n"
        "[thread.join() for thread in threads]\n"
        "print(len(found))\n"
    )
    text = encode(random_course(7))
    done = subprocess.run((sys.executable, "-c", program), input=text, capture_output=True, text=True)
    assert done.stdout.strip() == "4", done.stderr
