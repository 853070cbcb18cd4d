"""Lists the paths at which this project takes events, and their formats."""

from __future__ import annotations

from contextlib import suppress

from django.urls import NoReverseMatch, reverse

from audit.ingest.format import Format
from audit.ingest.formats import formats
from audit.ingest.native_format import NATIVE


def ingest_paths() -> dict[str, Format]:
    """Return what is POSTed where, with an ingest key."""
    paths = {}
    for form in formats().values():
        name = "events" if form is NATIVE else f"{form.name}_events"
        with suppress(NoReverseMatch):
            paths[reverse(f"audit_rest:{name}")] = form
    return paths
