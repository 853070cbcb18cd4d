"""Says in one sentence from where and with what an event was done.

"Safari 17.5 on iOS 17.5, iPhone, in-app browser of Instagram; near Lyon, France, ±20 km"
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.enrich.place import REGISTERED
from audit.vocabulary.countries import country_name
from audit.vocabulary.document import Device, Place
from audit.web.parts.text import shorten

MAX_LENGTH = 300
# What only repeats the class or the system.
_NO_NAMES = frozenset(("Desktop", "Linux Desktop", "Macintosh", "Phone", "Tablet"))
# Known by their names alone: "iPhone", not "Apple iPhone"
_SELF_SPEAKING = ("iPhone", "iPad", "iPod")
_KINDS = {
    "private network": gettext_lazy("from a private network"),
    "carrier network": gettext_lazy("from a carrier's network"),
    "point": gettext_lazy("from a place without a name"),
    "loopback": gettext_lazy("from the machine itself"),
}
_UNSAID_CLASSES = frozenset(("Phone", "Tablet", "Desktop"))


def where_and_how(client: Device | None, place: Place | None) -> str | None:
    """Return the sentence; None where neither is known."""
    how = ", ".join(_how(client or Device()))
    said = "; ".join(part for part in (how, place_in_words(place)) if part)
    return shorten(said, max_length=MAX_LENGTH) if said else None


def place_in_words(place: Place | None) -> str | None:
    """Return "near Lyon, France, ±20 km", "in France" or "from a private network".

    A network that is only known to be registered in a country may be used anywhere:
    "from a network registered in Australia".
    """
    if place is None:
        return None
    country = country_name(place.country) if place.country else None
    if place.city:
        where = ", ".join(filter(None, (place.city, country)))
        if place.radius_km is None:
            return _("near %(place)s") % {"place": where}
        return _("near %(place)s, ±%(radius)d km") % {"place": where, "radius": place.radius_km}
    where = ", ".join(filter(None, (place.region, country)))
    if where:
        return _("in %(place)s") % {"place": where}
    if place.organisation:
        return _("through %(organisation)s") % {"organisation": place.organisation}
    return _from_kind(place.kind) if place.kind else None


def kind_in_words(kind: str) -> str:
    """Return a place's kind as it is shown: "registered in Australia" for `registered in AU`."""
    if kind.startswith(REGISTERED):
        country = country_name(kind.removeprefix(REGISTERED))
        return _("registered in %(country)s") % {"country": country}
    return kind


def _from_kind(kind: str) -> str:
    if kind in _KINDS:
        return str(_KINDS[kind])
    if kind.startswith(REGISTERED):
        return _("from a network %(registered)s") % {"registered": kind_in_words(kind)}
    return _("from an address of the kind “%(kind)s”") % {"kind": kind}


def _how(client: Device) -> Iterator[str]:
    agent, app = client.agent_name, client.webview_app_name
    who = _named(agent, client.agent_version)
    if app and agent in (app, "WKWebView", "Chrome Webview"):
        who = _("Web view")
    system = _named(client.operating_system_name, client.operating_system_version)
    if who and system:
        yield _("%(agent)s on %(system)s") % {"agent": who, "system": system}
    elif who or system:
        yield who or system
    name = client.device_name
    if name and name not in _NO_NAMES:
        brand = client.device_brand
        yield f"{brand} {name}" if brand and not name.startswith(_SELF_SPEAKING) else name
    kind = client.device_class
    if kind and kind not in _UNSAID_CLASSES:
        yield kind if kind in ("TV", "API client") else kind.lower()
    if app:
        yield _("in-app browser of %(app)s") % {"app": _named(app, client.webview_app_version)}


def _named(name: str | None, version: str | None) -> str:
    if not name:
        return ""
    if version and version.startswith(">="):
        return _("%(name)s %(version)s or later") % {"name": name, "version": version[2:]}
    return f"{name} {_short(version)}" if version else name


def _short(version: str) -> str:
    """Return `121.0.6167.178` as `121`, `17.5.1` as `17.5`."""
    first, _dot, rest = version.partition(".")
    second = rest.partition(".")[0]
    return first if second.strip("0") == "" else f"{first}.{second}"
