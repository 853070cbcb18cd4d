"""Decides who finds a view that somebody shares.

An address holds ids: of people, apps, requests. So what its owner saw is kept beside it, as needs:
`prod` for a whole environment, `prod/w1` for a workspace of it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.db import models
from django.db.models.expressions import RawSQL

from audit.contracts import SYSTEM_ENVIRONMENT, Scope
from audit.facets import EXCLUDE, FACETS

# Their values are words of the product's, times, and how it is shown: nobody's ids.
WITHOUT_IDS = frozenset(
    (
        *(name for name, facet in FACETS.items() if not facet.holds_ids),
        *("from", "to", "recorded_after", "recorded_before", "before_from", "before_to", "range"),
        *("by", "folds", "page_size", "differences", "folded", "has", "lacks", "flagged"),
    )
)


def needs_of(address: str, *, scope: Scope) -> list[str]:
    """Return what one must see, sorted; scope: the owner's.

    That is what the address names, and where it names no environment but holds ids, all that the
    owner sees. An empty list: whoever sees anything at all.
    """
    asked = parse_qs(urlsplit(address).query)
    named = asked.get("environment", ())
    if named:
        workspaces = asked.get("workspace", ())
        bound = [f"{key}/{workspace}" for key in named for workspace in workspaces]
        return sorted(bound or {need for key in named for need in _needs(key, scope)})
    if all(name.removeprefix(EXCLUDE) in WITHOUT_IDS for name in asked):
        return []
    keys = (key for key in scope.environments if key != SYSTEM_ENVIRONMENT)
    return sorted(need for key in keys for need in _needs(key, scope))


def _needs(key: str, scope: Scope) -> list[str]:
    workspaces = scope.grants.get(key)
    return [key] if workspaces is None else [f"{key}/{workspace}" for workspace in workspaces]


def is_covered(scope: Scope) -> Any:
    """Return the condition that a row's needs lie in this scope."""
    whole = [key for key, workspaces in scope.grants.items() if workspaces is None]
    bound = [
        f"{key}/{workspace}"
        for key, workspaces in scope.grants.items()
        for workspace in workspaces or ()
    ]
    # A key has no slash, a workspace's id may have some.
    return RawSQL(
        "NOT EXISTS (SELECT FROM unnest(audit_savedview.needs) AS n (need)"
        " WHERE n.need <> ALL (%s::text[]) AND split_part(n.need, '/', 1) <> ALL (%s::text[]))",
        (bound, whole),
        output_field=models.BooleanField(),
    )
