"""Lists the views that come with the product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from audit.conf import audit_settings
from audit.contracts import Scope
from audit.vocabulary import types_with
from audit.web.parts.url import Address, Pair
from audit.web.shell.navigation import page_address

LAST_MONTH: Pair = ("from", "-30d")


def removals() -> tuple[str, ...]:
    """Return the types that take something away from everybody: also into the trash."""
    return types_with("removal")


def permission_changes() -> tuple[str, ...]:
    """Return the types that change who may do what."""
    return types_with("permission", "grant", "revocation")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltInView:
    name: str
    note: str
    address: str


def built_in_views(scope: Scope) -> tuple[BuiltInView, ...]:
    """Return the views of everybody who sees anything; those of pages that the host doesn't show
    are left out.

    Deletions count in production, and everywhere for those who see nothing of it, or where no
    environment is marked as that.
    """
    if not scope.grants:
        return ()
    seen = (e for e in audit_settings().list_environments() if e.key in scope.grants)
    production = [e for e in seen if e.is_production]
    there: tuple[Pair, ...] = tuple(("environment", e.key) for e in production)
    views = (
        (
            _deletions([e.name for e in production]),
            _("What was deleted or thrown away, by whom"),
            _events(*there, *_types(removals())),
        ),
        (
            _("Permission changes"),
            _("Who was given what, on apps, data sources and in groups"),
            _events(*_types(permission_changes())),
        ),
        (
            _("Failed sign-ins"),
            _("Sign-ins that failed or were refused"),
            _events(*_types(types_with("sign_in")), ("outcome", "failure"), ("outcome", "denied")),
        ),
        (
            _("New countries"),
            _("Sign-ins from where a person had not been before"),
            _page("audit_web:home", fragment="new-places"),
        ),
        (
            _("Published without a stage"),
            _("What skipped an environment on its way, or was changed there directly"),
            _page("audit_web:promotions", ("flagged", "1")),
        ),
    )
    return tuple(
        BuiltInView(name=name, note=note, address=address)
        for name, note, address in views
        if address is not None
    )


def _deletions(production: Sequence[str]) -> str:
    if len(production) == 1:
        return _("Deletions in %(environment)s") % {"environment": production[0]}
    return _("Deletions in production") if production else _("Deletions")


def _types(codes: tuple[str, ...]) -> tuple[Pair, ...]:
    return tuple(("type", code) for code in codes)


def _events(*pairs: Pair) -> str | None:
    return _page("audit_web:events", *pairs, LAST_MONTH)


def _page(name: str, *pairs: Pair, fragment: str = "") -> str | None:
    path = page_address(name)
    if path is None:
        return None
    return str(Address(path=path, pairs=pairs)) + (f"#{fragment}" if fragment else "")
