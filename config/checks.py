"""Checks that the settings of an installation fit together."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from .configuration import configuration
from .variables import Configuration


@register
def check_configuration(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """sightline.E001: every page would lead to itself."""
    return problems_of(configuration())


def problems_of(given: Configuration) -> Sequence[CheckMessage]:
    if given.BEHIND_HTTPS and not given.TRUSTED_PROXIES:
        return [
            Error(
                "BEHIND_HTTPS is on and TRUSTED_PROXIES is 0: no proxy is believed that a request"
                " came by HTTPS, so every page would lead to itself for ever.",
                hint="Set TRUSTED_PROXIES to the number of proxies in front, mostly 1, and have"
                " the last one set X-Forwarded-Proto and add to X-Forwarded-For.",
                id="sightline.E001",
            )
        ]
    return []
