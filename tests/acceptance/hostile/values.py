"""Events whose members have values that they may not have, and some that they may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from .row import Row, detail, member, recorded, rejected


def time(text: str) -> bytes:
    return member(f'"time":"{text}"')


def ahead(**delta: float) -> Callable[[], bytes]:
    """An event ahead of now, whenever it is sent: the table is made long before."""
    return lambda: time((datetime.now(UTC) + timedelta(**delta)).isoformat())


FIELDS = [
    rejected("no type", b"{}", "/type"),
    rejected("type null", b'{"type":null}', "/type"),
    rejected("type a number", b'{"type":1}', "/type"),
    rejected("type a list", b'{"type":["X"]}', "/type"),
    rejected("type twice", b'{"type":"X","type":"Y"}', "twice"),
    rejected("type in capitals", b'{"Type":"X"}', "/Type"),
    rejected("the log's own type", b'{"type":"AUDIT_ERASURE"}', "own"),
    rejected("the log's own type to be", b'{"type":"AUDIT_ANYTHING"}', "own"),
    rejected("an unknown member", member('"actr":{}'), "did you mean 'actor'"),
    rejected("a member in capitals", member('"ACTOR":{}'), "did you mean 'actor'"),
    rejected("a member with a blank", member('"actor ":{}'), "did you mean 'actor'"),
    rejected("a member without a name", member('"":1'), "unknown field"),
    rejected("__proto__ as a member", member('"__proto__":{}'), "/__proto__"),
    rejected("a member named as a path", member('"a/b~c":1'), "/a~1b~0c"),
    rejected("several unknown members", member('"tim":1,"resorce":1'), "/resorce"),
    rejected("the reader's members", member('"submitted_id":"1"'), "/submitted_id"),
    rejected("an environment", member('"environment":"prod"'), "/environment"),
    rejected("unknown in the actor", member('"actor":{"nmae":"A"}'), "did you mean 'name'"),
    rejected("unknown in a target", member('"targets":[{"type":"u","kind":1}]'), "/targets/0/kind"),
    rejected("unknown in the context", member('"context":{"agent":"x"}'), "/context/agent"),
    rejected("outcome unknown", member('"outcome":"ok"'), "/outcome"),
    rejected("outcome in capitals", member('"outcome":"SUCCESS"'), "/outcome"),
    rejected("actor a text", member('"actor":"ann"'), "/actor"),
    rejected("actor's id true", member('"actor":{"id":true}'), "/actor/id"),
    recorded("actor's id a number", member('"actor":{"id":5}'), '"id":"5"'),
    rejected("type of blanks", b'{"type":"  "}', "blanks"),
    rejected("resource's type of blanks", member('"resource":{"type":" "}'), "/resource/type"),
    rejected("actor's type unknown", member('"actor":{"type":"robot"}'), "/actor/type"),
    rejected("workspace without id", member('"workspace":{"name":"x"}'), "/workspace/id"),
    rejected("resource without type", member('"resource":{"id":"x"}'), "/resource/type"),
    rejected("targets an object", member('"targets":{}'), "/targets"),
    rejected("a target null", member('"targets":[null]'), "/targets/0"),
    rejected("changes without field", member('"changes":[{"old":1}]'), "/changes/0/field"),
    rejected("details a list", member('"details":[]'), "/details"),
    rejected("details a text", member('"details":"x"'), "/details"),
    rejected("hints a list", member('"context":{"client_hints":[]}'), "/context/client_hints"),
    rejected("a hint a number", member('"context":{"client_hints":{"a":1}}'), "/context/client"),
    rejected("sequence a text", member('"sequence":"1"'), "/sequence"),
    rejected("sequence a decimal", member('"sequence":1.0'), "/sequence"),
    rejected("sequence true", member('"sequence":true'), "/sequence"),
    rejected("sequence too large", member('"sequence":9223372036854775808'), "/sequence"),
    recorded("sequence the largest", member('"sequence":9223372036854775807')),
    recorded("null for everything", member('"id":null,"time":null,"actor":null,"details":null')),
    recorded("empty for everything", member('"actor":{},"targets":[],"changes":[],"details":{}')),
]
TIMES = [
    rejected(f"time {text!r}", time(text), "/time")
    for text in (
        "",
        "now",
        "infinity",
        "yesterday",
        "2026-03-05",
        "09:00:00Z",
        "2026-03-05T09:00:00",
        "2026-03-05T09:00Z",
        "2026-03-05T09:00:00,5Z",
        "2026-03-05T09:00:00.Z",
        "2026-03-05T09:00:00+01",
        "2026-03-05T09:00:00+24:00",
        "2026-03-05T09:00:00+01:60",
        "2026-03-05T24:00:00Z",
        "2026-03-05T09:60:00Z",
        "2026-03-05T09:00:61Z",
        "2026-02-30T09:00:00Z",
        "2026-13-01T09:00:00Z",
        "2026-00-01T09:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1999-12-31T23:59:59.999999Z",
        "2000-01-01T00:00:00+00:01",
        "+2026-03-05T09:00:00Z",
        "2026-W10-4T09:00:00Z",
        "20260305T090000Z",
        "2026-03-05T09:00:00Zulu",
        " 2026-03-05T09:00:00Z",
        "2026-03-05T09:00:00Z ",
        "٢٠٢٦-03-05T09:00:00Z",
        "2026-03-05T09:00:00[UTC]",
        "2026-03-05T09:00:00." + "1" * 100 + "Z",
    )
]
TIMES += [
    rejected("a day and five minutes ahead", ahead(hours=24, minutes=5), "/time"),
    rejected("a year ahead", ahead(days=400), "/time"),
    rejected("time a number", member('"time":1772701200'), "/time"),
    rejected("time a list", member('"time":[]'), "/time"),
    recorded("time in lower case", time("2026-03-05t09:00:00z"), '"2026-03-05T09:00:00.000000Z"'),
    recorded("time with a blank", time("2026-03-05 09:00:00Z"), "T09:00:00.000000Z"),
    recorded("time at +0100", time("2026-03-05T09:00:00+0100"), "T08:00:00.000000Z"),
    recorded("time at -00:00", time("2026-03-05T09:00:00-00:00"), "T09:00:00.000000Z"),
    recorded("time at the edge of a day", time("2026-03-05T00:30:00+23:59"), "2026-03-04T00:31:00"),
    recorded("nanoseconds", time("2026-03-05T09:00:00.123456789Z"), "T09:00:00.123456Z"),
    recorded("a leap second", time("2016-12-31T23:59:60Z"), "2016-12-31T23:59:59.999999Z"),
    recorded("the first instant", time("2000-01-01T00:00:00Z"), "2000-01-01T00:00:00.000000Z"),
    recorded("nearly a day ahead", ahead(hours=23, minutes=30)),
]
NUMBERS = [
    rejected("2^64", detail("18446744073709551616"), "2^64"),
    rejected("-2^63-1", detail("-9223372036854775809"), "2^63"),
    rejected("5,000 digits", detail("1" * 5_000), "2^64"),
    rejected("1e400", detail("1e400"), "double"),
    rejected("-1E+400", detail("-1E+400"), "double"),
    rejected("1e99999999999", detail("1e99999999999"), "double"),
    rejected("400 digits and a point", detail("1" * 400 + ".0"), "double"),
    rejected("1e400 in a list", detail("[1,2,[1e400]]"), "double"),
    recorded("2^64-1", detail("18446744073709551615"), '"a":18446744073709551615'),
    recorded("-2^63", detail("-9223372036854775808"), '"a":-9223372036854775808'),
    recorded("2^53+1", detail("9007199254740993"), '"a":9007199254740993'),
    recorded("1.10", detail("1.10"), '"a":1.10'),
    recorded("1e2", detail("1e2"), '"a":1e2'),
    recorded("-0.0", detail("-0.0"), '"a":-0.0'),
    recorded("1e-400", detail("1e-400"), '"a":1e-400'),
    recorded("1e308", detail("1e308"), '"a":1e308'),
    recorded("40 digits", detail("0.1234567890123456789012345678901234567890"), "8901234567890"),
]
TEXTS = [
    rejected("half a surrogate pair", detail(r'"\ud83d"'), "surrogate"),
    rejected("the other half", detail(r'"\ude00"'), "surrogate"),
    rejected("the halves turned round", detail(r'"\ude00\ud83d"'), "surrogate"),
    rejected("half a pair as a key", b'{"type":"X","details":{"\\ud83d":1}}', "surrogate"),
    rejected("U+0000 in details", detail(r'"a\u0000b"'), "U+0000"),
    rejected("U+0000 in a key", b'{"type":"X","details":{"\\u0000":1}}', "U+0000"),
    rejected("U+0000 in the type", b'{"type":"a\\u0000"}', "U+0000"),
    rejected("U+0000 in an id", member(r'"id":"\u0000"'), "U+0000"),
    rejected("U+0000 in a user agent", member(r'"context":{"user_agent":"\u0000"}'), "U+0000"),
    rejected("a key twice", b'{"type":"X","details":{"a":1,"a":2}}', "twice"),
    rejected("a key twice, once escaped", b'{"type":"X","details":{"a":1,"\\u0061":2}}', "twice"),
    rejected("a key twice, deep", detail('[{"b":{"c":1,"c":1}}]'), "twice"),
    recorded("a whole pair", detail(r'"\ud83d\ude00"'), "\U0001f600"),
    recorded("what looks like U+0000", detail(r'"\\u0000"'), r'"a":"\\u0000"'),
    recorded("control characters", detail(r'"\u0001\u001b[31m\u007f"'), "[31m"),
    recorded("control characters in an id", member(r'"actor":{"id":"a\u0001\r\n\tb"}')),
    recorded("bidi", member('"actor":{"name":"\u202eniaga\u202c"}'), "\u202eniaga"),
    recorded("an empty key", b'{"type":"HOSTILE","details":{"":{"":[]}}}', '"":{"":[]}'),
    recorded("__proto__", b'{"type":"HOSTILE","details":{"__proto__":{"x":1}}}', '"__proto__"'),
    recorded("constructor", b'{"type":"HOSTILE","details":{"constructor":{"prototype":1}}}'),
    recorded("markup", detail('"<script>alert(1)</script>\\u2028"'), "<script>"),
    recorded("SQL", member('"actor":{"id":"\'; DROP TABLE audit_event; --"}'), "DROP TABLE"),
    recorded("a format", detail('"%s %d {0} ${jndi:ldap://x}"'), "%s %d {0} ${jndi"),
    recorded("what is no character", detail('"\uffff\ufdd0"')),
    recorded("combining characters", member('"actor":{"name":"' + "a\u0300" * 400 + '"}')),
]
ADDRESSES = [
    recorded(f"address {text!r}", member(f'"context":{{"ip":"{text}"}}'), f'"ip":"{text}"')
    for text in (
        "",
        "localhost",
        "999.1.1.1",
        "1.2.3",
        "010.0.0.1",
        "0x7f.1",
        "1.2.3.4/24",
        "1.2.3.4:80",
        "fe80::1%eth0",
        "fe80::1%<script>",
        "::ffff:1.2.3.4",
        "[::1]",
        "1.2.3.4, 5.6.7.8",
        "unknown",
        "a" * 300,
    )
]
IDS = [
    rejected("an empty id", member('"id":""'), "/id"),
    rejected("an id of 129", member('"id":"%s"' % ("a" * 129)), "/id"),
    recorded("an id that is a number", member('"id":1'), '"submitted_id":"1"'),
    rejected("a type of 129", b'{"type":"%s"}' % (b"a" * 129), "/type"),
    rejected("an empty type", b'{"type":""}', "/type"),
    rejected("an actor of 257", member('"actor":{"id":"%s"}' % ("a" * 257)), "/actor/id"),
    rejected("an empty actor", member('"actor":{"id":""}'), "/actor/id"),
    rejected(
        "a gid of 257", member('"application":{"gid":"%s"}' % ("a" * 257)), "/application/gid"
    ),
    rejected(
        "a workspace of 257", member('"workspace":{"id":"%s"}' % ("a" * 257)), "/workspace/id"
    ),
    rejected("a session of 257", member('"context":{"session":"%s"}' % ("a" * 257)), "/session"),
    rejected("a source of 257", member('"source":"%s"' % ("a" * 257)), "/source"),
    rejected("a name of 1,001", member('"actor":{"name":"%s"}' % ("a" * 1_001)), "/actor/name"),
    rejected(
        "an e-mail of 1,001", member('"actor":{"email":"%s"}' % ("a" * 1_001)), "/actor/email"
    ),
    recorded("the longest id", member('"id":"%s"' % ("\U0001f600" * 128))),
    recorded("the longest actor", member('"actor":{"id":"%s"}' % ("\U0001f600" * 256))),
    recorded("the longest name", member('"actor":{"name":"%s"}' % ("ä" * 1_000))),
    recorded("a user agent of 20 KB", member('"context":{"user_agent":"%s"}' % ("a" * 20_000))),
]
ROWS: list[Row] = [*FIELDS, *TIMES, *NUMBERS, *TEXTS, *ADDRESSES, *IDS]
