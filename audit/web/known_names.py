"""What are the ids called that an address filters by?"""

from __future__ import annotations

from collections.abc import Mapping

from audit.conf import Scope
from audit.query.subjects import Kind, names_of

from .address import Address, Pair
from .filters import base

KINDS: Mapping[str, Kind] = {
    "actor": "actor",
    "application": "application",
    "workspace": "workspace",
    "resource": "resource",
    "target": "actor",
}


def known_names(address: Address, names: Mapping[Pair, str], *, scope: Scope) -> dict[Pair, str]:
    """Return the names, and those of ids that the address says and no event on the page named."""
    found = dict(names)
    wanted: dict[str, list[str]] = {}
    for name, value in address.pairs:
        facet = base(name)
        if facet in KINDS and (facet, value) not in found:
            wanted.setdefault(facet, []).append(value)
    for facet, ids in wanted.items():
        for id_, called in names_of(kind=KINDS[facet], ids=ids, scope=scope).items():
            found[(facet, id_)] = called
    return found
