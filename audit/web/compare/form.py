"""With what does a person choose what is compared?"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from audit.web.parts.filter_rows import filter_label, value_label
from audit.web.parts.labels import Environments
from audit.web.parts.markup import Tag
from audit.web.parts.period import Link, kept_fields, preset_links
from audit.web.parts.text import shorten
from audit.web.parts.time_spans import typed_bound
from audit.web.parts.typed_range import bound_forms
from audit.web.parts.url import Address, Pair

from .url import BEFORE, BY, DEFAULT_FROM, NOW, By, ComparisonRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentChoice:
    tag: Tag
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter that is on; href: the same comparison without it."""

    label: str
    value: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareForm:
    """The choices above the matrix. The form asks by GET; links change one thing at a click.

    hidden: what the form's fields don't show and has to survive; forms: what fields of time take
    differences_href: the switch, which turns `only_differences` over
    """

    action: str
    hidden: tuple[Pair, ...]
    environments: tuple[EnvironmentChoice, ...]
    presets: tuple[Link, ...]
    dimensions: tuple[Link, ...]
    forms: str
    typed_start: str
    typed_end: str
    typed_before: str
    is_by_period: bool
    only_differences: bool
    differences_href: str
    chips: tuple[Chip, ...]
    unfiltered: str


def compare_form(
    asked: ComparisonRequest, *, environments: Environments, zone: ZoneInfo
) -> CompareForm:
    address = asked.address
    fields = {"environment", "from", "to", "before_from", "format"}
    before = (address.values("before_from") or ("",))[-1]
    return CompareForm(
        action=address.path,
        hidden=(*(p for p in address.pairs if p[0] not in fields), *kept_fields(address)),
        environments=tuple(
            EnvironmentChoice(tag=environments.tag(key), is_chosen=key in asked.chosen)
            for key in environments.in_order(list(asked.query.scope.environments))
        ),
        presets=preset_links(address, default=DEFAULT_FROM),
        dimensions=tuple(
            Link(
                label=dimension_label(by),
                href=str(address.only(by=by, folded=None)),
                is_chosen=by == asked.by,
            )
            for by in BY
        ),
        forms=bound_forms(),
        typed_start=asked.period.typed_start,
        typed_end=asked.period.typed_end,
        typed_before=typed_bound(before, zone),
        is_by_period=asked.is_by_period,
        only_differences=asked.only_differences,
        differences_href=str(address.only(differences=None if asked.only_differences else "1")),
        chips=_chips(address, environments),
        unfiltered=str(address.only(has=None, lacks=None, workspace=None, type=None, group=None)),
    )


def dimension_label(by: By) -> str:
    return {
        "type": _("type"),
        "actor": _("user"),
        "application": _("app"),
        "data_source": _("data source"),
        "workspace": _("workspace"),
        "permission": _("permission"),
    }[by]


def _chips(address: Address, environments: Environments) -> tuple[Chip, ...]:
    labels = {"has": _("In"), "lacks": _("Never in")}
    columns = {BEFORE: _("the period before"), NOW: _("this period")}
    return tuple(
        Chip(
            label=labels.get(name) or filter_label(name),
            value=columns.get(value) or environments.tag(value).name
            if name in labels
            else shorten(value_label(name, value, environments=environments), max_length=60),
            href=str(address.without(name, value)),
        )
        for name, value in address.pairs
        if name in labels or name in ("workspace", "type", "group")
    )
