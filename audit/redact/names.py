"""Does a member of this name hold a secret?

A name is read as words, whatever its spelling: `X-Api-Key`, `x_api_key` and `xApiKey` are all
`x api key`. What counts is how it ends, so `clientSecret` is one and `secretary`, `tokenCount`
and `passwordChangedAt` are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

SEPARATORS = " \t_-./[]()$+"
MAX_REMEMBERED_CHARACTERS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is masked under a secret name.

    containers: all that an object under it holds; otherwise that is looked through as usual
    numbers: a number too; a plural counts more often than it holds (`tokens: 512`)
    """

    containers: bool = True
    numbers: bool = True


SECRET = Kind()
PLURAL = Kind(numbers=False)
SCALAR = Kind(containers=False)
TEXT = Kind(containers=False, numbers=False)

# How the name of a secret ends, its words run together; each also in the plural.
ENDINGS = (
    *("password", "passwd", "passwort", "passphrase", "passcode", "pwd"),
    *("secret", "token", "cookie", "authorization", "credential", "bearer", "jwt"),
    *("apikey", "privatekey", "secretkey", "accesskey", "signingkey", "encryptionkey"),
    *("decryptionkey", "masterkey", "sharedkey", "accountkey", "authkey", "subscriptionkey"),
    *("functionskey", "hmackey", "sshkey", "sessionkey", "authcode", "seedphrase"),
    *("recoverycode", "backupcode", "secretaccesskey", "sharedaccesssignature"),
)
# Names that hold a secret only as a whole, and only as a text or number.
WHOLE = ("pin", "pincode", "otp", "totp", "otpcode", "cvv", "cvc", "cvn", "psk", "csrf", "xsrf")
SESSION_COOKIES = ("jsessionid", "phpsessid", "aspsessionid", "connectsid")
# dbPass, smtp_pass: a pass by itself may be a boarding pass, or how many tests did.
PASS_OF = frozenset(
    ("db", "database", "user", "smtp", "ftp", "mail", "ldap", "admin", "root", "login", "my")
)
_PASSES = frozenset(("pass", *(f"{of}pass" for of in PASS_OF)))
# Secrets in the query of an address, where a member of that name would be none.
QUERY = ("sig", "signature", "xamzsignature", "xgoogsignature", "auth", "pass")

# What may follow: passwordHash, apiKeyValue, newPasswordConfirmation, SECRET_KEY_BASE.
_AFTER = frozenset(
    (
        *("hash", "hashed", "digest", "salt", "encrypted", "raw", "base64", "json", "base"),
        *("value", "text", "string", "plain", "plaintext", "clear", "cleartext", "header"),
        *("confirm", "confirmation", "again", "repeat", "repeated", "headers"),
        *("old", "new", "current", "previous", "primary", "secondary", "live", "test"),
        *("prod", "production", "dev", "development", "staging"),
    )
)
# What makes a token a number or a place to go on from: maxTokens, nextPageToken, designTokens.
_COUNTED = frozenset(
    (
        *("max", "min", "total", "used", "remaining", "num", "number", "cached", "reasoning"),
        *("prompt", "completion", "input", "output", "design"),
        *("page", "next", "continuation", "sync", "cancellation", "cancel", "pagination"),
    )
)
_COUNTED_RUN_TOGETHER = ("pagetoken", "continuationtoken", "synctoken", "nexttoken")

_ENDING = re.compile(f"(?:{'|'.join(ENDINGS)})(s?)$")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATOR = re.compile(f"[{re.escape(SEPARATORS)}]+")


def words_of(name: str) -> list[str]:
    """Return the words of a name, in lower case: `X-ApiKey2` is `x api key2`."""
    return [word for word in _SEPARATOR.split(_HUMP.sub(" ", name).lower()) if word]


def run_together(name: str) -> str:
    """Return a name without separators and in lower case, the form that settings compare."""
    return "".join(words_of(name))


@dataclass(frozen=True, slots=True)
class Names:
    """Which names hold secrets, by the built-in list and a host's own.

    added, allowed: run together; an added name counts at the end of a longer one, an allowed one
        only as a whole
    """

    added: tuple[str, ...] = ()
    allowed: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def make(cls, *, added: Iterable[str], allowed: Iterable[str]) -> Names:
        return cls(
            tuple(sorted({run_together(name) for name in added} - {""})),
            frozenset(run_together(name) for name in allowed),
        )

    def kind_of(self, name: str) -> Kind | None:
        """Return what is masked under this name, or None where it holds no secret."""
        if len(name) > MAX_REMEMBERED_CHARACTERS:
            return _judge(self, name)
        return _kind_of(self, name)

    def kind_in_query(self, name: str) -> Kind | None:
        """The same for the name of a parameter in an address or a form."""
        kind = self.kind_of(name)
        if kind is None and (together := run_together(name)) in QUERY:
            return SCALAR if together not in self.allowed else None
        return kind


@lru_cache(maxsize=10_000)
def _kind_of(names: Names, name: str) -> Kind | None:
    return _judge(names, name)


def _judge(names: Names, name: str) -> Kind | None:
    words = words_of(name)
    together = "".join(words)
    if not together or together in names.allowed:
        return None
    if names.added and together.endswith(names.added):
        return SECRET
    while len(words) > 1 and (words[-1] in _AFTER or words[-1].isdigit()):
        words.pop()
    words[-1] = words[-1].rstrip("0123456789") or words[-1]
    together = "".join(words)
    if together in names.allowed:
        return None
    if together in WHOLE or together in SESSION_COOKIES:
        return SCALAR
    if together in _PASSES or (words[-1] == "pass" and words[-2] in PASS_OF):
        return TEXT
    match = _ENDING.search(together)
    if match is None:
        return None
    if together.endswith(("token", "tokens")):
        if len(words) > 1 and words[-2] in _COUNTED:
            return None
        if together.endswith(_COUNTED_RUN_TOGETHER):
            return None
    return PLURAL if match[1] else SECRET
