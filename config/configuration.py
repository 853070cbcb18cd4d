"""Reads the environment variables, checks them, and describes each to people."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import environ

from .variables import BASE_DIR, Configuration


class ConfigurationError(Exception):
    """A setting has a value that can't be used; the message names it and says what can."""


@lru_cache(maxsize=1)
def configuration() -> Configuration:
    """Return the configuration of this process, read once from its environment."""
    return read_configuration(os.environ)


def read_configuration(variables: Mapping[str, str]) -> Configuration:
    """Return the configuration that `variables` give; an empty variable counts as not set.

    Raises ConfigurationError for a value of the wrong type.
    """
    given = {name: value for name, value in variables.items() if value.strip()}
    env = environ.Env()
    env.ENVIRON = given
    values = {
        variable.name: _checked(_read(env, variable), variable)
        for variable in list_variables()
        if variable.name in given
    }
    return Configuration(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """How one environment variable is described to people."""

    name: str
    type: Any
    default: Any
    sentence: str
    least: float | None
    most: float | None
    known: Container[str] | None

    @property
    def type_name(self) -> str:
        return "list" if get_origin(self.type) is tuple else _TYPE_NAMES[self.type]

    @property
    def default_text(self) -> str:
        """The default as one would write it in a shell; empty where there is none."""
        if isinstance(self.default, bool):
            return "on" if self.default else "off"
        if isinstance(self.default, tuple):
            return ",".join(self.default)
        if isinstance(self.default, Path):
            return str(self.default.relative_to(BASE_DIR))
        return str(self.default)


def list_variables() -> Iterator[Variable]:
    """Return every variable, in the order in which the documentation lists them."""
    types = get_type_hints(Configuration)
    for one in dataclasses.fields(Configuration):
        yield Variable(
            name=one.name,
            type=types[one.name],
            default=one.default,
            **one.metadata,
        )


_TYPE_NAMES = {str: "text", int: "integer", float: "number", bool: "switch", Path: "path"}
_SWITCHES = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}


def _read(env: environ.Env, variable: Variable) -> Any:
    value = env.str(variable.name)
    try:
        if variable.type is bool:
            return _SWITCHES[value.strip().lower()]
        if variable.type is Path:
            return Path(value).expanduser().absolute()
        if get_args(variable.type):
            return tuple(part.strip() for part in env.list(variable.name) if part.strip())
        return env.get_value(variable.name, cast=variable.type)
    except (KeyError, ValueError):
        raise ConfigurationError(
            f"{variable.name} is {value!r}, which is no {variable.type_name}: {variable.sentence}"
        ) from None


def _checked(value: Any, variable: Variable) -> Any:
    """Return the value. Raises ConfigurationError where it is outside of what will do."""
    least, most = variable.least, variable.most
    if (least is not None and value < least) or (most is not None and value > most):
        bounds = f"at least {least:g}" if most is None else f"from {least:g} to {most:g}"
        raise ConfigurationError(
            f"{variable.name} is {value}, and has to be {bounds}: {variable.sentence}"
        )
    if variable.known is not None and value not in variable.known:
        raise ConfigurationError(
            f"{variable.name} is {value!r}, which is none that there is: {variable.sentence}"
        )
    return value
