"""Makes a backup: whole under its final name, or not there."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from tqdm import tqdm

from ..errors import CannotStart
from .manifest import DATABASE, FORMAT, Manifest, count_events, describe_files, write_manifest
from .programs import owners_access, run_program

# How pg_dump tells, with --verbose, that it begins with a table's rows.
_TABLE = re.compile("dumping contents of table ")


def make_backup(target: Path, *, jobs: int) -> Manifest:
    """Write a backup into a directory that isn't there yet, while everything goes on.

    jobs: how many tables are read at a time. Raises CannotStart, and leaves nothing then.
    """
    if target.exists():
        raise CannotStart(f"{target} is there already: name a directory that isn't.")
    draft = target.with_name(f".{target.name}.unfinished")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(mode=0o700, parents=True)
        manifest = _write(draft, jobs=jobs)
        draft.rename(target)
    except OSError as error:
        raise CannotStart(f"{target} can't be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


def _write(draft: Path, *, jobs: int) -> Manifest:
    access = owners_access()
    with access.connect() as connection:
        # All that is told and copied is of one moment.
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None  # a row without a table to select from
        made_at = datetime.now(UTC)
        events = count_events(connection)
        tables = _count_tables(connection)
        words = [
            *("pg_dump", "--format=directory", f"--jobs={jobs}"),
            *(f"--snapshot={row[0]}", f"--file={draft / DATABASE}", "--compress=gzip:1"),
            *("--no-owner", "--no-privileges", "--verbose"),
        ]
        with tqdm(total=tables, desc="copying", unit=" tables", disable=None) as bar:
            run_program(words, access=access, begins=_TABLE, on_begin=bar.update)
        postgres = connection.info.parameter_status("server_version") or ""
    manifest = Manifest(
        format=FORMAT,
        made_at=made_at.isoformat(timespec="seconds"),
        postgres=postgres,
        events=events,
        files=describe_files(draft / DATABASE),
    )
    write_manifest(draft, manifest)
    return manifest


def _count_tables(connection: psycopg.Connection) -> int:
    row = connection.execute(
        "SELECT count(*) FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = current_schema()::regnamespace"
    ).fetchone()
    return int(row[0]) if row else 0
