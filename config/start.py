"""`manage.py start`: everything that `make run` does after the installation."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
import sys
import time
from pathlib import Path
from typing import IO

from .banner import banner, first_steps
from .configuration import configuration
from .connections import (
    Available,
    available_connections,
    database_identity,
    fitting_threads,
    needed_connections,
)
from .databases import VARIABLES, has_reader, is_embedded
from .errors import CannotStart
from .private_file import write_private
from .probe import LIVE, ask, local_url
from .supervisor import Supervisor
from .variables import BASE_DIR, Configuration

MIN_FREE_BYTES = 300 * 2**20
BACKLOG = 2048
ANSWER_SECONDS = 60.0


def start() -> int:
    """Run the product until it is stopped. Raises CannotStart."""
    given = configuration()
    began = time.monotonic()
    prepare_data_dir(given)
    lock = _lock(given.DATA_DIR)
    listening = _listen(given.HOST, given.PORT)
    supervisor = Supervisor(given, listening)
    try:
        if is_embedded(given):
            supervisor.start_postgres()
        prepare_database()
        curl_key = prepare_first_use(given)
        steps = first_steps(given)
        supervisor.start_services(web_threads=_fit_threads(given))
        _wait_until_it_answers(given, supervisor)
        print(banner(given, curl_key, steps, time.monotonic() - began), flush=True)
        supervisor.watch()
    finally:
        listening.close()  # Nobody is to wait for an answer that doesn't come.
        supervisor.stop()
        lock.close()
    return 0


def prepare_data_dir(given: Configuration) -> None:
    """Make the data directory and see that it can be used. Raises CannotStart."""
    path = given.DATA_DIR
    try:
        # Root's PostgreSQL runs as another user, who must be able to pass through.
        path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        probe = path / f".probe-{os.getpid()}"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        way = "free some space" if full else "give DATA_DIR a directory that you may write to"
        raise CannotStart(f"{path} can't be used: {error.strerror}; {way}.") from error
    free = shutil.disk_usage(path).free
    if free < MIN_FREE_BYTES:
        raise CannotStart(
            f"The disk of {path} has {free // 2**20} MiB left and {MIN_FREE_BYTES // 2**20} are "
            "needed: free some space, or give DATA_DIR another disk."
        )


def _lock(data_dir: Path) -> IO[str]:
    file = (data_dir / "lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotStart(
            f"Something runs on {data_dir} already: stop it first, or give another DATA_DIR."
        ) from None
    return file


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"Port {port} of {host} is taken by another program; choose a free one, as in "
                f"`make run PORT={port + 1}`."
            ) from None
        raise CannotStart(f"{host} port {port} can't be listened on: {error.strerror}.") from error
    listening.listen(BACKLOG)
    return listening


def prepare_database() -> None:
    """Migrate if there is something to migrate.

    Raises CannotStart for settings that fail a check, and for a newer database.
    """
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import OperationalError, connections
    from django.db.migrations.executor import MigrationExecutor

    _check_settings()
    try:
        executor = MigrationExecutor(connections["owner"])
    except OperationalError as error:
        raise CannotStart(f"The database can't be reached: {str(error).strip()}") from error
    _check_same_database()
    known = set(executor.loader.disk_migrations)
    ours = {app for app, _ in known}
    newer = sorted(
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if app in ours and (app, name) not in known
    )
    if newer:
        raise CannotStart(
            f"The database was made by a newer version (it has {newer[0]}): check out that version "
            "or a later one, or give another DATA_DIR."
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Migrating the database …", file=sys.stderr, flush=True)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    connections.close_all()


def _check_same_database() -> None:
    """Raises CannotStart where a login can't get in, or is led to another database than the owner:
    what one records there the other would never seal.
    """
    from django.db import OperationalError, connections

    owners = database_identity(connections["owner"])
    for alias in (alias for alias in connections if alias != "owner"):
        variable = VARIABLES[alias]
        try:
            is_other = database_identity(connections[alias]) != owners
        except OperationalError as error:
            raise CannotStart(
                f"The login of {variable} can't use the database: {str(error).strip()}"
            ) from error
        if is_other:
            names = [connections[one].settings_dict["NAME"] for one in (alias, "owner")]
            raise CannotStart(
                f"{variable} leads to another database ({names[0]!r}) than DATABASE_OWNER_URL"
                f" ({names[1]!r}): all logins have to go to the same."
            )


def _check_settings() -> None:
    """Raises CannotStart for what the system checks find, such as a rule of REDACT_FILE."""
    from django.core.checks import run_checks

    messages = run_checks()
    for message in messages:
        if not message.is_serious():
            print(f"{message.id}: {message.msg} {message.hint or ''}", file=sys.stderr, flush=True)
    serious = [message for message in messages if message.is_serious()]
    if serious:
        raise CannotStart("\n".join(f"{m.id}: {m.msg} {m.hint or ''}".strip() for m in serious))


def _fit_threads(given: Configuration) -> int:
    """Return how many threads a web process may have, and say where it is fewer than wanted.

    Raises CannotStart.
    """
    from django.db import connections

    limits = {}
    for alias in ("default", "reader") if has_reader(given) else ("default",):
        connections[alias].ensure_connection()
        total, limits[alias] = available_connections(connections[alias].connection)
    connections.close_all()
    available = Available(all=total, app=limits["default"], reader=limits.get("reader"))
    threads = fitting_threads(given, available)
    if threads < given.WEB_THREADS:
        print(
            f"The database takes {available} connections of ours, and {needed_connections(given)}"
            f" are wanted: each web process works with {threads} threads, not {given.WEB_THREADS}.",
            file=sys.stderr,
            flush=True,
        )
    return threads


def prepare_first_use(given: Configuration) -> str | None:
    """Make static files and the demo, with a key for the printed curl line; return that key.

    Where there is no demo nobody asked for a key, so none is made, and none that was revoked anew.
    """
    from django.core.management import call_command
    from django.db import connections

    _collect_static(given)
    from environments.models import Environment

    if given.DEMO and not Environment.objects.exists():
        call_command("demo")
        _make_curl_key(given.DATA_DIR)
    _make_signing_key(given)
    key = _curl_key(given.DATA_DIR)
    connections.close_all()
    return key


def _make_signing_key(given: Configuration) -> None:
    """With the embedded database the log's key is made by itself; elsewhere by `log_key new`."""
    from django.utils import timezone

    from audit.log.cursor import psycopg_cursor
    from audit.seal.log_keys import LogKeyRefused, list_keys, make_key

    if given.DATABASE_URL or list_keys(psycopg_cursor("worker")):
        return
    try:
        make_key(using="worker", now=timezone.now())
    except LogKeyRefused as error:
        print(f"The log is not signed: {error}", file=sys.stderr, flush=True)


