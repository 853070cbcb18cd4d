"""The OpenAPI document: every route of this API that the project serves, as it is declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol, cast

from django.conf import settings
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from audit.rest.problem_types import MEDIA_TYPE, PREFIX, PROBLEMS

from . import evidence, exporting, others, recording, searching
from .declare import INGEST_KEY, READ_TOKEN, SESSION, Answer, Operation, Parameter
from .shapes import SHAPES

OPERATIONS: Mapping[str, Operation] = {
    **recording.OPERATIONS,
    **searching.OPERATIONS,
    **exporting.OPERATIONS,
    **evidence.OPERATIONS,
    **others.OPERATIONS,
}
# What any operation may answer: of the first two those that ask who is there.
ALWAYS = ("unauthenticated", "forbidden", "too-many-requests", "not-acceptable", "unavailable")
FOR_SOMEBODY = frozenset({"unauthenticated", "forbidden", "too-many-requests"})
VERSION = "1"


class Undeclared(Exception):
    """A route answers a method of which nothing is declared."""


class Declared(Protocol):
    def operation_name(self, method: str) -> str:
        """Return under which name a method of a view is in `OPERATIONS`."""


class DeclaredSchema(AutoSchema):
    """A view's operations are what is declared of them, not what could be guessed: in `OPERATIONS`,
    or where a view of the host's own, made of `AuditView`, brings them as its `operations`.
    """

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> dict[str, Any]:
        name = cast(Declared, self.view).operation_name(method.lower())
        known = getattr(self.view, "operations", OPERATIONS)
        if name not in known:
            raise Undeclared(f"{method} {path}: audit.rest.schema has no {name!r}.")
        return operation_object(known[name])


class _Ours(EndpointEnumerator):
    """The views that are declared here; a host's own are not ours to tell."""

    def should_include_endpoint(self, path: str, callback: Any) -> bool:
        return isinstance(
            getattr(getattr(callback, "cls", None), "schema", None), DeclaredSchema
        ) and super().should_include_endpoint(path, callback)


class DocumentGenerator(SchemaGenerator):
    endpoint_inspector_cls = _Ours


@lru_cache(maxsize=1)
def declared() -> Mapping[str, Operation]:
    """Return all operations, the host's own last."""
    own: dict[str, Operation] = {}
    for _path, _regex, _method, callback in _Ours().get_api_endpoints():  # type: ignore[no-untyped-call]
        own |= getattr(callback.cls, "operations", {})
    return {**OPERATIONS, **own}


def groups() -> Sequence[str]:
    """Return the groups of operations, in their order."""
    return tuple(dict.fromkeys(operation.group for operation in declared().values()))


def served_document(origin: str) -> dict[str, Any]:
    """Return the document with where it is served, such as https://audit.example.org."""
    return {**openapi_document(), "servers": [{"url": origin}]}


@lru_cache(maxsize=1)
def openapi_document() -> dict[str, Any]:
    """Return the document. Raises Undeclared."""
    generator = DocumentGenerator()  # type: ignore[no-untyped-call]
    paths = generator.get_schema(public=True)["paths"]  # type: ignore[no-untyped-call]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sightline",
            "version": VERSION,
            "description": "The audit log of every environment: record events, find events.",
        },
        "tags": [{"name": group} for group in groups()],
        "paths": paths,
        "components": {"schemas": dict(SHAPES), "securitySchemes": _security()},
    }


def _security() -> dict[str, Any]:
    return {
        INGEST_KEY: {
            "type": "http",
            "scheme": "bearer",
            "description": "An ingest key: recording.",
        },
        READ_TOKEN: {"type": "http", "scheme": "bearer", "description": "A read token: reading."},
        SESSION: {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The session of a browser: reading.",
        },
    }


def operation_object(operation: Operation) -> dict[str, Any]:
    """Return the Operation Object of OpenAPI 3.1."""
    told: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.group],
        "summary": operation.title,
        "description": operation.says,
        "security": [{scheme: []} for scheme in operation.who],
    }
    if operation.parameters:
        told["parameters"] = [_parameter(each) for each in operation.parameters]
    if operation.body is not None:
        body = operation.body
        told["requestBody"] = {
            "required": True,
            "description": body.says,
            "content": {
                kind: _content(schema, body.examples.get(kind))
                for kind, schema in body.content.items()
            },
        }
    told["responses"] = _responses(operation)
    return told


def problems_of(operation: Operation) -> tuple[str, ...]:
    """Return the slugs of all problems that an operation may answer with, by status.

    Of those that every operation has not what one answers with that status itself.
    """
    common = [
        slug
        for slug in ALWAYS
        if (operation.who or slug not in FOR_SOMEBODY)
        and PROBLEMS[slug][0] not in operation.answers
    ]
    return tuple(
        sorted(dict.fromkeys((*operation.problems, *common)), key=lambda slug: PROBLEMS[slug][0])
    )


def _parameter(parameter: Parameter) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.is_required,
        "description": parameter.says,
        "schema": parameter.schema,
    }
    if parameter.example is not None:
        told["example"] = parameter.example
    return told


def _responses(operation: Operation) -> dict[str, Any]:
    told: dict[str, dict[str, Any]] = {
        str(status): _response(answer) for status, answer in operation.answers.items()
    }
    for slug in problems_of(operation):
        status, title = PROBLEMS[slug]
        response = told.setdefault(str(status), {"description": f"{title}."})
        content = response.setdefault("content", {}).setdefault(
            MEDIA_TYPE, {"schema": {"$ref": "#/components/schemas/Problem"}}
        )
        own = {"answer": {"value": content.pop("example")}} if "example" in content else {}
        content.setdefault("examples", own)[slug] = {
            "summary": title,
            "value": {"type": PREFIX + slug, "title": title, "status": status, "detail": "…"},
        }
        if status in (429, 503):
            response.setdefault("headers", {})["Retry-After"] = {
                "description": "Seconds to wait.",
                "schema": {"type": "integer"},
            }
    return dict(sorted(told.items()))


def _response(answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"description": answer.says}
    if answer.schema is not None:
        told["content"] = {answer.media_type: _content(answer.schema, answer.example)}
    if answer.headers:
        told["headers"] = {
            name: {"description": says, "schema": {"type": "string"}}
            for name, says in answer.headers.items()
        }
    return told


def _content(schema: Any, example: Any) -> dict[str, Any]:
    return {"schema": schema} | ({"example": example} if example is not None else {})
