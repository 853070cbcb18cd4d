"""Environments as the audit log hears of them, and what may not be changed in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from audit.contracts import SYSTEM_ENVIRONMENT
from environments.admin import EnvironmentForm
from environments.directory import (
    add_environment,
    create_environment,
    list_environments,
    rename_environment,
)
from environments.errors import InvalidEnvironment
from environments.models import Environment, Sender

NOW = datetime(2026, 3, 15, 15, 30, tzinfo=UTC)
BEFORE, AFTER = "0001_initial", "0002_production_and_path"


def make(key: str, position: int = 0, **more: Any) -> Environment:
    return create_environment(
        key=key, name=key.title(), colour="#000000", position=position, **more
    )


@pytest.mark.django_db
class TestListEnvironments:
    def test_tells_production_and_path_whatever_the_order(self) -> None:
        make("prod", 1, is_production=True)
        make("sandbox", 3, is_on_path=False)
        make("qa", 2, on_path_since=NOW)
        told = {
            e.key: (e.is_production, e.is_on_path, e.on_path_since) for e in list_environments()
        }
        assert told == {
            "prod": (True, True, None),
            "qa": (False, True, NOW),
            "sandbox": (False, False, None),
        }


@pytest.mark.django_db
class TestNames:
    @pytest.mark.parametrize("name", ["Prod", "PROD", " prod "])
    def test_tell_environments_apart(self, name: str) -> None:
        make("prod")
        make("dev", 1)
        with pytest.raises(InvalidEnvironment, match="prod is called 'Prod' already"):
            rename_environment("dev", name=name)
        with pytest.raises(InvalidEnvironment, match="prod is called 'Prod' already"):
            add_environment(key="qa", name=name, now=NOW)
        form = EnvironmentForm({"key": "qa", "name": name, "colour": "#000000", "position": 2})
        assert form.errors["name"] == ["prod is called 'Prod' already."]

    def test_may_be_given_again_to_the_same(self) -> None:
        make("prod")
        assert rename_environment("prod", name="PROD").name == "PROD"


@pytest.mark.django_db
class TestTheProductsOwnLog:
    """An environment of its key would show it to all who see everything, and take keys for it."""

    def test_is_no_environment_to_make(self) -> None:
        with pytest.raises(InvalidEnvironment, match="the product's own log"):
            make(SYSTEM_ENVIRONMENT)

    def test_is_no_environment_by_any_other_way(self) -> None:
        with (
            pytest.raises(IntegrityError, match="environment_is_not_the_products_own_log"),
            transaction.atomic(),
        ):
            Environment.objects.create(key=SYSTEM_ENVIRONMENT, name="All")


@pytest.mark.django_db
class TestWhatStays:
    def test_refuses_to_move_a_sender(self) -> None:
        sender = Sender.objects.create(environment=make("dev"), name="billing")
        sender.environment = make("prod", 1)
        with pytest.raises(IntegrityError, match="stays in its environment"), transaction.atomic():
            sender.save()
        sender.refresh_from_db()
        sender.name = "invoices"
        sender.save()
        assert sender.environment.key == "dev"

    def test_refuses_another_key(self) -> None:
        environment = make("dev")
        environment.key = "prod"
        with pytest.raises(IntegrityError, match="keeps its key"), transaction.atomic():
            environment.save()


@pytest.fixture
def before() -> Iterator[Any]:
    """The tables as they were, and the tables of now afterwards."""
    executor = MigrationExecutor(connection)
    executor.migrate([("environments", BEFORE)])
    yield executor.loader.project_state([("environments", BEFORE)]).apps
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db
class TestMigration:
    def test_takes_the_last_for_production_as_it_was_taken_before(self, before: Any) -> None:
        old = before.get_model("environments", "Environment").objects
        for key, position in (("prod", 2), ("dev", 0), ("staging", 1)):
            old.create(key=key, name=key, position=position)
        executor = MigrationExecutor(connection)
        executor.migrate([("environments", AFTER)])
        told = {e.key: (e.is_production, e.is_on_path) for e in list_environments()}
        assert told == {"dev": (False, True), "staging": (False, True), "prod": (True, True)}
