"""The house keeps its shape: packages in one order, rules pure, transactions in one place."""

from __future__ import annotations

import ast
import re
import subprocess

import pytest

from tests.architecture.source import PACKAGE, ROOT, Module, modules, ours

ORDER = [
    {"kernel"},
    {"content"},
    {"accounts"},
    {"courses"},
    {"enrollments"},
    {"responses", "cohorts"},
    {"completion"},
    {"credit"},
    {"records"},
    {"actions"},
    {"web", "cli"},
]
RANK = {package: rank for rank, group in enumerate(ORDER) for package in group}
WIRING = {"lms", "lms.app", "lms.config"}
"""create_app and its settings: they see every package, and nothing but web and cli sees them."""

FLASK = ("flask", "flask_login", "flask_sqlalchemy", "flask_wtf", "flask_migrate", "werkzeug", "wtforms")
FLASK_HOMES = {"web", "cli"}
RULES_MAY_IMPORT = ("lms.content.nodes", "lms.kernel.errors", "lms.kernel.keys")


def _rules() -> list[Module]:
    """Modules that decide: named `rules`, or saying so in their first line."""
    marked = [m for m in modules() if m.name.rsplit(".", 1)[-1] == "rules"]
    for module in modules():
        docstring = ast.get_docstring(ast.parse(module.path.read_text(encoding="utf-8"))) or ""
        if module not in marked and docstring.startswith("Rules:"):
            marked.append(module)
    return marked


def test_every_package_stands_in_the_order() -> None:
    packages = {p.name for p in PACKAGE.iterdir() if p.is_dir() and (p / "__init__.py").exists()}
    assert packages == set(RANK)


def test_a_package_imports_only_those_before_it() -> None:
    wrong = [
        f"{module.name}:{imported.line} imports {imported.target}"
        for module in modules()
        if module.name not in WIRING and module.package in RANK
        for imported in module.imports
        if (target := ours(imported.target)) in RANK
        and target != module.package
        and RANK[str(target)] >= RANK[module.package]
    ]
    assert wrong == []


def test_no_import_of_our_own_hides_in_a_function_or_behind_type_checking() -> None:
    wrong = [
        f"{module.name}:{imported.line}"
        for module in modules()
        for imported in module.imports
        if imported.target.split(".")[0] == "lms" and (imported.inside_function or imported.type_checking)
    ]
    assert wrong == []


def test_the_compiler_knows_no_flask_and_no_database() -> None:
    wrong = [
        f"{module.name}:{imported.line} imports {imported.target}"
        for module in modules()
        if module.package == "content"
        for imported in module.imports
        if imported.target.split(".")[0] in (*FLASK, "sqlalchemy")
        or (
            ours(imported.target) not in (None, "content")
            and not imported.target.startswith("lms.kernel.keys")
        )
    ]
    assert wrong == []


def test_flask_is_named_only_where_the_web_begins() -> None:
    wrong = [
        f"{module.name}:{imported.line} imports {imported.target}"
        for module in modules()
        if module.package not in FLASK_HOMES
        and module.name not in (*WIRING, "lms.kernel.db", "lms.kernel.migration")
        for imported in module.imports
        if imported.target.split(".")[0] in FLASK
    ]
    assert wrong == []


def test_rules_are_pure() -> None:
    banned = ("sqlalchemy", *FLASK, "time", "random", "os")
    rules = _rules()
    assert len(rules) >= 6
    names = {module.name for module in rules}
    wrong = [
        f"{module.name}:{imported.line} imports {imported.target}"
        for module in rules
        for imported in module.imports
        if imported.target.split(".")[0] in banned
        or (
            imported.target.split(".")[0] == "lms"
            and not imported.target.startswith(RULES_MAY_IMPORT)
            and not any(imported.target == name or imported.target.startswith(f"{name}.") for name in names)
        )
    ]
    assert wrong == []


def test_rules_never_ask_the_clock() -> None:
    pattern = re.compile(r"datetime\.now|date\.today|utcnow|time\.time\(")
    wrong = [m.name for m in _rules() if pattern.search(m.path.read_text(encoding="utf-8"))]
    assert wrong == []


