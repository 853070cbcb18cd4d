"""Matches words in names, ids, e-mail addresses and details, in any case.

No index serves this: the search walks what the other filters leave, within its budget. The texts
as stored are looked through first; only where all words occur are the members taken apart, so
that a word such as "name" finds values, not every event that has a member of that name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from unicodedata import normalize

import msgspec

from audit.errors import BadParameter
from audit.vocabulary.folding import one_form

MAX_WORDS = 10
_encode = msgspec.json.Encoder().encode
# "two words" or one; a quote inside of a word, as in 5", is a letter like any other
_WORD = re.compile(r'"([^"]+)"(?!\S)|(\S+)')
_WILD = re.compile(r"[%_\\]")
_STORED = "concat(e.head, e.personal, e.details)"
# Each on a line of its own, so that no phrase is found across two members.
_MEMBERS = (
    "e.workspace_id",
    "e.application_id",
    "e.application_gid",
    "e.request_id",
    "e.trace",
    "e.source",
    "j.head ->> 'type'",
    "j.head ->> 'submitted_id'",
    "j.head #>> '{resource,id}'",
    "j.head #>> '{sender,name}'",
    "j.personal #>> '{actor,id}'",
    "j.personal #>> '{actor,name}'",
    "j.personal #>> '{actor,email}'",
    "j.personal #>> '{resource,id}'",
    "j.personal #>> '{resource,name}'",
    "j.personal #>> '{context,ip}'",
    "j.personal #>> '{context,session}'",
    "j.personal #>> '{context,user_agent}'",
    "j.personal ->> 'details'",
    "j.details #>> '{workspace,name}'",
    "j.details #>> '{application,name}'",
    "j.details #>> '{resource,name}'",
    "j.details ->> 'details'",
    "jsonb_path_query_array(j.personal, '$.targets[*].id')::text",
    "jsonb_path_query_array(j.personal, '$.targets[*].name')::text",
    "jsonb_path_query_array(j.details, '$.targets[*].id')::text",
    "jsonb_path_query_array(j.details, '$.targets[*].name')::text",
    "jsonb_path_query_array(j.details, '$.changes[*].*')::text",
)
# A number beyond what jsonb holds, such as :1e-99999 (and no UUID, which stands in quotes): such an
# event is found by its stored text.
_BEYOND_JSONB = r"~ '[:,[]-?[0-9]+(\.[0-9]+)?[eE]-[0-9]{4}'"


def parse_words(parameter: str, text: str) -> tuple[str, ...]:
    """Return the words of a text; those in double quotes are one. Raises BadParameter."""
    words = tuple(dict.fromkeys(m[1] or m[2] for m in _WORD.finditer(one_form(text))))
    if len(words) > MAX_WORDS:
        raise BadParameter(parameter, f"{parameter} has more than {MAX_WORDS} words.")
    return words


def words_sql(words: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
    """Return the condition over `audit_event e` that all words occur, and its parameters."""
    stored = [_contains(_STORED, _escaped(word)) for word in words]
    members = [_in_members(word) for word in words]
    texts = ", ".join(_MEMBERS)
    sql = (
        f"CASE WHEN NOT ({' AND '.join(sql for sql, _ in stored)}) THEN false"  # noqa: S608 (constants and conditions that bind their values)
        f" WHEN {_STORED} {_BEYOND_JSONB} THEN true ELSE"
        f" (SELECT {' AND '.join(sql for sql, _ in members)} FROM"
        f" (SELECT concat_ws(E'\\n', {texts}) AS text FROM (SELECT e.head::jsonb AS head,"
        " e.personal::jsonb AS personal, e.details::jsonb AS details OFFSET 0) AS j"
        " OFFSET 0) AS m) END"
    )
    return sql, tuple(p for _, params in (*stored, *members) for p in params)


def _in_members(word: str) -> tuple[str, tuple[str, ...]]:
    """Members that are text are as they were sent, those that hold more are JSON."""
    ways = [_contains("m.text", each) for each in dict.fromkeys((word, _escaped(word)))]
    return f"({' OR '.join(sql for sql, _ in ways)})", tuple(p for _, each in ways for p in each)


def _escaped(word: str) -> str:
    """The word as it stands inside of a JSON string."""
    return _encode(word).decode()[1:-1]


def _contains(text: str, word: str) -> tuple[str, tuple[str, ...]]:
    """ILIKE knows the case of ASCII letters alone in a database of locale C, so a word with
    others is a regular expression that names both cases of each; and both forms, since a letter
    with its accent may have been sent as one character or as two.
    """
    if word.isascii():
        pattern = _WILD.sub(r"\\\g<0>", word)
        return f"{text} ILIKE %s", (f"%{pattern}%",)
    return f"{text} ~ %s", ("".join(map(_any_form, word)),)


def _any_form(letter: str) -> str:
    cases = {c for c in (letter, letter.lower(), letter.upper()) if len(c) == 1}
    forms = sorted(cases | {normalize("NFD", case) for case in cases})
    if len(forms) > len(cases):
        return f"(?:{'|'.join(forms)})"
    if len(forms) > 1:
        return f"[{''.join(forms)}]"
    return letter if letter.isalnum() or not letter.isascii() else f"\\{letter}"
