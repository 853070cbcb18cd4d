"""What does not fit an event is told whole, and what fits is taken."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.ingest.json.decode import Misfit, native
from audit.ingest.json.fitting import ALIASES, MAX_PROBLEMS, fit
from audit.record import SubmittedEvent

FIELDS = SubmittedEvent.__struct_fields__
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=5)
names = st.sampled_from([*FIELDS, "id", "name", "type", "field", "ip", "client_hints", "x/y~z"])
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4)
)


def told(document: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Misfit) as caught:
        native(document)
    return {problem.pointer: problem.message for problem in caught.value.problems}


class TestFit:
    def test_tells_everything_at_once(self) -> None:
        assert told(
            {
                "tpye": "X",
                "time": 1772701200,
                "outcome": "sucess",
                "actor": {"id": True, "nmae": "Ann", "type": 7},
                "targets": [{"id": "a"}, 5],
                "context": {"client_hints": {"a": 1}},
                "changes": {},
                "sequence": msgspec.Raw(b"1.5"),
                "workspace": {"name": "Sales"},
            }
        ) == {
            "/tpye": "unknown field; did you mean 'type'?",
            "/type": "is required",
            "/time": "must be a text such as 2026-03-05T09:00:00Z, not a number",
            "/outcome": "'sucess' is none of 'denied', 'failure', 'success'; did you mean"
            " 'success'?",
            "/actor/id": "must be a text, not true or false",
            "/actor/nmae": "unknown field; did you mean 'name'?",
            "/actor/type": "must be one of 'anonymous', 'service', 'system', 'user', not a number",
            "/targets/0/type": "is required",
            "/targets/1": "must be an object, not a number",
            "/context/client_hints/a": "must be a text, not a number",
            "/changes": "must be a list, not an object",
            "/sequence": "must be a whole number, without decimals",
            "/workspace/id": "is required",
        }

    def test_takes_the_digits_of_whole_numbers_for_ids(self) -> None:
        event = native(
            {
                "type": "X",
                "id": 18446744073709551615,
                "actor": {"id": 7},
                "application": {"id": -3, "gid": 0},
                "resource": {"type": "row", "id": 12},
                "targets": [{"type": "user", "id": 9}],
                "workspace": {"id": 1},
                "context": {"session": 5, "request_id": 6, "trace": 8},
            }
        )
        assert event.id == "18446744073709551615"
        assert event.actor is not None
        assert event.actor.id == "7"
        assert event.application is not None
        assert (event.application.id, event.application.gid) == ("-3", "0")
        assert event.resource is not None
        assert event.resource.id == "12"
        assert event.targets is not None
        assert event.targets[0].id == "9"
        assert event.context is not None
        assert (event.context.session, event.context.trace) == ("5", "8")

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            *((name, f"did you mean {known!r}?") for name, known in ALIASES.items()),
            ("createdAt", "did you mean 'time'?"),
            ("environment", "the ingest key says which environment it is"),
            ("colour", "put your own data in `details`"),
        ],
    )
    def test_knows_what_others_call_a_field(self, name: str, hint: str) -> None:
        assert told({"type": "X", name: "y"}) == {f"/{name}": f"unknown field; {hint}"}

    def test_says_how_many_more_there_are(self) -> None:
        problems = fit({"type": "X", **{f"a{n}": n for n in range(100)}})[1]
        assert len(problems) == MAX_PROBLEMS + 1
        assert problems[-1].message == "80 more problems of this event"

    @given(st.dictionaries(names, values, max_size=8))
    def test_fits_what_msgspec_takes_and_points_into_what_it_does_not(
        self, document: dict[str, Any]
    ) -> None:
        fitting, problems = fit(document)
        try:
            taken = msgspec.convert(document, SubmittedEvent)
        except msgspec.ValidationError:
            taken = None
        if taken is not None:
            assert problems == ()
        if not problems:
            event = msgspec.convert(fitting, SubmittedEvent)
            assert taken is None or event == taken
        else:
            msgspec.convert({"type": "?", **fitting}, SubmittedEvent)
            assert len({p.pointer for p in problems}) == len(problems)
