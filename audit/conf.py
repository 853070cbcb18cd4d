"""Reads `settings.AUDIT`, with a default for every key."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from . import contracts
from .vocabulary import OwnTypes, read_own_types, use_own


def _number(default: float, *, least: float, most: float | None = None) -> Any:
    """least, most: what the system check lets it be, both included."""
    return field(default=default, metadata={"least": least, "most": most})


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSettings:
    """`settings.AUDIT`, resolved. Each field is a key of that dictionary; all are optional."""

    KEY_RESOLVER: str = "audit.contracts.no_key"
    READER_RESOLVER: str = "audit.contracts.no_reader"
    SCOPE: str = "audit.contracts.no_scope"
    MAY: str = "audit.contracts.nobody_may"
    ENVIRONMENTS: str = "audit.contracts.no_environments"
    SENDERS: str = "audit.contracts.no_senders"
    KEY_OFFER: str = "audit.contracts.NoKeyOffer"
    DATABASE: str = "default"
    READER_DATABASE: str = "default"
    WORKER_DATABASE: str = "default"
    OWNER_DATABASE: str = "default"
    TIME_ZONE: str = "UTC"
    MAX_BODY_BYTES: int = _number(16 * 2**20, least=1)
    MAX_UNPACKED_BYTES: int = _number(64 * 2**20, least=1)
    MAX_EVENTS: int = _number(10_000, least=1)
    MAX_EVENT_BYTES: int = _number(256 * 2**10, least=1)
    MAX_NESTING: int = _number(64, least=8, most=500)
    MAX_ID_CHARACTERS: int = _number(256, least=16, most=256)
    MAX_EVENT_ID_CHARACTERS: int = _number(128, least=16, most=512)
    MAX_NAME_CHARACTERS: int = _number(1_000, least=16, most=100_000)
    EARLIEST_YEAR: int = _number(2000, least=1970, most=2100)
    MAX_AHEAD_HOURS: int = _number(24, least=0, most=24 * 31)
    MAX_REJECTED_A_DAY: int = _number(10_000, least=0)
    MAX_REJECTED_BYTES_A_DAY: int = _number(16 * 2**20, least=0)
    REQUESTS_A_MINUTE: int = _number(0, least=0)
    BYTES_A_MINUTE: int = _number(0, least=0)
    FAILURES_A_MINUTE: int = _number(0, least=0)
    MAX_STREAMS: int = _number(3, least=1, most=64)
    TRUSTED_PROXIES: int = _number(0, least=0, most=32)
    SEARCH_BUDGET_SECONDS: float = _number(0.25, least=0.01, most=60)
    SIGNING_KEY_FILE: str | os.PathLike[str] = ""
    LOG_IS_PUBLIC: bool = False
    VERIFY_WITHIN_DAYS: int = _number(7, least=1, most=366)
    EXPORT_DIRECTORY: str | os.PathLike[str] = ""
    GEOIP_CITY_PATH: str | os.PathLike[str] = ""
    GEOIP_ASN_PATH: str | os.PathLike[str] = ""
    REDACT: Mapping[str, Any] = field(default_factory=dict)
    EVENT_GROUPS: Sequence[Mapping[str, Any]] | str = ()
    EVENT_TYPES: Sequence[Mapping[str, Any]] | str = ()
    FORMATS: Sequence[str] = ()

    @property
    def resolve_key(self) -> contracts.KeyResolver:
        return cast(contracts.KeyResolver, _imported(self.KEY_RESOLVER))

    @property
    def resolve_reader(self) -> contracts.ReaderResolver:
        return cast(contracts.ReaderResolver, _imported(self.READER_RESOLVER))

    @property
    def resolve_scope(self) -> contracts.ScopeResolver:
        return cast(contracts.ScopeResolver, _imported(self.SCOPE))

    @property
    def may(self) -> contracts.May:
        return cast(contracts.May, _imported(self.MAY))

    @property
    def list_environments(self) -> contracts.ListEnvironments:
        return cast(contracts.ListEnvironments, _imported(self.ENVIRONMENTS))

    @property
    def list_senders(self) -> contracts.ListSenders:
        return cast(contracts.ListSenders, _imported(self.SENDERS))

    @property
    def key_offer(self) -> contracts.KeyOffer:
        return cast(contracts.KeyOffer, _imported(self.KEY_OFFER)())

    def read_event_types(self) -> OwnTypes:
        """Return the host's groups and types of events, and what is wrong with others."""
        rows: dict[str, object] = {}
        problems: list[str] = []
        for name in ("EVENT_GROUPS", "EVENT_TYPES"):
            value = rows[name] = getattr(self, name)
            if isinstance(value, str):
                try:
                    rows[name] = import_string(value)
                except Exception as error:
                    # Whatever the host's module raises while it is imported.
                    rows[name] = ()
                    problems.append(f"AUDIT[{name!r}] is {value!r}, which can't be had: {error}")
        read = read_own_types(rows["EVENT_GROUPS"], rows["EVENT_TYPES"])
        return replace(read, problems=(*problems, *read.problems))


SETTING_NAMES = frozenset(f.name for f in dataclasses.fields(AuditSettings))


@lru_cache(maxsize=1)
def audit_settings() -> AuditSettings:
    """Return the settings of this process. Unknown names are left to the system checks, and so is
    what is no mapping: the defaults hold, with which nobody sees anything.
    """
    said: object = getattr(settings, "AUDIT", {})
    given: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
    known = {name: given[name] for name in given if name in SETTING_NAMES}
    if "DATABASE" in known:
        # Who doesn't say where to read reads where it is written.
        known.setdefault("READER_DATABASE", known["DATABASE"])
    return AuditSettings(**known)


def use_event_types() -> None:
    """Have the host's event types known to this process. Those that can't be used are left out:
    a system check reports them.
    """
    own = audit_settings().read_event_types()
    use_own(own.groups, own.types)


@lru_cache
def _imported(path: str) -> Callable[..., Any]:
    return cast(Callable[..., Any], import_string(path))


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting == "AUDIT":
        audit_settings.cache_clear()
        use_event_types()


setting_changed.connect(_forget)
