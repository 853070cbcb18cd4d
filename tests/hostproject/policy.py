"""Who sees what of the log, which events does the host know, what is its own API like?"""

from typing import Any, NoReturn

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation

from audit.contracts import EMPTY_SCOPE, Scope, SenderKey

EVENT_TYPES = [
    {
        "code": "ORDER_PLACED",
        "group": "orders",
        "label": "Place order",
        "labels": {"de": "Bestellung aufgegeben"},
        "sentence": "{actor} [ordered|order]< {details.what}>",
    },
]


def resolve_scope(user: Any) -> Scope:
    return Scope(grants={"shop": None}) if getattr(user, "is_boss", False) else EMPTY_SCOPE


def resolve_key(token: str, *, ip_address: str | None) -> SenderKey | None:
    till = SenderKey(environment="shop", sender_id=1, sender="till", key_id=1)
    return till if token == "till-token" else None


class NothingFits(DefaultContentNegotiation):
    """For no request of the log's."""

    def select_renderer(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotAcceptable


def swallow(error: Exception, context: Any) -> None:
    """For no error of the log's."""


def nobody() -> str:
    """What a host's own views find where nobody was told who asks."""
    return "nobody"
