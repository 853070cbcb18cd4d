"""Reads in which form an export is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from audit.errors import BadParameter
from audit.vocabulary import unknown

# What a reader is told that they hold, of those that can be streamed and of all.
FORMATS: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "raw": "application/x-ndjson",
}
EVIDENCE = "evidence"
ALL_FORMATS: Mapping[str, str] = {**FORMATS, EVIDENCE: "application/x-tar"}
# Those that may hold evidence, and how the names of their files end; others end as they are named.
EVIDENT: Mapping[str, str] = {"raw": "raw.ndjson", EVIDENCE: "evidence.tar"}
ENDS = ("none", "line")
CHOICES = ("no", "yes")
PARAMETERS = ("format", "end", "bom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A format and what the file has besides the events.

    has_end_line: a last line with the count and hash of what is before; Parquet's footer tells
        both in any case
    has_bom: CSV alone: it begins with U+FEFF, by which Excel knows UTF-8
    salts_of: of raw: the environments whose events have their salts
    """

    format: str
    has_end_line: bool = False
    has_bom: bool = False
    salts_of: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        return ALL_FORMATS[self.format]


def has_parquet() -> bool:
    """Is pyarrow here? A host may have left it out: it comes with the extra `parquet`."""
    return find_spec("pyarrow") is not None


def parse_form(params: Mapping[str, str], *, is_streamed: bool = False) -> Form:
    """Return the form that `format`, `end` and `bom` say. Raises BadParameter."""
    format_ = _one_of("format", params.get("format") or "", ALL_FORMATS)
    if format_ == EVIDENCE and is_streamed:
        raise BadParameter(
            "format", "evidence is made in the background alone: POST to /api/v1/exports."
        )
    if format_ == "parquet" and not has_parquet():
        raise BadParameter(
            "format",
            "format 'parquet' needs pyarrow, which is not installed here (it comes with"
            " sightline-audit[parquet]); csv, json and ndjson need nothing.",
        )
    end = _one_of("end", params.get("end") or ENDS[0], ENDS)
    if end == "line" and format_ == EVIDENCE:
        raise BadParameter("end", "evidence has no last line; its manifest tells the counts.")
    bom = _one_of("bom", params.get("bom") or CHOICES[0], CHOICES)
    if bom == "yes" and format_ != "csv":
        raise BadParameter("bom", f"bom is for csv alone; {format_} begins with its content.")
    return Form(format=format_, has_end_line=end == "line", has_bom=bom == "yes")


def _one_of(parameter: str, word: str, words: Mapping[str, str] | tuple[str, ...]) -> str:
    if word in words:
        return word
    raise BadParameter(parameter, unknown(parameter, word, words))
