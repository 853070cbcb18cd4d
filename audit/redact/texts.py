"""Masks secrets that a text names: queries, forms, headers, connection strings, prose.

What is masked is the value alone: the URL around it stays readable. Each rule is how a name
begins and what its value is then; both look only at what they consume, so the time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_plus

from .commands import mask_commands
from .elements import mask_elements
from .identifiers import is_identifier
from .names import CODE, MIN_CODE_CHARACTERS, SecretNames, joined_words
from .shapes import MASK


@dataclass(frozen=True, slots=True)
class _Rule:
    """start: with a group `name`; value: matched right behind it, with a group `value`."""

    start: re.Pattern[str]
    value: re.Pattern[str]
    in_query: bool = False


# postgres://ann:secret@db/x: a name without a password stays (RFC 3986 section 3.2.1)
_USERINFO = re.compile(r"(://[^\s/?#@:\"']*:)[^\s/?#\"']+@")
# The same within an address, encoded
_CODED_USERINFO = re.compile(
    r"(%3A%2F%2F(?:(?!%2F|%3F|%23|%40|%3A)[^\s/?#@&\"'])*%3A)(?:(?!%2F|%3F|%23|%40)[^\s/?#@&\"'])+%40",
    re.IGNORECASE,
)

# Of a name; accents may stand as characters of their own.
_LETTERS = r"\w\u0300-\u036f"
# token=abc, access%5Ftoken=abc, and ?to=%2F%3Ftoken%3Dabc: an address within an address.
# A name begins where no other is under way.
_NAME = (
    r"(?:(?<![\w.%-])-{0,2}|(?<=%[0-9A-Fa-f]{2}))"
    rf"(?P<name>[A-Za-z_$](?:[{_LETTERS}.+\-\[\]]|%(?!3D)[0-9A-Fa-f]{{2}}){{0,99}})"
)
_EQUALS = re.compile(_NAME + r"=(?![=>~])", re.IGNORECASE)
_SPACED_EQUALS = re.compile(_NAME + r"[ \t]{0,4}=(?![=>~])[ \t]{0,4}", re.IGNORECASE)
_CODED_EQUALS = re.compile(_NAME + r"%3D", re.IGNORECASE)
_CODED_VALUE = re.compile(r"(?P<value>(?:(?!%26|%23|%20|%3B)[^&#\s;\"<>])+)", re.IGNORECASE)
_CODED = _Rule(_CODED_EQUALS, _CODED_VALUE, in_query=True)
_PARAMETER = re.compile(r"[?&]")
# A text that is nothing but an address, a query or a form: only & and # end a value.
_IS_QUERY = re.compile(r"[^\s=]*=\S*")
_QUERY = _Rule(_EQUALS, re.compile(r"(?P<value>[^&#]+)"), in_query=True)
# Server=db;User Id=sa;Password=a b: only ; ends a value.
_IS_CONNECTION = re.compile(r"[^;=]{1,100}=[^;]*(?:;[^;=]{1,100}=[^;]*)+;?\s*")
_CONNECTION = _Rule(
    re.compile(r"(?:(?<=;)|^)(?P<name>[^;=]{1,100})=", re.MULTILINE),
    re.compile(r"(?P<value>\"[^\"]*\"?|'[^']*'?|[^;]+)"),
)
# SET password = 'x', host=db password=x
_ASSIGNMENT = _Rule(
    _SPACED_EQUALS, re.compile(r"(?P<value>\"[^\"]*\"?|'[^']*'?|[^&#\s;\"<>]+)"), in_query=True
)
# Authorization: Digest username="ann", … as a line
_HEADER = _Rule(
    re.compile(rf"^[ \t>*]*(?P<name>[A-Za-z][{_LETTERS}.-]{{0,99}})[ \t]*:[ \t]*", re.MULTILINE),
    re.compile(r"(?P<value>\S[^\r\n]*)"),
)
# {"password": "x"}, {'password': 'x'}, "password"=>"x" and {\"password\":\"x\"} within a text
_QUOTED = _Rule(
    re.compile(
        r"(?P<quote>\\{0,8}[\"'])(?P<name>[^\"'\\\r\n:=]{1,100})(?P=quote)\s{0,9}(?::|=>|=)\s{0,9}"
    ),
    re.compile(
        r"(?P<quote>\\{0,8}[\"'])(?P<value>(?s:.*?))(?:(?<!\\)(?P=quote)|\Z)"
        r"|(?P<number>-?[0-9][\w.+-]*)"
    ),
)
# name="password" and two lines on its value (RFC 7578)
_FORM_PART = _Rule(
    re.compile(r"\bname=\"(?P<name>[^\"\r\n]{1,100})\"[^\r\n]*(?:\r?\n[^\r\n]+){0,9}\r?\n\r?\n"),
    re.compile(r"(?P<value>(?s:.+?))(?=\r?\n--|\Z)"),
)
# <Password>x</Password>
_ELEMENT = _Rule(
    re.compile(r"<(?:[\w-]{1,40}:)?(?P<name>[\w.-]{1,100})(?:\s[^<>]{0,400})?>"),
    re.compile(r"(?P<value>[^<]+)"),
)
# --password x
_OPTION = _Rule(
    re.compile(r"(?<!\S)--(?P<name>[A-Za-z][\w-]{0,99})[ \t]+"), re.compile(r"(?P<value>[^\s-]\S*)")
)
# … login failed, password: hunter2
_SAID = _Rule(
    re.compile(rf"(?<![\w.-])(?P<name>[A-Za-z][{_LETTERS}.-]{{0,99}}):[ \t]{{1,4}}"),
    re.compile(r"(?P<value>[^\s\"'<>,;]+)"),
)
# … sent Authorization: Token x, or Cookie: a=b; c=d, within a line
_SAID_HEADER = _Rule(
    re.compile(
        r"(?<![\w.-])(?P<name>(?:proxy-)?authorization|cookie|set-cookie):[ \t]{1,4}", re.IGNORECASE
    ),
    re.compile(r"(?P<value>[^\r\n\"']+)"),
)
# "Invalid token: expired" says nothing secret.
_ORDINARY = frozenset(
    ("token", "tokens", "cookie", "cookies", "secret", "secrets", "authorization", "credentials")
)

# Of an Authorization header (RFC 9110 section 11.1)
_SCHEMES = frozenset(("basic", "bearer", "digest", "token", "apikey", "negotiate", "ntlm", "hawk"))


def mask_userinfo(text: str) -> str:
    """Return the text with the passwords of addresses masked."""
    if "://" in text and "@" in text:
        text = _USERINFO.sub(rf"\g<1>{MASK}@", text)
    if "%40" in text:
        text = _CODED_USERINFO.sub(rf"\g<1>{MASK}%40", text)
    return text


def mask_named(text: str, names: SecretNames) -> str:
    """Return the text with the values masked that it names as secrets."""
    text = mask_commands(mask_userinfo(text))
    if "=" in text:
        text = _apply(_pair_rule(text), text, names)
    if "%3D" in text or "%3d" in text:
        text = _apply(_CODED, text, names)
    if '"' in text or "'" in text:
        text = _apply(_QUOTED, text, names)
        if "name=" in text:
            text = _apply(_FORM_PART, text, names)
    if ":" in text:
        text = _apply(_HEADER, text, names)
        text = _apply(_SAID_HEADER, text, names, unless=_is_prose)
        text = _apply(_SAID, text, names, unless=_is_prose)
    if "<" in text:
        text = mask_elements(text, names)
        text = _apply(_ELEMENT, text, names)
    if "--" in text:
        text = _apply(_OPTION, text, names)
    return text


def _pair_rule(text: str) -> _Rule:
    if _IS_QUERY.fullmatch(text) and ("&" in text or "?" in text or ";" not in text):
        return _QUERY
    return _CONNECTION if _IS_CONNECTION.fullmatch(text) else _ASSIGNMENT


def _apply(
    rule: _Rule,
    text: str,
    names: SecretNames,
    unless: Callable[[str, str], bool] = lambda name, value: False,
) -> str:
    pieces: list[str] = []
    done = 0
    for start in rule.start.finditer(text):
        if start.start() < done:
            continue
        name = unquote_plus(start["name"])
        if rule.in_query:
            # Of an address within one, encoded, all up to the parameter's name came along.
            name = _PARAMETER.split(name)[-1]
        kind = names.kind_in_query(name) if rule.in_query else names.kind_of(name)
        if kind is None:
            continue
        value = rule.value.match(text, start.end())
        if value is None:
            continue
        group = "value" if value["value"] is not None else "number"
        said = value[group]
        if not said or said.startswith(MASK) or is_identifier(said.strip("\"'"), kind):
            continue
        if unless(name, said) or (
            rule.in_query and _is_no_code(name, said, text, start.end("name"))
        ):
            continue
        pieces += [text[done : value.start(group)], MASK if group == "value" else f'"{MASK}"']
        done = value.end(group)
    if not pieces:
        return text
    return "".join([*pieces, text[done:]])


def _is_no_code(name: str, value: str, text: str, end: int) -> bool:
    """Is this a `code=` that authorizes nobody: too short, or not of an address or a form?

    end: of the name in the text
    """
    if joined_words(name) != CODE:
        return False
    before = text[max(0, end - len(name) - 3) : end - len(name)].lower()
    is_parameter = not before or before.endswith(("?", "&", "%3f", "%26"))
    return not is_parameter or len(value) < MIN_CODE_CHARACTERS


def _is_prose(name: str, value: str) -> bool:
    first, *rest = value.rstrip(" .!?)").lower().split() or [""]
    if rest and first in _SCHEMES:
        return False
    return name.lower() in _ORDINARY and all(word.isalpha() for word in (first, *rest))
