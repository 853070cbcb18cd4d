"""Says of each filter in one row how it is called and how its values are picked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.facets import EXCLUDE
from audit.vocabulary.countries import country_name

from .labels import Environments, group_label, outcome_label, type_label
from .text import visible

# From what list one picks a value.
PickFrom = Literal[
    "typed",  # none: whatever is typed is the value
    "subjects",  # whoever and whatever the log names
    "environments",
    "types",
    "with types",  # the list of types has them, too
    "outcomes",
    "senders",
]


@dataclass(frozen=True, slots=True)
class Filter:
    """label: translatable; pick_from: None where values come with addresses alone
    value_label: how a value is called; most are called by themselves
    is_partly_listed: the list need not have all, so that what is typed is offered as well
    """

    label: object
    pick_from: PickFrom | None
    value_label: Callable[[str], str] = str
    is_partly_listed: bool = False


# In the order in which one chooses: first what has a list. Of types, those that an environment may
# not register any more are in none, nor is whom things were done to, but who never did anything.
FILTERS: Mapping[str, Filter] = {
    "environment": Filter(_("Environment"), "environments"),
    "workspace": Filter(_("Workspace"), "subjects"),
    "actor": Filter(_("User"), "subjects"),
    "application": Filter(_("App"), "subjects"),
    "type": Filter(_("Type"), "types", type_label, is_partly_listed=True),
    "group": Filter(_("Group"), "with types", group_label),
    "outcome": Filter(_("Outcome"), "outcomes", outcome_label),
    "resource": Filter(_("Resource"), "subjects"),
    "target": Filter(_("Done to"), "subjects", is_partly_listed=True),
    "sender": Filter(_("Sender"), "senders"),
    "ip": Filter(_("Address"), "typed"),
    "country": Filter(_("Country"), "typed", country_name),
    "city": Filter(_("City"), "typed"),
    "browser": Filter(_("Browser"), "typed"),
    "os": Filter(_("System"), "typed"),
    "device_class": Filter(_("Device"), "typed"),
    "session": Filter(_("Session"), "typed"),
    "request_id": Filter(_("Request"), "typed"),
    "trace": Filter(_("Trace"), "typed"),
    "source": Filter(_("Source"), "typed"),
    "resource_type": Filter(_("Kind of resource"), "typed"),
    "key": Filter(_("Ingest key"), "typed"),
    "q": Filter(_("Words"), "typed"),
    "recorded_after": Filter(_("Recorded after"), None),
    "recorded_before": Filter(_("Recorded before"), None),
}
# Whose values are counted at the side of the events, besides those that the chart tells.
AT_SIDE = (
    "actor",
    "application",
    "workspace",
    "country",
    "city",
    "browser",
    "os",
    "device_class",
    "sender",
)


def base(name: str) -> str:
    """Return the filter's name without what makes it shut out."""
    return name.removeprefix(EXCLUDE)


def is_filter(name: str) -> bool:
    return base(name) in FILTERS


def filter_label(parameter: str) -> str:
    """Return the name of a filter; also of the one that excludes."""
    name = base(parameter)
    label = str(FILTERS[name].label) if name in FILTERS else visible(name)
    return gettext("Not %(filter)s") % {"filter": label} if name != parameter else label


def value_label(parameter: str, value: str, *, environments: Environments) -> str:
    """Return how a filter's value is called."""
    name = base(parameter)
    if name == "environment":
        return environments.tag(value).name
    return visible(FILTERS[name].value_label(value) if name in FILTERS else value)
