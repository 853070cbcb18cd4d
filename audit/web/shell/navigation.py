"""Lists the pages of the navigation, and marks the current one."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

# In the order of the header. A page whose address a host doesn't include is not shown.
PAGES = (
    ("audit_web:events", _("Events")),
    ("audit_web:compare", _("Compare")),
    ("audit_web:promotions", _("Promotions")),
    ("audit_web:evidence", _("Evidence")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """is_here: the reader is on this page, or on one below it"""

    label: str
    href: str
    is_here: bool


def page_links(path: str) -> tuple[PageLink, ...]:
    """path: of the page that the reader is on"""
    return tuple(
        PageLink(label=str(label), href=href, is_here=path.startswith(href))
        for name, label in PAGES
        if (href := page_address(name)) is not None
    )


def page_address(name: str) -> str | None:
    """Return the address of a page, None where the host doesn't show it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
