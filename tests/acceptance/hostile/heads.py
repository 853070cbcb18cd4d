"""Requests whose head is wrong: whole, as bytes on the socket. `{key}` is a key that is good."""

from __future__ import annotations

from dataclasses import dataclass

BODY = b'{"type":"HOSTILE"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """status: the answer's, or None where the connection may just end; stored: events recorded"""

    name: str
    sent: bytes
    status: int | None
    stored: int = 0


def post(
    name: str,
    *headers: str,
    status: int | None,
    path: str = "/api/v1/events",
    method: str = "POST",
    version: str = "HTTP/1.1",
    host: str = "Host: localhost",
    key: str = "Authorization: Bearer {key}",
    kind: str = "Content-Type: application/json",
    body: bytes = BODY,
    length: str | None = "Content-Length: {length}",
    stored: int = 0,
) -> Head:
    given = [line for line in (host, key, kind, length, *headers) if line]
    head = "\r\n".join([f"{method} {path} {version}", *given, "", ""])
    head = head.replace("{length}", str(len(body)))
    return Head(name=name, sent=head.encode("latin-1") + body, status=status, stored=stored)


AUTHENTICATION = [
    post("no key", status=401, key=""),
    post("an empty Authorization", status=401, key="Authorization:"),
    post("a scheme alone", status=401, key="Authorization: Bearer"),
    post("another scheme", status=401, key="Authorization: Basic YTpi"),
    post("no scheme", status=401, key="Authorization: {key}"),
    post("a key that is cut", status=401, key="Authorization: Bearer sli_abc"),
    post("a key that is unknown", status=401, key="Authorization: Bearer sli_" + "0" * 38),
    post("a key of 100 KB", status=431, key="Authorization: Bearer " + "a" * 100_000),
    post("a key of 10 KB", status=401, key="Authorization: Bearer " + "a" * 10_000),
    post("a key in Latin-1", status=401, key="Authorization: Bearer ä"),
    post("a key with a blank inside", status=401, key="Authorization: Bearer {key} x"),
    post("a key with SQL", status=401, key="Authorization: Bearer ' OR 1=1 --"),
    post("two keys", "Authorization: Bearer x", status=401),
    post("a key in the address", status=401, key="", path="/api/v1/events?key={key}"),
    post("a key in a cookie", "Cookie: key={key}", status=401, key=""),
    post("a key as X-Api-Key", "X-Api-Key: {key}", status=401, key=""),
    post("a read token", status=403, key="Authorization: Bearer {token}"),
    post("a key in the wrong place", status=403, method="GET", body=b""),
    post("the scheme in capitals", status=201, key="Authorization: BEARER {key}", stored=1),
    post("two blanks", status=201, key="Authorization: Bearer   {key}", stored=1),
]
MEDIA = [
    post("no type", status=415, kind=""),
    post("a form", status=415, kind="Content-Type: application/x-www-form-urlencoded"),
    post("multipart", status=415, kind="Content-Type: multipart/form-data"),
    post("text", status=415, kind="Content-Type: text/plain"),
    post("XML", status=415, kind="Content-Type: application/xml"),
    post("no type that is one", status=415, kind="Content-Type: ;;;"),
    post("a type of 8 KB", status=415, kind="Content-Type: " + "a" * 8_000),
    post("HTML wanted", "Accept: text/html", status=406),
    post("a charset", status=201, kind="Content-Type: application/json; charset=utf-8", stored=1),
    post("a type in capitals", status=201, kind="Content-Type: APPLICATION/JSON", stored=1),
    post("an empty Idempotency-Key", "Idempotency-Key:", status=400),
    post("a long Idempotency-Key", "Idempotency-Key: " + "a" * 256, status=400),
    post("an Idempotency-Key in Latin-1", "Idempotency-Key: ä", status=400),
]
METHODS = [
    post("PUT", method="PUT", status=405),
    post("PATCH", method="PATCH", status=405),
    post("DELETE", method="DELETE", status=405, body=b""),
    post("TRACE", method="TRACE", status=405, body=b""),
    post("CONNECT", method="CONNECT", path="localhost:80", status=None, body=b""),
    post("a method that is none", method="HELLO", status=None),
    post("a method in lower case", method="post", status=None),
    post("a method of 64 KB", method="A" * 65_536, status=None),
]
PATHS = [
    post("an empty path", path="", status=None),
    post("a path that is none", path="api/v1/events", status=None),
    post("a whole address", path="http://localhost/api/v1/events", status=201, stored=1),
    post("a slash too many", path="/api/v1/events/", status=404),
    post("two slashes", path="//api/v1/events", status=404),
    post("dots", path="/api/v1/../v1/events", status=404),
    post("a byte that is not UTF-8", path="/api/v1/%ff", status=404),
    post("a byte 0", path="/api/v1/events%00", status=404),
    post("half an escape", path="/api/v1/events%", status=404),
    post("a path of 100 KB", path="/" + "a" * 100_000, status=None),
    post("a query of 100 KB", path="/api/v1/events?" + "a" * 100_000, status=None),
    post("a query that is not UTF-8", path="/api/v1/events?%ff=%fe", status=201, stored=1),
    post("thousands of parameters", path="/api/v1/events?" + "a&" * 3_000, status=400),
    post("a fragment", path="/api/v1/events#x", status=201, stored=1),
]
HEADERS = [
    post("no Host", status=400, host=""),
    post("an unknown Host", status=400, host="Host: evil.example"),
    post("two Hosts", "Host: evil.example", status=400),
    post("a Host that is none", status=400, host="Host: a b"),
    post("a header of 100 KB", "X-A: " + "a" * 100_000, status=431),
    post("ten thousand headers", *(f"X-{n}: 1" for n in range(10_000)), status=431),
    post("a header without a colon", "nothing", status=400),
    post("a header without a name", ": x", status=400),
    post("a header with a blank in its name", "X A: x", status=400),
    post("a byte 0 in a header", "X-A: a\0b", status=400),
    post("a CR in a header", "X-A: a\rb", status=400),
    post("a folded header", "X-A: a\r\n  b", status=None, stored=-1),
    post("a header in Latin-1", "X-A: äöü", status=201, stored=1),
    post("underscores", "X_Forwarded_For: 1.2.3.4", status=201, stored=1),
    post("X-Forwarded-For that is none", "X-Forwarded-For: <x>,,;", status=201, stored=1),
    post("HTTP/1.0", version="HTTP/1.0", status=201, stored=1),
    post("HTTP/0.9", version="HTTP/0.9", status=None, stored=-1),
    post("HTTP/9.9", version="HTTP/9.9", status=None, stored=-1),
    post("no version", version="", status=None),
    post("no protocol", version="HTCPCP/1.0", status=None),
    post("an upgrade", "Connection: Upgrade", "Upgrade: websocket", status=None, stored=-1),
    Head(name="HTTP/2", sent=b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status=None),
    Head(name="TLS", sent=bytes.fromhex("160301020001000 1fc0303".replace(" ", "")), status=None),
    Head(name="bytes 0", sent=bytes(1_000), status=None),
    Head(name="line feeds", sent=b"\n" * 1_000, status=None),
    Head(name="another protocol", sent=b"EHLO localhost\r\n", status=None),
]
LENGTHS = [
    post("no length", status=None, length=""),
    post("a length that is no number", status=400, length="Content-Length: ten"),
    post("a negative length", status=400, length="Content-Length: -1"),
    post("a length with a plus", status=400, length="Content-Length: +18"),
    post("a length in hexadecimal", status=400, length="Content-Length: 0x12"),
    post("a length beyond 2^64", status=None, length="Content-Length: " + "9" * 30),
    post("a length beyond the limit", status=413, length="Content-Length: 999999999"),
    post("two lengths", "Content-Length: 5", status=400),
    post("a list of lengths", status=400, length="Content-Length: 18, 18"),
    post("a length that is too short", status=400, length="Content-Length: 5"),
    post("a length and chunks", "Transfer-Encoding: chunked", status=None),
    post(
        "chunks that are none",
        status=400,
        length="Transfer-Encoding: chunked",
        body=b"hello\r\n",
    ),
    post(
        "a chunk without an end",
        status=400,
        length="Transfer-Encoding: chunked",
        body=b"5\r\nhelloworld\r\n0\r\n\r\n",
    ),
    post(
        "a chunk of a negative size",
        status=400,
        length="Transfer-Encoding: chunked",
        body=b"-5\r\nhello\r\n0\r\n\r\n",
    ),
    post(
        "a chunk beyond 2^64",
        status=400,
        length="Transfer-Encoding: chunked",
        body=b"fffffffffffffffff\r\n",
    ),
    post(
        "no chunk",
        status=400,
        length="Transfer-Encoding: chunked",
        body=b"0\r\n\r\n",
    ),
    post(
        "chunks, with an extension and a trailer",
        status=201,
        length="Transfer-Encoding: chunked",
        body=b"12;x=1\r\n" + BODY + b"\r\n0\r\nX-A: b\r\n\r\n",
        stored=1,
    ),
    post(
        "an encoding of the transfer that is none",
        status=None,
        length="Transfer-Encoding: xchunked",
    ),
]
HEADS: list[Head] = [*AUTHENTICATION, *MEDIA, *METHODS, *PATHS, *HEADERS, *LENGTHS]
