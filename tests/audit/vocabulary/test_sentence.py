"""Is an event said in good words, whatever its sender left out?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.vocabulary import EVENT_TYPES, SentencePart, sentence, sentence_parts
from tests.audit.documents import document_of

ANN = {"id": "u1", "name": "Ann"}
BEN = {"type": "user", "id": "u2", "name": "Ben"}
ORDERS = {"id": "a1", "gid": "g1", "name": "Orders"}
GROUP = {"groupId": "g7", "groupName": "Buyers"}
SOURCE = {"type": "data_source", "id": "d1", "name": "Postgres"}
LIBRARY = {"type": "library_query", "id": "l1", "name": "rates"}

# type, what the document has besides the actor Ann, what is said after "Ann": done, and infinitive
SENTENCES: list[tuple[str, dict[str, Any], str, str]] = [
    ("USER_LOGIN", {}, "signed in", "sign in"),
    ("USER_LOGOUT", {}, "signed out", "sign out"),
    ("APPLICATION_VIEW", {"application": ORDERS}, "viewed app Orders", "view app Orders"),
    ("APPLICATION_CREATE", {"application": ORDERS}, "created app Orders", "create app Orders"),
    (
        "APPLICATION_UPDATE",
        {"application": ORDERS, "details": {"oldApplicationName": "Order list"}},
        "updated app Orders (formerly Order list)",
        "update app Orders (formerly Order list)",
    ),
    ("APPLICATION_DELETE", {"application": ORDERS}, "deleted app Orders", "delete app Orders"),
    (
        "APPLICATION_MOVE",
        {"application": ORDERS, "details": {"oldFolderName": "Drafts", "folderName": "Sales"}},
        "moved app Orders from Drafts to folder Sales",
        "move app Orders from Drafts to folder Sales",
    ),
    (
        "APPLICATION_RECYCLED",
        {"application": ORDERS},
        "moved app Orders to the trash",
        "move app Orders to the trash",
    ),
    (
        "APPLICATION_RESTORE",
        {"application": ORDERS},
        "restored app Orders from the trash",
        "restore app Orders from the trash",
    ),
    (
        "APPLICATION_PUBLISH",
        {"application": ORDERS, "details": {"tag": "v14"}},
        "published app Orders as v14",
        "publish app Orders as v14",
    ),
    (
        "APPLICATION_VERSION_CHANGE",
        {"application": ORDERS, "details": {"tag": "v14"}},
        "changed the version of app Orders to v14",
        "change the version of app Orders to v14",
    ),
    (
        "APPLICATION_SHARING_CHANGE",
        {"application": ORDERS, "details": {"shareType": "public"}},
        "changed the sharing of app Orders to public",
        "change the sharing of app Orders to public",
    ),
    (
        "APPLICATION_PERMISSION_CHANGE",
        {"application": ORDERS, "details": {"userIds": ["u1", "u2"], "role": "editor"}},
        "changed permissions on app Orders for 2 users to editor",
        "change permissions on app Orders for 2 users to editor",
    ),
    (
        "FOLDER_CREATE",
        {"details": {"name": "Sales"}},
        "created folder Sales",
        "create folder Sales",
    ),
    (
        "FOLDER_UPDATE",
        {"details": {"name": "Sales", "fromName": "Selling"}},
        "updated folder Sales (formerly Selling)",
        "update folder Sales (formerly Selling)",
    ),
    (
        "FOLDER_DELETE",
        {"details": {"name": "Sales"}},
        "deleted folder Sales",
        "delete folder Sales",
    ),
    (
        "QUERY_EXECUTION",
        {"details": {"detail": {"queryName": "getOrders", "applicationName": "Orders"}}},
        "ran query getOrders in app Orders",
        "run query getOrders in app Orders",
    ),
    ("GROUP_CREATE", {"details": GROUP}, "created group Buyers", "create group Buyers"),
    (
        "GROUP_UPDATE",
        {"details": {**GROUP, "oldGroupName": "Buying"}},
        "updated group Buyers (formerly Buying)",
        "update group Buyers (formerly Buying)",
    ),
    ("GROUP_DELETE", {"details": GROUP}, "deleted group Buyers", "delete group Buyers"),
    (
        "GROUP_MEMBER_ADD",
        {"details": {**GROUP, "memberId": "u2", "memberName": "Ben", "memberRole": "member"}},
        "added Ben to group Buyers as member",
        "add Ben to group Buyers as member",
    ),
    (
        "GROUP_MEMBER_REMOVE",
        {"details": GROUP, "targets": [BEN]},
        "removed Ben from group Buyers",
        "remove Ben from group Buyers",
    ),
    ("GROUP_MEMBER_LEAVE", {"details": GROUP}, "left group Buyers", "leave group Buyers"),
    (
        "GROUP_MEMBER_ROLE_UPDATE",
        {
            "details": {**GROUP, "oldMemberRole": "member", "memberRole": "admin"},
            "targets": [BEN],
        },
        "changed the role of Ben in group Buyers from member to admin",
        "change the role of Ben in group Buyers from member to admin",
    ),
    ("SERVER_INFO", {}, "viewed server info", "view server info"),
    (
        "API_CALL_EVENT",
        {"details": {"httpMethod": "GET", "requestUri": "/api/users/me"}},
        "called GET /api/users/me",
        "call GET /api/users/me",
    ),
    (
        "DATA_SOURCE_CREATE",
        {"resource": SOURCE},
        "created data source Postgres",
        "create data source Postgres",
    ),
    (
        "DATA_SOURCE_UPDATE",
        {"resource": SOURCE, "details": {"name": "Postgres", "oldName": "PG"}},
        "updated data source Postgres (formerly PG)",
        "update data source Postgres (formerly PG)",
    ),
    (
        "DATA_SOURCE_DELETE",
        {"resource": SOURCE},
        "deleted data source Postgres",
        "delete data source Postgres",
    ),
    (
        "DATA_SOURCE_PERMISSION_GRANT",
        {"resource": SOURCE, "details": {"userIds": ["u1", "u2", "u3"], "role": "editor"}},
        "granted editor on data source Postgres to 3 users",
        "grant editor on data source Postgres to 3 users",
    ),
    (
        "DATA_SOURCE_PERMISSION_UPDATE",
        {
            "resource": SOURCE,
            "targets": [BEN],
            "details": {"oldPermission": "viewer", "role": "editor"},
        },
        "changed the permission of Ben on data source Postgres from viewer to editor",
        "change the permission of Ben on data source Postgres from viewer to editor",
    ),
    (
        "DATA_SOURCE_PERMISSION_DELETE",
        {"resource": SOURCE, "targets": [BEN], "details": {"role": "editor"}},
        "revoked editor on data source Postgres from Ben",
        "revoke editor on data source Postgres from Ben",
    ),
    (
        "LIBRARY_QUERY_CREATE",
        {"resource": LIBRARY},
        "created library query rates",
        "create library query rates",
    ),
    (
        "LIBRARY_QUERY_UPDATE",
        {"details": {"id": "l1", "name": "rates", "oldName": "rate"}},
        "updated library query rates (formerly rate)",
        "update library query rates (formerly rate)",
    ),
    (
        "LIBRARY_QUERY_DELETE",
        {"resource": LIBRARY},
        "deleted library query rates",
        "delete library query rates",
    ),
    (
        "LIBRARY_QUERY_PUBLISH",
        {"resource": LIBRARY, "details": {"oldVersion": "1", "newVersion": "2"}},
        "published library query rates as 2",
        "publish library query rates as 2",
    ),
    (
        "AUDIT_RETENTION",
        {"details": {"count": 1200, "before": "2026-01-01"}},
        "removed 1200 events from before 2026-01-01",
        "remove 1200 events from before 2026-01-01",
    ),
    (
        "AUDIT_ERASURE",
        {"details": {"count": 3, "reason": "request of 5 March"}},
        "erased a person's data in 3 events (request of 5 March)",
        "erase a person's data in 3 events (request of 5 March)",
    ),
    (
        "AUDIT_KEY_ROTATED",
        {"details": {"new_key": "log+4f2a"}},
        "changed the signing key to log+4f2a",
        "change the signing key to log+4f2a",
    ),
    (
        "AUDIT_ALARM_CLEARED",
        {"details": {"kind": "evidence", "reason": "restored from a backup"}},
        "cleared an alarm of kind evidence (restored from a backup)",
        "clear an alarm of kind evidence (restored from a backup)",
    ),
    (
        "AUDIT_EXPORT",
        {"details": {"format": "csv"}},
        "exported events as csv",
        "export events as csv",
    ),
    (
        "AUDIT_EXPORT_DOWNLOAD",
        {"details": {"format": "csv"}},
        "downloaded an export of events as csv",
        "download an export of events as csv",
    ),
]
IDS = [code for code, *_ in SENTENCES]


def said_of(told: dict[str, Any]) -> str:
    return sentence(document_of(told))


class TestSentence:
    def test_is_tried_for_every_type(self) -> None:
        assert {*IDS, "SERVER_START_UP"} == {*EVENT_TYPES}

    @pytest.mark.parametrize(("code", "more", "done", "infinitive"), SENTENCES, ids=IDS)
    def test_says_what_was_done(
        self, code: str, more: dict[str, Any], done: str, infinitive: str
    ) -> None:
        event = {"type": code, "actor": ANN, **more}
        assert said_of(event) == f"Ann {done}"
        assert said_of(event | {"outcome": "success"}) == f"Ann {done}"
        assert said_of(event | {"outcome": "failure"}) == f"Ann failed to {infinitive}"
        assert said_of(event | {"outcome": "denied"}) == f"Ann was not allowed to {infinitive}"

    def test_says_what_the_server_did(self) -> None:
        assert said_of({"type": "SERVER_START_UP"}) == "The server started"
        failed = {"type": "SERVER_START_UP", "outcome": "failure", "actor": ANN}
        assert said_of(failed) == "The server failed to start"

    @pytest.mark.parametrize("code", EVENT_TYPES)
    @pytest.mark.parametrize("outcome", [None, "success", "failure", "denied"])
    def test_leaves_no_hole_where_all_is_missing(self, code: str, outcome: str | None) -> None:
        said = said_of({"type": code, "outcome": outcome})
        assert said.startswith(("Someone ", "The system ", "The server "))
        assert not set("{}[]<>|") & set(said)
        assert "  " not in said
        assert said == said.strip()

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            pytest.param({"actor": ANN}, "Ann: invoice approved (INVOICE_APPROVED)", id="bare"),
            pytest.param({}, "Someone: invoice approved (INVOICE_APPROVED)", id="by nobody"),
            pytest.param(
                {"actor": ANN, "resource": {"type": "invoice", "id": "17"}},
                "Ann: invoice approved (INVOICE_APPROVED) on invoice 17",
                id="with a resource",
            ),
            pytest.param(
                {"actor": ANN, "outcome": "denied", "application": ORDERS},
                "Ann: invoice approved (INVOICE_APPROVED) on app Orders – denied",
                id="denied",
            ),
        ],
    )
    def test_says_an_unknown_type_in_its_own_words(self, more: dict[str, Any], said: str) -> None:
        assert said_of({"type": "INVOICE_APPROVED", **more}) == said

    @pytest.mark.parametrize(
        ("more", "who"),
        [
            pytest.param({"actor": {"email": "a@b.example"}}, "a@b.example", id="e-mail"),
            pytest.param({"actor": {"id": "u1", "name": ""}}, "u1", id="id alone"),
            pytest.param({"actor": {"type": "anonymous"}}, "An anonymous user", id="anonymous"),
            pytest.param({"actor": {"type": "system"}}, "The system", id="system"),
            pytest.param({"actor": None}, "Someone", id="null"),
            pytest.param({"actor": None, "erased": ["personal"]}, "Someone (erased)", id="erased"),
        ],
    )
    def test_names_who_did_it_as_well_as_it_can(self, more: dict[str, Any], who: str) -> None:
        assert said_of({"type": "USER_LOGIN", **more}) == f"{who} signed in"

    @pytest.mark.parametrize(
        ("targets", "whom"),
        [
            pytest.param([], "someone", id="nobody"),
            pytest.param([BEN], "Ben", id="one"),
            pytest.param([BEN, {**BEN, "name": "Cy"}], "Ben and Cy", id="two"),
            pytest.param([BEN, BEN, BEN], "Ben and 2 others", id="three"),
            pytest.param([{"type": "user", "id": "u9"}], "u9", id="an id"),
            pytest.param([{"type": "user"}], "someone", id="neither"),
            pytest.param(
                [{"type": "group", "id": "g", "name": "Buyers"}], "group Buyers", id="group"
            ),
            pytest.param(
                [{"type": "user", "id": "1"}, {"type": "user", "id": "2"}, {"type": "group"}],
                "2 users and 1 group",
                id="ids of users and of a group",
            ),
        ],
    )
    def test_names_whom_it_was_done_to(self, targets: list[dict[str, str]], whom: str) -> None:
        event = {
            "type": "GROUP_MEMBER_ADD",
            "actor": ANN,
            "resource": {"type": "group", "id": "g1", "name": "Team"},
            "targets": targets,
        }
        assert said_of(event) == f"Ann added {whom} to group Team"

    def test_leaves_out_what_it_has_said(self) -> None:
        details = {"applicationName": "Orders", "oldApplicationName": "Orders"}
        event = {"type": "APPLICATION_UPDATE", "actor": ANN, "details": details}
        assert said_of(event) == "Ann updated app Orders"

    def test_calls_a_bundle_a_bundle(self) -> None:
        event = {"type": "APPLICATION_VIEW", "actor": ANN, "details": {"bundleName": "Tools"}}
        assert said_of(event) == "Ann viewed bundle Tools"

    def test_keeps_long_names_on_one_short_line(self) -> None:
        said = said_of({"type": "USER_LOGIN", "actor": {"name": "A\n" * 1_000}})
        assert len(said) < 140
        assert "\n" not in said


KEYS = st.sampled_from(["id", "name", "type", "detail", "userIds", "memberName", "role"]) | st.text(
    max_size=8
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)

NAMES = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("id", "name", "type"), st.text(max_size=8))
)


class TestSentenceParts:
    def test_gives_pages_what_to_link(self) -> None:
        event = {"type": "APPLICATION_DELETE", "actor": ANN, "application": ORDERS}
        assert sentence_parts(document_of(event)) == (
            SentencePart(kind="actor", text="Ann", id="u1"),
            SentencePart(kind="text", text=" deleted app "),
            SentencePart(kind="application", text="Orders", id="a1", type="application"),
        )

    def test_tells_resources_and_targets_by_type(self) -> None:
        parts = sentence_parts(
            document_of(
                {"type": "GROUP_MEMBER_ADD", "actor": ANN, "targets": [BEN], "details": GROUP}
            )
        )
        assert SentencePart(kind="target", text="Ben", id="u2", type="user") in parts
        assert SentencePart(kind="resource", text="Buyers", id="g7", type="group") in parts

    @given(
        code=st.sampled_from([*EVENT_TYPES]) | st.text(max_size=30),
        members=st.fixed_dictionaries(
            {},
            optional={
                **dict.fromkeys(("actor", "application", "resource"), st.none() | NAMES),
                "targets": st.lists(NAMES, max_size=4),
                "details": st.dictionaries(KEYS, ANYTHING, max_size=4),
                "outcome": st.sampled_from(["success", "failure", "denied", "odd"]),
                "erased": st.lists(st.sampled_from(["head", "personal", "details"])),
            },
        ),
    )
    def test_never_fails(self, code: str, members: dict[str, Any]) -> None:
        assert said_of({"type": code, **members})
