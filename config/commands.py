"""Runs a command, with the database started if it needs one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import psycopg

from .configuration import ConfigurationError, configuration
from .databases import SUPERVISED, is_embedded
from .errors import CannotStart
from .postgres.logins import read_logins
from .variables import Configuration

WITHOUT_DATABASE = frozenset(
    {"help", "version", "makemigrations", "collectstatic", "makemessages", "compilemessages",
     "score_devices", "startapp", "diffsettings", "findstatic", "configuration_docs"}
)  # fmt: skip

# What it restores makes the database.
RESTORE = "restore"


def run_command(argv: Sequence[str]) -> int:
    """Run `manage.py …`; what keeps it from running is said in a sentence. Returns the status."""
    try:
        name = argv[1] if len(argv) > 1 else "help"
        if name == "start":
            return _start(argv[2:])
        if (
            name in WITHOUT_DATABASE
            or os.environ.get(SUPERVISED)
            or not is_embedded(configuration())
        ):
            return _execute(argv)
        from .postgres.cluster import open_cluster, running
        from .start import prepare_data_dir

        if name != RESTORE:
            _check_was_started(configuration())
        prepare_data_dir(configuration())
        with running(open_cluster(configuration())):
            return _execute(argv)
    except (CannotStart, ConfigurationError) as error:
        print(error, file=sys.stderr)
        return 1


def _start(words: Sequence[str]) -> int:
    """Start the product, which takes no words: its settings are variables."""
    if words:
        usage = (
            "usage: manage.py start\n\nIt takes no options: docs/configuration.md has its settings."
        )
        is_help = words[0] in ("-h", "--help")
        print(usage, file=sys.stdout if is_help else sys.stderr)
        return 0 if is_help else 2
    from .start import start

    return start()


def _check_was_started(given: Configuration) -> None:
    """Raises CannotStart where a command would make a database that nobody is served from, as
    beside an external one that this shell doesn't know of.
    """
    if read_logins(given.DATA_DIR) is None:
        raise CannotStart(
            f"There is no database in {given.DATA_DIR}: nothing was started with this DATA_DIR, or"
            " it was started with an external database. Start it first (`make run`), or give the"
            " settings that it was started with (DATA_DIR, DATABASE_URL, …)."
        )


def _execute(argv: Sequence[str]) -> int:
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        execute_from_command_line(list(argv))
    except OperationalError as error:
        raise CannotStart(f"The database did not do it: {str(error).strip()}") from error
    except ProgrammingError as error:
        if not isinstance(error.__cause__, psycopg.errors.UndefinedTable):
            raise
        raise CannotStart(
            "The database lacks tables of this version: start it once (`make run`), which makes"
            f" them. ({str(error).partition(chr(10))[0]})"
        ) from error
    return 0
