"""The audit log in the Django admin, for auditors: to read, never to change."""

from . import events, tables

__all__ = ["events", "tables"]
