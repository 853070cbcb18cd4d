from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from audit.tlog import verify
from tests.acceptance.installation import ROOT

from .exported import LOG_KEY, WITNESS_KEY, Log, export, private_key

NEEDED = ("cffi", "cryptography", "pycparser")


class TestMain:
    def test_says_what_a_whole_export_proves(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        made = export(Log(300, erased=[7]), tmp_path, first=10, next_=290, older=[100])
        assert verify.main([str(made), "--key", str(LOG_KEY)]) == 0
        said = capsys.readouterr().out
        assert "complete range [10,290) of a tree of size 300" in said.splitlines()
        assert f"relied on: the log's key {LOG_KEY}" in said
        assert "no witness of another organisation" in said
        assert "older checkpoints that the tree goes on from: 1" in said

    def test_says_what_a_filtered_export_proves_and_who_has_seen_it(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        made = export(Log(300, erased=[9]), tmp_path, positions=[9, 99], witnessed_by="w.example")
        words = [str(made), "--key", str(LOG_KEY), "--witness", f"{WITNESS_KEY}=Notary Ltd"]
        assert verify.main([*words, "--quorum", "1"]) == 0
        said = capsys.readouterr().out
        assert said.startswith("filtered: 2 events of a tree of size 300\n")
        assert "nothing is proved about events that are not here" in said
        assert "the witness w.example (Notary Ltd; another organisation), 2026-09-21T" in said
        assert "not in this export: personal of 1 events" in said
        assert "no witness" not in said

    def test_names_what_is_refused(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        made = export(Log(3), tmp_path)
        path = made / "entries.ndjson"
        path.write_bytes(path.read_bytes().replace("Zoë\u20282".encode(), b"Zoe"))
        assert verify.main([str(made), "--key", str(LOG_KEY)]) == 1
        assert capsys.readouterr().out.startswith("REFUSED: position 2, head: ")

    @pytest.mark.parametrize(
        "words",
        [
            pytest.param(["nowhere", "--key", str(LOG_KEY)], id="no such export"),
            pytest.param([".", "--key", "abc"], id="no key"),
            pytest.param([".", "--key", str(WITNESS_KEY)], id="a witness's key as the log's"),
            pytest.param(
                [".", "--key", str(LOG_KEY), "--witness", str(LOG_KEY)], id="the other way round"
            ),
        ],
    )
    def test_says_what_is_unusable(
        self, words: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert verify.main(words) == 2
        assert capsys.readouterr().err.startswith("unusable: ")

    @pytest.mark.parametrize("words", [["x"], ["x", "--key", "k", "--quorum", "-1"]])
    def test_shows_how_it_is_called(self, words: list[str]) -> None:
        with pytest.raises(SystemExit) as ended:
            verify.main(words)
        assert ended.value.code == 2


@pytest.mark.slow
class TestOneFile:
    def test_verifies_where_there_is_nothing_but_cryptography(self, tmp_path: Path) -> None:
        file = tmp_path / "verify_export.py"
        subprocess.run([sys.executable, ROOT / "scripts" / "verifier", file], check=True)
        python = self.empty_environment(tmp_path)
        made = export(Log(600), tmp_path / "whole", bundles=True, older=[256])

        def run(*words: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [python, "-I", file, *words], capture_output=True, text=True, cwd=tmp_path
            )

        done = run(str(made), "--key", str(LOG_KEY))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("complete range [0,600) of a tree of size 600")
        other = str(LOG_KEY).replace(
            LOG_KEY.name, "other/log"
        )  # whose hash is then another one, too
        assert run(str(made), "--key", other).returncode == 2
        note = Log(600).note(key=private_key(9))
        (made / "checkpoint").write_text(str(note))
        assert run(str(made), "--key", str(LOG_KEY)).returncode == 1

    def empty_environment(self, tmp_path: Path) -> Path:
        """Return the Python of a new environment with the packages that a stranger is told of."""
        locked = (ROOT / "requirements" / "run.txt").read_text()
        blocks = [
            found[0]
            for name in NEEDED
            if (found := re.search(rf"^{name}==(?:.*\\\n)+.*\n", locked, re.MULTILINE))
        ]
        (tmp_path / "needed.txt").write_text("".join(blocks))
        subprocess.run([sys.executable, "-m", "venv", tmp_path / "empty"], check=True)
        python = tmp_path / "empty" / "bin" / "python"
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "--require-hashes", "-r", "needed.txt"],
            check=True,
            cwd=tmp_path,
        )
        return python
