"""Runs PostgreSQL, the web processes and the worker, and starts each again when it dies."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType

from audit.worker.lifeline import ends_with_parent

from .databases import SUPERVISED
from .errors import CannotStart
from .postgres.cluster import Cluster, open_cluster
from .variables import BASE_DIR, Configuration

POLL_SECONDS = 0.1
STOP_SECONDS = 10.0
QUICK_DEATH_SECONDS = 2.0
PAUSE_SECONDS = 1.0
# How often the database is probed, and how long it may not answer before it is restarted. One that
# is merely busy answers within seconds.
PROBE_SECONDS = 5.0
PATIENCE_SECONDS = 60.0
# What is open in a database that doesn't answer is lost anyway.
SILENT_STOP_SECONDS = 5.0


class Supervisor:
    """The children of this process. They share one listening socket, so that a connection made
    while a web process is being started again waits instead of being refused.
    """

    def __init__(self, given: Configuration, listening: socket.socket) -> None:
        self._given = given
        self._listening = listening
        self._cluster: Cluster | None = None
        self._postgres: subprocess.Popen[bytes] | None = None
        self._web_threads = given.WEB_THREADS
        self._checked_at = 0.0
        self._stuck_since: float | None = None
        self._services: dict[str, subprocess.Popen[bytes]] = {}
        self._started_at: dict[str, float] = {}
        self._is_stopping = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def start_postgres(self) -> None:
        """Make the embedded database if need be, and start it."""
        self._cluster = open_cluster(self._given)
        if self._cluster.is_running():
            # A command in another shell has started it for itself.
            raise CannotStart(f"A command is using {self._given.DATA_DIR}; start when it is done.")
        self._cluster.make()
        self._postgres = self._cluster.start(self._is_asked_to_stop)
        self._cluster.ensure_roles()

    def start_services(self, *, web_threads: int) -> None:
        """Start the web processes, each with so many threads, and the worker unless it runs
        elsewhere.
        """
        self._web_threads = web_threads
        for number in range(self._given.WEB_PROCESSES):
            self._spawn(f"web {number + 1}")
        if self._given.RUN_WORKER:
            self._spawn("worker")

    def watch(self) -> None:
        """Start again what dies, until a signal says stop."""
        while not self._is_stopping:
            self._check_children()
            time.sleep(POLL_SECONDS)

    def check(self) -> None:
        """Check every child once. Raises CannotStart when asked to stop before all is up."""
        if self._is_stopping:
            raise CannotStart("Stopped before it was ready.")
        self._check_children()

    def _check_children(self) -> None:
        if self._cluster and self._postgres:
            if self._postgres.poll() is not None:
                _say(f"PostgreSQL ended ({_how(self._postgres)}); starting it again.")
                self._restart_postgres(self._cluster)
            else:
                self._check_postgres(self._cluster, self._postgres)
        for name, child in list(self._services.items()):
            if child.poll() is not None:
                _say(f"The {name} process ended ({_how(child)}); starting it again.")
                if time.monotonic() - self._started_at[name] < QUICK_DEATH_SECONDS:
                    time.sleep(PAUSE_SECONDS)
                self._spawn(name)

    def _check_postgres(self, cluster: Cluster, server: subprocess.Popen[bytes]) -> None:
        """A server can run and let nobody in for ever: stopped, stuck, or shutting down while a
        client stays connected.
        """
        now = time.monotonic()
        if now - self._checked_at < PROBE_SECONDS:
            return
        answer = cluster.state()
        self._checked_at = time.monotonic()
        if not answer.is_stuck:
            if self._stuck_since is not None:
                _say("PostgreSQL answers again.")
            self._stuck_since = None
        elif self._stuck_since is None:
            self._stuck_since = now
            _say(
                f"PostgreSQL {answer.value}; it is started anew unless that ends within"
                f" {PATIENCE_SECONDS:g} s."
            )
        elif now - self._stuck_since > PATIENCE_SECONDS:
            _say(f"PostgreSQL {answer.value}; ending it and starting it again.")
            cluster.stop(server, patience_seconds=SILENT_STOP_SECONDS)
            self._restart_postgres(cluster)

    def _restart_postgres(self, cluster: Cluster) -> None:
        """What keeps it from starting may pass, as a full disk does: the next check tries again."""
        self._stuck_since = None
        try:
            self._postgres = cluster.start(self._is_asked_to_stop)
        except CannotStart as error:
            _say(f"{error}\nTrying again.")
        else:
            _say("PostgreSQL is back.")

    def stop(self) -> None:
        """End all children: services first, then the database."""
        for name, child in self._services.items():
            if child.poll() is None:
                child.send_signal(_stops(name))
        give_up = time.monotonic() + STOP_SECONDS
        for child in self._services.values():
            try:
                child.wait(max(give_up - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if self._cluster and self._postgres:
            self._cluster.stop(self._postgres)

    def _spawn(self, name: str) -> None:
        if name == "worker":
            command = [sys.executable, str(BASE_DIR / "manage.py"), "worker"]
        else:
            command = [sys.executable, "-m", "config.server", "--fd", str(self._listening.fileno())]
        self._started_at[name] = time.monotonic()
        self._services[name] = subprocess.Popen(  # noqa: S603 (our own interpreter and modules)
            command,
            cwd=BASE_DIR,
            env={
                **os.environ,
                SUPERVISED: "1",
                "DATA_DIR": str(self._given.DATA_DIR),
                "WEB_THREADS": str(self._web_threads),
            },
            pass_fds=() if name == "worker" else (self._listening.fileno(),),
            stdin=subprocess.DEVNULL,
            preexec_fn=ends_with_parent(_stops(name)),
        )

    def _is_asked_to_stop(self) -> bool:
        return self._is_stopping

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._is_stopping = True


def _stops(name: str) -> signal.Signals:
    """By SIGTERM a web process ends alone, and lets its clients go over to the next one."""
    return signal.SIGTERM if name == "worker" else signal.SIGINT


def _how(child: subprocess.Popen[bytes]) -> str:
    code = child.returncode
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"status {code}"


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
