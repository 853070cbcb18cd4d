"""Reads and checks what a host adds to the built-in rules in `settings.AUDIT["REDACT"]`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .patterns import problem_of_pattern

ENVIRONMENTS = "environments"
LISTS = ("names", "allowed_names", "patterns", "token_prefixes")
SWITCHES = ("card_numbers",)
KEYS = (*LISTS, *SWITCHES)
MIN_PREFIX_CHARACTERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """The keys of REDACT, each as one environment has it.

    names: of members that hold secrets; allowed_names: of those that hold none
    patterns: regular expressions; what they match is masked, or their group `secret` alone
    token_prefixes: of the host's own tokens; card_numbers: whether these are masked
    """

    names: tuple[str, ...] = ()
    allowed_names: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    token_prefixes: tuple[str, ...] = ()
    card_numbers: bool = False


def additions_of(given: Mapping[str, Any], environment: str | None) -> Additions:
    """Return what is added in an environment: everywhere's and its own.

    For None, where it is unknown which environment a body is from, those of all together, and of
    the allowed names only everywhere's.
    """
    everyone = given.get(ENVIRONMENTS, {})
    own = list(everyone.values()) if environment is None else [everyone.get(environment, {})]
    lists: dict[str, tuple[str, ...]] = {}
    for key in LISTS:
        is_narrow = key == "allowed_names" and environment is None
        sources = [given] if is_narrow else [given, *own]
        lists[key] = tuple(value for source in sources for value in source.get(key, ()))
    own_switches = [source["card_numbers"] for source in own if "card_numbers" in source]
    everywhere = bool(given.get("card_numbers", False))
    cards = any((everywhere, *own_switches)) if environment is None else everywhere
    if environment is not None and own_switches:
        cards = own_switches[0]
    return Additions(card_numbers=cards, **lists)


def problems_of(given: object) -> Iterator[str]:
    """Yield a sentence for each thing in REDACT that can't be used."""
    if not isinstance(given, Mapping):
        yield "It is no mapping."
        return
    yield from _problems_of_keys(given, where="", known=(*KEYS, ENVIRONMENTS))
    everyone = given.get(ENVIRONMENTS, {})
    if not isinstance(everyone, Mapping):
        yield f"{ENVIRONMENTS!r} is no mapping of environments to their own rules."
        return
    for environment, own in everyone.items():
        where = f" of the environment {environment!r}"
        if isinstance(own, Mapping):
            yield from _problems_of_keys(own, where=where, known=KEYS)
        else:
            yield f"What is given{where} is no mapping."


def _problems_of_keys(
    given: Mapping[str, Any], *, where: str, known: Sequence[str]
) -> Iterator[str]:
    for key, value in given.items():
        if key not in known:
            yield f"{key!r}{where} is unknown; known are {', '.join(known)}."
        elif key in SWITCHES and not isinstance(value, bool):
            yield f"{key!r}{where} is {value!r}; it is True or False."
        elif key in LISTS:
            yield from _problems_of_list(key, value, where)


def _problems_of_list(key: str, value: object, where: str) -> Iterator[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
        yield f"{key!r}{where} is no list of texts."
        return
    for text in value:
        if key == "patterns":
            problem = problem_of_pattern(text)
            if problem:
                yield f"The pattern {text!r}{where} {problem}."
        elif key == "token_prefixes" and len(text) < MIN_PREFIX_CHARACTERS:
            yield f"The prefix {text!r}{where} is shorter than {MIN_PREFIX_CHARACTERS} characters."
        elif not re.search(r"\w", text):
            yield f"{text!r} in {key!r}{where} holds no letter."
