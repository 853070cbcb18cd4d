"""`manage.py environment`: how the installations that send are made known."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import Environment as Log
from audit.record import Origin, SubmittedEvent, record_events
from environments.models import Environment

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    said = StringIO()
    call_command("environment", *words, stdout=said)
    return said.getvalue()


def record_one_in_dev() -> None:
    event, origin = SubmittedEvent(type="X"), Origin(environment="dev")
    record_events([event], origin=origin, received_at=datetime.now(UTC))


class TestCreate:
    def test_makes_environments_in_their_order_and_their_logs(self) -> None:
        run("create", "dev")
        said = run("create", "prod-eu", "--name", "Production (EU)", "--production")
        assert "Production (EU) (prod-eu) is made" in said
        assert "ingest_key create --environment prod-eu" in said
        dev, prod = Environment.objects.order_by("position")
        assert (dev.key, dev.name, dev.is_production, dev.is_on_path) == ("dev", "Dev", False, True)
        assert (prod.key, prod.is_production, prod.on_path_since) == ("prod-eu", True, None)
        assert dev.colour != prod.colour
        assert set(Log.objects.values_list("key", flat=True)) >= {"dev", "prod-eu"}

    def test_takes_a_colour_and_leaves_the_path(self) -> None:
        run("create", "qa", "--colour", "#123456", "--not-on-path")
        one = Environment.objects.get()
        assert (one.colour, one.is_on_path) == ("#123456", False)

    def test_what_comes_late_is_on_the_path_from_then_on(self) -> None:
        run("create", "dev")
        record_one_in_dev()
        run("create", "qa")
        assert Environment.objects.get(key="qa").on_path_since is not None

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            pytest.param(["Prod!"], "can't be an environment's key", id="key"),
            pytest.param(["x", "--colour", "red"], "is no colour such as", id="colour"),
            pytest.param(["x", "--name", " "], "1 to 100 printable", id="blank name"),
            pytest.param(["x", "--name", "y" * 101], "1 to 100 printable", id="long name"),
            pytest.param(["dev"], "There is an environment 'dev' already", id="twice"),
        ],
    )
    def test_says_what_can_not_be(self, words: list[str], sentence: str) -> None:
        run("create", "dev")
        with pytest.raises(CommandError, match=sentence):
            run("create", *words)
        assert Environment.objects.count() == 1


class TestOthers:
    def test_lists_in_order_with_what_each_is(self) -> None:
        run("create", "dev")
        run("create", "prod", "--production", "--not-on-path")
        dev, prod = run("list").splitlines()
        assert dev.split("\t")[:2] == ["dev", "Dev"]
        assert dev.endswith("on the promotion path")
        assert prod.endswith("\tproduction")

    def test_renames_what_people_read_alone(self) -> None:
        run("create", "prod")
        assert run("rename", "prod", "--name", "Production") == "prod is called Production.\n"
        assert Environment.objects.get(key="prod").name == "Production"

    def test_names_the_nearest_key_where_there_is_none(self) -> None:
        run("create", "prod")
        with pytest.raises(CommandError, match="did you mean 'prod'"):
            run("rename", "prd", "--name", "X")

    def test_removes_what_nothing_was_recorded_in(self) -> None:
        run("create", "prod")
        run("create", "dev")
        record_one_in_dev()
        run("remove", "prod")
        with pytest.raises(CommandError, match="events were recorded in it"):
            run("remove", "dev")
        assert Environment.objects.get().key == "dev"
