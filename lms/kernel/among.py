"""`among(column, ids)`: a list of any length as one parameter.

A written-out IN list makes one statement for each length: the caches of statements fill, and SQLite ends at
32,766 parameters. One JSON parameter (SQLite) or one array (PostgreSQL) does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Ids(TypeDecorator[list[int]]):
    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.Text())
        return dialect.type_descriptor(ARRAY(sa.Integer()))

    def process_bind_param(self, value: list[int] | None, dialect: Dialect) -> Any:
        return json.dumps(value) if dialect.name == "sqlite" else value


class _Among(FunctionElement[bool]):
    """Has no type on purpose: SQLite would be asked `(… IN …) = 1`, and could not use an index for that."""

    inherit_cache = True
    name = "among"
    type = cast("TypeEngine[bool]", sa.types.NullType())


@compiles(_Among)
def _array(element: _Among, compiler: Any, **kw: Any) -> str:
    column, ids = element.clauses
    return f"{compiler.process(column, **kw)} = ANY({compiler.process(ids, **kw)})"


@compiles(_Among, "sqlite")
def _json(element: _Among, compiler: Any, **kw: Any) -> str:
    column, ids = element.clauses
    left, right = compiler.process(column, **kw), compiler.process(ids, **kw)
    return "".join((left, " IN (SELECT value FROM json_each(", right, "))"))


def among(column: Any, ids: Iterable[int]) -> sa.ColumnElement[bool]:
    """The condition that an integer column is one of these."""
    return _Among(column, sa.literal(sorted(set(ids)), _Ids()))


def among_parameter(column: Any, name: str) -> sa.ColumnElement[bool]:
    """The same with a parameter that is named now and given at execution: one parameter, used many times."""
    return _Among(column, sa.bindparam(name, type_=_Ids()))
