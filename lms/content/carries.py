"""What one sheet takes over from another: does it exist, is it stored, is it met before, who may see it."""

from __future__ import annotations

from lms.content.desk import Carry, Known, Shelf
from lms.content.header import Header
from lms.content.layout import Layout
from lms.content.nodes import SeenBy
from lms.content.page import SUGGESTIONS
from lms.content.problems import did_you_mean, error, warning
from lms.content.settings import FIELD_KIND

_MAY_GO_TO: dict[SeenBy, set[SeenBy]] = {
    "me": {"me"},
    "counts": {"me", "counts"},
    "reviewer": {"me", "counts", "reviewer"},
    "cohort": {"me", "counts", "reviewer", "cohort"},
}
_AUDIENCE: dict[SeenBy, str] = {
    "me": "for the learner alone",
    "counts": "for counts only",
    "reviewer": "for the reviewer",
    "cohort": "for the cohort",
}


def check_carries(shelf: Shelf, layout: Layout, forms: dict[str, str], audiences: dict[str, SeenBy]) -> None:
    """`forms` and `audiences`: of each worksheet, by its page key."""
    met = _when_met(shelf, layout)
    stored = [key for key, known in shelf.keyed.items() if _carriable(known)]
    suggestions = 0
    for carry in shelf.carries:
        source = _source(shelf, carry, forms, audiences)
        if source is not None:
            _check(shelf, carry, source, met, forms)
            continue
        if _key_refused(shelf, carry.path):
            continue
        suggestions += 1
        known = forms if carry.how == "hand in" else stored
        hint = did_you_mean(carry.path, known) if suggestions <= SUGGESTIONS else ""
        message = f"No '{carry.path}' in this course.{hint}"
        shelf.problems.append(error(carry.page.file, carry.line, carry.column, "carry-unknown", message))


def _key_refused(shelf: Shelf, path: str) -> bool:
    """Whether this may name a file whose own key was refused: that alone is reported."""
    if path.partition(".")[0] in shelf.keys.values():
        return False
    return any(_refused(page.header, "key") for page in shelf.pages.values())


def _readers_refused(shelf: Shelf, page_key: str) -> bool:
    """Whether the sheet's own `seen-by` was refused: then nobody knows yet who may see it."""
    file = next(file for file, key in shelf.keys.items() if key == page_key)
    return _refused(shelf.pages[file].header, "seen-by")


def _refused(header: Header, name: str) -> bool:
    return name in header.places and name not in header.values


def _when_met(shelf: Shelf, layout: Layout) -> dict[str, tuple[int, int]]:
    """Of each page key its module's place and, of a worksheet, its number; lessons of a module come
    before, between and after its worksheets.
    """
    modules = list(layout.modules)
    last = len(modules)
    return {
        shelf.keys[path]: (
            modules.index(placed.module) if placed.module else last,
            placed.order if placed.kind == "toolkit" else 0,
        )
        for path, placed in layout.placed.items()
        if path in shelf.keys
    }


def _check(
    shelf: Shelf, carry: Carry, source: Known, met: dict[str, tuple[int, int]], forms: dict[str, str]
) -> None:
    def report(code: str, message: str) -> None:
        shelf.problems.append(error(carry.page.file, carry.line, carry.column, code, message))

    if forms.get(source.page_key) == "paper":
        report("carry-paper", f"'{source.page_key}' is never stored: nothing can be carried over from it.")
        return
    wider = carry.how != "show" and carry.seen_by not in _MAY_GO_TO[source.seen_by]
    if wider and not _readers_refused(shelf, source.page_key):
        report("carry-wider", _wider(carry, source))
    module, number = met.get(carry.page_key, (0, 0))
    from_module, from_number = met.get(source.page_key, (0, 0))
    if from_module > module or (from_module == module and number and from_number > number):
        message = f"Learners meet {source.page_key} after this sheet."
        shelf.problems.append(warning(carry.page.file, carry.line, carry.column, "carry-later", message))


def _wider(carry: Carry, source: Known) -> str:
    who = {"reviewer": "a reviewer", "cohort": "the cohort"}.get(carry.seen_by, "the counts")
    audience = _AUDIENCE[source.seen_by]
    if carry.how == "hand in":
        return f"'{carry.path}' is {audience}: to hand it in, give it 'seen-by: reviewer' in its header."
    return (
        f"'{carry.path}' is {audience}; a sheet that goes to {who} can show it, "
        "not start from it or hand it in."
    )


def _source(shelf: Shelf, carry: Carry, forms: dict[str, str], audiences: dict[str, SeenBy]) -> Known | None:
    if carry.how == "hand in":
        if carry.path not in forms:
            return None
        return Known("worksheet", carry.path, 0, audiences[carry.path])
    known = shelf.keyed.get(carry.path)
    if known is None or not _carriable(known) or known.page_key not in shelf.keys.values():
        return None
    return known


def _carriable(known: Known) -> bool:
    return known.kind in FIELD_KIND or known.kind == "log"
