"""Bodies that are too much: compressed, nested, long, many; and lists of good and bad."""

from __future__ import annotations

import gzip
import zlib

import zstandard

from .row import LINES, Row, detail, recorded, rejected, unreadable

MIB = 2**20
E = b'{"type":"HOSTILE"}'
BAD = b'{"type":"HOSTILE","actr":1}'
GZIP = {"Content-Encoding": "gzip"}
ZSTD = {"Content-Encoding": "zstd"}
TOO_LARGE = {"status": 413, "problem": "too-large"}
_zstd = zstandard.ZstdCompressor(level=3).compress


def packed(name: str, body: bytes, encoding: dict[str, str], holds: str = "") -> Row:
    return Row(name=name, body=body, status=201, verdicts="recorded", headers=encoding, holds=holds)


def broken(name: str, body: bytes, encoding: str, problem: str = "bad-compression") -> Row:
    status = 415 if problem == "unsupported-media-type" else 400
    headers = {"Content-Encoding": encoding}
    return Row(name=name, body=body, status=status, problem=problem, headers=headers)


COMPRESSION = [
    broken("plain, called gzip", E, "gzip"),
    broken("plain, called zstd", E, "zstd"),
    broken("zstd, called gzip", _zstd(E), "gzip"),
    broken("gzip, called zstd", gzip.compress(E), "zstd"),
    broken("zlib, called gzip", zlib.compress(E), "gzip"),
    broken("gzip cut", gzip.compress(E * 9)[:-9], "gzip"),
    broken("gzip's head alone", gzip.compress(E)[:10], "gzip"),
    broken("gzip with a wrong checksum", gzip.compress(E)[:-8] + bytes(8), "gzip"),
    broken("gzip with garbage behind", gzip.compress(E) + b"garbage", "gzip"),
    broken("a second member cut", gzip.compress(E) + gzip.compress(E)[:-3], "gzip"),
    broken("zstd cut", _zstd(E * 9)[:-3], "zstd"),
    broken("zstd with garbage behind", _zstd(E) + b"garbage", "zstd"),
    broken("no byte, called zstd", b"", "zstd"),
    broken("no byte, called gzip", b"", "gzip"),
    broken("gzip of nothing", gzip.compress(b""), "gzip", "not-readable"),
    broken("brotli", E, "br", "unsupported-media-type"),
    broken("deflate", zlib.compress(E), "deflate", "unsupported-media-type"),
    broken("gzip twice", gzip.compress(gzip.compress(E)), "gzip, gzip", "unsupported-media-type"),
    broken("an encoding that is long", E, "x" * 1_000, "unsupported-media-type"),
    Row(name="gzip, not said so", body=gzip.compress(E), status=400, problem="not-readable"),
    packed("gzip", gzip.compress(E), GZIP),
    packed("gzip in capitals", gzip.compress(E), {"Content-Encoding": " GZIP "}),
    packed("x-gzip", gzip.compress(E), {"Content-Encoding": "x-gzip"}),
    packed("zstd", _zstd(E), ZSTD),
    packed("identity", E, {"Content-Encoding": "identity"}),
    packed("several gzip members", gzip.compress(E[:9]) + gzip.compress(E[9:]), GZIP),
    packed("several zstd frames", _zstd(E[:9]) + _zstd(E[9:]), ZSTD),
    packed("thousands of empty members", gzip.compress(b"") * 9_000 + gzip.compress(E), GZIP),
]


def _zeros(size: int) -> bytes:
    return gzip.compress(bytes(size), 9)


