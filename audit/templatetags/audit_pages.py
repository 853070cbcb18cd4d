"""Gives templates what all pages need and no view hands them."""

from __future__ import annotations

from django import template
from django.template import Context

from audit.web.parts.viewer import Viewer, viewer_of
from audit.web.shell.languages import offered_languages
from audit.web.shell.navigation import PageLink, page_links

register = template.Library()


@register.simple_tag(takes_context=True)
def get_viewer(context: Context) -> Viewer | None:
    """Return how the reader likes to read; None where a page is made without a request."""
    request = context.get("request")
    return viewer_of(request) if request is not None else None


@register.simple_tag(takes_context=True)
def get_pages(context: Context) -> tuple[PageLink, ...]:
    """Return the links of the header."""
    request = context.get("request")
    return page_links(request.path if request is not None else "")


register.simple_tag(offered_languages, name="get_languages")
