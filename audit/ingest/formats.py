"""Says which formats senders may speak: the built-in ones, and those that a host adds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from audit.conf import audit_settings

from .format import Format
from .lowcoder import LOWCODER
from .native_format import NATIVE

BUILT_IN = (NATIVE, LOWCODER)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")  # cloud_events


@lru_cache(maxsize=1)
def formats() -> Mapping[str, Format]:
    """Return the formats by their names. A host's that can't be used are left out."""
    return {one.name: one for one in read_formats() if isinstance(one, Format)}


def read_formats() -> Iterator[Format | str]:
    """Yield each format, and of a host's that can't be used a sentence that says why."""
    yield from BUILT_IN
    names = {one.name for one in BUILT_IN}
    shapes = {one.shape for one in BUILT_IN}
    paths: object = audit_settings().FORMATS
    if not isinstance(paths, list | tuple):
        yield f"AUDIT['FORMATS'] is {paths!r}, and has to be a list of dotted paths."
        return
    for index, path in enumerate(paths):
        where = f"AUDIT['FORMATS'][{index}] is {path!r}"
        try:
            found = import_string(path)
        except Exception as error:
            # Whatever the host's module raises while it is imported.
            yield f"{where}, which can't be imported: {error}"
            continue
        if not isinstance(found, Format):
            yield f"{where}, which leads to no audit.ingest.Format."
        elif not _NAME.fullmatch(found.name) or found.name in names:
            yield f"{where}, whose name {found.name!r} is taken, or more than a-z, 0-9 and _."
        elif not found.bodies or found.shape in shapes:
            yield f"{where}, which reads no body, or whose shape {found.shape!r} is taken."
        else:
            names.add(found.name)
            shapes.add(found.shape)
            yield found


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "AUDIT":
        formats.cache_clear()


setting_changed.connect(_forget)
