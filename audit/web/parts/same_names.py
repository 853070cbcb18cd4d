"""Tells things of one name apart, by the environments that they are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from audit.contracts import Scope
from audit.facets import SUBJECTS
from audit.query.directory.subjects import environments_of

from .labels import Environments


def told_apart(
    facet: str,
    named: Mapping[str, str],
    *,
    scope: Scope,
    environments: Environments,
    sent_into: Mapping[str, str | None],
) -> dict[str, str]:
    """Return id → "Dev, Prod" for those whose name another has, too.

    named: id → name; facet: the filter that takes the ids; sent_into: of senders, the environment
    """
    often = Counter(named.values())
    ids = [id_ for id_, name in named.items() if often[name] > 1]
    if not ids:
        return {}
    found: Mapping[str, Sequence[str]]
    if facet in SUBJECTS:
        found = environments_of(kind=SUBJECTS[facet], ids=ids, scope=scope)
    else:
        found = {id_: (key,) for id_ in ids if (key := sent_into.get(id_))}
    return {
        id_: ", ".join(environments.tag(key).name for key in environments.in_order(keys))
        for id_, keys in found.items()
    }
