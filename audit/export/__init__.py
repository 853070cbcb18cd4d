"""Exactly what a search says, as a file (docs/export.md)."""

from .form import FORMATS, Form, has_parquet, parse_form
from .stream import export

__all__ = ("FORMATS", "Form", "export", "has_parquet", "parse_form")
