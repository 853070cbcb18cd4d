"""An envelope of each of Lowcoder's types, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/143.0.0.0 Safari/537.36"
)
HEADERS = {
    "user-agent": AGENT,
    "Sec-CH-UA-Platform": '"Windows"',
    "x-forwarded-for": "203.0.113.9, 10.0.0.1",
    "accept": "*/*",
}
APP = {
    "applicationId": "a1",
    "applicationGid": "g-a1",
    "applicationName": "Orders",
    "applicationCategory": "Business",
    "applicationDescription": "All orders",
    "applicationTitle": "Orders",
    "oldApplicationName": "Orders",
    "oldApplicationCategory": "Business",
    "oldApplicationDescription": "All orders",
    "oldApplicationTitle": "Orders",
    "applicationAuthor": "u9",
    "applicationAuthorOrgId": "w1",
    "type": "APPLICATION",
}
APPLICATION = {"id": "a1", "gid": "g-a1", "name": "Orders"}
AS_RESOURCE = {"type": "application", "id": "a1", "name": "Orders"}
FOLDER = {"id": "f1", "name": "Sales", "type": "folder"}
GROUP = {"groupId": "g7", "groupName": "Buyers"}
AS_GROUP = {"type": "group", "id": "g7", "name": "Buyers"}
MEMBER = GROUP | {"memberId": "u2", "memberName": "Ben", "memberRole": "admin"}
BEN = {"type": "user", "id": "u2", "name": "Ben"}
SOURCE = {"datasourceId": "d1", "name": "Postgres", "type": "postgres"}
AS_SOURCE = {"type": "data_source", "id": "d1", "name": "Postgres"}
LIBRARY = {"id": "l1", "name": "rates"}
AS_LIBRARY = {"type": "library_query", "id": "l1", "name": "rates"}
PERMISSIONS = SOURCE | {"userIds": ["u2", "u3"], "groupIds": ["g7"], "role": "editor"}
THREE_TARGETS = [
    {"type": "user", "id": "u2"},
    {"type": "user", "id": "u3"},
    {"type": "group", "id": "g7"},
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """details: as Lowcoder sends them, headers apart; the rest: what is read of them"""

    code: str
    sentence: str
    details: dict[str, Any] = field(default_factory=dict)
    application: dict[str, str] | None = None
    resource: dict[str, str] | None = None
    targets: list[dict[str, str]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def envelope(self) -> dict[str, Any]:
        return {
            "eventType": self.code,
            "orgId": "w1",
            "userId": "u1",
            "sessionHash": "ab" * 64,
            "isAnonymous": False,
            "ipAddress": "",
            "details": self.details | {"environmentId": "e-17", "headers": dict(HEADERS)},
        }


def _app(code: str, sentence: str, changes: list[dict[str, Any]] | None = None, **more: Any) -> Any:
    details = APP | more
    return Sample(
        code=f"APPLICATION_{code}",
        sentence=sentence,
        details=details,
        application=APPLICATION,
        resource=AS_RESOURCE,
        targets=THREE_TARGETS if "userIds" in more else [],
        changes=changes or [],
    )


SAMPLES = (
    Sample(code="USER_LOGIN", sentence="u1 signed in", details={"source": "EMAIL"}),
    Sample(code="USER_LOGOUT", sentence="u1 signed out"),
    _app("VIEW", "u1 viewed app Orders"),
    _app("CREATE", "u1 created app Orders", oldApplicationName=""),
    _app(
        "UPDATE",
        "u1 updated app Orders (formerly Order list)",
        [{"field": "applicationName", "old": "Order list", "new": "Orders"}],
        oldApplicationName="Order list",
    ),
    _app("DELETE", "u1 deleted app Orders"),
    _app(
        "MOVE",
        "u1 moved app Orders from Drafts to folder Sales",
        [
            {"field": "folderId", "old": "f0", "new": "f1"},
            {"field": "folderName", "old": "Drafts", "new": "Sales"},
        ],
        folderId="f1",
        folderName="Sales",
        oldFolderId="f0",
        oldFolderName="Drafts",
    ),
    _app("RECYCLED", "u1 moved app Orders to the trash"),
    _app("RESTORE", "u1 restored app Orders from the trash"),
    _app("PUBLISH", "u1 published app Orders as v14", tag="v14", commitMessage="Mend sums"),
    _app("VERSION_CHANGE", "u1 changed the version of app Orders to v14", tag="v14"),
    _app(
        "SHARING_CHANGE",
        "u1 changed the sharing of app Orders to PUBLIC_TO_ALL",
        shareType="PUBLIC_TO_ALL",
        sharingDetails={"agencyProfile": False},
    ),
    _app(
        "PERMISSION_CHANGE",
        "u1 changed permissions on app Orders for 2 users and 1 group to viewer",
        permissionId="p1",
        role="viewer",
        userIds=["u2", "u3"],
        groupIds=["g7"],
    ),
    Sample(
        code="FOLDER_CREATE", sentence="u1 created folder Sales", details=FOLDER, resource=FOLDER
    ),
    Sample(
        code="FOLDER_UPDATE",
        sentence="u1 updated folder Sales (formerly Selling)",
        details=FOLDER | {"fromName": "Selling"},
        resource=FOLDER,
        changes=[{"field": "name", "old": "Selling", "new": "Sales"}],
    ),
    Sample(
        code="FOLDER_DELETE", sentence="u1 deleted folder Sales", details=FOLDER, resource=FOLDER
    ),
    Sample(
        code="QUERY_EXECUTION",
        sentence="u1 ran query open orders in app Orders",
        details={
            "detail": {
                "applicationId": "a1",
                "applicationName": "Orders",
                "queryId": "q1",
                "queryName": "open orders",
                "datasourceId": "d1",
                "datasourceName": "Postgres",
                "datasourceType": "postgres",
                "viewMode": True,
                "queryConfig": {"sql": "select 1", "timeout": 10.50},
            }
        },
        application={"id": "a1", "name": "Orders"},
        resource={"type": "query", "id": "q1", "name": "open orders"},
    ),
    Sample(
        code="GROUP_CREATE", sentence="u1 created group Buyers", details=GROUP, resource=AS_GROUP
    ),
    Sample(
        code="GROUP_UPDATE",
        sentence="u1 updated group Buyers (formerly Shoppers)",
        details=GROUP | {"oldGroupName": "Shoppers"},
        resource=AS_GROUP,
        changes=[{"field": "groupName", "old": "Shoppers", "new": "Buyers"}],
    ),
    Sample(
        code="GROUP_DELETE", sentence="u1 deleted group Buyers", details=GROUP, resource=AS_GROUP
    ),
    Sample(
        code="GROUP_MEMBER_ADD",
        sentence="u1 added Ben to group Buyers as admin",
        details=MEMBER,
        resource=AS_GROUP,
        targets=[BEN],
    ),
    Sample(
        code="GROUP_MEMBER_REMOVE",
        sentence="u1 removed Ben from group Buyers",
        details=MEMBER,
        resource=AS_GROUP,
        targets=[BEN],
    ),
    Sample(
        code="GROUP_MEMBER_LEAVE",
        sentence="u1 left group Buyers",
        details=MEMBER,
        resource=AS_GROUP,
        targets=[BEN],
    ),
    Sample(
        code="GROUP_MEMBER_ROLE_UPDATE",
        sentence="u1 changed the role of Ben in group Buyers from member to admin",
        details=MEMBER | {"oldMemberRole": "member"},
        resource=AS_GROUP,
        targets=[BEN],
        changes=[{"field": "memberRole", "old": "member", "new": "admin"}],
    ),
    Sample(code="SERVER_START_UP", sentence="The server started"),
    Sample(
        code="SERVER_INFO",
        sentence="u1 viewed server info",
        details={"apiCalls": [{"path": "/api/state", "count": 12}]},
    ),
    Sample(
        code="API_CALL_EVENT",
        sentence="u1 called GET /api/applications/a1",
        details={
            "httpMethod": "GET",
            "requestUri": "/api/applications/a1",
            "queryParams": {"verbose": ["true"]},
        },
    ),
    Sample(
        code="DATA_SOURCE_CREATE",
        sentence="u1 created data source Postgres",
        details=SOURCE,
        resource=AS_SOURCE,
    ),
    Sample(
        code="DATA_SOURCE_UPDATE",
        sentence="u1 updated data source Postgres (formerly PG)",
        details=SOURCE | {"oldName": "PG"},
        resource=AS_SOURCE,
        changes=[{"field": "name", "old": "PG", "new": "Postgres"}],
    ),
    Sample(
        code="DATA_SOURCE_DELETE",
        sentence="u1 deleted data source Postgres",
        details=SOURCE,
        resource=AS_SOURCE,
    ),
    Sample(
        code="DATA_SOURCE_PERMISSION_GRANT",
        sentence="u1 granted editor on data source Postgres to 2 users and 1 group",
        details=PERMISSIONS,
        resource=AS_SOURCE,
        targets=THREE_TARGETS,
    ),
    Sample(
        code="DATA_SOURCE_PERMISSION_UPDATE",
        sentence="u1 changed the permission of 2 users and 1 group on data source Postgres"
        " from viewer to editor",
        details=PERMISSIONS | {"oldPermissions": ["viewer"], "newPermissions": ["editor"]},
        resource=AS_SOURCE,
        targets=THREE_TARGETS,
        changes=[{"field": "permissions", "old": ["viewer"], "new": ["editor"]}],
    ),
    Sample(
        code="DATA_SOURCE_PERMISSION_DELETE",
        sentence="u1 revoked editor on data source Postgres from 2 users and 1 group",
        details=PERMISSIONS,
        resource=AS_SOURCE,
        targets=THREE_TARGETS,
    ),
    Sample(
        code="LIBRARY_QUERY_CREATE",
        sentence="u1 created library query rates",
        details=LIBRARY,
        resource=AS_LIBRARY,
    ),
    Sample(
        code="LIBRARY_QUERY_UPDATE",
        sentence="u1 updated library query rates (formerly rate)",
        details=LIBRARY | {"oldName": "rate"},
        resource=AS_LIBRARY,
        changes=[{"field": "name", "old": "rate", "new": "rates"}],
    ),
    Sample(
        code="LIBRARY_QUERY_DELETE",
        sentence="u1 deleted library query rates",
        details=LIBRARY,
        resource=AS_LIBRARY,
    ),
    Sample(
        code="LIBRARY_QUERY_PUBLISH",
        sentence="u1 published library query l1 as 2",
        details={"id": "l1", "oldVersion": "1", "newVersion": "2"},
        resource={"type": "library_query", "id": "l1"},
        changes=[{"field": "version", "old": "1", "new": "2"}],
    ),
)
