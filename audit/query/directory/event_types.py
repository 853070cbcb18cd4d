"""Lists the event types to choose from: the catalogue's, and those that senders made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audit.contracts import SYSTEM_ENVIRONMENT, Scope
from audit.vocabulary import EVENT_TYPES, event_type
from audit.vocabulary.folding import fold, search_words

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
    """Return types of which the code or the label begins with the prefix, or has words that begin
    with its words.

    Any case. Those last seen first, then those of the catalogue that were never seen.
    """
    newest = find_subjects(kind="type", scope=scope, limit=MAX_LIMIT)
    seen = {s.id: s for s in newest.results}
    if not newest.complete:
        for start in {prefix, prefix.upper(), prefix.lower()}:
            more = find_subjects(kind="type", scope=scope, prefix=start, limit=MAX_LIMIT)
            seen = {s.id: s for s in more.results} | seen
        ordered = sorted(seen.values(), key=lambda subject: subject.last_seen, reverse=True)
        seen = {s.id: s for s in ordered}
    types = []
    for code in (*seen, *(code for code in EVENT_TYPES if code not in seen)):
        kind, known = event_type(code), seen.get(code)
        if _has_words(code, prefix) or _has_words(kind.label, prefix):
            types.append(
                SeenType(
                    code=code,
                    group=kind.group,
                    label=kind.label,
                    is_known=code in EVENT_TYPES,
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


def _has_words(text: str, prefix: str) -> bool:
    """Does the text begin with the prefix, or do words of it begin with the prefix's words?"""
    starts = search_words(prefix)
    if fold(text).startswith(fold(prefix)):
        return True
    words = search_words(text)
    return bool(starts) and all(any(word.startswith(start) for word in words) for start in starts)
