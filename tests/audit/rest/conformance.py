"""Does an answer keep to what the OpenAPI document says of its route?"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import jsonschema_rs

from audit.rest.schema.document import openapi_document

SKIPPED_METHODS = frozenset({"OPTIONS"})


def check_conformance(method: str, path: str, answer: Any) -> None:
    """Raise AssertionError where status, type, headers or body are not declared.

    What no route answers, and a method that a route doesn't have, is declared nowhere: 404, 405.
    """
    template = _template_of(path)
    if template is None or method in SKIPPED_METHODS or answer.status_code == 405:
        return
    methods = openapi_document()["paths"][template]
    declared = methods.get("get" if method == "HEAD" else method.lower())
    if declared is None:
        assert answer.status_code in (401, 403, 405), f"{method} {template} is not declared"
        return
    where = f"{method} {template} {answer.status_code}"
    response = declared["responses"].get(str(answer.status_code))
    assert response is not None, f"{where} is not declared: {answer.content!r:.300}"
    content = response.get("content", {})
    if method == "HEAD" or not content:
        assert not getattr(answer, "content", b""), f"{where} is declared without a body"
        return
    media_type = answer.headers["Content-Type"].partition(";")[0]
    assert media_type in content or "*/*" in content, f"{where} has {media_type}"
    if media_type.endswith("json") and not answer.streaming:
        _validator(template, method.lower(), str(answer.status_code), media_type).validate(
            answer.json()
        )


@lru_cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    """Longest first: a word of its own comes before a place for any id."""
    paths = sorted(openapi_document()["paths"], key=lambda path: ("{" in path, path))
    return [(re.compile(re.sub(r"\{[^}]*\}", "[0-9a-f-]{36}", path)), path) for path in paths]


def _template_of(path: str) -> str | None:
    return next((path_ for pattern, path_ in _templates() if pattern.fullmatch(path)), None)


@lru_cache
def _validator(template: str, method: str, status: str, media_type: str) -> Any:
    document = openapi_document()
    content = document["paths"][template][method]["responses"][status]["content"][media_type]
    return jsonschema_rs.validator_for(
        {**content["schema"], "components": {"schemas": document["components"]["schemas"]}}
    )