BOMBS = [
    Row(name="a gigabyte of gzip", body=lambda: _zeros(1024 * MIB), headers=GZIP, **TOO_LARGE),
    Row(
        name="a gigabyte of zstd",
        body=lambda: _zstd(bytes(1024 * MIB)),
        headers=ZSTD,
        **TOO_LARGE,
    ),
    Row(
        name="a bomb in many members",
        body=lambda: _zeros(MIB) * 100,
        headers=GZIP,
        **TOO_LARGE,
    ),
    Row(
        name="64 MiB of nothing",
        body=lambda: _zeros(64 * MIB),
        headers=GZIP,
        status=400,
        problem="not-readable",
    ),
    Row(
        name="64 MiB of white space",
        body=lambda: gzip.compress(b" " * (64 * MIB)),
        headers=GZIP,
        status=400,
        problem="not-readable",
    ),
    Row(
        name="64 MiB of brackets",
        body=lambda: gzip.compress(b"[" * (64 * MIB)),
        headers=GZIP,
        status=400,
        problem="not-readable",
    ),
    Row(
        name="millions of empty lists",
        body=lambda: gzip.compress(b"[" + b"[]," * (16 * MIB) + b"[]]"),
        headers=GZIP,
        status=413,
        problem="too-many-events",
    ),
    Row(
        name="millions of lines",
        body=lambda: gzip.compress(b"0\n" * (16 * MIB)),
        headers=GZIP,
        content_type=LINES,
        status=413,
        problem="too-many-events",
    ),
    Row(
        name="millions of blank lines",
        body=lambda: gzip.compress(b"\n" * (32 * MIB) + E),
        headers=GZIP,
        content_type=LINES,
        status=201,
        verdicts="recorded",
    ),
]
# of an event of 256 KiB
_ROOM = 2**18 - len(detail('""'))
# 250 KB each: small enough to be read, and made of as many values as can be
_LISTS = detail("[" + "[]," * 80_000 + "0]")
_DECIMALS = detail("[" + "1.5," * 60_000 + "0]")
_TWICE = b'{"type":"HOSTILE","details":{"a":[%s0],"b":1,"b":2}}' % (b"{}," * 80_000)
SIZES = [
    unreadable("16 MiB of brackets", lambda: b"[" * (16 * MIB)),
    unreadable("16 MiB of quotes", lambda: b'"' * (16 * MIB)),
    unreadable("16 MiB of backslashes", lambda: b'"' + b"\\" * (16 * MIB - 1)),
    unreadable("16 MiB of commas", lambda: b"[" + b"," * (16 * MIB - 1)),
    rejected("16 MiB of digits", lambda: b"1" * (16 * MIB), "16,777,216 bytes"),
    rejected("15 MiB of one text", lambda: detail('"' + "a" * (15 * MIB) + '"'), "bytes"),
    rejected("15 MiB of one member's name", lambda: b'{"%s":1}' % (b"a" * 15 * MIB), "bytes"),
    rejected("one byte over an event", lambda: detail('"' + "a" * (_ROOM + 1) + '"'), "262,145"),
    recorded("the largest event", lambda: detail('"' + "a" * _ROOM + '"')),
    rejected("65 levels", detail("[" * 63 + "]" * 63), "64 levels"),
    recorded("64 levels", detail("[" * 62 + "]" * 62)),
    recorded("brackets in a text", detail('"' + "[" * 1_000 + '"')),
    rejected("10,000 levels", detail("[" * 10_000 + "]" * 10_000), "64 levels"),
    rejected("100,000 levels", detail("[" * 100_000 + "]" * 100_000), "64 levels"),
    rejected("100,000 levels of objects", detail('{"a":' * 40_000 + "0" + "}" * 40_000), "levels"),
    Row(name="over 16 MiB", body=lambda: b"[" * (16 * MIB + 1), **TOO_LARGE),
    Row(
        name="60 events of 80,000 lists",
        body=lambda: b"[" + b",".join([_LISTS] * 60) + b"]",
        status=201,
        verdicts="recorded*60",
    ),
    Row(
        name="60 events of 60,000 decimals",
        body=lambda: b"[" + b",".join([_DECIMALS] * 60) + b"]",
        status=201,
        verdicts="recorded*60",
    ),
    Row(
        name="60 events of 80,000 objects and a key twice",
        body=lambda: b"[" + b",".join([_TWICE] * 60) + b"]",
        status=422,
        verdicts="rejected*60",
    ),
]
MANY = [
    Row(
        name="10,000 events",
        body=lambda: b"[" + b",".join([E] * 10_000) + b"]",
        status=201,
        verdicts="recorded*10000",
    ),
    Row(
        name="10,000 events with a key twice",
        body=lambda: b"[" + b",".join([b'{"type":"X","details":{"a":1,"a":2}}'] * 10_000) + b"]",
        status=422,
        verdicts="rejected*10000",
    ),
    Row(
        name="10,000 numbers",
        body=b"[" + b",".join([b"0"] * 10_000) + b"]",
        status=422,
        verdicts="rejected*10000",
    ),
    Row(
        name="10,001 events",
        body=b"[" + b",".join([b"{}"] * 10_001) + b"]",
        status=413,
        problem="too-many-events",
    ),
    Row(
        name="10,001 lines",
        body=b"{}\n" * 10_001,
        content_type=LINES,
        status=413,
        problem="too-many-events",
    ),
    Row(
        name="10,001 in an envelope",
        body=b'{"events":[' + b",".join([b"{}"] * 10_001) + b"]}",
        status=413,
        problem="too-many-events",
    ),
    Row(
        name="good and bad",
        body=b"[%s,%s,7,%s]" % (E, BAD, E),
        status=200,
        verdicts="recorded rejected rejected recorded",
    ),
    Row(
        name="an odd one among good ones",
        body=b"[%s,%s,%s]" % (E, detail("[" * 5_000 + "]" * 5_000), E),
        status=200,
        verdicts="recorded rejected recorded",
    ),
    Row(
        name="half a pair among good ones",
        body=b"[%s,%s,%s]" % (E, detail(r'"\ud800"'), E),
        status=200,
        verdicts="recorded rejected recorded",
    ),
    Row(
        name="the same event twice",
        body=b'[{"type":"HOSTILE","id":"t2","time":"2026-03-05T09:00:00Z"},'
        b'{"time":"2026-03-05T10:00:00+01:00","id":"t2","type":"HOSTILE"}]',
        status=201,
        verdicts="recorded duplicate",
    ),
    Row(
        name="the same id with other content",
        body=b'[{"type":"HOSTILE","id":"t3","time":"2026-03-05T09:00:00Z"},'
        b'{"type":"HOSTILE","id":"t3","time":"2026-03-05T09:00:00Z","source":"x"}]',
        status=200,
        verdicts="recorded conflict",
    ),
    Row(
        name="the same id at another time",
        body=b'[{"type":"HOSTILE","id":"t4","time":"2026-03-05T09:00:00Z"},'
        b'{"type":"HOSTILE","id":"t4","time":"2026-03-05T09:00:01Z"}]',
        status=201,
        verdicts="recorded recorded",
    ),
    Row(
        name="the same id without a time",
        body=b'[{"type":"HOSTILE","id":"t5"},{"type":"HOSTILE","id":"t5"}]',
        status=201,
        verdicts="recorded duplicate",
    ),
]


