"""What is masked in an environment? The built-in rules, compiled."""

from __future__ import annotations

import re
from functools import lru_cache

from .json_text import mask_json_text
from .names import Names
from .screen import Screen
from .shapes import compile_shapes, mask_shapes
from .texts import mask_named

MAX_JSON_IN_JSON = 4
_JSON_STARTS = ("{", "[")


class Rules:
    """Everything that masking the events of one environment needs."""

    def __init__(self, *, names: Names) -> None:
        self.names = names
        self._shapes: re.Pattern[str] = compile_shapes()
        self.screen = Screen(names=names.added)

    def may_hold_secret(self, text: bytes) -> bool:
        """Is a closer look needed? text: UTF-8."""
        return self.screen.may_hold_secret(text)

    def mask_string(self, text: str, *, depth: int = 0) -> str:
        """Return a text without secrets: JSON, an address, a form, headers or prose."""
        if not self.may_hold_secret(text.encode("utf-8", "surrogatepass")):
            return text
        if depth < MAX_JSON_IN_JSON and text.lstrip().startswith(_JSON_STARTS):
            return mask_json_text(
                text,
                names=self.names,
                mask_string=lambda inner: self.mask_string(inner, depth=depth + 1),
            )
        return mask_shapes(mask_named(text, self.names), self._shapes)

    def mask_name(self, name: str) -> str:
        """Return the name of a member, masked where it is shaped like a secret itself."""
        if len(name) < 16 or not self.may_hold_secret(name.encode("utf-8", "surrogatepass")):
            return name
        masked = mask_shapes(name, self._shapes)
        return name if masked == name else masked


@lru_cache
def rules_of(environment: str | None) -> Rules:
    """Return the rules of an environment; of none in particular: those of all together."""
    return Rules(names=Names())
