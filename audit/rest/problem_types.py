"""Lists the types of problem documents (RFC 9457), as docs/api.md does.

Plain Python: what answers in front of Django takes them from here, too.
"""

from __future__ import annotations

from typing import Any

MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:audit:problem:"
NO_STORE = "private, no-store"
# After so long, what couldn't be done for now may be tried again.
RETRY_SECONDS = 5

# slug: status, title
PROBLEMS: dict[str, tuple[int, str]] = {
    "not-readable": (400, "The body can't be read"),
    "bad-compression": (400, "The body is not compressed as its header says"),
    "bad-parameter": (400, "A parameter is unknown, or its value is"),
    "bad-cursor": (400, "The cursor was changed or belongs to another search"),
    "bad-request": (400, "The request can't be understood"),
    "unauthenticated": (401, "No valid token"),
    "forbidden": (403, "The token is for another door"),
    "not-allowed": (403, "You may see this, and have no role to do so with it"),
    "unknown-environment": (403, "The key is for an environment that is not known here"),
    "not-found": (404, "Nothing is here"),
    "not-signed": (404, "The event is recorded, and no checkpoint is signed over it yet"),
    "method-not-allowed": (405, "The method isn't allowed here"),
    "not-acceptable": (406, "Only application/json is spoken here"),
    "cannot-export": (409, "The export can't be made or had now"),
    "timeout": (408, "The body didn't come in time"),
    "conflict": (409, "No event is in: other content is recorded under these ids and times"),
    "in-flight": (409, "The same request is being worked on"),
    "length-required": (411, "The body's length is missing"),
    "too-large": (413, "The body is too large"),
    "too-many-events": (413, "The request holds too many events"),
    "unsupported-media-type": (415, "The body's type or encoding isn't spoken here"),
    "rejected": (422, "No event is in: at least one was rejected"),
    "idempotency-key-reused": (422, "The Idempotency-Key was used for another body"),
    "too-many-requests": (429, "Too many requests"),
    "head-too-large": (431, "The head of the request is too large"),
    "too-many-searches": (503, "Too many searches are at work"),
    "error": (500, "Something is broken here"),
    "not-recorded": (503, "Nothing was recorded; send again"),
    "broken-log": (503, "The log does not hold what it should; an alarm is raised"),
    "unavailable": (503, "The service is not available"),
}


def problem(slug: str, detail: str, **more: Any) -> dict[str, Any]:
    """Return a problem document; more: its extension members."""
    code, title = PROBLEMS[slug]
    return {"type": PREFIX + slug, "title": title, "status": code, "detail": detail, **more}
