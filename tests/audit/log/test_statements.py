"""SQL that is run as it is stands in files of SQL, and all that stands there is run."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.log.statements import FILE, ROOMS, read_statements, statement

ROOT = Path(__file__).parents[3]
IN_USE = sorted(path.parent.name for path in ROOMS.glob(f"*/{FILE}"))
# What a line or three hold is read where it is run.
MOST_CHARACTERS = 300
SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s")


def product() -> Iterator[tuple[str, ast.Module]]:
    listed = subprocess.run(
        ["git", "ls-files", "audit/*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.split():
        if "/migrations/" not in name:
            yield name, ast.parse((ROOT / name).read_text())


def asked() -> set[tuple[str, str]]:
    return {
        (room.value, name.value)
        for _, tree in product()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "statement"
        for room, name in [node.args]
        if isinstance(room, ast.Constant) and isinstance(name, ast.Constant)
    }


def test_each_is_asked_for() -> None:
    assert asked() == {(room, name) for room in IN_USE for name in read_statements(room)}


@pytest.mark.parametrize("room", IN_USE)
def test_each_has_a_line_that_describes_it_and_an_end(room: str) -> None:
    text = (ROOMS / room / FILE).read_text()
    blocks = text.strip().split("\n\n")
    assert len(blocks) == len(read_statements(room))
    for block in blocks:
        assert re.match(r"-- [a-z_]+: [A-Z][^\n]*\.\n", block)
        assert re.findall(r"^(?!--).*?(;.*)$", block, re.MULTILINE) == [";"]
        assert block.endswith(";")
        # A comment goes to the database with the rest, where a placeholder in it is one.
        assert not re.search(r"^\s*--.*%", block, re.MULTILINE)


def test_python_has_only_what_is_short_or_made_of_parts() -> None:
    long = [
        f"{name}:{node.lineno}"
        for name, tree in product()
        for node in _texts(tree)
        if len(node.value) > MOST_CHARACTERS and SQL.match(node.value) and "{" not in node.value
    ]
    assert long == []


def _texts(node: ast.AST) -> Iterator[ast.Constant]:
    """The texts that are no part of another."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child
        elif not isinstance(child, ast.JoinedStr):
            yield from _texts(child)


class TestStatement:
    def test_is_the_sql_without_its_name(self) -> None:
        assert statement("worker", "read_progress").startswith("SELECT\n")
        assert not statement("worker", "read_progress").endswith(";")

    def test_of_no_such_name_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            statement("worker", "rest")
