"""Lists the paths at which this project takes events, and their formats."""

from __future__ import annotations

from contextlib import suppress

from django.urls import NoReverseMatch, reverse

from audit.ingest.formats import LOWCODER, NATIVE, Format


def ingest_paths() -> dict[str, Format]:
    """Return what is POSTed where, with an ingest key."""
    paths = {}
    for name, form in (("events", NATIVE), ("lowcoder_events", LOWCODER)):
        with suppress(NoReverseMatch):
            paths[reverse(f"audit_rest:{name}")] = form
    return paths
