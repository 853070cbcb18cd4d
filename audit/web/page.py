"""What holds for every page?"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponseBase]


def page(view: View) -> View:
    """Make a view of a page: read alone, for who is logged in, kept by nobody between."""
    return require_safe(private(login_required(view)))


def private(view: View) -> View:
    """What a page says is for one reader, gone when they log out, and sent small.

    Secrets in it (the form's token) are masked anew each time, and Django pads what it compresses,
    so its length tells nothing.
    """
    return cache_control(private=True, no_store=True)(gzip_page(view))
