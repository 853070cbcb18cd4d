"""Which types of event are there, in which groups?

The codes, labels and detail keys are Lowcoder's, to the letter; those that begin with AUDIT_ are
the product's own. A row is a code, its label and its sentence (see `sentence` for how one is
written); the rows of a table share a group and what `details` carries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from .event_type import EventType

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "sessions": "Sessions",
        "applications": "Apps",
        "folders": "Folders",
        "queries": "Queries",
        "groups": "User groups",
        "system": "System",
        "data_sources": "Data sources",
        "library_queries": "Library queries",
        "audit": "Audit log",
        "other": "Other",
    }
)

# Top-level keys of `details` that name or trace a person, in whatever event they turn up.
_PERSONAL_DETAILS = (
    "applicationAuthor createdBy modifiedBy updatedBy deletedBy author owner ownerId "
    "userId userIds userName userEmail username user users email emails "
    "memberId memberIds memberName memberEmail members "
    "invitedBy inviteeEmail recipients "
    "oldPermission newPermission oldPermissions newPermissions permissions "
    "headers queryParams ip ipAddress userAgent sessionHash lowcoder filters"
)
PERSONAL_DETAILS = frozenset(_PERSONAL_DETAILS.split())

_ENVELOPE = "environmentId headers"

_SESSIONS = (
    ("USER_LOGIN", "User login", "{actor} [signed in|sign in]"),
    ("USER_LOGOUT", "User logout", "{actor} [signed out|sign out]"),
)
_SESSION_KEYS = {"USER_LOGIN": "source"}

_APPLICATIONS = (
    ("APPLICATION_VIEW", "View application", "{actor} [viewed|view] {application}"),
    ("APPLICATION_CREATE", "Create application", "{actor} [created|create] {application}"),
    (
        "APPLICATION_UPDATE",
        "Update application",
        "{actor} [updated|update] {application}< (formerly {details.oldApplicationName})>",
    ),
    ("APPLICATION_DELETE", "Delete application", "{actor} [deleted|delete] {application}"),
    (
        "APPLICATION_MOVE",
        "Move application",
        "{actor} [moved|move] {application}"
        "< from {details.oldFolderName}>< to folder {details.folderName}>",
    ),
    (
        "APPLICATION_RECYCLED",
        "Recycle application",
        "{actor} [moved|move] {application} to the trash",
    ),
    (
        "APPLICATION_RESTORE",
        "Restore application",
        "{actor} [restored|restore] {application} from the trash",
    ),
    (
        "APPLICATION_PUBLISH",
        "Application publishing",
        "{actor} [published|publish] {application}< as {details.tag}>",
    ),
    (
        "APPLICATION_VERSION_CHANGE",
        "Application version update",
        "{actor} [changed|change] the version of {application}< to {details.tag}>",
    ),
    (
        "APPLICATION_SHARING_CHANGE",
        "Application sharing change",
        "{actor} [changed|change] the sharing of {application}< to {details.shareType}>",
    ),
    (
        "APPLICATION_PERMISSION_CHANGE",
        "Application permission change",
        "{actor} [changed|change] permissions on {application}< for {targets}>< to {details.role}>",
    ),
)
_APPLICATION = (
    "applicationId applicationGid applicationName applicationCategory applicationDescription "
    "applicationTitle oldApplicationName oldApplicationCategory oldApplicationDescription "
    "oldApplicationTitle applicationAuthor applicationAuthorOrgId type"
)
_BUNDLE = "bundleId bundleGid bundleName bundleCategory bundleDescription"
_FOLDERS_OF = "folderId folderName oldFolderId oldFolderName"
_APPLICATION_KEYS = {
    "APPLICATION_MOVE": _FOLDERS_OF,
    "APPLICATION_PUBLISH": "tag commitMessage",
    "APPLICATION_VERSION_CHANGE": "tag commitMessage",
    "APPLICATION_SHARING_CHANGE": "shareType sharingDetails",
    "APPLICATION_PERMISSION_CHANGE": "permissionId role userIds groupIds",
}

_FOLDERS = (
    ("FOLDER_CREATE", "Create folder", "{actor} [created|create] {folder}"),
    (
        "FOLDER_UPDATE",
        "Update folder",
        "{actor} [updated|update] {folder}< (formerly {details.fromName})>",
    ),
    ("FOLDER_DELETE", "Delete folder", "{actor} [deleted|delete] {folder}"),
)

_QUERIES = (("QUERY_EXECUTION", "Execute query", "{actor} [ran|run] {query}< in {application}>"),)

_GROUPS = (
    ("GROUP_CREATE", "Create group", "{actor} [created|create] {group}"),
    (
        "GROUP_UPDATE",
        "Update group",
        "{actor} [updated|update] {group}< (formerly {details.oldGroupName})>",
    ),
    ("GROUP_DELETE", "Delete group", "{actor} [deleted|delete] {group}"),
)
_MEMBERS = (
    (
        "GROUP_MEMBER_ADD",
        "Add member",
        "{actor} [added|add] {targets} to {group}< as {details.memberRole}>",
    ),
    ("GROUP_MEMBER_REMOVE", "Remove member", "{actor} [removed|remove] {targets} from {group}"),
    ("GROUP_MEMBER_LEAVE", "Leave group", "{actor} [left|leave] {group}"),
    (
        "GROUP_MEMBER_ROLE_UPDATE",
        "Update member role",
        "{actor} [changed|change] the role of {targets} in {group}"
        "< from {details.oldMemberRole}>< to {details.memberRole}>",
    ),
)
_MEMBER_KEYS = {"GROUP_MEMBER_ROLE_UPDATE": "oldMemberRole"}

_SYSTEM = (
    ("SERVER_START_UP", "Server startup", "The server [started|start]"),
    ("SERVER_INFO", "View server info", "{actor} [viewed|view] server info"),
    (
        "API_CALL_EVENT",
        "API call",
        "{actor} [called|call] {details.httpMethod|the API}< {details.requestUri}>",
    ),
)
_SYSTEM_KEYS = {
    "SERVER_INFO": "apiCalls",
    "API_CALL_EVENT": "httpMethod requestUri queryParams",
}

_DATA_SOURCES = (
    ("DATA_SOURCE_CREATE", "Create data source", "{actor} [created|create] {data_source}"),
    (
        "DATA_SOURCE_UPDATE",
        "Update data source",
        "{actor} [updated|update] {data_source}< (formerly {details.oldName})>",
    ),
    ("DATA_SOURCE_DELETE", "Delete data source", "{actor} [deleted|delete] {data_source}"),
)
_DATA_SOURCE_PERMISSIONS = (
    (
        "DATA_SOURCE_PERMISSION_GRANT",
        "Grant data source permission",
        "{actor} [granted|grant] {details.role|access} on {data_source} to {targets}",
    ),
    (
        "DATA_SOURCE_PERMISSION_UPDATE",
        "Update data source permission",
        "{actor} [changed|change] the permission of {targets} on {data_source}"
        "< from {details.oldPermission}>< from {details.oldPermissions}>< to {details.role}>"
        "< to {details.newPermission}>",
    ),
    (
        "DATA_SOURCE_PERMISSION_DELETE",
        "Delete data source permission",
        "{actor} [revoked|revoke] {details.role|access} on {data_source} from {targets}",
    ),
)

_LIBRARY_QUERIES = (
    ("LIBRARY_QUERY_CREATE", "Create library query", "{actor} [created|create] {library_query}"),
    (
        "LIBRARY_QUERY_UPDATE",
        "Update library query",
        "{actor} [updated|update] {library_query}< (formerly {details.oldName})>",
    ),
    ("LIBRARY_QUERY_DELETE", "Delete library query", "{actor} [deleted|delete] {library_query}"),
)
_LIBRARY_QUERY_PUBLISH = (
    (
        "LIBRARY_QUERY_PUBLISH",
        "Publish library query",
        "{actor} [published|publish] {library_query}< as {details.newVersion}>",
    ),
)

_AUDIT = (
    (
        "AUDIT_RETENTION",
        "Events removed by retention",
        "{actor|The system} [removed|remove] {details.count|old} events"
        "< from before {details.before}>",
    ),
    (
        "AUDIT_ERASURE",
        "Personal data erased",
        "{actor|The system} [erased|erase] a person's data"
        "< in {details.count} events>< ({details.reason})>",
    ),
    (
        "AUDIT_KEY_ROTATED",
        "Signing key rotated",
        "{actor|The system} [changed|change] the signing key< to {details.new_key}>",
    ),
    ("AUDIT_EXPORT", "Events exported", "{actor} [exported|export] events< as {details.format}>"),
    (
        "AUDIT_EXPORT_DOWNLOAD",
        "Export downloaded",
        "{actor} [downloaded|download] an export of events< as {details.format}>",
    ),
)
_AUDIT_KEYS = {
    "AUDIT_RETENTION": "before count ranges",
    "AUDIT_ERASURE": "count positions parts reason",
    "AUDIT_KEY_ROTATED": "old_key new_key",
    "AUDIT_EXPORT": "format environments filters from to",
    "AUDIT_EXPORT_DOWNLOAD": "format environments filters from to",
}

_UNKNOWN_SENTENCE = "{actor}: {event}< on {resource}>< – {outcome}>"


def _table(
    group: str,
    rows: Iterable[tuple[str, str, str]],
    keys: str = "",
    more_keys: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[EventType]:
    for code, label, sentence in rows:
        detail_keys = tuple(f"{keys} {more_keys.get(code, '')}".split())
        yield EventType(
            code=code,
            group=group,
            label=label,
            sentence=sentence,
            detail_keys=detail_keys,
            personal_details=PERSONAL_DETAILS,
        )


EVENT_TYPES: Mapping[str, EventType] = MappingProxyType(
    {
        event_type.code: event_type
        for table in (
            _table("sessions", _SESSIONS, _ENVELOPE, _SESSION_KEYS),
            _table(
                "applications",
                _APPLICATIONS,
                f"{_APPLICATION} {_BUNDLE} {_ENVELOPE}",
                _APPLICATION_KEYS,
            ),
            _table("folders", _FOLDERS, f"id name fromName type {_ENVELOPE}"),
            _table("queries", _QUERIES, f"detail {_ENVELOPE}"),
            _table("groups", _GROUPS, f"groupId groupName oldGroupName {_ENVELOPE}"),
            _table(
                "groups",
                _MEMBERS,
                f"groupId groupName memberId memberName memberRole {_ENVELOPE}",
                _MEMBER_KEYS,
            ),
            _table("system", _SYSTEM, _ENVELOPE, _SYSTEM_KEYS),
            _table("data_sources", _DATA_SOURCES, f"datasourceId name type oldName {_ENVELOPE}"),
            _table(
                "data_sources",
                _DATA_SOURCE_PERMISSIONS,
                "datasourceId name type userIds groupIds role oldPermissions newPermissions "
                f"oldPermission newPermission {_ENVELOPE}",
            ),
            _table("library_queries", _LIBRARY_QUERIES, f"id name oldName {_ENVELOPE}"),
            _table(
                "library_queries", _LIBRARY_QUERY_PUBLISH, f"id oldVersion newVersion {_ENVELOPE}"
            ),
            _table("audit", _AUDIT, "", _AUDIT_KEYS),
        )
        for event_type in table
    }
)


def event_type(code: str) -> EventType:
    """Return the type of a code; one that nobody knows is in the group "other"."""
    known = EVENT_TYPES.get(code)
    return known if known is not None else _unknown(code)


@lru_cache(maxsize=1_024)
def _unknown(code: str) -> EventType:
    return EventType(
        code=code,
        group="other",
        label=_label(code),
        sentence=_UNKNOWN_SENTENCE,
        personal_details=PERSONAL_DETAILS,
        is_known=False,
    )


def _label(code: str) -> str:
    """Make words of a code: INVOICE_APPROVED, invoice.approved, invoiceApproved."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", code)
    words = " ".join(re.split(r"[\W_]+", words)).strip().lower()
    return words[:1].upper() + words[1:] if words else code
