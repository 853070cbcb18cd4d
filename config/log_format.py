"""Formats a log record as one line that reveals nothing of a request's content."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from types import TracebackType

from audit.redact import mask_text

FRAMES = 6


class OneLineFormatter(logging.Formatter):
    """`2026-03-05T09:00:00+0000 ERROR audit.record: message [OperationalError 57P01 at a.py:3 f]`.

    An exception is its class, SQLSTATE and last frames, without its message, which often quotes the
    value. What still looks like a secret is masked.
    """

    default_time_format = "%Y-%m-%dT%H:%M:%S%z"
    default_msec_format = ""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.message = record.getMessage()
        record.asctime = self.formatTime(record)
        line = self.formatMessage(record)
        if record.exc_info and record.exc_info[1] is not None:
            line += f" [{_describe(record.exc_info[1])}]"
        return mask_text(line).replace("\r", "\\r").replace("\n", "\\n")


class InfoFilter(logging.Filter):
    """Lowers errors that any visitor can cause to INFO, without their frames."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.levelno, record.levelname = logging.INFO, logging.getLevelName(logging.INFO)
        record.exc_info = None
        return logging.getLogger().isEnabledFor(logging.INFO)


def _describe(error: BaseException) -> str:
    cause = error.__cause__
    state = getattr(error, "sqlstate", None) or getattr(cause, "sqlstate", None)
    words = [type(error).__name__, *([state] if state else [])]
    if places := _frames(error.__traceback__):
        words += ["at", " < ".join(places)]
    return " ".join(words)


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames)]
