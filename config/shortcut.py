"""Records submissions without Django's handling of each, where their heads are known.

What middleware and views make of the head of a submission (is the host ours, may that site's pages
ask, is it JSON, which headers go out) depends on the head alone. So Django is asked once, and its
answer is cached; the key is resolved every time. Whatever can't plainly be recorded goes to Django,
which has the answers to what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from audit.ingest.format import Format
from audit.record.idempotency import StoredAnswer
from audit.rest.fast_path import RawSubmission, answer_one, answer_together
from audit.rest.problem_types import RETRY_SECONDS
from audit.rest.verdicts import media_type_of

from .answer import Messages
from .head import Scope
from .ingest_paths import ingest_paths

MAX_HEADS = 1_000
SMALL_BYTES = 2**14
# They differ from request to request, and nothing in Django reads them for the answer.
IGNORED_HEADERS = frozenset(
    {b"content-length", b"traceparent", b"tracestate", b"x-forwarded-for", b"x-request-id"}
)
# A request with one of these is Django's to answer each time.
UNCACHED_HEADERS = frozenset({b"content-encoding", b"cookie", b"idempotency-key"})
SINGLE_HEADERS = (b"authorization", b"content-type")
BODY_HEADERS = frozenset({b"content-length", b"content-type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHead:
    """Django's answer to a head; headers: of its answer, without those that describe the body."""

    form: Format
    content_type: str
    headers: Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSubmission:
    head: KnownHead
    sent: RawSubmission


class KnownHeads:
    """`config.asgi.Shortcut` of one process; paths: what is submitted there, in which format."""

    def __init__(self, paths: Mapping[str, Format]) -> None:
        self._paths = paths
        self._heads: dict[bytes, KnownHead] = {}

    def find(self, scope: Scope, body: bytes) -> KnownSubmission | None:
        if scope["path"] not in self._paths:
            return None
        head = self._heads.get(_digest(scope))
        if head is None:
            return None
        headers = scope["headers"]
        authorization = next(value for name, value in headers if name == b"authorization")
        return KnownSubmission(
            head=head,
            sent=RawSubmission(
                token=authorization.decode("latin-1").strip().partition(" ")[2].strip(),
                address=(scope.get("client") or (None,))[0],
                forwarded_for=b",".join(v for n, v in headers if n == b"x-forwarded-for").decode(
                    "latin-1"
                ),
                content_type=head.content_type,
                body=body,
                form=head.form,
            ),
        )

    def is_small(self, submission: KnownSubmission) -> bool:
        return len(submission.sent.body) <= SMALL_BYTES

    def answer_small(self, submissions: Sequence[KnownSubmission]) -> list[Messages | None]:
        answers = answer_together([one.sent for one in submissions])
        return [_messages(one, a) for one, a in zip(submissions, answers, strict=True)]

    def answer(self, submission: KnownSubmission) -> Messages | None:
        return _messages(submission, answer_one(submission.sent))

    def learn(self, scope: Scope, answer: Messages) -> None:
        form = self._paths.get(scope["path"])
        if form is None or scope["method"] != "POST" or scope["query_string"]:
            return
        names = [name for name, _ in scope["headers"]]
        if not UNCACHED_HEADERS.isdisjoint(names) or any(
            names.count(n) != 1 for n in SINGLE_HEADERS
        ):
            return
        start = answer[0]
        if start["type"] != "http.response.start" or start["status"] != 201:
            return
        headers = start["headers"]
        if any(name == b"set-cookie" for name, _ in headers):
            return
        if len(self._heads) >= MAX_HEADS:
            del self._heads[next(iter(self._heads))]
        media = next(value for name, value in scope["headers"] if name == b"content-type")
        self._heads[_digest(scope)] = KnownHead(
            form=form,
            content_type=media.decode("latin-1"),
            headers=[(n, v) for n, v in headers if n not in BODY_HEADERS],
        )


def _digest(scope: Scope) -> bytes:
    """No name or value of a header holds a NUL or a line's end."""
    pieces = [
        scope["method"].encode(),
        scope["path"].encode(),
        scope["query_string"],
        scope.get("root_path", "").encode(),
        scope.get("scheme", "").encode(),
        scope["http_version"].encode(),
    ]
    for name, value in scope["headers"]:
        if name not in IGNORED_HEADERS:
            pieces += (name, value)
    return blake2b(b"\0".join(pieces), digest_size=32).digest()


def _messages(submission: KnownSubmission, answered: StoredAnswer | None) -> Messages | None:
    if answered is None:
        return None
    headers = [*submission.head.headers, (b"content-length", str(len(answered.body)).encode())]
    if answered.status == 503:
        headers.append((b"retry-after", str(RETRY_SECONDS).encode()))
    headers.append((b"content-type", media_type_of(answered).encode()))
    return [
        {"type": "http.response.start", "status": answered.status, "headers": headers},
        {"type": "http.response.body", "body": answered.body},
    ]


def make_shortcut() -> KnownHeads | None:
    """Return the shortcut of the addresses at which this project is sent events, if it is."""
    paths = ingest_paths()
    return KnownHeads(paths) if paths else None
