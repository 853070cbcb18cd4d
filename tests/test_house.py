"""Does each file keep to the ceiling of lines, and does each path in the documentation exist?"""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES, MOST_LINES_OF_TESTS = 300, 400
# What may be longer, and why. One that is shorter again has to be taken from here.
LONGER = {
    "accounts/demo/story.py": "one story, told in the order in which it happens",
    "audit/migrations/0001_initial.py": "written by Django",
    "audit/vocabulary/built_in.py": "a table: an event type, a row",
    "audit/web/events/details.py": "the parts of one event's page, one after the other",
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
