"""Which values are secrets by their look, wherever they stand."""

from __future__ import annotations

import base64
import random
import string

import pytest

from audit.redact import MASK, mask_text
from audit.redact.shapes import PREFIXES

_random = random.Random(5)


def letters(count: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(_random.choice(alphabet) for _ in range(count))


JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1gFWFOEjXk"
PEM = f"-----BEGIN RSA PRIVATE KEY-----\nMIIE{letters(60)}\n-----END RSA PRIVATE KEY-----"
SECRETS = {
    "bearer": f"Bearer {letters(12)}1",
    "bearer, lower case": f"bearer {letters(24)}",
    "basic": "Basic " + base64.b64encode(b"ann:secret").decode(),
    "JWT": JWT,
    "JWT without a signature": JWT.rpartition(".")[0] + ".",
    "JWE": "eyJhbGciOiJkaXIifQ..iv123.text123.tag123",
    "PEM": PEM,
    "PEM cut off": PEM[:60],
    "PEM in PKCS 8": PEM.replace("RSA ", ""),
    "PEM, encrypted": PEM.replace("RSA ", "ENCRYPTED "),
    "PGP": PEM.replace("RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK"),
    "Telegram": "123456789:AA" + letters(33),
    "Twilio": "SK" + letters(32, "0123456789abcdef"),
    "Mailgun": "key-" + letters(32, "0123456789abcdef"),
    "Discord hook": "discord.com/api/webhooks/123456789012345678/" + letters(68),
    "Discord hook, old": "discordapp.com/api/webhooks/123456789012345678/" + letters(68),
    "Teams hook": ".webhook.office.com/webhookb2/" + letters(36) + "@" + letters(36),
    "Teams hook, old": "outlook.office.com/webhook/" + letters(36) + "/IncomingWebhook/x",
    "Slack workflow": "https://hooks.slack.com/triggers/T000/1/" + letters(24),
    "Google": "AIza" + letters(35),
    "GitHub": "ghp_" + letters(36),
    "GitHub app": "ghs_" + letters(36),
    "GitHub fine-grained": "github_pat_" + letters(22) + "_" + letters(59),
    "GitLab": "glpat-" + letters(20),
    "Slack": "xoxb-123456789012-" + letters(24),
    "Slack hook": "https://hooks.slack.com/services/T000/B000/" + letters(24),
    "Stripe": "sk_live_" + letters(24),
    "OpenAI": "sk-" + letters(20) + "T3BlbkFJ" + letters(20),
    "OpenAI project": "sk-proj-" + letters(40) + "1",
    "Anthropic": "sk-ant-api03-" + letters(40),
    "npm": "npm_" + letters(36),
    "SendGrid": f"SG.{letters(22)}.{letters(43)}",
    "ingest key": "sli_" + letters(38),
    "read token": "slr_" + letters(38),
}
ORDINARY = [
    "Basic subscription",
    "basic plan: yes",
    "Bearer tokens are refused",
    "eyJub3QiOiJhIGp3dCJ9",
    "eyJub3QiOiJhIGp3dCJ9.x",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "pk_live_1234567890abcdef",
    "AKIAIOSFODNN7EXAMPLE",
    "SKU0123456789abcdef0123456789abcdef",
    "TASK0123456789abcdef0123456789abcdef0",
    "pubkey-0123456789abcdef0123456789abcdef",
    "2026-03-05T09:00:00:AAbbcc",
    "https://example.org/api/webhooks/12",
    "https://www.office.com/webhook",
    "task-1234567890abcdefghij",
    "sk-slovak-is-the-language-of-this-page",
    "https://example.org/sk-SK/uvod",
    "risk-0123456789012345678901234",
    "npm_config_registry",
    "ghp_short",
    "sli_short",
    "550e8400-e29b-41d4-a716-446655440000",
    "d41d8cd98f00b204e9800998ecf8427e",
    "2026-03-05T09:00:00.123+01:00",
    "4111 1111 1111 1111",
]


class TestMaskShapes:
    @pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
    @pytest.mark.parametrize(
        "around",
        ["got %s", "a\n%s\nb", "(%s)", "x=%s", '{"a": "%s"}', '["b\\t%s", 1', "%%20%s", "x%%0A%s"],
    )
    def test_masks_it_wherever_it_stands(self, secret: str, around: str) -> None:
        written = secret.replace("\n", "\\n") if '"' in around else secret
        masked = mask_text(around % written)
        assert MASK in masked
        for piece in secret.split()[-1:]:
            assert piece not in masked

    @pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
    def test_masks_a_value_as_a_whole(self, secret: str) -> None:
        assert mask_text(secret).removeprefix("https://") == MASK

    def test_takes_a_bearer_of_one_word_for_a_token_only_by_itself(self) -> None:
        assert mask_text("Bearer abcdef") == MASK
        for text in ("the Bearer abcdef", "use bearer authentication here"):
            assert mask_text(text) == text

    @pytest.mark.parametrize("text", ORDINARY)
    def test_leaves_what_only_looks_like_it(self, text: str) -> None:
        assert mask_text(text) == text
        assert mask_text(f"see {text}, please") == f"see {text}, please"

    @pytest.mark.parametrize(
        "piece",
        [
            *PREFIXES,
            *("eyJ", "eyJa.", "-----BEGIN ", "-----BEGIN A PRIVATE KEY-----", "sk-", "sk-a"),
            *("Bearer ", "Basic ", "://", "://a:", "a=", "password=", "password", "a:", "a: "),
            *('"', '"password":"', "'password'='", '\\"', "\\", "{", '{"', '{"password":', "["),
            *("%3D", "token%3D", "<password>", "<a ", "--password ", "a;b=", ";", "%", "%61", "="),
            *("curl -u ", "curl ", "mysql -p", "curl -u a", "identified by ", "identified with x "),
            *("to a identified ", "password '", "replace ", "password(", "<a b='", "<a b='c' "),
            *(
                '<a b="c" key="password" ',
                "<key>password</key> ",
                "<key>",
                "?code=",
                "0123456789:AA",
            ),
            *('name="password"\r\n', "\n", " ", "\t", "password: ", "Cookie: ", "4111 ", "card"),
        ],
    )
    def test_takes_no_longer_for_a_text_made_to_be_slow(self, piece: str) -> None:
        """No clock: what is quadratic in a quarter of a million characters doesn't end."""
        mask_text("token" + piece * (250_000 // len(piece)))
