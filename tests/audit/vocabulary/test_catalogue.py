"""Does the catalogue have Lowcoder's codes to the letter, and a place for all others?"""

import pytest

from audit.vocabulary import EVENT_TYPES, GROUPS, event_type, is_product_type, types_with
from audit.vocabulary.event_type import Trait

_LOWCODER_CODES = """
    USER_LOGIN USER_LOGOUT
    APPLICATION_VIEW APPLICATION_CREATE APPLICATION_UPDATE APPLICATION_DELETE APPLICATION_MOVE
    APPLICATION_RECYCLED APPLICATION_RESTORE APPLICATION_PUBLISH APPLICATION_VERSION_CHANGE
    APPLICATION_SHARING_CHANGE APPLICATION_PERMISSION_CHANGE
    FOLDER_CREATE FOLDER_UPDATE FOLDER_DELETE
    QUERY_EXECUTION
    GROUP_CREATE GROUP_UPDATE GROUP_DELETE
    GROUP_MEMBER_ADD GROUP_MEMBER_REMOVE GROUP_MEMBER_LEAVE GROUP_MEMBER_ROLE_UPDATE
    SERVER_START_UP SERVER_INFO
    DATA_SOURCE_CREATE DATA_SOURCE_UPDATE DATA_SOURCE_DELETE
    DATA_SOURCE_PERMISSION_GRANT DATA_SOURCE_PERMISSION_UPDATE DATA_SOURCE_PERMISSION_DELETE
    LIBRARY_QUERY_CREATE LIBRARY_QUERY_UPDATE LIBRARY_QUERY_DELETE LIBRARY_QUERY_PUBLISH
    API_CALL_EVENT
"""
LOWCODER_CODES = _LOWCODER_CODES.split()
PRODUCT_CODES = ["AUDIT_RETENTION", "AUDIT_ERASURE", "AUDIT_KEY_ROTATED"]


class TestCatalogue:
    def test_has_all_codes_of_lowcoder_and_the_products_own(self) -> None:
        assert len(LOWCODER_CODES) == 37
        assert [*EVENT_TYPES] == [
            *sorted(EVENT_TYPES, key=lambda code: [*GROUPS].index(EVENT_TYPES[code].group))
        ]
        assert {*LOWCODER_CODES} <= {*EVENT_TYPES}
        assert {*EVENT_TYPES} - {*LOWCODER_CODES} >= {*PRODUCT_CODES}
        assert all(is_product_type(code) for code in {*EVENT_TYPES} - {*LOWCODER_CODES})

    @pytest.mark.parametrize("code", EVENT_TYPES)
    def test_gives_each_type_a_group_a_label_and_a_sentence(self, code: str) -> None:
        found = event_type(code)
        assert found.code == code
        assert found.group in GROUPS
        assert found.label[0].isupper()
        assert "[" in found.sentence
        assert len(set(found.detail_keys)) == len(found.detail_keys)

    @pytest.mark.parametrize("code", LOWCODER_CODES)
    def test_marks_the_headers_that_every_lowcoder_event_carries(self, code: str) -> None:
        assert "headers" in event_type(code).detail_keys
        assert "headers" in event_type(code).personal_details

    @pytest.mark.parametrize(
        ("code", "keys"),
        [
            pytest.param("GROUP_MEMBER_ADD", {"memberId", "memberName"}, id="members"),
            pytest.param("APPLICATION_UPDATE", {"applicationAuthor"}, id="the author"),
            pytest.param("APPLICATION_PERMISSION_CHANGE", {"userIds"}, id="who may use an app"),
            pytest.param(
                "DATA_SOURCE_PERMISSION_GRANT", {"userIds", "newPermissions"}, id="who may query"
            ),
            pytest.param("API_CALL_EVENT", {"headers", "queryParams"}, id="a call's parameters"),
            pytest.param("INVOICE_APPROVED", {"userId", "createdBy"}, id="a type nobody knows"),
        ],
    )
    def test_marks_details_that_name_people(self, code: str, keys: set[str]) -> None:
        assert keys <= event_type(code).personal_details

    def test_leaves_names_of_things_out_of_the_personal_details(self) -> None:
        things = {"applicationName", "groupName", "name", "id", "role", "groupIds", "tag", "type"}
        assert not things & event_type("APPLICATION_UPDATE").personal_details


class TestTypesWith:
    @pytest.mark.parametrize(
        ("traits", "codes"),
        [
            pytest.param(["sign_in"], "USER_LOGIN", id="signing in"),
            pytest.param(["look"], "APPLICATION_VIEW QUERY_EXECUTION", id="looking"),
            pytest.param(["edit"], "APPLICATION_CREATE APPLICATION_UPDATE", id="editing"),
            pytest.param(
                ["arrival"], "APPLICATION_PUBLISH APPLICATION_VERSION_CHANGE", id="arriving"
            ),
            pytest.param(
                ["removal"],
                "APPLICATION_DELETE APPLICATION_RECYCLED FOLDER_DELETE GROUP_DELETE "
                "DATA_SOURCE_DELETE LIBRARY_QUERY_DELETE",
                id="taking away",
            ),
            pytest.param(
                ["permission", "grant", "revocation"],
                "APPLICATION_SHARING_CHANGE APPLICATION_PERMISSION_CHANGE GROUP_MEMBER_ADD "
                "GROUP_MEMBER_ROLE_UPDATE DATA_SOURCE_PERMISSION_GRANT "
                "DATA_SOURCE_PERMISSION_UPDATE DATA_SOURCE_PERMISSION_DELETE",
                id="giving and taking permissions",
            ),
        ],
    )
    def test_has_what_the_product_does_more_with(self, traits: list[Trait], codes: str) -> None:
        assert types_with(*traits) == tuple(codes.split())


class TestEventType:
    @pytest.mark.parametrize(
        ("code", "label"),
        [
            pytest.param("INVOICE_APPROVED", "Invoice approved", id="upper case"),
            pytest.param("invoice.approved", "Invoice approved", id="dotted"),
            pytest.param("invoiceApproved", "Invoice approved", id="camel case"),
            pytest.param("___", "___", id="no word in it"),
            pytest.param("", "", id="empty"),
        ],
    )
    def test_makes_a_label_of_an_unknown_code(self, code: str, label: str) -> None:
        found = event_type(code)
        assert (found.label, found.group, code in EVENT_TYPES) == (label, "other", False)


class TestIsProductType:
    @pytest.mark.parametrize("code", [*PRODUCT_CODES, "AUDIT_LATER", "audit_retention"])
    def test_knows_the_products_own(self, code: str) -> None:
        assert is_product_type(code)

    @pytest.mark.parametrize("code", ["USER_LOGIN", "AUDIT", "AUDITED", "MY_AUDIT_RETENTION", ""])
    def test_leaves_the_rest_to_the_senders(self, code: str) -> None:
        assert not is_product_type(code)
