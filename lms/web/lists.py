"""Lists that stand beside others on one page: each has pages of its own, asked for by its own name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from flask import request, url_for
from msgspec import Struct

from lms.kernel.paging import Page, PageRequest

Row = TypeVar("Row")
Line = TypeVar("Line")

CARD = 10
"""Rows at once in a list that is one of several."""


class Lines(Struct, Generic[Line], frozen=True):
    """`href` leads to a page of this list, and leaves the others of the page where they are."""

    rows: tuple[Line, ...]
    pages: Page[Any]
    href: Callable[[int], str]


def asked(name: str, size: int = CARD) -> PageRequest:
    """The page of the list `name` that the address asks for."""
    return PageRequest.of(request.args.get(name), size)


def here(*names: str) -> dict[str, Any]:
    """Which pages of these lists the address asks for: whoever acts on a row comes back to them."""
    return {each: request.args[each] for each in names if each in request.args}


def lines(
    found: Page[Row], line: Callable[[Row], Line], name: str, endpoint: str, *others: str, **values: str
) -> Lines[Line]:
    """The list `name` of the page `endpoint`, whose heading has the same name as its id. `others`: lists
    that stand beside it; `values`: what else the address needs."""
    kept = here(*others) | values

    def href(number: int) -> str:
        return url_for(endpoint, **kept | {name: number, "_anchor": name})

    return Lines(tuple(map(line, found.rows)), found, href)
