"""Finds the saved views that one person may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from audit.conf import audit_settings
from audit.contracts import Scope
from audit.errors import AuditError
from audit.models import SavedView
from audit.models.saved_view import MAX_ADDRESS_CHARACTERS, MAX_NAME_CHARACTERS
from audit.web.shell.navigation import page_address

from .scope import is_covered, needs_of

# The pages whose address can be kept, where the host shows them.
PAGES = ("audit_web:events", "audit_web:compare", "audit_web:promotions")
MAX_VIEWS = 200
MAX_SHARED = 200
PLACE_IN_PAGES = "cursor"


class BadView(AuditError):
    """A view can't be saved like this; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """What one person finds. own, shared: by name; shared ones are other people's.

    has_more: others share more than MAX_SHARED
    """

    own: tuple[SavedView, ...]
    shared: tuple[SavedView, ...]
    has_more: bool


def list_views(user: Any, *, scope: Scope) -> Views:
    """Return the person's own views, and those that others share and that lie in the scope.

    All of the own ones, then everybody's first before anybody's second: nobody crowds others out.
    """
    is_own, is_found = Q(owner_id=user.pk), Q(owner_id=user.pk)
    if scope.grants:
        is_found |= Q(is_covered(scope), is_shared=True)
    rows = (
        _views()
        .filter(is_found)
        .select_related("owner")
        .annotate(
            is_other=ExpressionWrapper(~is_own, output_field=BooleanField()),
            place=Window(RowNumber(), partition_by=F("owner_id"), order_by=("name", "id")),
        )
        .order_by("is_other", "place", "name", "id")
    )
    found = list(rows[: MAX_VIEWS + MAX_SHARED + 1])
    shared = [view for view in found if view.is_other]
    return Views(
        own=tuple(view for view in found if not view.is_other),
        shared=tuple(sorted(shared[:MAX_SHARED], key=lambda view: (view.name, view.id))),
        has_more=len(shared) > MAX_SHARED,
    )


def pinned_views(user: Any) -> tuple[SavedView, ...]:
    """Return those of the person's own that they want on their first page, by name."""
    return tuple(_views().filter(owner_id=user.pk, is_pinned=True).order_by("name", "id"))


def default_address(user: Any) -> str | None:
    """Return what the person's events page opens with, where they chose something."""
    return (
        _views().filter(owner_id=user.pk, is_default=True).values_list("address", flat=True).first()
    )


def save_view(
    user: Any,
    *,
    scope: Scope,
    name: str,
    address: str,
    is_shared: bool = False,
    is_pinned: bool = False,
    is_default: bool = False,
) -> SavedView:
    """Keep an address under a name. A view of the same name is replaced. Raises BadView.

    scope: what the person sees, for what others must see to find it
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise BadView(
            _("A view's name has 1 to %(most)s characters.") % {"most": MAX_NAME_CHARACTERS}
        )
    kept = checked_address(address)
    chosen = {
        "address": kept,
        "needs": needs_of(kept, scope=scope),
        "is_shared": is_shared,
        "is_pinned": is_pinned,
        "is_default": is_default,
    }
    using = audit_settings().DATABASE
    try:
        with transaction.atomic(using=using):
            mine = _views().filter(owner_id=user.pk)
            if is_default:
                mine.update(is_default=False)
            if not mine.filter(name=name).exists() and mine.count() >= MAX_VIEWS:
                raise BadView(_("You have %(most)s views; delete one first.") % {"most": MAX_VIEWS})
            view, _is_new = _views().update_or_create(owner_id=user.pk, name=name, defaults=chosen)
    except IntegrityError as error:
        # Two windows of the same person at once.
        raise BadView(_("Another window has just changed your views; try again.")) from error
    return view


def delete_view(user: Any, view_id: int) -> bool:
    """Delete one of the person's own views; false where they have none such."""
    deleted, _by_model = _views().filter(owner_id=user.pk, id=view_id).delete()
    return bool(deleted)


def checked_address(address: str) -> str:
    """Return path and parameters of one of PAGES, the place in its pages left behind.

    Raises BadView: an address of another site, or of another page, is not kept.
    """
    parts = urlsplit(address)
    pairs = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=False)
        if name != PLACE_IN_PAGES
    ]
    query = urlencode(pairs, quote_via=quote, safe=":")
    kept = f"{parts.path}?{query}" if query else parts.path
    if parts.scheme or parts.netloc or not _is_savable(parts.path) or "\0" in kept:
        raise BadView(_("Only searches, comparisons and promotions can be saved as a view."))
    if len(kept) > MAX_ADDRESS_CHARACTERS:
        raise BadView(_("This search has too many filters to be kept as a view."))
    return kept


def _is_savable(path: str) -> bool:
    return path in {page_address(name) for name in PAGES} - {None}


def _views() -> Any:
    return SavedView.objects.using(audit_settings().DATABASE)
