"""Checks that the dotted paths of `settings.AUDIT` lead to callables of the right signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from audit import contracts
from audit.conf import audit_settings

# key → what says how it is called
PROTOCOLS: Mapping[str, type] = {
    "KEY_RESOLVER": contracts.KeyResolver,
    "READER_RESOLVER": contracts.ReaderResolver,
    "SCOPE": contracts.ScopeResolver,
    "MAY": contracts.May,
    "ENVIRONMENTS": contracts.ListEnvironments,
    "SENDERS": contracts.ListSenders,
}
# A class, made without arguments; its methods.
OFFER: Mapping[str, Callable[..., Any]] = {
    "is_open_to": contracts.KeyOffer.is_open_to,
    "make": contracts.KeyOffer.make,
}


@register
def check_policies(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """audit.E002: a dotted path that leads nowhere, or to what can't be called as it will be."""
    return [
        Error(
            f"AUDIT[{name!r}] is {getattr(audit_settings(), name)!r}, {problem}",
            hint=f"Give the dotted path of {kind}; docs/embedding.md says what is asked of it.",
            id="audit.E002",
        )
        for name, kind in {**dict.fromkeys(PROTOCOLS, "a function"), "KEY_OFFER": "a class"}.items()
        for problem in _problems(name)
    ]


def _problems(name: str) -> Iterator[str]:
    path = getattr(audit_settings(), name)
    if not isinstance(path, str):
        yield "which is no text"
        return
    try:
        found = import_string(path)
    except Exception as error:
        # Whatever the host's module raises while it is imported.
        yield f"which can't be imported: {error}"
        return
    if not callable(found):
        yield "which can't be called"
    elif name in PROTOCOLS:
        if not _takes(found, PROTOCOLS[name].__call__):
            yield f"which can't be called with {_arguments(PROTOCOLS[name].__call__)}"
    elif not isinstance(found, type):
        yield "which is no class"
    else:
        for method, wanted in OFFER.items():
            given = getattr(found, method, None)
            # As a method of the class it takes itself first, too.
            if given is None or not _takes(given, wanted, is_method=True):
                yield f"which has no method {method} that takes {_arguments(wanted)}"


def _takes(
    given: Callable[..., Any], wanted: Callable[..., Any], *, is_method: bool = False
) -> bool:
    try:
        signature = inspect.signature(given)
    except (TypeError, ValueError):
        return True  # written in C: nobody knows
    positional, named = _parameters(wanted)
    try:
        signature.bind(*([None] if is_method else []), *positional, **dict.fromkeys(named))
    except TypeError:
        return False
    return True


def _arguments(wanted: Callable[..., Any]) -> str:
    positional, named = _parameters(wanted)
    return f"({', '.join([*positional, *(f'{name}=…' for name in named)])})"


def _parameters(wanted: Callable[..., Any]) -> tuple[list[str], list[str]]:
    """Return the names of a protocol's arguments: by place, and by name."""
    parameters = [p for p in inspect.signature(wanted).parameters.values() if p.name != "self"]
    by_name = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    return [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY], by_name
