"""What may each role do? One row a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.contracts import Ability

ABILITIES: tuple[Ability, ...] = get_args(Ability)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A set of abilities (`audit.contracts.May` says what each opens).

    key: as grants have it, never changed; says: for whoever chooses
    is_of_system: its abilities hold in the product's own log and nowhere else
    """

    key: str
    label: Promise
    says: Promise
    abilities: frozenset[Ability]
    is_of_system: bool = False


_READING: frozenset[Ability] = frozenset(
    {"read", "personal", "export", "evidence", "verify", "log", "rejected"}
)
ADMINISTRATOR = Role(
    key="administrator",
    label=_("Administrator"),
    says=_("everything, people and their roles too"),
    abilities=frozenset(ABILITIES),
)
OPERATOR = Role(
    key="operator",
    label=_("Operator"),
    says=_("senders and keys, environments, health, what was refused; no events"),
    abilities=frozenset({"keys", "environments", "health", "alarms", "rejected", "log"}),
)
AUDITOR = Role(
    key="auditor",
    label=_("Auditor"),
    says=_("reads, exports, verifies, takes evidence; no settings"),
    abilities=_READING,
)
VIEWER = Role(
    key="viewer",
    label=_("Viewer"),
    says=_("reads, on pages and by the API; takes no files"),
    abilities=frozenset({"read"}),
)
ON_CALL = Role(
    key="on_call",
    label=_("On call"),
    says=_("health, and clears alarms of logs that they see"),
    abilities=frozenset({"health", "alarms"}),
)
SYSTEM_AUDITOR = Role(
    key="system_auditor",
    label=_("Auditor of the product's own log"),
    says=_("reads, exports and verifies audit-system"),
    abilities=_READING | {"system_log"},
    is_of_system=True,
)
ROLES: Mapping[str, Role] = {
    role.key: role for role in (ADMINISTRATOR, OPERATOR, AUDITOR, VIEWER, ON_CALL, SYSTEM_AUDITOR)
}
# Held by a grant of one workspace, too; the others need the environment as a whole.
OF_EVENTS: frozenset[Ability] = frozenset({"read", "personal", "export", "verify"})
# Held by a grant of all environments alone.
OF_INSTALLATION: frozenset[Ability] = frozenset({"health", "system_log"})


def role_choices() -> list[tuple[str, Promise]]:
    """Return key and label of each role, for a form."""
    return [(role.key, role.label) for role in ROLES.values()]
