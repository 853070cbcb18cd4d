"""The reference for people has all that the document for programs has."""

from __future__ import annotations

import pytest
from django.test import Client

from audit.rest.problem_types import PROBLEMS
from audit.rest.schema.declare import array, or_null, ref
from audit.rest.schema.document import openapi_document
from audit.rest.schema.pages import Part, reference, sentence, type_in_words
from audit.rest.schema.shapes import SHAPES, TEXT

pytestmark = pytest.mark.django_db


class TestPage:
    @pytest.fixture
    def page(self) -> str:
        answer = Client().get("/api/docs/")
        assert answer.status_code == 200
        return answer.content.decode()

    def test_tells_every_operation_and_parameter(self, page: str) -> None:
        for path, methods in openapi_document()["paths"].items():
            assert path in page
            for operation in methods.values():
                assert f'id="{operation["operationId"]}"' in page
                for parameter in operation.get("parameters", ()):
                    name = parameter["name"].removeprefix("exclude_")
                    assert f"<code>{name}</code>" in page

    def test_tells_every_shape_and_problem(self, page: str) -> None:
        for name in SHAPES:
            assert f'id="shape-{name}"' in page
        for slug in PROBLEMS:
            assert f"urn:audit:problem:{slug}" in page

    def test_leads_nowhere_that_isnt_there(self, page: str) -> None:
        links = {part.partition('"')[0] for part in page.split('href="#')[1:]}
        assert links
        assert [link for link in links if f'id="{link}"' not in page] == []

    def test_keeps_to_the_content_policy(self, page: str) -> None:
        assert " style=" not in page
        assert "<style" not in page
        assert "<script>" not in page
        assert "http://testserver/api/v1/events" in page
        assert "`" not in page


class TestCurl:
    def test_has_what_the_operation_needs(self) -> None:
        entries = {e.id: e for g in reference("https://a.example").groups for e in g.entries}
        assert entries["find_actors"].curl == (
            'curl -X GET "https://a.example/api/v1/actors?prefix=ann" \\\n'
            '  -H "Authorization: Bearer $TOKEN"'
        )
        assert "facet=country&facet=browser" in entries["get_facets"].curl
        assert "$KEY" in entries["record_events"].curl
        assert "Authorization" not in entries["get_limits"].curl


class TestSentence:
    def test_sets_code_apart(self) -> None:
        assert sentence("Send `a`.") == (
            Part(text="Send ", is_code=False),
            Part(text="a", is_code=True),
            Part(text=".", is_code=False),
        )


class TestTypeInWords:
    @pytest.mark.parametrize(
        ("schema", "words", "shape"),
        [
            (TEXT, "string", ""),
            (or_null(TEXT), "string or null", ""),
            (array(ref("Event")), "list of Event", "Event"),
            (or_null(ref("Place")), "Place or null", "Place"),
            ({"type": "string", "format": "date-time"}, "date-time", ""),
            ({"type": "string", "enum": ["a", "b"]}, "a · b", ""),
            ({"type": "integer", "minimum": 1, "maximum": 1000}, "integer, 1 to 1,000", ""),
            ({}, "anything", ""),
        ],
    )
    def test_says_what_is_allowed(self, schema: dict, words: str, shape: str) -> None:
        typed = type_in_words(schema)
        assert (typed.words, typed.shape) == (words, shape)
