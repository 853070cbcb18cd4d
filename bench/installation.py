"""A whole installation to measure: its own PostgreSQL, with the data in a directory of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config.configuration import configuration
from config.postgres.cluster import Cluster, open_cluster
from config.postgres.logins import DATABASE
from config.start import prepare_data_dir

from .access import Access, make_access
from .places import write_places
from .servers import OURS

MIN_FREE_BYTES = 2 * 2**30


@dataclass(slots=True, kw_only=True)
class Installation:
    """What runs, and how it is reached. server: PostgreSQL's process."""

    cluster: Cluster
    server: subprocess.Popen[bytes]
    access: Access

    def connect(self, database: str = DATABASE) -> psycopg.Connection:
        """Return a connection of the owner's, which may do everything."""
        return psycopg.connect(self.cluster.owner_conninfo(database), autocommit=True)

    def stop(self) -> None:
        """Stop PostgreSQL."""
        from django.db import connections

        connections.close_all()
        self.cluster.stop(self.server)

    def start(self) -> None:
        """Start PostgreSQL again."""
        self.server = self.cluster.start()


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
        installation = Installation(cluster=cluster, server=server, access=make_access())
    except BaseException:
        cluster.stop(server)
        raise
    try:
        yield installation
    finally:
        installation.stop()
