"""The properties of an event type, and of a group of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

from msgspec import Struct

OUTCOMES = ("success", "failure", "denied")
PRODUCT_PREFIX = "AUDIT_"
COLOURS = 12
REST = "other"

# What the product does with events of a type besides showing them:
#   sign_in     remembers from which country and with which device a user came first
#   look        leaves it out of the life of a thing
#   removal     tells of it among what was taken away from everybody
#   permission  tells of it among changes of who may do what
#   grant       compares who was given what, by targets and details.role; tells of it, too
#   revocation  the same, for what is taken back; with `grant` it is one where no role is said
#   arrival     sees a version of an app come to an environment
#   edit        sees an app made or changed by hand
Trait = Literal[
    "sign_in", "look", "removal", "permission", "grant", "revocation", "arrival", "edit"
]
TRAITS: tuple[Trait, ...] = get_args(Trait)

# Top-level keys of `details` that name or trace a person, in whatever event they turn up.
_PERSONAL_DETAILS = (
    "applicationAuthor createdBy modifiedBy updatedBy deletedBy author owner ownerId "
    "userId userIds userName userEmail username user users email emails "
    "memberId memberIds memberName memberEmail members "
    "invitedBy inviteeEmail recipients "
    "oldPermission newPermission oldPermissions newPermissions permissions "
    "headers queryParams ip ipAddress userAgent sessionHash lowcoder filters"
)
PERSONAL_DETAILS = frozenset(_PERSONAL_DETAILS.split())
UNKNOWN_SENTENCE = "{actor}: {event}< on {resource}>< – {outcome}>"
_NO_LABELS: Mapping[str, str] = MappingProxyType({})


class EventType(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One type of event.

    group: a key of GROUPS
    label: in English; labels: in other languages, by their codes ("de")
    sentence: a template, as `audit.vocabulary.sentence` reads it
    detail_keys: what `details` usually carries; anything else may be there too
    personal_details: top-level keys of `details` that name or trace a person, whether or not
        they are usual for the type
    """

    code: str
    group: str = REST
    label: str = ""
    labels: Mapping[str, str] = _NO_LABELS
    sentence: str = UNKNOWN_SENTENCE
    traits: frozenset[Trait] = frozenset()
    detail_keys: tuple[str, ...] = ()
    personal_details: frozenset[str] = PERSONAL_DETAILS


class EventGroup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Types of event that belong together.

    label, labels: as those of a type
    colour: 0 to 11, one of the style sheet's (`--group-0`); None for the grey of the rest
    """

    key: str
    label: str
    labels: Mapping[str, str] = _NO_LABELS
    colour: int | None = None


def is_product_type(code: str) -> bool:
    """Is the code one of the product's own, which no sender may use?"""
    return code[: len(PRODUCT_PREFIX)].upper() == PRODUCT_PREFIX
