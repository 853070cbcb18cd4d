"""`manage.py evidence export`: events of one environment with their proof, for an auditor."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils import timezone
from tqdm import tqdm

from audit.conf import audit_settings
from audit.contracts import Scope
from audit.errors import AuditError
from audit.export.evidence.directory import Wanted
from audit.export.evidence.filters import wanted_of
from audit.export.evidence.making import TAR, make_directory, make_tar, read_signed
from audit.facets import EXCLUDE, FACETS
from audit.log.cursor import psycopg_cursor
from audit.log.times import BadTime
from audit.query import parse_query
from audit.query.search.moments import parse_moment
from audit.seal.published import Published

_POSITIONS = re.compile(r"([0-9]{1,18}):([0-9]{1,18})?")
_ITSELF = frozenset({"environment"})


class Command(BaseCommand):
    help = (
        "Exports events of one environment so that a stranger can verify them (docs/evidence.md)."
        " A span of positions or of times of recording is complete; with a filter, or times of"
        " happening, each event has a proof of its own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        export = actions.add_parser("export", help="write a directory, or FILE.tar")
        export.add_argument("path", type=Path, metavar="DIR|FILE.tar")
        export.add_argument("--environment", required=True, help="its key, such as prod")
        export.add_argument("--positions", metavar="A:B", help="from A to before B; A: to the end")
        export.add_argument("--recorded-from", metavar="T", help="recorded at T or later")
        export.add_argument("--recorded-to", metavar="T", help="recorded before T")
        export.add_argument("--from", metavar="T", help="happened at T or later: filtered")
        export.add_argument("--to", metavar="T", help="happened before T: filtered")
        export.add_argument("--q", metavar="WORDS", help="words of a search: filtered")
        for name in sorted(FACETS.keys() - _ITSELF):
            for option in (name, f"exclude_{name}"):
                says = "filtered, as in the API" if option == name else "none of these"
                export.add_argument(
                    f"--{option.replace('_', '-')}", action="append", dest=option, help=says
                )

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        try:
            self._export(options)
        except AuditError as error:
            raise CommandError(str(error), returncode=2) from None
        except OSError as error:
            raise CommandError(
                f"{error.filename or options['path']}: {error.strerror}. What is done is kept;"
                " the same command goes on with it.",
                returncode=2,
            ) from None

    def _export(self, options: dict[str, Any]) -> None:
        path, key = options["path"], options["environment"]
        if path.exists():
            raise CommandError(f"{path} is there already: give another name.", returncode=2)
        cursor = psycopg_cursor(audit_settings().WORKER_DATABASE)
        published = read_signed(cursor, key)
        wanted = _wanted(cursor, published, options)
        with tqdm(
            total=wanted.next - wanted.first, unit="event", file=sys.stderr, disable=None
        ) as bar:

            def progress(positions: int, events: int) -> None:
                bar.update(positions)

            if path.suffix == TAR:
                top = path.name.removesuffix(TAR)
                make_tar(cursor, published, wanted, path, top=top, progress=progress)
            else:
                make_directory(cursor, published, wanted, path, progress=progress)
        what = "filtered" if wanted.matching is not None else "complete"
        self.stderr.write(
            f"{path}: {what}, positions {wanted.first:,} to {wanted.next:,} of {key}. Give the key"
            f" of `manage.py log_key export --environment {key}` by another way."
        )


def _wanted(cursor: psycopg.Cursor[Any], published: Published, options: dict[str, Any]) -> Wanted:
    now, params = timezone.now(), QueryDict(mutable=True)
    facets = FACETS.keys() - _ITSELF
    for name in ("from", "to", "q", *facets, *(EXCLUDE + facet for facet in facets)):
        if value := options.get(name):
            params.setlist(name, value if isinstance(value, list) else [value])
    query = parse_query(params, scope=Scope(grants={options["environment"]: None}), now=now)
    first, next_ = _positions(options["positions"], published.checkpoint.size)
    query = replace(
        query,
        recorded_start=_moment("--recorded-from", options["recorded_from"], now),
        recorded_end=_moment("--recorded-to", options["recorded_to"], now),
    )
    return wanted_of(cursor, published, query, first=first, next_=next_)


def _moment(option: str, text: str | None, now: datetime) -> datetime | None:
    if not text:
        return None
    try:
        return parse_moment(text, now=now)
    except BadTime as error:
        raise CommandError(f"{option}: {error}", returncode=2) from None


def _positions(text: str | None, size: int) -> tuple[int, int | None]:
    """Return the first position, and the one to end before if one is said."""
    if text is None:
        return 0, None
    match = _POSITIONS.fullmatch(text)
    if match is None:
        raise CommandError(f"--positions is A:B or A:, not {text!r}.", returncode=2)
    first, next_ = int(match[1]), int(match[2]) if match[2] else None
    if not first <= (size if next_ is None else next_) <= size:
        raise CommandError(
            f"--positions {text} is no range of the {size:,} that are signed.", returncode=2
        )
    return first, next_
