"""Which facets are there? In the order in which the API tells them."""

from __future__ import annotations

from collections.abc import Mapping

from audit.vocabulary import GROUPS, OUTCOMES

from .facet import Days, Facet, Index, Kind

_ROWS = (
    Facet(
        "environment",
        "environment",
        Kind.ENVIRONMENT,
        "Key of an environment.",
        example="prod",
        holds_ids=False,
    ),
    Facet(
        "workspace",
        "workspace_id",
        Kind.ID,
        "Id of a workspace.",
        index=Index.WIDE,
        days=Days.PARTNER,
        subject="workspace",
    ),
    Facet(
        "actor",
        "actor_id",
        Kind.ID,
        "Id of who did it.",
        example="u1",
        index=Index.WIDE,
        days=Days.EVER,
        subject="actor",
    ),
    Facet(
        "application",
        "application_id",
        Kind.ID,
        "Id of the application.",
        index=Index.WIDE,
        days=Days.EVER,
        subject="application",
    ),
    Facet(
        "type",
        "type",
        Kind.LOOKUP,
        "Type of event.",
        example="APPLICATION_UPDATE",
        index=Index.WIDE,
        days=Days.PARTNER,
        holds_ids=False,
    ),
    Facet("group", "type", Kind.GROUP, "Group of types.", words=GROUPS, holds_ids=False),
    Facet(
        "outcome",
        "outcome",
        Kind.OUTCOME,
        "How it ended.",
        words=OUTCOMES,
        index=Index.WIDE,
        days=Days.PARTNER,
        holds_ids=False,
    ),
    Facet("resource_type", "resource_type", Kind.TEXT, "Type of what it was done to."),
    Facet(
        "resource",
        "resource_id",
        Kind.ID,
        "Id of what it was done to.",
        index=Index.OWN,
        subject="resource",
    ),
    Facet(
        "target",
        "target_id",
        Kind.TARGET_ID,
        "Id of who or what else it was done to.",
        index=Index.OWN,
        subject="actor",
        is_counted=False,
    ),
    Facet(
        "ip",
        "ip",
        Kind.NETWORK,
        "Address or network; IPv4 mapped into IPv6 is IPv4.",
        example="192.0.2.0/24",
        is_counted=False,
    ),
    Facet(
        "country",
        "country",
        Kind.LOOKUP,
        "Two letters (ISO 3166-1).",
        example="DE",
        index=Index.CARRIED,
        days=Days.JOINED,
        holds_ids=False,
    ),
    Facet("city", "city", Kind.TEXT, "City, as the location file names it.", holds_ids=False),
    Facet(
        "browser",
        "browser",
        Kind.LOOKUP,
        "Name of the browser or program.",
        index=Index.CARRIED,
        days=Days.JOINED,
        holds_ids=False,
    ),
    Facet(
        "os",
        "operating_system",
        Kind.LOOKUP,
        "Name of the operating system.",
        index=Index.CARRIED,
        days=Days.ALONE,
        holds_ids=False,
    ),
    Facet(
        "device_class",
        "device_class",
        Kind.LOOKUP,
        "Class of the device.",
        index=Index.CARRIED,
        days=Days.ALONE,
        holds_ids=False,
    ),
    Facet("session", "session", Kind.TEXT, "Session, as the sender calls it.", is_counted=False),
    Facet(
        "request_id", "request_id", Kind.TEXT, "Request, as the sender calls it.", is_counted=False
    ),
    Facet("trace", "trace", Kind.TEXT, "Trace, as the sender calls it.", is_counted=False),
    Facet("source", "source", Kind.TEXT, "Source, as the sender calls it."),
    Facet("sender", "sender_id", Kind.NUMBER, "Number of a sender."),
    Facet("key", "key_id", Kind.NUMBER, "Number of an ingest key.", is_counted=False),
)
FACETS: Mapping[str, Facet] = {facet.name: facet for facet in _ROWS}
