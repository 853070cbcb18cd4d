"""Checks that user agents are parsed by the fast matcher."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning, register

from audit.enrich.device import is_fast


@register
def check_device_parser(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """audit.W010: user agents are parsed by Python alone."""
    if is_fast():
        return []
    return [
        Warning(
            "ua-parser has no matcher in Rust here: parsing an unknown device takes some 40 times"
            " as long.",
            hint="pip install 'ua-parser[regex]'",
            id="audit.W010",
        )
    ]
