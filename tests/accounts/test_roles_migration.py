"""The step to roles gives nobody more and takes nobody anything, and can be gone back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE, AFTER = ("accounts", "0002_no_time_zone"), ("accounts", "0003_roles")
ENVIRONMENTS = ("environments", "0003_products_own_log")
pytestmark = pytest.mark.django_db(transaction=True)


def migrated(target: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return executor.loader.project_state([target, ENVIRONMENTS]).apps


@pytest.fixture
def old() -> Iterator[Any]:
    yield migrated(BEFORE)
    MigrationExecutor(connection).migrate([AFTER])


def people(apps: Any) -> dict[str, Any]:
    users = apps.get_model("accounts", "User").objects
    given: dict[str, dict[str, bool]] = {
        "nothing": {},
        "everything": {"sees_everything": True},
        "staff": {"is_staff": True},
        "staff-with-everything": {"is_staff": True, "sees_everything": True},
        "part": {},
        "gone": {"sees_everything": True, "is_active": False},
    }
    return {name: users.create(username=name, **flags) for name, flags in given.items()}


def grants(apps: Any) -> set[tuple[Any, ...]]:
    rows = apps.get_model("accounts", "Grant").objects.values_list(
        "user__username", "role", "environment__key", "workspace_id"
    )
    return set(rows)


class TestRoles:
    def test_are_what_was_given_before(self, old: Any) -> None:
        made = people(old)
        environment = old.get_model("environments", "Environment").objects.create(
            key="prod", name="Prod"
        )
        grant = old.get_model("accounts", "Grant").objects
        grant.create(user=made["part"], environment=environment, workspace_id="w1")
        grant.create(user=made["staff"], environment=environment)
        assert grants(migrated(AFTER)) == {
            ("everything", "auditor", None, None),
            ("staff", "on_call", None, None),
            ("staff", "auditor", "prod", None),
            ("staff-with-everything", "auditor", None, None),
            ("staff-with-everything", "on_call", None, None),
            ("part", "auditor", "prod", "w1"),
            ("gone", "auditor", None, None),
        }
        again = migrated(BEFORE)
        users = again.get_model("accounts", "User").objects
        assert set(users.filter(sees_everything=True).values_list("username", flat=True)) == {
            "everything",
            "staff-with-everything",
            "gone",
        }
        kept = again.get_model("accounts", "Grant").objects.values_list(
            "user__username", "environment__key", "workspace_id"
        )
        assert set(kept) == {("part", "prod", "w1"), ("staff", "prod", None)}

    def test_that_cannot_be_said_before_are_lost_not_widened(self, old: Any) -> None:
        made = people(old)
        new = migrated(AFTER)
        grant = new.get_model("accounts", "Grant").objects
        environment = new.get_model("environments", "Environment").objects.create(
            key="prod", name="Prod"
        )
        group = new.get_model("auth", "Group").objects.create(name="guests")
        grant.create(user_id=made["part"].pk, role="viewer", environment=environment)
        grant.create(user_id=made["part"].pk, role="operator")
        grant.create(group=group, role="auditor", environment=environment)
        grant.create(
            user_id=made["part"].pk,
            role="auditor",
            environment=environment,
            expires_at="2030-01-01T00:00:00Z",
        )
        again = migrated(BEFORE)
        assert not again.get_model("accounts", "Grant").objects.exists()
        assert not again.get_model("accounts", "User").objects.get(username="part").sees_everything
