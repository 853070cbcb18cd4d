"""Finds the names of the ids that a URL filters by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from audit.conf import audit_settings
from audit.contracts import Scope, SenderInfo
from audit.facets import SUBJECTS
from audit.query.directory.subjects import names_of

from .filter_rows import base
from .url import Address, Pair

SENDER = "sender"


def senders_in(scope: Scope) -> Sequence[SenderInfo]:
    """Return the services that may send into what is seen as a whole."""
    whole = {key for key, bound in scope.grants.items() if bound is None}
    return [s for s in audit_settings().list_senders() if s.environment in whole]


def known_names(address: Address, names: Mapping[Pair, str], *, scope: Scope) -> dict[Pair, str]:
    """Return the names, and those of ids that the address says and no event on the page named."""
    found = dict(names)
    wanted: dict[str, list[str]] = {}
    for name, value in address.pairs:
        facet = base(name)
        if facet in SUBJECTS and (facet, value) not in found:
            wanted.setdefault(facet, []).append(value)
    if any(base(name) == SENDER and (SENDER, value) not in found for name, value in address.pairs):
        for sender in senders_in(scope):
            found.setdefault((SENDER, str(sender.id)), sender.name)
    for facet, ids in wanted.items():
        for id_, called in names_of(kind=SUBJECTS[facet], ids=ids, scope=scope).items():
            found[(facet, id_)] = called
    return found
