"""Lists the languages that the pages speak."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language_info, to_locale

import audit

# What the texts are written in.
WRITTEN_IN = "en"
LOCALE = Path(audit.__file__).resolve().parent / "locale"


def offered_languages() -> list[tuple[str, str]]:
    """Return code and own name of each language of the host's that the pages have texts in.

    ("de", "Deutsch"). A kind of one ("en-gb") is left out where the host lists that itself ("en").
    """
    listed = dict(settings.LANGUAGES)
    return [
        (code, _own_name(code, str(name)))
        for code, name in listed.items()
        if _has_texts(code) and not (_base(code) != code and _base(code) in listed)
    ]


@lru_cache(maxsize=256)
def _has_texts(code: str) -> bool:
    base = _base(code)
    return base == WRITTEN_IN or any(
        (LOCALE / to_locale(one) / "LC_MESSAGES" / "django.mo").exists() for one in (code, base)
    )


def _base(code: str) -> str:
    return code.partition("-")[0].lower()


def _own_name(code: str, name: str) -> str:
    """Django's own list has all names in English; a host's own words stay."""
    try:
        known = get_language_info(code)
    except KeyError:
        return name
    return known["name_local"] if name == known["name"] else name
