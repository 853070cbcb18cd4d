"""Marks the views that search, so that who serves them can bound how many do so at once.

A server in front of Django (this project's: `config/searches.py`) asks `is_search` of the view that
a request is for, and has the request wait for its turn. To a search that got none it lets the view
say so: it sets NO_TURN in the WSGI environment. READER comes back in it: whose request it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from audit.errors import TooManySearches

NO_TURN = "audit.no_turn"
READER = "audit.reader"
# After so long a search may be tried again.
RETRY_SECONDS = 5
# Asked of the names of a request's parameters.
SearchesWith = Callable[[frozenset[str]], bool]
View = TypeVar("View", bound=Callable[..., Any])


def always(parameters: frozenset[str]) -> bool:
    return True


def never(parameters: frozenset[str]) -> bool:
    return False


def searches(view: View) -> View:
    """Mark a view, or the class of one, as one that searches."""
    view.searches_with = staticmethod(always)  # type: ignore[attr-defined]
    return view


def is_search(view: Callable[..., Any], parameters: frozenset[str]) -> bool:
    """Does this view search, or the class that it is made of, when it is asked with these?"""
    marked = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
    return bool(getattr(marked, "searches_with", never)(parameters))


def note_reader(environ: dict[str, Any], user: Any) -> None:
    """Say whose request it is. environ: of WSGI, as `request.META`"""
    key = getattr(user, "pk", None)
    if key is not None:
        environ[READER] = str(key)


def require_turn(environ: dict[str, Any]) -> None:
    """Raises TooManySearches where the request has waited for its turn in vain."""
    if environ.get(NO_TURN):
        raise TooManySearches(
            "Too many searches are at work, and this one was not begun. Try again in a moment; a"
            " search of your own that still runs comes before it."
        )
