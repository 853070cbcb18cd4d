"""Every curl of `/api/docs/` does what its entry says, typed as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from audit.rest.schema.document import declared

from .installation import Installation

DONE_SECONDS = 60
# curl as the shell calls it, but that it tells the status and keeps the body.
CURL = """curl() { command curl -sS -o body -w '%{http_code}' "$@"; }\n"""


@pytest.fixture(scope="module")
def curls(installation: Installation) -> dict[str, str]:
    """The lines by the id of their operation, as a reader copies them."""
    page = httpx.get(f"{installation.address}/api/docs/").text
    found = re.findall(
        r'<h3 id="(\w+)">.*?<pre class="code-block"[^>]*>(.*?)</pre>', page, re.DOTALL
    )
    return {name: unescape(text) for name, text in found}


@pytest.fixture(scope="module")
def variables(
    installation: Installation, ingest_key: str, read_token: str
) -> Iterator[dict[str, str]]:
    """What the lines leave to be filled in: a key, a token, an event and an export that is done.

    Whatever was exported meanwhile is deleted after.
    """
    api = f"{installation.address}/api/v1"
    sent = httpx.post(
        f"{api}/events", json={"type": "HELLO"}, headers={"Authorization": f"Bearer {ingest_key}"}
    ).json()
    with httpx.Client(headers={"Authorization": f"Bearer {read_token}"}) as reader:
        export = reader.post(f"{api}/exports?format=csv&type=HELLO").json()
        wait_for_exports(reader, api)
        yield {
            "KEY": ingest_key,
            "TOKEN": read_token,
            "EVENT_ID": sent["events"][0]["id"],
            "EXPORT_ID": export["id"],
        }
        for each in wait_for_exports(reader, api):
            reader.delete(f"{api}/exports/{each['id']}")


def wait_for_exports(reader: httpx.Client, api: str) -> list[dict[str, Any]]:
    """Return all exports, once none is being made."""
    give_up = time.monotonic() + DONE_SECONDS
    while True:
        found = reader.get(f"{api}/exports").json()["results"]
        if all(each["state"] not in ("waiting", "running") for each in found):
            return found
        assert time.monotonic() < give_up
        time.sleep(0.1)


# What deletes comes last: others look at the same export.
ORDERED = sorted(declared().values(), key=lambda operation: operation.id.startswith("delete"))


class TestCurls:
    @pytest.mark.parametrize("operation", ORDERED, ids=lambda operation: operation.id)
    def test_is_answered_as_declared(
        self, curls: dict[str, str], variables: dict[str, str], operation: Any, tmp_path: Path
    ) -> None:
        done = subprocess.run(
            ["sh", "-c", CURL + curls[operation.id]],
            cwd=tmp_path,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        told = (tmp_path / "body").read_bytes()[:300] if (tmp_path / "body").exists() else b""
        assert int(done.stdout) in operation.answers, (done.stdout, told)
        assert int(done.stdout) < 300, told
        assert "$" not in "".join(re.findall(r"https?:[^\"]*", curls[operation.id])).replace(
            "$EVENT_ID", ""
        ).replace("$EXPORT_ID", "")
