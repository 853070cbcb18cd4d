"""The parsed device: eleven fields, each None where nothing says it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What a user agent and its hints say; None for what they don't say.

    agent: the browser or program; versions are as sent, `>=10` where only a lower bound is known
    device_class: "Phone", "Tablet", "Desktop", "TV", "Game Console", "Virtual Reality", "Watch",
        "Car", "Robot" or "API client"
    device_name: without its brand; layout_engine: what draws the page
    webview_app: the app whose in-app browser it is
    """

    agent_name: str | None = None
    agent_version: str | None = None
    device_class: str | None = None
    device_name: str | None = None
    device_brand: str | None = None
    operating_system_name: str | None = None
    operating_system_version: str | None = None
    layout_engine_name: str | None = None
    layout_engine_version: str | None = None
    webview_app_name: str | None = None
    webview_app_version: str | None = None
