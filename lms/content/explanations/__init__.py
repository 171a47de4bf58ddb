"""What every problem code means, with an example that yields it and its cure (`lms courses explain`)."""

from __future__ import annotations

from lms.content.explanations import answers, files, texts
from lms.content.explanations.entry import Explanation, shown
from lms.content.problems import CODES, did_you_mean

EXPLANATIONS: dict[str, Explanation] = {
    each.code: each for each in (*files.EXPLAINED, *answers.EXPLAINED, *texts.EXPLAINED)
}


def explain(code: str) -> str | None:
    """What a terminal shows about a code; None if there is no such code."""
    found = EXPLANATIONS.get(code)
    if found is None:
        return None
    lines = [f"{code} ({CODES[code]})", "", found.meaning]
    if found.wrong != found.right:
        wrong, right = shown(found.wrong), shown(found.right)
        lines += ["", f"Wrong, in {found.file}:" if not found.named else "Wrong:", ""]
        lines += [f"    {line}".rstrip() for line in wrong if found.wrong] or ["    (left out)"]
        lines += ["", "Right:", ""]
        lines += [f"    {line}".rstrip() for line in right if found.right] or ["    (left out)"]
    return "\n".join(lines)


def near_code(word: str) -> str:
    """A sentence that names the code that was probably meant, or nothing."""
    return did_you_mean(word, EXPLANATIONS)