def lines(name: str, body: bytes, status: int, verdicts: str = "", problem: str = "") -> Row:
    return Row(
        name=f"NDJSON: {name}",
        body=body,
        status=status,
        verdicts=verdicts,
        problem=problem,
        content_type=LINES,
    )


NDJSON = [
    lines("nothing", b"", 400, problem="not-readable"),
    lines("blank lines alone", b"\n \r\n\t\n", 400, problem="not-readable"),
    lines("no line that is JSON", b"a\nb\n", 400, problem="not-readable"),
    lines("a line that is no JSON", E + b"\nhello\n" + E, 200, "recorded rejected recorded"),
    lines("a line that is cut", E + b'\n{"type":', 200, "recorded rejected"),
    lines("a line that is not UTF-8", E + b'\n{"type":"\xff"}', 200, "recorded rejected"),
    lines("NaN", E + b"\n" + detail("NaN"), 200, "recorded rejected"),
    lines("a key twice", E + b"\n" + b'{"type":"X","type":"Y"}', 200, "recorded rejected"),
    lines("a list", E + b"\n[" + E + b"]", 200, "recorded rejected"),
    lines("a number", b"7\n" + E, 200, "rejected recorded"),
    lines("two events in a line", E + b"\n" + E + E, 200, "recorded rejected"),
    lines("an event over two lines", E + b'\n{"type":\n"X"}', 200, "recorded rejected rejected"),
    lines(
        "a line that is too large",
        E + b"\n" + detail('"' + "a" * 300_000 + '"'),
        200,
        "recorded rejected",
    ),
    lines("a line that is too deep", E + b"\n" + b"[" * 9_000, 200, "recorded rejected"),
    lines("lines that end in CR LF", E + b"\r\n" + E + b"\r\n", 201, "recorded recorded"),
    lines("CR alone ends no line", E + b"\r" + E + b"\n" + E, 200, "rejected recorded"),
    lines("U+2028 ends no line", detail('"\u2028"') + b"\n" + E, 201, "recorded recorded"),
    lines("U+0085 ends no line", detail('"\u0085"') + b"\n" + E, 201, "recorded recorded"),
    lines("no line feed at the end", E, 201, "recorded"),
    lines("blank lines between", E + b"\n\n\n" + E, 201, "recorded recorded"),
    lines("a byte order mark", b"\xef\xbb\xbf" + E, 201, "recorded"),
    lines("a mark in the second line", E + b"\n\xef\xbb\xbf" + E, 200, "recorded rejected"),
]
ROWS: list[Row] = [*COMPRESSION, *BOMBS, *SIZES, *MANY, *NDJSON]
