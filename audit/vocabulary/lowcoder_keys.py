"""The keys of `details` under which Lowcoder names the things that an event is about."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Keys(NamedTuple):
    """The keys of a thing's id and of its name."""

    id: str
    name: str


# By resource type.
THINGS: Mapping[str, Keys] = MappingProxyType(
    {
        "application": Keys("applicationId", "applicationName"),
        "bundle": Keys("bundleId", "bundleName"),
        "folder": Keys("id", "name"),
        "group": Keys("groupId", "groupName"),
        "data_source": Keys("datasourceId", "name"),
        "library_query": Keys("id", "name"),
        "query": Keys("queryId", "queryName"),
    }
)
APPLICATION_GID = "applicationGid"
# The object in which a query's execution names its things.
DETAIL = "detail"
MEMBER = Keys("memberId", "memberName")
# The lists of ids that it was done to, and the type of what they name.
TARGETS: tuple[tuple[str, str], ...] = (("userIds", "user"), ("groupIds", "group"))