def test_only_actions_and_commands_open_a_transaction() -> None:
    wrong = [
        module.name
        for module in modules()
        if module.package not in ("actions", "cli")
        and module.name != "lms.kernel.db"
        and re.search(r"\bwith transaction\(|\.commit\(\)", module.path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_services_never_commit_and_queries_never_write() -> None:
    writes = re.compile(r"session\.(add|add_all|delete|commit|flush)\(|(?<!\.)\b(insert|update|delete)\(")
    wrong = [
        m.name
        for m in modules()
        if m.name.endswith(".queries") and writes.search(m.path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_views_hold_no_queries() -> None:
    pattern = re.compile(r"\bselect\(|db\.session|\.query\b|\bsqlalchemy\b")
    wrong = [
        m.name
        for m in modules()
        if m.package == "web"
        and m.name != "lms.web.reading"
        and pattern.search(m.path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_no_relationship_crosses_a_package() -> None:
    wrong = []
    for module in modules():
        for line in re.findall(r"relationship\((.*)", module.path.read_text(encoding="utf-8")):
            if 'lazy="raise"' not in line:
                wrong.append(f"{module.name}: relationship({line}")
    assert wrong == []


def test_files_end_near_three_hundred_lines() -> None:
    long = {
        str(m.path.relative_to(ROOT)): lines
        for m in modules()
        if m.name != "lms.content.nodes"  # the one vocabulary, read whole
        and (lines := len(m.path.read_text(encoding="utf-8").splitlines())) > 360
    }
    assert long == {}


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "manager", "misc"])
def test_no_file_has_a_name_that_says_nothing(word: str) -> None:
    assert [str(p) for p in PACKAGE.rglob("*") if p.stem == word] == []


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return listed.stdout.split() if listed.returncode == 0 else []


def test_the_top_level_stays_as_it_was_drawn() -> None:
    allowed = {
        ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "courses", "docs", "instance", "lms",
        "migrations", "pyproject.toml", "requirements.lock", "tests", "wsgi.py",
    }  # fmt: skip
    assert {path.split("/")[0] for path in _tracked()} <= allowed


def test_no_committed_pin_names_a_package_index() -> None:
    for name in ("requirements.lock", "pyproject.toml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text, name


def test_templates_hold_no_inline_style_script_or_unescaped_text() -> None:
    pattern = re.compile(
        r'style="|<style|<script>| on(click|change|submit|input|load)=|\|\s*safe\b|autoescape false'
    )
    wrong = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in (PACKAGE / "web" / "templates").rglob("*.html")
        if (match := pattern.search(path.read_text(encoding="utf-8")))
    ]
    assert wrong == []


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (PACKAGE / "web" / "static" / "img" / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'id="([^"]+)"', sprite))
    wrong = [
        f"{path.name}: {name}"
        for path in (PACKAGE / "web" / "templates").rglob("*.html")
        for name in re.findall(r'\bicon\("([^"]+)"', path.read_text(encoding="utf-8"))
        if name not in drawn
    ]
    assert wrong == []


def test_no_section_and_table_share_one_name() -> None:
    """Two landmarks of one name cannot be told apart by who hears them."""
    wrong = []
    for path in (PACKAGE / "web" / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r'role="region" aria-labelledby="([^"]+)"', text):
            if re.search(rf'<section[^>]*aria-labelledby="{re.escape(name)}"', text):
                wrong.append(f"{path.name}: {name}")
    assert wrong == []


def test_every_path_that_the_documents_name_is_there() -> None:
    """`lms/credit/services.py` in README, in docs and in their links."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "decisions").glob("*.md")]
    wrong = [
        f"{page.relative_to(ROOT)}: {path}"
        for page in pages
        for path in re.findall(
            r"`((?:lms|tests|docs|migrations|courses)/[\w./-]+?)`", page.read_text(encoding="utf-8")
        )
        if not (ROOT / path).exists()
    ]
    assert wrong == []
