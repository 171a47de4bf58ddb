"""Faults to put into the compiler, so that one can see the fuzzer find them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from lms.content import compiler
from lms.content.pieces import Piece
from lms.content.render import Rendering


def _crash() -> None:
    """A table cell with a backslash before its bar stops the reader."""
    true_read = compiler.read_page

    def read_page(page: Any, *others: Any) -> Any:
        if any("\\|" in line for line in page.lines):
            raise IndexError("planted")
        return true_read(page, *others)

    compiler.read_page = read_page


def _script() -> None:
    """Text with an ampersand is handed on as it is."""
    true_render = compiler.render

    def render(pieces: Sequence[Piece]) -> Rendering:
        found = true_render(pieces)
        html = [
            f"<p onclick=1>{piece.text}</p>" if "&" in piece.text else clean
            for piece, clean in zip(pieces, found.html, strict=True)
        ]
        return Rendering(html, found.problems)

    compiler.render = render


def _hang() -> None:
    """Two bold labels in a row send the reader round for ever."""
    true_read = compiler.read_page

    def read_page(page: Any, *others: Any) -> Any:
        while any(line.startswith("**Example.** x") for line in page.lines):
            pass
        return true_read(page, *others)

    compiler.read_page = read_page


def _line() -> None:
    """A problem of the last line is reported far below it."""
    true_screen = compiler.screen

    def screen(pieces: Sequence[Piece]) -> Any:
        return [replace(problem, line=problem.line + 9999) for problem in true_screen(pieces)]

    compiler.screen = screen


PLANTS: dict[str, Callable[[], None]] = {
    "crash": _crash, "script": _script, "hang": _hang, "line": _line,
}  # fmt: skip
