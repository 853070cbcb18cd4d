"""Decides by a member's name whether it holds a secret.

A name is read as words, whatever its spelling: `X-Api-Key`, `x_api_key` and `xApiKey` are all
`x api key`. What counts is how it ends, so `clientSecret` is one and `secretary`, `tokenCount`
and `passwordChangedAt` are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import combining, normalize

SEPARATORS = " \t_-./[]()$+"
MAX_CACHED_CHARACTERS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretKind:
    """What is masked under a secret name.

    containers: all that an object under it holds; otherwise that is looked through as usual
    numbers: a number too; a plural counts more often than it holds (`tokens: 512`)
    guessable: what people choose or read off: its digest can be found by trying
    """

    containers: bool = True
    numbers: bool = True
    guessable: bool = False


SECRET = SecretKind()
PLURAL = SecretKind(numbers=False)
SCALAR = SecretKind(containers=False, guessable=True)
TEXT = SecretKind(containers=False, numbers=False, guessable=True)
GUESSABLE = SecretKind(guessable=True)
GUESSABLE_PLURAL = SecretKind(numbers=False, guessable=True)

# How the name of a secret ends, its words joined; each also in the plural.
_GUESSABLE = (
    *("password", "passwd", "passwort", "passphrase", "passcode", "pwd", "kennwort"),
    # The same in Portuguese, Spanish, French, Italian, Dutch, Danish and Swedish; without accents
    *("senha", "contrasena", "motdepasse", "parolachiave", "wachtwoord"),
    *("adgangskode", "losenord"),
    *("securityanswer", "securityquestionanswer", "mfacode", "verificationcode", "otpcode"),
    *("totpcode", "smscode", "onetimecode", "twofactorcode", "2facode"),
)
ENDINGS = (
    *_GUESSABLE,
    *("secret", "token", "cookie", "authorization", "credential", "bearer", "jwt"),
    *("apikey", "privatekey", "secretkey", "accesskey", "signingkey", "encryptionkey"),
    *("decryptionkey", "masterkey", "sharedkey", "accountkey", "authkey", "subscriptionkey"),
    *("functionskey", "hmackey", "sshkey", "sessionkey", "authcode", "seedphrase"),
    *("recoverycode", "backupcode", "secretaccesskey", "sharedaccesssignature", "kubeconfig"),
)
# Names that hold a secret only as a whole, and only as a text or number.
WHOLE = ("pin", "pincode", "otp", "totp", "cvv", "cvc", "cvn", "psk", "csrf", "xsrf", "pw", "ssn")
# The last word of a longer name of that kind: customer_ssn.
_LAST = frozenset(("ssn",))
SESSION_COOKIES = ("jsessionid", "phpsessid", "aspsessionid", "connectsid")
# dbPass, smtp_pass, ldap_bind_pw: a pass by itself may be a boarding pass, or how many tests did.
PASS_OF = frozenset(
    (
        *("db", "database", "user", "smtp", "ftp", "mail", "ldap", "admin", "root", "login", "my"),
        *("bind", "proxy", "auth"),
    )
)
_PASSES = frozenset(("pass", *(f"{of}{word}" for of in PASS_OF for word in ("pass", "pw"))))
# Secrets in the query of a URL, where a member of that name would be none.
QUERY = ("sig", "signature", "xamzsignature", "xgoogsignature", "auth", "pass")
# An authorization's code, in a URL alone and as long as one: ?code=404 and ?code=DE are none.
CODE = "code"
MIN_CODE_CHARACTERS = 10

# What may follow: passwordHash, apiKeyValue, newPasswordConfirmation, SECRET_KEY_BASE.
AFTER = frozenset(
    (
        *("hash", "hashed", "digest", "salt", "encrypted", "raw", "base64", "json", "base"),
        *("value", "text", "string", "plain", "plaintext", "clear", "cleartext", "header"),
        *("confirm", "confirmation", "again", "repeat", "repeated", "headers"),
        *("old", "new", "current", "previous", "primary", "secondary", "live", "test"),
        *("prod", "production", "dev", "development", "staging", "pem", "der", "jwk"),
    )
)
# What makes a token a number or a cursor: maxTokens, nextPageToken, designTokens.
_COUNTED = frozenset(
    (
        *("max", "min", "total", "used", "remaining", "num", "number", "cached", "reasoning"),
        *("prompt", "completion", "input", "output", "design"),
        *("page", "next", "continuation", "sync", "cancellation", "cancel", "pagination"),
    )
)
_COUNTED_ENDINGS = ("pagetoken", "continuationtoken", "synctoken", "nexttoken")

_ENDING = re.compile(f"(?:(?P<guessable>{'|'.join(_GUESSABLE)})|{'|'.join(ENDINGS)})(?P<many>s?)$")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATOR = re.compile(f"[{re.escape(SEPARATORS)}]+")


def name_words(name: str) -> list[str]:
    """Return the words of a name, without case and accents: `X-ApiKey2` is `x api key2`."""
    return _split(_without_accents(name))


def joined_words(name: str) -> str:
    """Return a name without separators and in lower case, the form that settings compare."""
    return "".join(name_words(name))


def spellings(name: str) -> set[str]:
    """Return how a name may be written in a text, joined: with its accents, in either form."""
    return {"".join(_split(normalize(form, name))) for form in ("NFC", "NFD")} | {
        joined_words(name)
    }


def _without_accents(name: str) -> str:
    if name.isascii():
        return name
    return "".join(c for c in normalize("NFKD", name) if not combining(c))


def _split(name: str) -> list[str]:
    return [word for word in _SEPARATOR.split(_HUMP.sub(" ", name).lower()) if word]


@dataclass(frozen=True, slots=True)
class SecretNames:
    """Which names hold secrets, by the built-in list and a host's own.

    added, allowed: joined; an added name counts at the end of a longer one, an allowed one
        only as a whole
    """

    added: tuple[str, ...] = ()
    allowed: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def make(cls, *, added: Iterable[str], allowed: Iterable[str]) -> SecretNames:
        return cls(
            tuple(sorted({joined_words(name) for name in added} - {""})),
            frozenset(joined_words(name) for name in allowed),
        )

    def kind_of(self, name: str) -> SecretKind | None:
        """Return what is masked under this name, or None where it holds no secret."""
        if len(name) > MAX_CACHED_CHARACTERS:
            return _judge(self, name)
        return _kind_of(self, name)

    def kind_in_query(self, name: str) -> SecretKind | None:
        """The same for the name of a parameter in a URL or a form."""
        kind = self.kind_of(name)
        if kind is None and (joined := joined_words(name)) in (*QUERY, CODE):
            return SCALAR if joined not in self.allowed else None
        return kind


@lru_cache(maxsize=10_000)
def _kind_of(names: SecretNames, name: str) -> SecretKind | None:
    return _judge(names, name)


def _judge(names: SecretNames, name: str) -> SecretKind | None:
    words = name_words(name)
    joined = "".join(words)
    if not joined or joined in names.allowed:
        return None
    if names.added and joined.endswith(names.added):
        return SECRET
    while len(words) > 1 and (words[-1] in AFTER or words[-1].isdigit()):
        words.pop()
    words[-1] = words[-1].rstrip("0123456789") or words[-1]
    joined = "".join(words)
    if joined in names.allowed:
        return None
    if joined in WHOLE or joined in SESSION_COOKIES or words[-1] in _LAST:
        return SCALAR
    if joined in _PASSES or (words[-1] in ("pass", "pw") and words[-2] in PASS_OF):
        return TEXT
    match = _ENDING.search(joined)
    if match is None:
        return None
    if joined.endswith(("token", "tokens")):
        if len(words) > 1 and words[-2] in _COUNTED:
            return None
        if joined.endswith(_COUNTED_ENDINGS):
            return None
    if match["guessable"]:
        return GUESSABLE_PLURAL if match["many"] else GUESSABLE
    return PLURAL if match["many"] else SECRET
