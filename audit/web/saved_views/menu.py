"""Lists the saved views that the events page offers, and what it can save."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from audit.contracts import Scope
from audit.web.parts.text import visible
from audit.web.parts.url import Address

from .built_in import built_in_views
from .found import list_views

MAX_LISTED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedView:
    """note: whose it is, or what it is for"""

    name: str
    href: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewsMenu:
    """path: of the page of views, which also saves; address: what would be saved"""

    path: str
    address: str
    listed: tuple[ListedView, ...]


def views_menu(user: Any, address: Address, *, scope: Scope) -> ViewsMenu:
    found = list_views(user, scope=scope)
    own = [ListedView(name=visible(v.name), href=v.address, note="") for v in found.own]
    shared = [
        ListedView(name=visible(v.name), href=v.address, note=visible(v.owner.get_username()))
        for v in found.shared
    ]
    ready = [ListedView(name=v.name, href=v.address, note="") for v in built_in_views(scope)]
    return ViewsMenu(
        path=reverse("audit_web:views"),
        address=str(address.only(cursor=None)),
        listed=(*(own + shared)[:MAX_LISTED], *ready),
    )
