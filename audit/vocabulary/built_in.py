"""The event types and groups that come with the product, one row each.

The codes, labels and detail keys are Lowcoder's, to the letter; those that begin with AUDIT_ are
the product's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from .event_type import REST, EventGroup, EventType, Trait

GROUPS = (
    EventGroup(key="sessions", label="Sessions", colour=0),
    EventGroup(key="applications", label="Apps", colour=1),
    EventGroup(key="folders", label="Folders", colour=2),
    EventGroup(key="queries", label="Queries", colour=3),
    EventGroup(key="groups", label="User groups", colour=4),
    EventGroup(key="system", label="System", colour=5),
    EventGroup(key="data_sources", label="Data sources", colour=6),
    EventGroup(key="library_queries", label="Library queries", colour=7),
    EventGroup(key="audit", label="Audit log", colour=8),
    EventGroup(key=REST, label="Other"),
)


def _row(code: str, label: str, sentence: str, *traits: Trait, keys: str = "") -> EventType:
    return EventType(
        code=code,
        label=label,
        sentence=sentence,
        traits=frozenset(traits),
        detail_keys=tuple(keys.split()),
    )


def _in(group: str, keys: str, *rows: EventType) -> Iterator[EventType]:
    """keys: of all the rows, before their own"""
    for row in rows:
        yield replace(row, group=group, detail_keys=(*keys.split(), *row.detail_keys))


_APPLICATION = (
    "applicationId applicationGid applicationName applicationCategory applicationDescription "
    "applicationTitle oldApplicationName oldApplicationCategory oldApplicationDescription "
    "oldApplicationTitle applicationAuthor applicationAuthorOrgId type "
    "bundleId bundleGid bundleName bundleCategory bundleDescription environmentId headers"
)
_EXPORT = "format environments filters from to"

EVENT_TYPES = (
    *_in(
        "sessions",
        "environmentId headers",
        _row("USER_LOGIN", "User login", "{actor} [signed in|sign in]", "sign_in", keys="source"),
        _row("USER_LOGOUT", "User logout", "{actor} [signed out|sign out]"),
    ),
    *_in(
        "applications",
        _APPLICATION,
        _row("APPLICATION_VIEW", "View application", "{actor} [viewed|view] {application}", "look"),
        _row(
            "APPLICATION_CREATE",
            "Create application",
            "{actor} [created|create] {application}",
            "edit",
        ),
        _row(
            "APPLICATION_UPDATE",
            "Update application",
            "{actor} [updated|update] {application}< (formerly {details.oldApplicationName})>",
            "edit",
        ),
        _row(
            "APPLICATION_DELETE",
            "Delete application",
            "{actor} [deleted|delete] {application}",
            "removal",
        ),
        _row(
            "APPLICATION_MOVE",
            "Move application",
            "{actor} [moved|move] {application}"
            "< from {details.oldFolderName}>< to folder {details.folderName}>",
            keys="folderId folderName oldFolderId oldFolderName",
        ),
        _row(
            "APPLICATION_RECYCLED",
            "Recycle application",
            "{actor} [moved|move] {application} to the trash",
            "removal",
        ),
        _row(
            "APPLICATION_RESTORE",
            "Restore application",
            "{actor} [restored|restore] {application} from the trash",
        ),
        _row(
            "APPLICATION_PUBLISH",
            "Application publishing",
            "{actor} [published|publish] {application}< as {details.tag}>",
            "arrival",
            keys="tag commitMessage",
        ),
        _row(
            "APPLICATION_VERSION_CHANGE",
            "Application version update",
            "{actor} [changed|change] the version of {application}< to {details.tag}>",
            "arrival",
            keys="tag commitMessage",
        ),
        _row(
            "APPLICATION_SHARING_CHANGE",
            "Application sharing change",
            "{actor} [changed|change] the sharing of {application}< to {details.shareType}>",
            "permission",
            keys="shareType sharingDetails",
        ),
        _row(
            "APPLICATION_PERMISSION_CHANGE",
            "Application permission change",
            "{actor} [changed|change] permissions on {application}"
            "< for {targets}>< to {details.role}>",
            "grant",
            "revocation",
            keys="permissionId role userIds groupIds",
        ),
    ),
    *_in(
        "folders",
        "id name fromName type environmentId headers",
        _row("FOLDER_CREATE", "Create folder", "{actor} [created|create] {folder}"),
        _row(
            "FOLDER_UPDATE",
            "Update folder",
            "{actor} [updated|update] {folder}< (formerly {details.fromName})>",
        ),
        _row("FOLDER_DELETE", "Delete folder", "{actor} [deleted|delete] {folder}", "removal"),
    ),
    *_in(
        "queries",
        "detail environmentId headers",
        _row(
            "QUERY_EXECUTION",
            "Execute query",
            "{actor} [ran|run] {query}< in {application}>",
            "look",
        ),
    ),
    *_in(
        "groups",
        "groupId groupName oldGroupName environmentId headers",
        _row("GROUP_CREATE", "Create group", "{actor} [created|create] {group}"),
        _row(
            "GROUP_UPDATE",
            "Update group",
            "{actor} [updated|update] {group}< (formerly {details.oldGroupName})>",
        ),
        _row("GROUP_DELETE", "Delete group", "{actor} [deleted|delete] {group}", "removal"),
    ),
    *_in(
        "groups",
        "groupId groupName memberId memberName memberRole environmentId headers",
        _row(
            "GROUP_MEMBER_ADD",
            "Add member",
            "{actor} [added|add] {targets} to {group}< as {details.memberRole}>",
            "permission",
        ),
        _row(
            "GROUP_MEMBER_REMOVE",
            "Remove member",
            "{actor} [removed|remove] {targets} from {group}",
        ),
        _row("GROUP_MEMBER_LEAVE", "Leave group", "{actor} [left|leave] {group}"),
        _row(
            "GROUP_MEMBER_ROLE_UPDATE",
            "Update member role",
            "{actor} [changed|change] the role of {targets} in {group}"
            "< from {details.oldMemberRole}>< to {details.memberRole}>",
            "permission",
            keys="oldMemberRole",
        ),
    ),
    *_in(
        "system",
        "environmentId headers",
        _row("SERVER_START_UP", "Server startup", "The server [started|start]"),
        _row(
            "SERVER_INFO",
            "View server info",
            "{actor} [viewed|view] server info",
            keys="apiCalls",
        ),
        _row(
            "API_CALL_EVENT",
            "API call",
            "{actor} [called|call] {details.httpMethod|the API}< {details.requestUri}>",
            keys="httpMethod requestUri queryParams",
        ),
    ),
    *_in(
        "data_sources",
        "datasourceId name type oldName environmentId headers",
        _row("DATA_SOURCE_CREATE", "Create data source", "{actor} [created|create] {data_source}"),
        _row(
            "DATA_SOURCE_UPDATE",
            "Update data source",
            "{actor} [updated|update] {data_source}< (formerly {details.oldName})>",
        ),
        _row(
            "DATA_SOURCE_DELETE",
            "Delete data source",
            "{actor} [deleted|delete] {data_source}",
            "removal",
        ),
    ),
    *_in(
        "data_sources",
        "datasourceId name type userIds groupIds role oldPermissions newPermissions oldPermission "
        "newPermission environmentId headers",
        _row(
            "DATA_SOURCE_PERMISSION_GRANT",
            "Grant data source permission",
            "{actor} [granted|grant] {details.role|access} on {data_source} to {targets}",
            "grant",
        ),
        _row(
            "DATA_SOURCE_PERMISSION_UPDATE",
            "Update data source permission",
            "{actor} [changed|change] the permission of {targets} on {data_source}"
            "< from {details.oldPermission}>< from {details.oldPermissions}>< to {details.role}>"
            "< to {details.newPermission}>",
            "grant",
        ),
        _row(
            "DATA_SOURCE_PERMISSION_DELETE",
            "Delete data source permission",
            "{actor} [revoked|revoke] {details.role|access} on {data_source} from {targets}",
            "revocation",
        ),
    ),
    *_in(
        "library_queries",
        "id name oldName environmentId headers",
        _row(
            "LIBRARY_QUERY_CREATE",
            "Create library query",
            "{actor} [created|create] {library_query}",
        ),
        _row(
            "LIBRARY_QUERY_UPDATE",
            "Update library query",
            "{actor} [updated|update] {library_query}< (formerly {details.oldName})>",
        ),
        _row(
            "LIBRARY_QUERY_DELETE",
            "Delete library query",
            "{actor} [deleted|delete] {library_query}",
            "removal",
        ),
    ),
    *_in(
        "library_queries",
        "id oldVersion newVersion environmentId headers",
        _row(
            "LIBRARY_QUERY_PUBLISH",
            "Publish library query",
            "{actor} [published|publish] {library_query}< as {details.newVersion}>",
        ),
    ),
    *_in(
        "audit",
        "",
        _row(
            "AUDIT_RETENTION",
            "Events removed by retention",
            "{actor|The system} [removed|remove] {details.count|old} events"
            "< from before {details.before}>",
            keys="before count ranges",
        ),
        _row(
            "AUDIT_ERASURE",
            "Personal data erased",
            "{actor|The system} [erased|erase] a person's data"
            "< in {details.count} events>< ({details.reason})>",
            keys="count positions parts reason",
        ),
        _row(
            "AUDIT_KEY_ROTATED",
            "Signing key rotated",
            "{actor|The system} [changed|change] the signing key< to {details.new_key}>",
            keys="old_key new_key",
        ),
        _row(
            "AUDIT_ALARM_CLEARED",
            "Alarm cleared",
            "{actor|The system} [cleared|clear] an alarm< of kind {details.kind}>"
            "< ({details.reason})>",
            keys="alarm kind message reason",
        ),
        _row(
            "AUDIT_EXPORT",
            "Events exported",
            "{actor} [exported|export] events< as {details.format}>",
            keys=_EXPORT,
        ),
        _row(
            "AUDIT_EXPORT_DOWNLOAD",
            "Export downloaded",
            "{actor} [downloaded|download] an export of events< as {details.format}>",
            keys=_EXPORT,
        ),
    ),
)
