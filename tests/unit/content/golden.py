"""What the example course of the authors' guide compiles to, as digests: the same bytes from every Python.

`python -m tests.unit.content.golden` prints those of this Python, and `--write` keeps them. They change
only when the example course or what is made of it is meant to change.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from lms.content.codec import encode
from lms.content.compiler import compile_course
from lms.content.explanations import EXPLANATIONS
from lms.content.reader import SourceFiles, read_folder
from tests.unit.content.builder import EXAMPLE, TODAY

KEPT = Path(__file__).with_name("golden.json")


def digests() -> dict[str, str]:
    """Of the sources, of the compiled course, of each of its pages, and of what is said about every mistake."""
    files = dict(read_folder(EXAMPLE).files)
    course = compile_course(SourceFiles(files), today=TODAY).course
    if course is None:
        raise ValueError("the example course does not compile")
    text = encode(course)
    plain = json.loads(text)
    found = {"sources": course.digest, "compiled": _digest(text)}
    for module in plain["modules"]:
        for page in (*module["lessons"], *module["toolkits"], module["quiz"]):
            found[page["key"]] = _digest(json.dumps(page, ensure_ascii=False, sort_keys=True))
    found["problems"] = _digest("\n".join(_problems(files)))
    return found


def _problems(files: dict[str, bytes]) -> list[str]:
    spoilt = [each.spoil(files) for each in EXPLANATIONS.values() if not each.copies]
    results = [compile_course(SourceFiles(each), today=TODAY) for each in spoilt]
    return [str(problem) for result in results for problem in result.problems]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    shown = json.dumps(digests(), indent=2) + "\n"
    if "--write" in sys.argv:
        KEPT.write_text(shown, encoding="utf-8")
    else:
        sys.stdout.write(shown)
