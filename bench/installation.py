"""A whole installation to measure: own PostgreSQL, the product's own web server and worker."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import psycopg

from config.configuration import BASE_DIR, configuration
from config.postgres.cluster import Cluster, open_cluster
from config.start import prepare_data_dir, prepare_database

from .dataset import EMPTY_ENVIRONMENT, ENVIRONMENTS, write_places

READY_SECONDS = 60
STOP_SECONDS = 20
OURS = "config.settings"
ORDINARY = "bench.ordinary.settings"
MIN_FREE_BYTES = 2 * 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What runs, and how it is reached. keys: environment → ingest key."""

    cluster: Cluster
    keys: dict[str, str]
    read_token: str

    def connect(self) -> psycopg.Connection:
        """Return a connection of the owner's, which may do everything."""
        return psycopg.connect(self.cluster.owner_conninfo(), autocommit=True)


def choose_directory(directory: Path, *, need_bytes: int = MIN_FREE_BYTES) -> None:
    """Say where the measured installation lies; before anything of Django is imported."""
    os.environ.update(
        DATA_DIR=str(directory),
        DEMO="off",
        LOG_LEVEL="WARNING",
        GEOIP_CITY_PATH=str(directory / "places.mmdb"),
        DJANGO_SETTINGS_MODULE=OURS,
    )
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "GEOIP_ASN_PATH"):
        os.environ.pop(name, None)
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o711)
    (directory / "static").mkdir(exist_ok=True)
    free = shutil.disk_usage(directory).free
    if free < need_bytes:
        sys.exit(
            f"The disk of {directory} has {free / 2**30:.1f} GiB left and "
            f"{need_bytes / 2**30:.1f} are needed: free some, or name another with --directory."
        )


@contextmanager
def running() -> Iterator[Installation]:
    """Make the installation in the directory chosen, or take up the one that is there."""
    given = configuration()
    prepare_data_dir(given)
    write_places(Path(given.GEOIP_CITY_PATH))
    cluster = open_cluster(given)
    cluster.make()
    server = cluster.start()
    try:
        cluster.ensure_roles()
        with psycopg.connect(cluster.owner_conninfo(), autocommit=True) as connection:
            # Of an earlier run, and not the product's: its privileges don't know them.
            connection.execute("DROP TABLE IF EXISTS bench_heap, ordinary_ordinaryevent")
        prepare_database()
        yield Installation(cluster=cluster, keys=_make_keys(), read_token=_make_reader())
    finally:
        from django.db import connections

        connections.close_all()
        cluster.stop(server)


def _make_keys() -> dict[str, str]:
    from django.utils import timezone

    from environments.directory import create_environment
    from environments.keys import create_ingest_key

    keys = {}
    now = timezone.now()
    for position, key in enumerate([*ENVIRONMENTS, EMPTY_ENVIRONMENT]):
        create_environment(key=key, name=key.title(), colour="#0072b2", position=position)
        sender = f"bench-{now:%Y%m%d%H%M%S%f}"
        _, keys[key] = create_ingest_key(environment=key, sender=sender, now=now)
    return keys


def _make_reader() -> str:
    from django.utils import timezone

    from accounts.models import User
    from accounts.tokens import create_read_token

    user, _ = User.objects.get_or_create(
        username="bench", defaults={"is_superuser": True, "is_staff": True}
    )
    return create_read_token(user=user, name="bench", now=timezone.now())[1]


@contextmanager
def web_server(settings: str, *, processes: int = 2) -> Iterator[int]:
    """Serve a project by the product's own front, and yield the port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(2048)
        port = listening.getsockname()[1]
        command = [sys.executable, "-m", "config.server", "--fd", str(listening.fileno())]
        children = [
            subprocess.Popen(
                command,
                cwd=BASE_DIR,
                env={**os.environ, "DJANGO_SETTINGS_MODULE": settings},
                pass_fds=(listening.fileno(),),
            )
            for _ in range(processes)
        ]
        try:
            _wait_until_it_answers(port, children)
            yield port
        finally:
            _end(children)


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """Run the product's worker."""
    child = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=BASE_DIR,
        env={**os.environ, "SIGHTLINE_SUPERVISED": "1"},
    )
    try:
        yield child
    finally:
        _end([child])


def _wait_until_it_answers(port: int, children: list[subprocess.Popen[bytes]]) -> None:
    give_up = monotonic() + READY_SECONDS
    while monotonic() < give_up and all(child.poll() is None for child in children):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2).close()
        except OSError:
            sleep(0.1)
        else:
            return
    raise RuntimeError("The web server does not answer.")


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