def _collect_static(given: Configuration) -> None:
    """Again only where something changed: compressing takes seconds."""
    from importlib.metadata import version

    from django.core.management import call_command

    files = sorted(p for p in BASE_DIR.glob("*/static/**/*") if p.is_file())
    stamp = "\n".join(
        [f"django {version('django')}", *(f"{p} {p.stat().st_mtime_ns}" for p in files)]
    )
    mark = given.DATA_DIR / "static.stamp"
    if mark.exists() and mark.read_text() == stamp and (given.DATA_DIR / "static").exists():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(stamp)


def _make_curl_key(data_dir: Path) -> None:
    from django.utils import timezone

    from environments.keys import create_ingest_key
    from environments.models import Environment

    last = Environment.objects.order_by("-position")[0]
    _, token = create_ingest_key(environment=last.key, sender="terminal", now=timezone.now())
    write_private(data_dir / "curl-key", token + "\n")


def _curl_key(data_dir: Path) -> str | None:
    from environments.resolve import resolve_ingest_key

    path = data_dir / "curl-key"
    if not path.exists():
        return None
    token = path.read_text().strip()
    return token if resolve_ingest_key(token, ip_address=None) is not None else None


def _wait_until_it_answers(given: Configuration, supervisor: Supervisor) -> None:
    give_up = time.monotonic() + ANSWER_SECONDS
    said = "nothing"
    while time.monotonic() < give_up:
        try:
            status, _ = ask(given, LIVE, timeout_seconds=5)
        except OSError as error:
            said = str(error)
        else:
            if status == 200:
                return
            said = f"status {status}"
        supervisor.check()
        time.sleep(0.1)
    raise CannotStart(
        f"The web server does not answer at {local_url(given)} ({said}); its log is above."
    )
