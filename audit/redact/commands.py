"""Masks passwords that commands and statements take without naming them.

    CREATE USER ann WITH ENCRYPTED PASSWORD 'hunter2'; ALTER USER ann IDENTIFIED BY 'hunter2'
    curl -u ann:hunter2 https://…; mysql -uann -phunter2 sales; sshpass -p hunter2 ssh …

What is masked is the password alone.
"""

from __future__ import annotations

import re

from .shapes import MASK

# PASSWORD 'x', PASSWORD E'x', PASSWORD('x'), IDENTIFIED BY "x", IDENTIFIED WITH plugin BY 'x',
# IDENTIFIED BY PASSWORD 'x'; a quote within is doubled, or behind a backslash.
_STATEMENT = re.compile(
    r"\b(?:password|identified(?:\s+with\s+[\w'\"]{1,60})?\s+(?:by|as)(?:\s+(?:password|values))?)"
    r"(?:\s{1,20}(?:e|n|u&)?|\s{0,20}\(\s{0,20})(?P<quote>\\{0,8}['\"])"
    r"(?P<value>(?:(?!(?P=quote))(?:\\{0,8}['\"]|\\.|[^\\'\"])|(?P=quote){2})*+)",
    re.IGNORECASE | re.DOTALL,
)
# ALTER USER ann IDENTIFIED BY tiger REPLACE "lion"
_UNQUOTED = re.compile(
    r"\b(?:user|role|to)\s+[^\s]{1,100}\s+identified\s+by\s+(?!values\b|password\b)(?P<value>[\w$#]+)",
    re.IGNORECASE,
)
_REPLACED = re.compile(r"\breplace\s+(?P<value>\"[^\"\n]+|'[^'\n]+|[\w$#]+)", re.IGNORECASE)
_VALUE = r"(?P<value>\"[^\"\n]+|'[^'\n]+|[^\s\"'|;&]+)"
# ann:hunter2, 'ann:hunter 2': the name stays. 1000:1000 are numbers of a system's user and group.
_PAIR = (
    r"(?P<open>[\"'])?(?![0-9]{1,9}:[0-9]{1,9}(?:\s|$))[^\s:\"']{1,100}:"
    r"(?P<value>(?(open)(?:(?!(?P=open))[^\n])+|[^\s\"'|;&]+))"
)


def _command(word: str, option: str) -> re.Pattern[str]:
    """The value of an option in the same command, no further on than its next mention."""
    within = rf"(?:(?!{word})(?:\\\r?\n|[^\n|;&])){{0,400}}?(?<=[ \t\"'])"
    return re.compile(rf"\b{word}{within}{option}")


_COMMANDS = {
    "curl": _command("curl", r"(?:-u|-U|--user|--proxy-user)[ \t=]{0,4}" + _PAIR),
    "mysql": _command("mysql", "-p" + _VALUE),
    "mariadb": _command("mariadb", "-p" + _VALUE),
    "sshpass": _command("sshpass", r"-p[ \t]{0,4}" + _VALUE),
    "redis-cli": _command("redis-cli", r"-a[ \t]{1,4}" + _VALUE),
}
# What a text holds that has one of these options; a tab stands in JSON as an escape.
OPTIONS = tuple(
    before + option
    for before in (" ", "\t", "\\t", '"', "'")
    for option in ("-u", "-U", "-p", "--user", "--proxy-user")
)


def mask_commands(text: str) -> str:
    """Return a text with the passwords masked that are given to commands and in statements."""
    lower = text.lower()
    if "password" in lower or "identified" in lower:
        text = _STATEMENT.sub(_mask_value, text)
    if "identified" in lower:
        text = _REPLACED.sub(_mask_value, _UNQUOTED.sub(_mask_value, text))
    for word, pattern in _COMMANDS.items():
        if word in text:
            text = pattern.sub(_mask_value, text)
    return text


def _mask_value(match: re.Match[str]) -> str:
    value = match["value"]
    if not value or value.startswith(MASK):
        return match[0]
    is_quoted = {"quote", "open"}.isdisjoint(match.re.groupindex) and value[0] in "\"'"
    quote = value[0] if is_quoted else ""
    start, end = (place - match.start() for place in match.span("value"))
    return match[0][:start] + quote + MASK + match[0][end:]
