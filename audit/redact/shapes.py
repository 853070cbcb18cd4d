"""Masks parts of a text that look like secrets, whatever they are called.

Every expression either fails within a few characters of where it starts or consumes what it has
looked at, so that the time is linear in the text, whatever the text is.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

MASK = "[redacted]"

# Prefixes that nothing else begins with, and what follows. In a comment: whose they are.
_PREFIXED = (
    (("AIza",), r"[0-9A-Za-z_-]{30,}"),  # Google
    (("ya29.",), r"[0-9A-Za-z_-]{20,}"),
    (("GOCSPX-",), r"[0-9A-Za-z_-]{20,}"),
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"[0-9A-Za-z]{20,}"),  # GitHub
    (("github_pat_",), r"[0-9A-Za-z_]{20,}"),
    (("glpat-", "gldt-", "glrt-", "glptt-", "glft-", "glsoat-", "glcbt-"), r"[0-9A-Za-z_.-]{15,}"),
    (("xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"), r"[\w.-]{10,}"),
    (("hooks.slack.com",), r"/(?:services|workflows|triggers)/[\w/-]{10,}"),
    (("discord.com", "discordapp.com"), r"/api/(?:v[0-9]+/)?webhooks/[0-9]{5,}/[\w-]{20,}"),
    ((".webhook.office.com", "outlook.office.com"), r"/webhook(?:b2)?/[\w@/-]{20,}"),  # Teams
    (("sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"), r"[0-9A-Za-z]{10,}"),  # Stripe
    (("npm_",), r"[0-9A-Za-z]{30,}"),
    (("pypi-AgE",), r"[\w-]{20,}"),
    (("SG.",), r"[\w-]{16,64}\.[\w-]{16,}"),  # SendGrid
    (("dop_v1_", "doo_v1_", "dor_v1_"), r"[0-9a-f]{40,}"),  # DigitalOcean
    (("shpat_", "shpca_", "shppa_", "shpss_"), r"[0-9A-Fa-f]{20,}"),  # Shopify
    (("hf_",), r"[0-9A-Za-z]{30,}"),
    (("hvs.", "hvb.", "hvr."), r"[\w-]{20,}"),  # Vault
    (("dckr_pat_",), r"[\w-]{20,}"),
    (("glsa_",), r"[0-9A-Za-z_]{20,}"),  # Grafana
    (("ATATT3",), r"[\w=-]{20,}"),  # Atlassian
    (("lin_api_",), r"[0-9A-Za-z]{20,}"),
    (("AGE-SECRET-KEY-1",), r"[0-9A-Z]{20,}"),
)
# Prefixes too short to be looked for alone; each with the characters that follow.
_HEX = "0123456789abcdef"
_SHORT_PREFIXED = (
    ("SK", r"[0-9a-f]{32}(?![0-9A-Za-z])"),  # Twilio
    ("key-", r"[0-9a-f]{32}(?![0-9A-Za-z])"),  # Mailgun
)
# 123456789:AAE…, of Telegram; in an address behind `bot`
_TELEGRAM = (
    r"(?:(?<![0-9])|(?<=%[0-9A-Fa-f]{2}))[0-9]{8,10}:AA[0-9A-Za-z_-]{32,33}(?![0-9A-Za-z_-])"
)
PREFIXES = (
    *(prefix for prefixes, _ in _PREFIXED for prefix in prefixes),
    *(prefix + follows for prefix, _ in _SHORT_PREFIXED for follows in _HEX),
    ":AA",
)
_OWN = r"[0-9A-Za-z_-]{16,}"

# sk-proj-… of OpenAI and others: the prefix is also the end of words (risk-, task-) and the
# language of an address (sk-SK), so a digit is asked for.
_FRESH = r"(?:(?<![0-9A-Za-z_-])|(?<=%[0-9A-Fa-f]{2}))"
_SK = _FRESH + r"sk-(?=[A-Za-z_-]{0,64}[0-9])[0-9A-Za-z_-]{20,}"
# eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig: consumed whole, then looked at (_is_jwt)
_JWT = r"(?P<jwt>eyJ[\w-]*(?:\.[\w-]*)*)"
# -----BEGIN RSA PRIVATE KEY-----…-----END RSA PRIVATE KEY-----, or cut off
_PEM = (
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----"
    r"(?s:.*?)(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----|\Z)"
)
_BEGIN = r"(?:\b|(?<=%[0-9A-Fa-f]{2}))"
_SPACES = r"(?:[ \t+]|%20){1,8}"
_BEARER = _BEGIN + rf"(?i:bearer){_SPACES}(?P<bearer>[A-Za-z0-9._~+/=-]+)"
_BASIC = _BEGIN + rf"(?i:basic){_SPACES}(?P<basic>[A-Za-z0-9+/=_-]{{4,}})"


def compile_shapes(*, token_prefixes: tuple[str, ...] = ()) -> re.Pattern[str]:
    """Return one expression of all shapes; token_prefixes: of a host's own tokens."""
    alternatives = [
        _PEM,
        _BEARER,
        _BASIC,
        _JWT,
        *(f"(?:{'|'.join(map(re.escape, ps))}){rest}" for ps, rest in _PREFIXED),
        *(_FRESH + prefix + rest for prefix, rest in _SHORT_PREFIXED),
        _TELEGRAM,
        _SK,
    ]
    if token_prefixes:
        alternatives.append(f"(?:{'|'.join(map(re.escape, token_prefixes))}){_OWN}")
    return re.compile("|".join(alternatives))


def mask_shapes(text: str, shapes: re.Pattern[str]) -> str:
    """Return the text with every stretch that is shaped like a secret masked."""
    return shapes.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    for group, is_secret in _CHECKS.items():
        if (found := match[group]) is not None:
            whole = match.end() - match.start() == len(match.string)
            return MASK if is_secret(found, whole) else match[0]
    return MASK


def _is_jwt(text: str, whole: bool) -> bool:
    """A header, a payload and a signature (RFC 7519), or five pieces (RFC 7516)."""
    header, *rest = text.split(".")
    return len(header) >= 10 and (len(rest) == 4 or (len(rest) == 2 and len(rest[0]) >= 2))


def _is_bearer(token: str, whole: bool) -> bool:
    """`Bearer authentication` in a sentence is no token."""
    return whole or len(token) >= 20 or any(c.isdigit() for c in token)


def _is_basic(token: str, whole: bool) -> bool:
    """`Basic` credentials are `user:password` in base64 (RFC 7617)."""
    try:
        return b":" in base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_")
    except (ValueError, binascii.Error):
        return False


_CHECKS: dict[str, Callable[[str, bool], bool]] = {
    "jwt": _is_jwt,
    "bearer": _is_bearer,
    "basic": _is_basic,
}
