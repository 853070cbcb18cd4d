"""What four generators make of the document records, searches, pages, counts and exports."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from .installation import ROOT, Installation

CLIENTS = ROOT / "tests" / "acceptance" / "clients"
PYTHON_TOOLS = ROOT / ".tools" / "generators" / "bin"
MODULES = ROOT / ".tools" / "npm" / "node_modules"
TSCONFIG = {
    "compilerOptions": {
        "strict": True,
        "target": "es2022",
        "module": "nodenext",
        "skipLibCheck": True,
        "outDir": "out",
        "rootDir": ".",
        "types": ["node"],
    },
    "include": ["*.ts", "client/**/*.ts"],
}

needs_python_tools = pytest.mark.skipif(
    not PYTHON_TOOLS.exists(), reason="scripts/tools has installed no generators"
)
needs_node = pytest.mark.skipif(
    not MODULES.exists() or shutil.which("node") is None,
    reason="scripts/tools has installed no generators for node, or there is no node",
)
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="there is no java")


@pytest.fixture(scope="module")
def sender(installation: Installation, ingest_key: str, read_token: str) -> str:
    """The number of the sender that holds the key."""
    api = f"{installation.address}/api/v1"
    headers = {"Authorization": f"Bearer {ingest_key}"}
    told = httpx.post(f"{api}/events", json={"type": "HELLO"}, headers=headers).json()
    headers = {"Authorization": f"Bearer {read_token}"}
    event = httpx.get(f"{api}/events/{told['events'][0]['id']}", headers=headers).json()
    return str(event["sender"]["id"])


@pytest.fixture
def variables(
    installation: Installation, ingest_key: str, read_token: str, sender: str
) -> Mapping[str, str]:
    """What a client is told: where, as whom, and which events are its own."""
    now = datetime.now(UTC)
    return {
        **os.environ,
        "PATH": f"{PYTHON_TOOLS}:{os.environ['PATH']}",
        "URL": installation.address,
        "KEY": ingest_key,
        "TOKEN": read_token,
        "SENDER": sender,
        "KIND": f"CLIENT_{now:%H%M%S%f}",
        "TIME": (now - timedelta(minutes=1)).isoformat(),
    }


@pytest.fixture
def workshop(tmp_path: Path, installation: Installation) -> Path:
    """A directory with the document that the installation serves."""
    document = httpx.get(f"{installation.address}/api/v1/openapi.json")
    (tmp_path / "openapi.json").write_bytes(document.content)
    return tmp_path


def run(command: list[Any], workshop: Path, variables: Mapping[str, str], **more: str) -> str:
    done = subprocess.run(
        command, cwd=workshop, env={**variables, **more}, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout[-3_000:]}\n{done.stderr[-3_000:]}"
    return done.stdout


def assert_did_it_all(told: str) -> None:
    found = json.loads(told.strip().splitlines()[-1])
    assert sorted(found.pop("found")) == ["0", "1", "2", "3", "4"]
    assert found == {
        "recorded": 5,
        "problems": [
            f"urn:audit:problem:{slug}"
            for slug in ("conflict", "rejected", "idempotency-key-reused")
        ],
        "pointer": "/time",
        "pages": 3,
        "count": 5,
        "exported": 5,
        "rows": 5,
    }


@needs_python_tools
class TestPython:
    def test_openapi_python_client(self, workshop: Path, variables: Mapping[str, str]) -> None:
        generate = ["openapi-python-client", "generate", "--path", "openapi.json"]
        run([*generate, "--output-path", "made"], workshop, variables)
        script = CLIENTS / "openapi_python_client.py"
        assert_did_it_all(run(["python", script], workshop, variables, PYTHONPATH="made"))

    @needs_java
    def test_openapi_generator(self, workshop: Path, variables: Mapping[str, str]) -> None:
        generate = ["openapi-generator-cli", "generate", "-i", "openapi.json", "-g", "python"]
        run([*generate, "-o", "made"], workshop, variables)
        script = CLIENTS / "openapi_generator.py"
        assert_did_it_all(run(["python", script], workshop, variables, PYTHONPATH="made"))


@needs_node
class TestTypeScript:
    def build(self, workshop: Path, variables: Mapping[str, str], script: str) -> str:
        """Compile a client, with all that the compiler can find wrong, and return what it says."""
        shutil.copy(CLIENTS / f"{script}.ts", workshop)
        (workshop / "package.json").write_text('{"type": "module"}')
        (workshop / "tsconfig.json").write_text(json.dumps(TSCONFIG))
        run([workshop / "node_modules" / ".bin" / "tsc", "-p", "."], workshop, variables)
        return run(["node", f"out/{script}.js"], workshop, variables)

    @pytest.fixture
    def bin(self, workshop: Path) -> Path:
        (workshop / "node_modules").symlink_to(MODULES)
        return workshop / "node_modules" / ".bin"

    def test_openapi_typescript(
        self, workshop: Path, variables: Mapping[str, str], bin: Path
    ) -> None:
        run([bin / "openapi-typescript", "openapi.json", "-o", "types.ts"], workshop, variables)
        assert_did_it_all(self.build(workshop, variables, "openapi_typescript"))

    def test_hey_api(self, workshop: Path, variables: Mapping[str, str], bin: Path) -> None:
        (workshop / "openapi-ts.config.mjs").write_text(
            'export default {input: "openapi.json",'
            ' output: {path: "client", importFileExtension: ".js"}};'
        )
        run([bin / "openapi-ts", "-f", "openapi-ts.config.mjs"], workshop, variables)
        assert_did_it_all(self.build(workshop, variables, "hey_api"))
