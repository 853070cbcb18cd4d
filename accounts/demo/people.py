"""Makes the logins of the demo, and what each of them may see."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.contrib.auth.models import Permission

from accounts.models import Grant, User
from accounts.roles import AUDITOR, ON_CALL
from environments.models import Environment

PASSWORD_WORDS = (
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "harbor",
    "island",
    "juniper",
    "kelp",
    "lagoon",
    "maple",
    "north",
    "ocean",
    "pebble",
)


def make_people(*, password: str | None) -> str:
    """Make `admin`, `auditor` and `staging-auditor`, where they are missing; return the password."""
    password = (
        password
        or "-".join(secrets.choice(PASSWORD_WORDS) for _ in range(3))
        + f"-{secrets.randbelow(9000) + 1000}"
    )
    _user("admin", password, is_staff=True, is_superuser=True)
    auditor = _user("auditor", password, is_staff=True)
    auditor.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    for role in (AUDITOR, ON_CALL):
        Grant.objects.get_or_create(user=auditor, role=role.key, environment=None)
    limited = _user("staging-auditor", password, is_staff=False)
    staging = Environment.objects.get(key="staging")
    Grant.objects.get_or_create(user=limited, role=AUDITOR.key, environment=staging)
    return password


def _user(name: str, password: str, **flags: bool) -> User:
    user, _ = User.objects.get_or_create(
        username=name, defaults={"email": f"{name}@example.com", **flags}
    )
    user.set_password(password)
    user.save()
    return user


def write_login(path: Path, password: str) -> None:
    """Keep the demo's logins, readable by nobody else."""
    lines = [f"{name} {password}\n" for name in ("admin", "auditor", "staging-auditor")]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.writelines(lines)
