"""House rules that no tool knows, read from the syntax tree; each with a good and a bad example."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE_KERNEL = ("gonghui/lines", "gonghui/web", "gonghui/api", "gonghui/shared")
Finding = tuple[int, str]

# Tables that are not registers: the writes below concern them alone.
WRITES_ALLOWED = {
    "gonghui/shared/funds/services/posting.py": "counters of what was had under a cap are no records",
    "gonghui/api/repeats.py": "kept answers of the interface are no records",
    "gonghui/web/preferences.py": "a user's own way of looking at lists is no record",
    "gonghui/web/views/password.py": "an account is no record; its events are kept apart",
    "gonghui/web/views/second_factor.py": "a device of an account is no record",
}


def _sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def _chain(node: ast.AST) -> list[str]:
    """The names along `a.b(...).c`, outermost last."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        else:
            return names[::-1]


def record_writes(tree: ast.AST) -> Iterator[Finding]:
    """Records are written by the four verbs; nothing else calls save, delete or their bulk forms."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, before = node.func.attr, _chain(node.func.value)
        query = {"objects", "filter", "exclude", "all", "_unscoped"} & set(before)
        if name in {"bulk_create", "bulk_update"} or (name in {"update", "delete"} and query):
            yield node.lineno, f".{name}() on a query"
        elif name == "save" and not (set(before) & {"document", "workbook", "image"}):
            yield node.lineno, ".save()"


def nameless_select_related(tree: ast.AST) -> Iterator[Finding]:
    """`select_related()` without names follows every key and grows with the models."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "select_related"
            and not node.args
        ):
            yield node.lineno, "select_related() without names"


def application_imports(tree: ast.AST) -> Iterator[Finding]:
    """A migration that imports models changes its meaning when the models do."""
    for node in ast.walk(tree):
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        if module.endswith("models") and not module.startswith("django"):
            yield node.lineno, f"imports {module}"


RULES: list[tuple[Callable[[ast.AST], Iterator[Finding]], str, str]] = [
    (record_writes, "create(Visit, by=actor)", "Visit.objects.filter(pk=1).update(title='x')"),
    (nameless_select_related, "rows.select_related('org')", "rows.select_related()"),
    (
        application_imports,
        "from django.db import models",
        "from gonghui.kernel.orgs.models import Org",
    ),
]


@pytest.mark.parametrize(("rule", "good", "bad"), RULES, ids=lambda v: getattr(v, "__name__", ""))
def test_each_rule_tells_good_from_bad(rule, good, bad):
    assert list(rule(ast.parse(good))) == []
    assert list(rule(ast.parse(bad))) != []


def _broken(rule: Callable[[ast.AST], Iterator[Finding]], paths: Iterator[Path]) -> list[str]:
    found = []
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        if "/migrations/" in name and rule is not application_imports:
            continue
        if rule is record_writes and name in WRITES_ALLOWED:
            continue
        found += [f"{name}:{line} {what}" for line, what in rule(ast.parse(path.read_text()))]
    return found


def test_records_are_written_by_the_verbs_alone():
    assert _broken(record_writes, _sources(*OUTSIDE_KERNEL)) == []


def test_no_query_follows_every_key():
    assert _broken(nameless_select_related, _sources("gonghui")) == []


def test_migrations_import_no_models():
    paths = (p for p in _sources("gonghui") if p.parent.name == "migrations")
    assert _broken(application_imports, paths) == []


def test_migrations_say_what_they_do():
    for path in _sources("gonghui"):
        if path.parent.name == "migrations" and path.name != "__init__.py":
            assert not re.search(r"_auto_|_initial$", path.stem) or path.stem == "0001_initial", (
                path
            )


def test_the_project_names_no_registry_and_no_machine():
    hosts = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org")
    for path in [
        *_sources("gonghui", "tests", "demo", "tools"),
        ROOT / "Makefile",
        ROOT / "requirements.lock",
    ]:
        if path.name != "test_house_rules.py":
            assert not hosts.search(path.read_text()), path


def test_every_line_has_a_page_of_help():
    for line in (ROOT / "gonghui" / "lines").iterdir():
        if (line / "apps.py").exists():
            text = (ROOT / "docs" / "user" / f"{line.name}.md").read_text()
            assert len(text) > 200, line.name


def test_the_migrations_follow_the_models():
    """In a program of its own, because the tests build their tables without migrations."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "django",
        "makemigrations",
        "--check",
        "--dry-run",
    ]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "gonghui.config.settings"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
