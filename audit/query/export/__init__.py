"""Exactly what a search says, as a file (docs/export.md)."""

from .form import FORMATS, Form, parse_form
from .stream import export

__all__ = ("FORMATS", "Form", "export", "parse_form")
