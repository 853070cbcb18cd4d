"""The check of commit messages, as git runs it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "commit_message"


@pytest.fixture
def check(tmp_path: Path) -> Callable[[str], str]:
    def run(message: str) -> str:
        """Return what is wrong; nothing where the commit may be made."""
        file = tmp_path / "COMMIT_EDITMSG"
        file.write_text(message)
        done = subprocess.run([SCRIPT, file], capture_output=True, text=True)
        assert (done.returncode == 0) == (done.stderr == "")
        return done.stderr

    return run


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("web: Show the newest first.\n", id="a subject alone"),
        pytest.param("worker, derive: Name locks plainly.\n", id="two areas"),
        pytest.param("web: Bring the texts along.\n", id="a command that ends in ing"),
        pytest.param("web: Show more.\n\nSomebody missed it.\n", id="a body"),
        pytest.param(f"web: Show more.\n\nhttps://example.org/{'x' * 80}\n", id="a long address"),
        pytest.param(f"web: Show more.\n# {'x ' * 50}\n", id="git's comments"),
        pytest.param(
            "web: Show more.\n# ------------------------ >8 ------------------------\ndiff\n",
            id="git's scissors",
        ),
        pytest.param('Revert "web: Show more."\n\nThis reverts commit 1.\n', id="a revert"),
        pytest.param("fixup! web: Show more.\n", id="a fixup"),
    ],
)
def test_lets_a_message_pass(check: Callable[[str], str], message: str) -> None:
    assert check(message) == ""


@pytest.mark.parametrize(
    ("message", "said"),
    [
        pytest.param("", "has to be `area:", id="nothing"),
        pytest.param("Show more.\n", "has to be `area:", id="no area"),
        pytest.param("Web: Show more.\n", "in small letters", id="a large area"),
        pytest.param("web: show more.\n", "a capital letter", id="a small letter"),
        pytest.param("web: Show more\n", "a full stop", id="no full stop"),
        pytest.param("web: Added more.\n", "'Added' isn't one", id="past tense"),
        pytest.param("web: Showing more.\n", "'Showing' isn't one", id="a participle"),
        pytest.param(f"web: {'Show ' * 14}it.\n", "has 78 columns", id="too long"),
        pytest.param("web: Show more.\nAt once.\n", "second line", id="no empty line"),
        pytest.param(f"web: Show more.\n\n{'so ' * 30}\n", "line of the body", id="a long line"),
    ],
)
def test_says_what_is_wrong(check: Callable[[str], str], message: str, said: str) -> None:
    assert said in check(message)
