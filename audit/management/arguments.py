"""Reads the arguments of commands."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date

_MONTH = re.compile(r"(\d{4})-(\d{2})")


def add_months(parser: ArgumentParser) -> None:
    """Add `--from` and `--to`, the first and the last month of events, as `first` and `last`."""
    for option, dest in (("--from", "first"), ("--to", "last")):
        parser.add_argument(
            option, dest=dest, type=_parse_month, metavar="YYYY-MM", help=f"{dest} month of events"
        )


def _parse_month(text: str) -> date:
    """Read `2026-03` as the first day of that month."""
    match = _MONTH.fullmatch(text)
    try:
        return (
            date(int(match[1]), int(match[2]), 1)
            if match
            else date.fromisoformat(text).replace(day=1)
        )
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no month; write it as 2026-03.") from None
