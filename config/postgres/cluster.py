"""Makes, starts and stops the embedded PostgreSQL.

Programs of a package, driven by `initdb` and `postgres` alone: the package's own wrapper leaves
a server behind when its parent is killed, and stumbles over a stale pid file.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.worker.lifeline import ends_with_parent

from ..connections import needed_connections
from ..errors import CannotStart
from ..variables import Configuration
from .access import make_access
from .binaries import MAJOR, find_binaries
from .leftovers import POLL_SECONDS, STOP_SECONDS, end_processes, is_server, processes_of
from .location import data_directory, socket_directory
from .logins import (
    DATABASE,
    NAMES,
    Logins,
    conninfo,
    login_name,
    new_logins,
    read_logins,
    write_logins,
)
from .server_state import ServerState, read_server_state
from .sizing import machine_size, parameters
from .system_user import SystemUser, postgres_user

READY_SECONDS = 60.0
ANSWER_SECONDS = 3
QUIT_SECONDS = 5.0
RETRY_SECONDS = 20.0
LOG_NAME = "postgres.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A database cluster on this machine.

    data: where it really lies; connections: how many it has to take
    """

    data_dir: Path
    data: Path
    binaries: Path
    logins: Logins
    user: SystemUser | None
    listen: str
    connections: int

    def owner_conninfo(self, database: str = DATABASE) -> str:
        return conninfo(self.logins, "owner", database)

    def state(self) -> ServerState:
        """Knock at the socket, with our password."""
        return read_server_state(self.owner_conninfo("postgres"), seconds=ANSWER_SECONDS)

    def is_running(self) -> bool:
        return self.state() is ServerState.SERVES

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start a server as a child of this process; it goes when we go."""
        settings = {
            **parameters(*machine_size(), self.connections),
            "unix_socket_directories": self.logins.socket_directory,
            "unix_socket_permissions": "0700",
            "listen_addresses": self.listen,
            "port": str(self.logins.port),
        }
        options = [part for k, v in settings.items() for part in ("-c", f"{k}={v}")]
        with (self.data_dir / LOG_NAME).open("ab") as log:
            return subprocess.Popen(  # noqa: S603 (PostgreSQL's binaries, without a shell)
                [self.binaries / "postgres", "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                preexec_fn=ends_with_parent(signal.SIGINT),
                **self._as_user(),
            )

    def start(self, is_unwanted: Callable[[], bool] = lambda: False) -> subprocess.Popen[bytes]:
        """Start a server and wait until it answers. Raises CannotStart.

        After the postmaster was killed its memory stays taken until its children are gone, so a
        start that fails is tried again for RETRY_SECONDS.

        is_unwanted: asked while waiting, which may be long after a crash
        """
        self._end_leftovers()
        give_up = time.monotonic() + RETRY_SECONDS
        while True:
            server = self.spawn()
            if self._wait_ready(server, is_unwanted):
                return server
            if is_unwanted():
                raise CannotStart("Stopped before the database was ready.")
            if time.monotonic() > give_up:
                raise CannotStart(
                    f"PostgreSQL does not start; the last lines of {self.data_dir / LOG_NAME}:\n"
                    + self._last_lines()
                )
            time.sleep(0.5)

    def stop(
        self, server: subprocess.Popen[bytes], *, patience_seconds: float = STOP_SECONDS
    ) -> None:
        """End a server that we started: what is open is rolled back, then it is gone. Who doesn't
        listen, and doesn't end without tidying up either, is killed; what was committed stays.
        """
        for how, seconds in (
            (signal.SIGINT, patience_seconds),
            (signal.SIGQUIT, QUIT_SECONDS),
            (signal.SIGKILL, None),
        ):
            if server.poll() is None:
                server.send_signal(how)
            try:
                server.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
            return

    def make(self) -> None:
        """Make what is missing of the cluster: files, roles, logins, the database."""
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != str(MAJOR):
            raise CannotStart(
                f"{self.data} holds a database of PostgreSQL {found}; this version runs {MAJOR}. "
                f"Dump it with the pg_dump of the version before, move {self.data} away, start "
                "again, and restore with psql."
            )

    def ensure_roles(self) -> None:
        """Make the roles, the logins that hold them, and the database, where they are missing."""
        make_access(self.logins)

    def _initdb(self) -> None:
        draft = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._give_to_user(draft)
        with tempfile.NamedTemporaryFile("w", dir=self.logins.socket_directory) as password:
            password.write(self.logins.passwords["owner"])
            password.flush()
            self._give_to_user(Path(password.name))
            done = subprocess.run(  # noqa: S603 (PostgreSQL's binaries, without a shell)
                [
                    self.binaries / "initdb",
                    *("-D", draft, "-U", login_name("owner"), "--pwfile", password.name),
                    *("-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--data-checksums"),
                ],
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                **self._as_user(),
            )
        if done.returncode:
            raise CannotStart(f"PostgreSQL could not make its files in {draft}:\n{done.stderr}")
        if self.data.is_dir():
            self.data.rmdir()
        draft.rename(self.data)

    def _wait_ready(self, server: subprocess.Popen[bytes], is_unwanted: Callable[[], bool]) -> bool:
        """Wait for READY_SECONDS, not counting the recovery after a crash."""
        give_up = time.monotonic() + READY_SECONDS
        while time.monotonic() < give_up and not is_unwanted():
            if server.poll() is not None:
                return False
            answer = self.state()
            if answer is ServerState.SERVES:
                return True
            if answer is ServerState.STARTS:
                give_up = time.monotonic() + READY_SECONDS
            time.sleep(POLL_SECONDS)
        self.stop(server)
        return False

    def _end_leftovers(self) -> None:
        """End what an earlier start left behind, and forget a pid that is another program's now.

        The pid file itself guards the shared memory, so it stays unless its pid was reused.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        if is_server(pid, self.data):
            end_processes([pid], lambda: is_server(pid, self.data), signal.SIGINT)
        end_processes(
            processes_of(self.data), lambda: bool(processes_of(self.data)), signal.SIGQUIT
        )
        if Path(f"/proc/{pid}").exists():
            pid_file.unlink(missing_ok=True)

    def _last_lines(self) -> str:
        text = (self.data_dir / LOG_NAME).read_text(errors="replace")
        return "\n".join(text.splitlines()[-5:])

    def _as_user(self) -> dict[str, Any]:
        if self.user is None:
            return {}
        return {"user": self.user.uid, "group": self.user.gid, "extra_groups": []}

    def _give_to_user(self, path: Path) -> None:
        if self.user is not None:
            os.chown(path, self.user.uid, self.user.gid)


