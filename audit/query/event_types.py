"""Which types of event are there to choose from? The catalogue's, and those that senders made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audit.conf import SYSTEM_ENVIRONMENT, Scope
from audit.vocabulary import EVENT_TYPES, event_type
from audit.vocabulary.folding import fold

from .subjects import MAX_LIMIT, find_subjects


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenType:
    """One type of event; last_seen, environments: where it was seen in the scope, if at all."""

    code: str
    group: str
    label: str
    is_known: bool
    environments: tuple[str, ...]
    last_seen: datetime | None


def find_event_types(*, scope: Scope, prefix: str = "", limit: int = 10) -> tuple[SeenType, ...]:
    """Return types of which the code, or a word of code or label, begins with the prefix.

    Any case. Those last seen first, then those of the catalogue that were never seen.
    """
    seen = {s.id: s for s in find_subjects(kind="type", scope=scope, limit=MAX_LIMIT).results}
    types = []
    for code in (*seen, *(code for code in EVENT_TYPES if code not in seen)):
        kind, known = event_type(code), seen.get(code)
        if _starts(code, prefix) or _starts(kind.label, prefix):
            types.append(
                SeenType(
                    code=code,
                    group=kind.group,
                    label=kind.label,
                    is_known=kind.is_known,
                    environments=known.environments if known else (),
                    last_seen=known.last_seen if known else None,
                )
            )
    return tuple(types[:limit])


def seen_codes(scope: Scope) -> set[str]:
    """Return the types that were seen in the scope, the system's own among them if that is."""
    parts = [scope]
    if SYSTEM_ENVIRONMENT in scope.grants:
        parts.append(Scope(grants={SYSTEM_ENVIRONMENT: scope.grants[SYSTEM_ENVIRONMENT]}))
    return {
        subject.id
        for part in parts
        for subject in find_subjects(kind="type", scope=part, limit=MAX_LIMIT).results
    }


def _starts(text: str, prefix: str) -> bool:
    text, prefix = fold(text).replace("_", " "), fold(prefix).replace("_", " ")
    return text.startswith(prefix) or f" {prefix}" in text
