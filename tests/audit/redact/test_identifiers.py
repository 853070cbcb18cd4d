"""What names a secret without giving it away stays, under whatever name it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from audit.record import SubmittedEvent
from audit.redact import MASK, mask_event, mask_text

HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
BASE64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
STAYS = [
    ("tokenHash", f"hmac-sha256:{HEX}"),
    ("token", f"SHA256:{BASE64}"),
    ("apiKey", f"sha256:{HEX}"),
    ("clientSecret", f"sha512-{BASE64}{BASE64[:43]}=="),
    ("secret", f"blake2b:{HEX}"),
    ("secret", f"SHA3-256={HEX}"),
    ("password", f"HMAC-SHA256:{HEX}"),
    ("sshKey", f"SHA256:{BASE64}"),
    ("accessKey", "AKIAIOSFODNN7EXAMPLE"),
    ("X-Amz-Credential", "AKIAIOSFODNN7EXAMPLE/20260305/eu-west-1/s3/aws4_request"),
    ("credential", "ASIAIOSFODNN7EXAMPLE"),
]
GOES = [
    pytest.param("token", HEX, id="no algorithm"),
    pytest.param("token", f"md5:{HEX[:32]}", id="one that can be undone"),
    pytest.param("token", f"sha1:{HEX[:40]}", id="one that is broken"),
    pytest.param("token", "sha256:hunter2", id="too short"),
    pytest.param("token", f"sha256:{HEX} and more", id="more beside it"),
    pytest.param("password", f"sha256:{HEX}", id="what can be found by trying"),
    pytest.param("pin", f"SHA256:{BASE64}", id="what is found in no time"),
    pytest.param("passwordHash", f"pbkdf2_sha256$870000$salt${BASE64}=", id="salted"),
    pytest.param("accessKey", "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI", id="with its secret"),
    pytest.param("secretAccessKey", "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12", id="a secret key"),
]


def masked(details: dict[str, Any]) -> Any:
    event, _ = mask_event(SubmittedEvent(type="X", details=details), environment="prod")
    return event.details


class TestIdentifiers:
    @pytest.mark.parametrize(("name", "value"), STAYS)
    def test_stay(self, name: str, value: str) -> None:
        for details in ({name: value}, {"a": [{"name": name, "value": value}]}):
            assert masked(details) == details
            assert mask_text(json.dumps(details)) == json.dumps(details)
        for text in (f"{name}={value}", f"{name}: {value}", f'<add key="{name}" value="{value}"/>'):
            assert mask_text(text) == text

    @pytest.mark.parametrize(("name", "value"), GOES)
    def test_go_where_they_give_it_away(self, name: str, value: str) -> None:
        assert masked({name: value}) == {name: MASK}
        assert value not in mask_text(json.dumps({name: value}))

    def test_stay_beside_what_goes(self) -> None:
        assert masked({"credentials": {"id": "AKIAIOSFODNN7EXAMPLE", "key": "wJalr"}}) == {
            "credentials": {"id": "AKIAIOSFODNN7EXAMPLE", "key": MASK}
        }
