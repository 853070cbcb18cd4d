"""What an empty installation is told to type next."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts.models import User
from config.banner import first_steps
from config.variables import Configuration
from environments.directory import add_environment
from environments.keys import create_ingest_key

NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.mark.django_db
class TestFirstSteps:
    def test_are_all_where_nothing_is(self) -> None:
        superuser, environment, key = first_steps(Configuration())
        assert superuser.endswith("createsuperuser")
        assert "environment create prod" in environment
        assert "ingest_key create --environment prod" in key

    def test_make_a_key_of_an_environment_that_is_there(self) -> None:
        add_environment(key="staging", now=NOW)
        _superuser, key = first_steps(Configuration())
        assert "ingest_key create --environment staging" in key

    def test_are_none_where_all_is_there(self) -> None:
        User.objects.create_superuser("first")
        add_environment(key="prod", now=NOW)
        create_ingest_key(environment="prod", sender="billing", now=NOW)
        assert first_steps(Configuration()) == []
