"""The code read as text: modules, what they import, where."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "lms"


@dataclass(frozen=True, slots=True)
class Import:
    target: str
    line: int
    inside_function: bool
    type_checking: bool


@dataclass(frozen=True, slots=True)
class Module:
    name: str
    path: Path
    imports: tuple[Import, ...]

    @property
    def package(self) -> str:
        """The package in the house's fixed order: `lms.web.learn.views` stands in `web`."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""


class _Imports(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[Import] = []
        self.function_depth = 0
        self.type_checking = False

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.function_depth += 1
        self.generic_visit(node)
        self.function_depth -= 1

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_If(self, node: ast.If) -> None:
        outer = self.type_checking
        self.type_checking = outer or "TYPE_CHECKING" in ast.dump(node.test)
        self.generic_visit(node)
        self.type_checking = outer

    def _add(self, target: str, node: ast.stmt) -> None:
        self.found.append(Import(target, node.lineno, self.function_depth > 0, self.type_checking))

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(alias.name, node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self._add(f"{node.module}.{alias.name}" if node.module else alias.name, node)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of `lms`, with its imports as full names."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        visitor = _Imports()
        visitor.visit(ast.parse(path.read_text(encoding="utf-8")))
        found.append(Module(name.removesuffix(".__init__"), path, tuple(visitor.found)))
    return tuple(found)


def ours(target: str) -> str | None:
    """The package that `lms.content.nodes.Course` belongs to (`content`); None for others' code."""
    parts = target.split(".")
    return parts[1] if parts[0] == "lms" and len(parts) > 1 else None
