"""Parses a device: all eleven fields, put together from the tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from audit.vocabulary.document import Device

from .api_clients import find_api_client, find_unknown_program
from .classes import class_of_system, find_class
from .engines import find_engine, undo_two_digit_major
from .hardware import find_hardware
from .hints import HEADLESS, Hints, printable, read_hints, used_hints
from .identity import find_identity, is_reduced
from .models import find_model
from .pieces import Pieces, split_user_agent
from .robots import find_robot
from .summaries import Summary, find_summary
from .systems import find_system
from .versions import NameVersion

MAX_CHARACTERS = 2_048
MAX_FIELD = 100
CACHED = 10_000
ROBOT = "Robot"
# A header that was sent with its own name in its value.
_PREFIX = re.compile(r"^user[-_ ]?agent:\s*", re.IGNORECASE)


def parse_device(user_agent: str | None, client_hints: Mapping[str, str] | None = None) -> Device:
    """Return the eleven fields of a user agent. Never raises.

    client_hints: the `Sec-CH-UA-*` headers by name, in any case
    """
    return _parse((user_agent or "")[:MAX_CHARACTERS], used_hints(client_hints))


def clear_cache() -> None:
    """Drop what was parsed before."""
    _parse.cache_clear()


@lru_cache(maxsize=CACHED)
def _parse(text: str, found_hints: tuple[str, ...] | None) -> Device:
    pieces = split_user_agent(_PREFIX.sub("", printable(text).strip(" \"'"), count=1))
    if not pieces.text and found_hints is None:
        return Device()
    summary = find_summary(pieces.text)
    if summary:
        return _of_summary(summary, pieces)
    return _without_screen(pieces) or _of_screen(pieces, read_hints(found_hints))


def _without_screen(pieces: Pieces) -> Device | None:
    """Return a robot or an API client; they are asked for first, since they lie about the rest."""
    client = find_api_client(pieces)
    robot = None if client else find_robot(pieces)
    if not client and not robot and pieces.text:
        client = find_unknown_program(pieces)
    found = client or robot
    if found is None:
        return None
    return Device(
        agent_name=_short(found.name),
        agent_version=_short(found.version),
        device_class="API client" if client else ROBOT,
    )


def _of_summary(summary: Summary, pieces: Pieces) -> Device:
    agent, system = summary.agent, summary.system
    if system.name is None:  # okhttp 4.9.0 / Other 0.0.0, Googlebot 2.1.0 / Other 0.0.0
        words = f"{agent.name}/{agent.version}" if agent.version else agent.name or ""
        return _without_screen(split_user_agent(words)) or Device()
    device_class = class_of_system(system.name) or summary.device_class
    hardware = find_hardware(
        pieces, None, system=system.name, agent=agent.name, device_class=device_class
    )
    return Device(
        agent_name=_short(agent.name),
        agent_version=_short(agent.version),
        device_class=ROBOT if HEADLESS in pieces.lower else device_class,
        device_name=_short(hardware.name),
        device_brand=_short(hardware.brand),
        operating_system_name=_short(system.name),
        operating_system_version=_short(system.version),
    )


def _of_screen(pieces: Pieces, hints: Hints) -> Device:
    engine = find_engine(pieces)
    if hints.chromium and engine.name in ("Blink", None) and is_reduced(engine.version):
        engine = NameVersion("Blink", hints.chromium)
    model = find_model(pieces, hints)
    model_name = model.name if model else None
    system = find_system(pieces, hints, model=model_name)
    agent, webview = find_identity(pieces, hints, system=system.name, engine=engine.name)
    device_class = find_class(
        pieces, hints, system=system.name, model=model_name, is_page=engine.name is not None
    )
    hardware = find_hardware(
        pieces, model, system=system.name, agent=agent.name, device_class=device_class
    )
    if hints.is_headless or HEADLESS in pieces.words:
        device_class = ROBOT  # on whichever computer it runs
    return Device(
        agent_name=_short(agent.name),
        agent_version=_short(undo_two_digit_major(agent.version)),
        device_class=device_class,
        device_name=_short(hardware.name),
        device_brand=_short(hardware.brand),
        operating_system_name=_short(system.name),
        operating_system_version=_short(system.version),
        layout_engine_name=engine.name,
        layout_engine_version=_short(engine.version),
        webview_app_name=_short(webview.name),
        webview_app_version=_short(webview.version),
    )


def _short(text: str | None) -> str | None:
    """Whoever sends may call himself anything, and names are kept, indexed and shown."""
    return (text[:MAX_FIELD].strip() or None) if text else None
