"""Compiles the masking rules of an environment: the built-in ones and a host's own."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import msgspec
from django.core.signals import setting_changed

from audit.conf import audit_settings

from .additions import Additions, additions_of
from .cards import CANDIDATE, is_card_name, is_card_number, mask_cards
from .json_text import mask_json_text
from .names import SecretKind, SecretNames
from .patterns import SECRET_GROUP, required_literal
from .screen import Screen
from .shapes import MASK, compile_shapes, mask_shapes
from .texts import mask_named

MAX_JSON_IN_JSON = 4
_JSON_STARTS = ("{", "[")
_MIN_SHAPE_CHARACTERS = 12


class Rules:
    """Everything that masking the events of one environment needs."""

    def __init__(self, added: Additions) -> None:
        self._names = SecretNames.make(added=added.names, allowed=added.allowed_names)
        self._shapes = compile_shapes(token_prefixes=added.token_prefixes)
        self._patterns = tuple(re.compile(pattern) for pattern in added.patterns)
        self._cards = added.card_numbers
        literals = [required_literal(pattern) for pattern in added.patterns]
        # A pattern without a literal has nothing to be looked for: every event is walked.
        self._walks_all = None in literals
        self._screen = Screen(
            names=added.names,
            literals=[*added.token_prefixes, *(found for found in literals if found)],
        )

    def may_hold_secret(self, text: bytes) -> bool:
        """Is a closer look needed? text: UTF-8, JSON or not."""
        if self._walks_all or self._screen.may_hold_secret(text):
            return True
        return self._cards and CANDIDATE.search(text) is not None

    def kind_of(self, name: str) -> SecretKind | None:
        """Return what is masked under a member's name, or None where it holds no secret."""
        return self._names.kind_of(name)

    def is_card(self, name: str, value: str | int) -> bool:
        """Is this the number of a payment card, under a name that says so?"""
        return self._cards and is_card_name(name) and is_card_number(str(value))

    def mask_string(self, text: str, *, depth: int = 0) -> str:
        """Return a text without secrets: JSON, a URL, a form, headers or prose."""
        if not self.may_hold_secret(text.encode("utf-8", "surrogatepass")):
            return text
        if depth < MAX_JSON_IN_JSON and text.lstrip("\ufeff \t\r\n").startswith(_JSON_STARTS):
            text = mask_json_text(
                text,
                names=self._names,
                mask_string=lambda inner: self.mask_string(inner, depth=depth + 1),
            )
            if _is_json(text):
                return mask_cards(text) if self._cards else text
        text = mask_shapes(mask_named(text, self._names), self._shapes)
        for pattern in self._patterns:
            text = pattern.sub(_mask_match, text)
        return mask_cards(text) if self._cards else text

    def mask_name(self, name: str) -> str:
        """Return the name of a member, masked where it is shaped like a secret itself."""
        if len(name) < _MIN_SHAPE_CHARACTERS:
            return name
        if not self.may_hold_secret(name.encode("utf-8", "surrogatepass")):
            return name
        masked = mask_shapes(name, self._shapes)
        return name if masked == name else masked


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return False
    return True


@lru_cache
def rules_of(environment: str | None) -> Rules:
    """Return the rules of an environment; of None, those of all environments together."""
    return Rules(additions_of(audit_settings().REDACT, environment))


def _mask_match(match: re.Match[str]) -> str:
    if not match[0]:
        return ""
    if SECRET_GROUP not in match.re.groupindex or match[SECRET_GROUP] is None:
        return MASK
    start, end = (place - match.start() for place in match.span(SECRET_GROUP))
    return match[0][:start] + MASK + match[0][end:]


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting == "AUDIT":
        rules_of.cache_clear()


setting_changed.connect(_forget)
