"""Does each file keep to the ceiling of lines, and does each path in the documentation exist?"""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/*.md")
MOST_LINES, MOST_LINES_OF_TESTS = 300, 400
# What may be longer, and why. One that is shorter again has to be taken from here.
LONGER = {
    "accounts/demo/story.py": "one story, told in the order in which it happens",
    "audit/migrations/0001_initial.py": "written by Django",
    "audit/vocabulary/built_in.py": "a table: an event type, a row",
}


def tracked(pattern: str) -> list[str]:
    """Return the files of the repository whose paths match."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run([*command, pattern], capture_output=True, text=True, check=True)
    return [path for path in listed.stdout.splitlines() if (ROOT / path).is_file()]


class TestModules:
    def test_have_one_job(self) -> None:
        """Past the ceiling there is a second idea inside: take it out, into a module of its own."""
        longer = {}
        for path in tracked("*.py"):
            lines = (ROOT / path).read_text().count("\n")
            if lines > (MOST_LINES_OF_TESTS if path.startswith("tests/") else MOST_LINES):
                longer[path] = lines
        assert longer.keys() == LONGER.keys(), longer


FILES = [f"/{path}" for path in tracked(".")]
DIRECTORIES = {str(parent) for path in FILES for parent in Path(path).parents}
ROOMS = {path.split("/")[1] for path in FILES if path.count("/") > 1}
# Of a host's project, and of an installation's data.
ELSEWHERE = ("office/", "DATA_DIR/")


def paths_in(text: str) -> Iterator[str]:
    """Yield what a document names: files, directories, other documents, decisions."""
    text = re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
    for word in re.findall(r"`([\w.][\w./-]*)`", text):
        is_file = re.search(r"\.(?:py|sql|html|css|js|svg|txt|toml|jsonl)$", word)
        if (is_file or word.split("/")[0] in ROOMS and "/" in word) and not word.startswith(
            ELSEWHERE
        ):
            yield word.rstrip("/")
    yield from re.findall(r"(?<![\w/.-])(?:docs/)?[a-z][\w-]*\.md\b", text)
    for number in re.findall(r"\bdecisions? (\d+)", text):
        yield f"docs/decisions/{int(number):04}-"


def is_there(path: str) -> bool:
    """Does a file or a directory of the repository end so (or begin so, of a decision)?"""
    if path.endswith("-"):
        return any(file.startswith(f"/{path}") for file in FILES)
    return any(known.endswith(f"/{path}") for known in (*FILES, *DIRECTORIES))


class TestDocumentation:
    @pytest.mark.parametrize("document", [p for d in DOCUMENTS for p in tracked(d)])
    def test_names_what_is_there(self, document: str) -> None:
        text = (ROOT / document).read_text()
        assert [path for path in paths_in(text) if not is_there(path)] == []
        links = re.findall(r"\]\(([^)#\s]+)", text)
        local = [link for link in links if not re.match(r"[a-z]+:", link)]
        assert [
            link for link in local if not (ROOT / document).parent.joinpath(link).exists()
        ] == []

    def test_draws_the_house_that_is_enforced(self) -> None:
        given = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
        (rooms,) = (one for one in given["contracts"] if "containers" in one)
        drawn = "\n".join(f"    {layer}" for layer in rooms["layers"])
        assert f"\n\n{drawn}\n\n" in (ROOT / "docs" / "architecture.md").read_text()
