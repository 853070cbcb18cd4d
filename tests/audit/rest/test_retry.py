"""The loop of docs/api.md that is safe to copy: it sends again, or gives up and says so."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
DOCS = (ROOT / "docs" / "api.md").read_text()
WHOLE = b'{"recorded":1,"conflicts":0,"rejected":0}'
PARTLY = b'{"recorded":1,"conflicts":0,"rejected":2}'


class Server(HTTPServer):
    """Answers with each of `answers`, a status and a body, then with the last of them; a status of
    0 is a connection that is closed without an answer. An empty body is a 400, as it is with us.
    """

    answers: list[tuple[int, bytes]]
    bodies: list[bytes]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        answers = self.server.answers if self.server.bodies[-1] else [(400, b"{}")]
        status, body = answers.pop(0) if len(answers) > 1 else answers[0]
        if status:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as one:
        one.bodies = []
        Thread(target=one.serve_forever, daemon=True).start()
        yield one
        one.shutdown()


@pytest.fixture
def send(server: Server, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the loop with these answers, and with a `sleep` that takes no time."""
    (script,) = re.findall(r"```sh\n(while :; do\n.*?)```", DOCS, re.DOTALL)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sleep").write_text("#!/bin/sh\necho pause >> pauses\n")
    (tmp_path / "bin" / "sleep").chmod(0o755)
    (tmp_path / "events.json").write_text('{"type": "X"}\n')

    def run(*answers: tuple[int, bytes], options: str = "-c") -> Any:
        server.answers = list(answers)
        return subprocess.run(
            ["sh", options, script],
            cwd=tmp_path,
            env={
                "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
                "URL": f"http://127.0.0.1:{server.server_port}",
                "KEY": "sli_test",
            },
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


@pytest.mark.parametrize("options", ["-c", "-ec"])
class TestLoop:
    def test_sends_again_what_was_not_taken(
        self, send: Any, server: Server, tmp_path: Path, options: str
    ) -> None:
        failures = [(code, b"{}") for code in (0, 408, 429, 500, 502, 503)]
        done = send(*failures, (201, WHOLE), options=options)
        assert done.returncode == 0, done.stderr
        assert server.bodies == [b'{"type": "X"}\n'] * 7
        assert (tmp_path / "pauses").read_text().count("pause") == 6

    @pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 411, 413, 415, 422])
    def test_gives_up_where_it_would_be_in_vain(
        self, send: Any, server: Server, options: str, code: int
    ) -> None:
        done = send((code, b'{"detail": "the reason"}'), options=options)
        assert done.returncode == 1
        assert f"Not taken ({code})" in done.stderr
        assert "the reason" in done.stderr
        assert len(server.bodies) == 1

    def test_says_where_some_are_not_in(self, send: Any, options: str) -> None:
        done = send((200, PARTLY), options=options)
        assert done.returncode == 1
        assert "Some are not in" in done.stderr

    def test_gives_up_where_there_is_nothing_to_send(
        self, send: Any, server: Server, tmp_path: Path, options: str
    ) -> None:
        (tmp_path / "events.json").unlink()
        done = send((201, WHOLE), options=options)
        # Before curl 8 a file that can't be read is a warning, and an empty body.
        assert done.returncode == 1
        assert not any(server.bodies)