def open_cluster(configuration: Configuration) -> Cluster:
    """Return the cluster of a data directory, its directories and passwords made if missing.

    Raises CannotStart.
    """
    user = postgres_user(configuration.EMBEDDED_POSTGRES_USER)
    data_dir = configuration.DATA_DIR
    binaries = find_binaries(user)
    sockets = socket_directory(data_dir, user)
    logins = read_logins(data_dir)
    if (
        logins is None
        or logins.socket_directory != str(sockets)
        or set(NAMES) - {*logins.passwords}
    ):
        # Also where a version before this one knew fewer.
        logins = new_logins(
            socket_directory=sockets,
            port=configuration.EMBEDDED_POSTGRES_PORT,
            known=logins.passwords if logins is not None else {},
        )
        data_dir.mkdir(parents=True, exist_ok=True)
        write_logins(data_dir, logins)
    return Cluster(
        data_dir=data_dir,
        data=data_directory(data_dir, user),
        binaries=binaries,
        logins=logins,
        user=user,
        listen=configuration.EMBEDDED_POSTGRES_LISTEN,
        connections=needed_connections(configuration),
    )


@contextmanager
def running(cluster: Cluster) -> Iterator[None]:
    """Use the server that runs, or start one and stop it afterwards."""
    if cluster.is_running():
        yield
        return
    cluster.make()
    server = cluster.start()
    try:
        cluster.ensure_roles()
        yield
    finally:
        cluster.stop(server)
