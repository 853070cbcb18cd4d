"""Exactly what a search says, as a file: complete, or it says so (docs/export.md)."""

from .stream import FORMATS, check_format, export

__all__ = ("FORMATS", "check_format", "export")
