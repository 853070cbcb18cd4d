"""The rules of docs/promotions.md, each as an example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from audit.contracts import EnvironmentInfo
from audit.log.ids import instant_of, random_event_id
from audit.query.compare.promotion_lines import promotion_lines, same_version
from audit.query.compare.promotion_values import Flag, Person, PromotionLine, Step

DEV, STAGING = (EnvironmentInfo(key=key, name=key.title()) for key in ("dev", "staging"))
PROD = EnvironmentInfo(key="prod", name="Prod", is_production=True)
PATH = (DEV, STAGING, PROD)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def step(
    environment: str, hours: float, version: str | None = "1", *, edit: bool = False,
    app: str = "gid:orders", who: str = "ann",
) -> Step:  # fmt: skip
    at = START + timedelta(hours=hours)
    id_ = random_event_id(int(at.timestamp() * 1_000_000))
    return Step(
        id=id_,
        place=(instant_of(id_), 0, 0),
        at=at,
        environment=environment,
        app=app,
        is_arrival=not edit,
        version=None if edit else version,
        actor=Person(id=who, name=who.title()),
    )


def edit(environment: str, hours: float, **more: str) -> Step:
    return step(environment, hours, edit=True, **more)


def lines(*steps: Step, path: Sequence[EnvironmentInfo] = PATH) -> list[PromotionLine]:
    return promotion_lines(steps, path=path)


def flags(line: PromotionLine) -> list[tuple[str, str]]:
    return [(flag.kind, flag.environment) for flag in line.flags]


class TestPromotionLines:
    def test_join_the_stages_of_a_version_with_their_lead_times(self) -> None:
        (line,) = lines(step("dev", 0), step("staging", 24), step("prod", 51))
        assert [s.environment for s in line.reached] == ["dev", "staging", "prod"]
        assert [s.lead for s in line.reached] == [None, timedelta(hours=24), timedelta(hours=27)]
        assert line.lead == timedelta(hours=51)
        assert line.flags == ()

    def test_keep_versions_and_apps_apart_newest_first(self) -> None:
        found = lines(step("dev", 0), step("dev", 5, "2"), step("dev", 2, app="gid:crm"))
        assert [(line.app, line.version) for line in found] == [
            ("gid:orders", "2"),
            ("gid:crm", "1"),
            ("gid:orders", "1"),
        ]

    def test_count_a_version_that_arrives_again_beside_its_first_arrival(self) -> None:
        (line,) = lines(step("dev", 0, "v1"), step("dev", 1, "1"), step("staging", 2, "V1"))
        assert [len(s.again) for s in line.reached] == [1, 0]
        assert line.lead == timedelta(hours=2)

    def test_flag_a_stage_that_was_skipped(self) -> None:
        (line,) = lines(step("dev", 0), step("prod", 1))
        assert flags(line) == [("skipped", "staging")]

    def test_flag_no_stage_that_may_still_come(self) -> None:
        (line,) = lines(step("dev", 0), step("staging", 1))
        assert line.flags == ()

    def test_flag_the_wrong_order(self) -> None:
        (line,) = lines(step("dev", 0), step("prod", 1), step("staging", 2))
        assert line.flags == (Flag(kind="before", environment="prod", other="staging"),)
        assert [s.environment for s in line.reached] == ["dev", "prod", "staging"]

    def test_flag_a_version_that_began_in_prod(self) -> None:
        (line,) = lines(step("prod", 0))
        assert flags(line) == [("direct", "prod")]
        assert not line.is_edit

    def test_flag_a_version_that_came_back(self) -> None:
        arrivals = [
            step(environment, hours, version)
            for version, hours in (("1", 0), ("2", 10))
            for environment, hours in (("dev", hours), ("staging", hours + 1), ("prod", hours + 2))
        ]
        newest, other = lines(*arrivals, step("prod", 20, "1"))
        assert (newest.version, flags(newest)) == ("1", [("back", "prod")])
        assert (other.version, other.flags) == ("2", ())

    def test_join_an_arrival_without_version_to_what_came_before_it(self) -> None:
        older, newer = step("dev", 0, "1"), step("dev", 5, "2")
        first, second = lines(older, newer, step("staging", 6, None))
        assert [s.environment for s in first.reached] == ["dev", "staging"]
        assert first.version == "2"
        assert second.version == "1"

    def test_let_an_arrival_without_version_stand_alone_where_none_fits(self) -> None:
        (line,) = lines(step("dev", 0, None))
        assert line.version is None
        assert not line.is_edit

    def test_tell_of_edits_in_prod(self) -> None:
        (line,) = lines(edit("prod", 0), edit("prod", 3), edit("dev", 1))
        assert line.is_edit
        assert flags(line) == [("direct", "prod")]
        assert line.reached[0].edits == 2

    @pytest.mark.parametrize(
        ("hours", "who"),
        [pytest.param(30, "ann", id="another day"), pytest.param(1, "ben", id="another user")],
    )
    def test_tell_apart_edits_of(self, hours: float, who: str) -> None:
        assert len(lines(edit("prod", 0), edit("prod", hours, who=who))) == 2

    @pytest.mark.parametrize(("hours", "count"), [(8.5, 1), (9.1, 1), (7.5, 2), (9.5, 2)])
    def test_leave_out_an_edit_that_a_promotion_wrote(self, hours: float, count: int) -> None:
        found = lines(step("dev", 0), step("staging", 1), step("prod", 9), edit("prod", hours))
        assert len(found) == count

    def test_count_the_edits_that_led_to_an_arrival(self) -> None:
        found = lines(
            edit("dev", -2), step("dev", 0), edit("dev", 1), edit("dev", 2), edit("staging", 2),
            step("dev", 3, "2"),
        )  # fmt: skip
        assert [line.reached[0].edits for line in found] == [2, 1]

    def test_say_nothing_of_prod_to_whom_does_not_see_it(self) -> None:
        found = lines(
            step("dev", 0), step("staging", 1), edit("staging", 2), step("staging", 3, "2"),
            path=(DEV, STAGING),
        )  # fmt: skip
        assert [flags(line) for line in found] == [[("skipped", "dev")], []]

    def test_leave_out_what_is_not_on_the_path(self) -> None:
        assert lines(step("sandbox", 0)) == []


class TestPath:
    def test_holds_nothing_against_what_came_last_in_the_order(self) -> None:
        qa = EnvironmentInfo(key="qa", name="QA")
        found = lines(
            step("dev", 0), step("staging", 1), step("prod", 2), edit("prod", 9), edit("qa", 9),
            path=(*PATH, qa),
        )  # fmt: skip
        assert [flags(line) for line in found] == [[("direct", "prod")], []]

    def test_flags_no_stage_from_before_it_was_on_the_path(self) -> None:
        qa = EnvironmentInfo(key="qa", name="QA", on_path_since=START + timedelta(hours=10))
        found = lines(
            step("dev", 0), step("staging", 1), step("prod", 2),
            step("dev", 3, "2"), step("staging", 4, "2"), step("prod", 12, "2"),
            path=(DEV, STAGING, qa, PROD),
        )  # fmt: skip
        assert [flags(line) for line in found] == [[("skipped", "qa")], []]

    def test_flags_no_order_from_before_it_was_on_the_path(self) -> None:
        qa = EnvironmentInfo(key="qa", name="QA", on_path_since=START + timedelta(hours=2))
        path = (DEV, STAGING, qa, PROD)
        (line,) = lines(step("dev", 0), step("staging", 0.5), step("prod", 1), step("qa", 3),
                        path=path)  # fmt: skip
        assert flags(line) == []
        (line,) = lines(step("dev", 0), step("staging", 0.5), step("prod", 2), step("qa", 3),
                        path=path)  # fmt: skip
        assert flags(line) == [("before", "prod")]

    def test_tells_of_no_direct_change_from_before_anything_led_to_production(self) -> None:
        dev = replace(DEV, on_path_since=START + timedelta(hours=10))
        found = lines(
            edit("prod", 0), step("prod", 1), edit("prod", 50), step("prod", 60, "2"),
            path=(dev, PROD),
        )  # fmt: skip
        assert [flags(line) for line in found] == [[("direct", "prod")], [("direct", "prod")], []]

    def test_does_not_hold_production_against_production(self) -> None:
        us = EnvironmentInfo(key="us", name="US", is_production=True)
        found = lines(
            step("dev", 0), step("staging", 1), step("us", 2),
            step("us", 4, "2"), step("prod", 5, "2"),
            step("staging", 8, "3"), step("us", 7, "3"), step("dev", 6, "3"), step("prod", 9, "3"),
            edit("us", 40), edit("prod", 41),
            path=(*PATH, us),
        )  # fmt: skip
        assert {(line.version, *flags(line)) for line in found} == {
            (None, ("direct", "us")),
            (None, ("direct", "prod")),
            ("3", ("before", "us")),
            ("2", ("direct", "us")),
            ("1",),
        }


class TestSameVersion:
    @pytest.mark.parametrize("text", ["v14", "V14", " 14 "])
    def test_reads_as_fourteen(self, text: str) -> None:
        assert same_version(text) == "14"

    def test_keeps_a_word_that_begins_with_v(self) -> None:
        assert same_version("Vega") == "vega"
