"""The OpenAPI document says everything, and says it right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from audit.query.search.moments import parse_moment
from audit.query.search.parameters import PARAMETERS
from audit.rest.events import AuditView
from audit.rest.problem_types import PROBLEMS
from audit.rest.schema.document import (
    Undeclared,
    declared,
    groups,
    openapi_document,
    problems_of,
)
from audit.rest.schema.shapes import SHAPES
from audit.vocabulary.document import MEMBERS

ANYWHERE = {"method-not-allowed", "error", "length-required", "not-found", "head-too-large"}


def views(resolver: Any = None) -> Iterator[AuditView]:
    """Every view of the API that the project routes to."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "cls", None)
            if isinstance(view, type) and issubclass(view, AuditView):
                yield view(**pattern.callback.initkwargs)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in openapi_document()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


class TestDocument:
    def test_has_every_route_and_method(self) -> None:
        answered = {
            view.operation_name(method)
            for view in views()
            for method in ("get", "post", "put", "patch", "delete")
            if hasattr(view, method)
        }
        assert answered == set(declared())
        assert len(list(operations())) == len(declared())

    def test_refuses_a_route_of_which_nothing_is_declared(self) -> None:
        class NewView(AuditView):
            def get(self) -> None: ...

        view = NewView()
        with pytest.raises(Undeclared, match=r"NewView\.get"):
            view.schema.get_operation("/new", "/new", "", "GET", None)

    def test_is_valid_openapi(self) -> None:
        schemathesis.openapi.from_dict(openapi_document()).validate()

    def test_is_told_to_anybody_as_it_is(self, db: None) -> None:
        answer = Client().get("/api/v1/openapi.json")
        told = answer.json()
        assert told.pop("servers") == [{"url": "http://testserver"}]
        assert told == json.loads(json.dumps(openapi_document()))

    def test_names_each_operation_once_in_a_group_that_there_is(self) -> None:
        ids = [operation["operationId"] for _, _, operation in operations()]
        assert len(ids) == len(set(ids))
        tags = {tag for _, _, operation in operations() for tag in operation["tags"]}
        assert tags == set(groups())

    def test_declares_every_filter_of_a_search(self) -> None:
        search = openapi_document()["paths"]["/api/v1/events"]["get"]
        declared = {parameter["name"] for parameter in search["parameters"]}
        assert declared == PARAMETERS | {"cursor", "page_size", "order", "fields"}

    def test_declares_every_member_of_an_event(self) -> None:
        assert tuple(SHAPES["Event"]["properties"]) == tuple(MEMBERS)

    def test_declares_every_problem_where_it_may_come(self) -> None:
        told = {slug for operation in declared().values() for slug in problems_of(operation)}
        assert told | ANYWHERE == set(PROBLEMS)


class TestForGenerators:
    """What stopped a generator, or its client, once."""

    def test_demands_no_member_that_may_be_left_out(self) -> None:
        sent = SHAPES["SubmittedEvent"]
        assert sent["required"] == ["type"]
        assert '"default"' not in json.dumps(dict(SHAPES))

    def test_lets_an_object_have_any_members(self) -> None:
        def objects(schema: Any) -> Iterator[dict[str, Any]]:
            for value in schema.values() if isinstance(schema, dict) else schema:
                if isinstance(value, dict | list):
                    yield from objects(value)
            if isinstance(schema, dict) and schema.get("type") == "object":
                yield schema

        found = list(objects(dict(SHAPES)))
        assert found
        assert all(o.keys() & {"properties", "additionalProperties"} for o in found)

    def test_answers_in_one_media_type_a_status(self) -> None:
        for path, method, operation in operations():
            for status, response in operation["responses"].items():
                assert len(response.get("content", {})) <= 1, (path, method, status)

    @pytest.mark.parametrize(
        ("name", "kind"), [("sender", "integer"), ("exclude_key", "integer"), ("fields", "string")]
    )
    def test_gives_filters_a_form(self, name: str, kind: str) -> None:
        search = openapi_document()["paths"]["/api/v1/events"]["get"]
        (schema,) = (p["schema"] for p in search["parameters"] if p["name"] == name)
        assert (schema["type"], schema["items"]["type"]) == ("array", kind)
        assert name != "fields" or schema["items"]["enum"] == list(MEMBERS)

    @pytest.mark.parametrize(
        "text",
        [
            *("2026-03-05T09:00:00Z", "2026-03-05T09:00:00.123456+01:00", "2026-03-05t09:00:00z"),
            *("2026-03-05", "-24h", "-30m", "-7d", "-2w", "now"),
        ],
    )
    def test_knows_every_form_of_a_time(self, text: str) -> None:
        assert parse_moment(text, now=datetime.now(UTC))
        search = openapi_document()["paths"]["/api/v1/events"]["get"]
        (schema,) = (p["schema"] for p in search["parameters"] if p["name"] == "from")
        assert re.search(schema["pattern"], text)
        assert not re.search(schema["pattern"], "yesterday")


class TestExamples:
    @pytest.mark.parametrize(
        ("where", "content"),
        [
            pytest.param(where, content, id=where)
            for path, method, operation in operations()
            for where, content in [
                *(
                    (f"{method} {path} {status} {kind}", content)
                    for status, response in operation["responses"].items()
                    for kind, content in response.get("content", {}).items()
                ),
                *(
                    (f"{method} {path} sent as {kind}", content)
                    for kind, content in operation.get("requestBody", {}).get("content", {}).items()
                ),
            ]
        ],
    )
    def test_keep_to_their_schemas(self, where: str, content: dict[str, Any]) -> None:
        schema = {**content["schema"], "components": {"schemas": dict(SHAPES)}}
        given = [content["example"]] if "example" in content else []
        given += [example["value"] for example in content.get("examples", {}).values()]
        for example in given:
            jsonschema_rs.validator_for(schema).validate(example)

    def test_are_there_for_every_answer_that_is_json(self) -> None:
        for path, method, operation in operations():
            for status, response in operation["responses"].items():
                for kind, content in response.get("content", {}).items():
                    if kind.endswith("json"):
                        assert content.keys() & {"example", "examples"}, (path, method, status)

    def test_of_an_event_can_be_sent(self, post: Any) -> None:
        recording = openapi_document()["paths"]["/api/v1/events"]["post"]
        example = recording["requestBody"]["content"]["application/json"]["example"]
        assert post(example).status_code == 201
