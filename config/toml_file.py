"""Reads a TOML file that an environment variable names."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from .configuration import ConfigurationError


def read_toml(path: str, variable: str) -> dict[str, Any]:
    """Return what the file holds; nothing where no file is named.

    Raises ConfigurationError where it can't be read or is no TOML.
    """
    if not path:
        return {}
    file = Path(path).expanduser()
    try:
        return tomllib.loads(file.read_text())
    except OSError as error:
        raise ConfigurationError(f"{variable} {file} can't be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{variable} {file} is no TOML: {error}.") from error
