"""A stranger clones the project, types what the README says, and sees an event of their own."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from .installation import PASSWORD, ROOT, free_port

READY_SECONDS = 300
# What a shell on a bare machine has, and how a package index is reached from behind a proxy.
KEPT = re.compile(r"PATH|LANG|PIP_\w+|REQUESTS_CA_BUNDLE|SSL_CERT\w*|\w+_proxy|\w+_PROXY")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The committed state, in a directory that only its owner can pass through."""
    subprocess.run(["git", "clone", "--quiet", ROOT, tmp_path / "src"], check=True)
    (tmp_path / "home").mkdir()
    tmp_path.chmod(0o700)
    return tmp_path / "src"


@pytest.fixture
def run(clone: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[bytes], Path]]]:
    """Type `make run` there, with nothing but a port of one's own."""
    started: list[subprocess.Popen[bytes]] = []
    environment = {k: v for k, v in os.environ.items() if KEPT.fullmatch(k)}
    environment |= {"HOME": str(clone.parent / "home"), "DEMO_PASSWORD": PASSWORD}

    def start() -> tuple[subprocess.Popen[bytes], Path]:
        path = clone.parent / f"run-{len(started)}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                ["make", "run", f"PORT={free_port()}"],
                cwd=clone,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(process)
        give_up = time.monotonic() + READY_SECONDS
        while "Ctrl-C stops it" not in path.read_text():
            assert process.poll() is None, path.read_text()[-2000:]
            assert time.monotonic() < give_up, path.read_text()[-2000:]
            time.sleep(0.1)
        return process, path

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


class TestCleanClone:
    def test_make_run_prints_a_line_that_records_an_event_which_survives_a_restart(
        self, run: Callable[[], tuple[subprocess.Popen[bytes], Path]], clone: Path
    ) -> None:
        process, log = run()
        printed = log.read_text()
        line = re.search(r"curl -i .*\n.*\n.*'", printed)
        assert line is not None, printed
        answer = subprocess.run(
            shlex.split(line[0].replace("\\\n", " ")), capture_output=True, text=True, check=True
        )
        assert answer.stdout.startswith("HTTP/1.1 201"), answer.stdout

        address = re.search(r"http://[\d.]+:\d+", printed)
        assert address is not None
        assert self.has_my_event(address[0])

        process.send_signal(signal.SIGTERM)
        process.wait(60)
        _, log = run()
        address = re.search(r"http://[\d.]+:\d+", log.read_text())
        assert address is not None
        assert self.has_my_event(address[0])
        assert (clone / "var" / "secret_key").stat().st_mode & 0o777 == 0o600

    def has_my_event(self, address: str) -> bool:
        """Log in as the demo's admin, as the terminal says, and look at the list."""
        with httpx.Client(base_url=address, follow_redirects=True, timeout=30) as client:
            form = client.get("/login/").text
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
            assert token is not None
            client.post(
                "/login/",
                data={
                    "username": "admin",
                    "password": PASSWORD,
                    "csrfmiddlewaretoken": token[1],
                },
                headers={"Referer": address},
            )
            page = client.get("/events/", params={"actor": "me"}).text
        return re.search(r"/events/[0-9a-f-]{36}/", page) is not None
