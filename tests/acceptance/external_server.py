"""A database server that knows nothing of us, as somebody else runs it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from audit.worker.lifeline import ends_with_parent
from config.postgres.system_user import postgres_user
from tests.acceptance.installation import free_port

USER = postgres_user("sightline")
SECONDS = 60


def as_user() -> dict[str, Any]:
    if USER is None:
        return {}
    return {"user": USER.uid, "group": USER.gid, "extra_groups": []}


def run(*words: Any, **given: Any) -> None:
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, cwd="/", **as_user(), **given
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def server(binaries: Path, **settings: Any) -> Iterator[int]:
    """A server that knows nothing of us, on a port of its own; its superuser is trusted."""
    with tempfile.TemporaryDirectory() as directory:
        top, port = Path(directory), free_port()
        if USER is not None:
            shutil.chown(top, USER.uid, USER.gid)
        # As Debian makes it, in a language of its own.
        run(binaries / "initdb", "-D", top / "data", "-U", "postgres", "--locale=C.UTF-8",
            *("-A", "scram-sha-256", "--auth-local=trust", "--no-sync"))  # fmt: skip
        options = {"port": port, "unix_socket_directories": top, "listen_addresses": "127.0.0.1"}
        child = subprocess.Popen(
            [
                binaries / "postgres",
                *("-D", top / "data"),
                *(word for k, v in (options | settings).items() for word in ("-c", f"{k}={v}")),
            ],
            cwd="/",
            stderr=subprocess.DEVNULL,
            preexec_fn=ends_with_parent(),
            **as_user(),
        )
        try:
            give_up = time.monotonic() + SECONDS
            while not (top / f".s.PGSQL.{port}").exists():
                assert time.monotonic() < give_up
                time.sleep(0.05)
            yield port
        finally:
            child.terminate()
            child.wait(SECONDS)


def socket_of(port: int) -> Path:
    """Return the directory of a server's socket, where its superuser `postgres` is trusted."""
    return next(Path(tempfile.gettempdir()).glob(f"*/.s.PGSQL.{port}")).parent
