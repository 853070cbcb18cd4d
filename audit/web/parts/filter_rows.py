"""How is each filter called, and how does one pick a value of it? One row a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.facets import EXCLUDE
from audit.vocabulary.countries import country_name

from .labels import Environments, group_label, outcome_label, type_label
from .text import visible


class PickFrom(Enum):
    """From what list one picks a value."""

    TYPED = auto()  # none: whatever is typed is the value
    SUBJECTS = auto()  # whoever and whatever the log names
    ENVIRONMENTS = auto()
    TYPES = auto()
    WITH_TYPES = auto()  # the list of types has them, too
    OUTCOMES = auto()
    SENDERS = auto()


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
    "environment": Filter(_("Environment"), PickFrom.ENVIRONMENTS),
    "workspace": Filter(_("Workspace"), PickFrom.SUBJECTS),
    "actor": Filter(_("User"), PickFrom.SUBJECTS),
    "application": Filter(_("App"), PickFrom.SUBJECTS),
    "type": Filter(_("Type"), PickFrom.TYPES, type_label, is_partly_listed=True),
    "group": Filter(_("Group"), PickFrom.WITH_TYPES, group_label),
    "outcome": Filter(_("Outcome"), PickFrom.OUTCOMES, outcome_label),
    "resource": Filter(_("Resource"), PickFrom.SUBJECTS),
    "target": Filter(_("Done to"), PickFrom.SUBJECTS, is_partly_listed=True),
    "sender": Filter(_("Sender"), PickFrom.SENDERS),
    "ip": Filter(_("Address"), PickFrom.TYPED),
    "country": Filter(_("Country"), PickFrom.TYPED, country_name),
    "city": Filter(_("City"), PickFrom.TYPED),
    "browser": Filter(_("Browser"), PickFrom.TYPED),
    "os": Filter(_("System"), PickFrom.TYPED),
    "device_class": Filter(_("Device"), PickFrom.TYPED),
    "session": Filter(_("Session"), PickFrom.TYPED),
    "request_id": Filter(_("Request"), PickFrom.TYPED),
    "trace": Filter(_("Trace"), PickFrom.TYPED),
    "source": Filter(_("Source"), PickFrom.TYPED),
    "resource_type": Filter(_("Kind of resource"), PickFrom.TYPED),
    "key": Filter(_("Ingest key"), PickFrom.TYPED),
    "q": Filter(_("Words"), PickFrom.TYPED),
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
