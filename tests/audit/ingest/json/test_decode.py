"""Bodies to events: exactly, or with a word about what is wrong."""

import json
import tracemalloc
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.ingest.json.decode import (
    NotReadable,
    Refusal,
    TooManyEvents,
    decode_json,
    decode_ndjson,
    native,
)
from audit.ingest.json.exact import decoder_of, read_exactly, read_slowly
from audit.record import SubmittedEvent

EVENT = b'{"type":"X","id":"1"}'

# Short texts out of what JSON is made of, of which many are JSON and most are nearly so
JSON_LIKE = st.lists(
    st.sampled_from(
        [
            *"[]{}:, \n",
            '"',
            '"a"',
            '"\\ud800"',
            "\\",
            "1",
            "-0",
            "01",
            "1.5e3",
            "1.",
            "null",
            "NaN",
            "tru",
            '{"a":1}',
            "[1,2]",
            "\u00e4",
            "\x01",
            "Infinity",
            '"events"',
            '{"events":[',
        ]
    ),
    min_size=1,
    max_size=8,
).map(lambda pieces: "".join(pieces).encode())


TEXTS = st.text(max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
EVENTS = st.fixed_dictionaries(
    {"type": TEXTS},
    optional={
        "id": TEXTS | st.none(),
        "sequence": st.integers(-9, 9) | st.none(),
        "workspace": st.fixed_dictionaries({"id": TEXTS}, optional={"name": TEXTS | st.none()}),
        "targets": st.lists(st.fixed_dictionaries({"type": TEXTS}, optional={"id": TEXTS})),
        "changes": st.lists(st.fixed_dictionaries({"field": TEXTS}, optional={"new": VALUES})),
        "details": st.dictionaries(TEXTS, VALUES, max_size=4) | st.none(),
    },
)


def _is_json(body: bytes) -> bool:
    def no_constant(name: str) -> None:
        raise ValueError(name)

    try:
        return json.loads(body.decode(), parse_constant=no_constant) not in ([], {"events": []})
    except ValueError:
        return False


def events(body: bytes) -> list[SubmittedEvent | Refusal]:
    return list(decode_json(body))


def lines(body: bytes) -> list[SubmittedEvent | Refusal]:
    return list(decode_ndjson(body))


def only(body: bytes) -> SubmittedEvent | Refusal:
    (decoded,) = decode_json(body)
    return decoded


class TestDecodeJson:
    @pytest.mark.parametrize(
        "body",
        [
            pytest.param(EVENT, id="one"),
            pytest.param(b"[" + EVENT + b"]", id="list"),
            pytest.param(b'{"events": [' + EVENT + b"]}", id="envelope"),
            pytest.param(b"\xef\xbb\xbf" + EVENT, id="byte order mark"),
            pytest.param(b' \n{"type": "X",\t"id": "1"}\r\n', id="white space"),
            pytest.param(b'{"type":"X","id":"1","actor":null}', id="null is absent"),
        ],
    )
    def test_reads_one_event(self, body: bytes) -> None:
        assert only(body) == SubmittedEvent(type="X", id="1")

    @pytest.mark.parametrize(
        ("body", "offset"),
        [
            pytest.param(b"", 0, id="nothing"),
            pytest.param(b'{"type":"X"', 11, id="cut"),
            pytest.param(b'[{"type":"X"},]', 14, id="trailing comma"),
            pytest.param(b"[1,,2]", 3, id="missing value"),
            pytest.param(b'[{"type":"X"}]]', 14, id="extra bracket"),
            pytest.param(b'[{"type":"\xff"}]', 10, id="not UTF-8"),
            pytest.param(b'[{"type":"NaN"},{"a":NaN}]', 21, id="NaN"),
            pytest.param(b'[{"type":"X"},{"type" "X"}]', 22, id="in the second event"),
        ],
    )
    def test_refuses_what_is_not_json_and_says_where(self, body: bytes, offset: int) -> None:
        with pytest.raises(NotReadable) as caught:
            decode_json(body)
        assert caught.value.offset == offset

    @pytest.mark.parametrize("body", [b"[]", b'{"events":[]}', b"[NaN]", b'{"a":Infinity}'])
    def test_refuses_what_holds_no_event(self, body: bytes) -> None:
        with pytest.raises(NotReadable):
            decode_json(body)

    @pytest.mark.parametrize(
        ("body", "pointer", "word"),
        [
            pytest.param(b'{"type":"X","actr":{}}', "/actr", "actor", id="unknown member"),
            pytest.param(b'{"type":1}', "/type", "a text", id="wrong type"),
            pytest.param(b"{}", "/type", "required", id="missing type"),
            pytest.param(b'{"type":"X","actor":{"id":[]}}', "/actor/id", "list", id="nested"),
            pytest.param(
                b'{"type":"X","targets":[{"type":"u"},{"id":"a"}]}',
                "/targets/1/type",
                "required",
                id="in a list",
            ),
            pytest.param(b'{"type":"X","details":{"a":1,"a":2}}', "", "twice", id="key twice"),
            pytest.param(b'{"type":"X","type":"Y"}', "", "twice", id="member twice"),
            pytest.param(b'{"type":"X","details":{"n":1e400}}', "", "double", id="1e400"),
            pytest.param(
                b'{"type":"X","details":{"n":18446744073709551616}}', "", "2^64", id="too large"
            ),
            pytest.param(b'{"type":"X","details":{"a":"\\ud800"}}', "", "surrogate", id="half"),
            pytest.param(b'{"type":"X","details":{"a":"\\u0000"}}', "", "U+0000", id="U+0000"),
            pytest.param(b'{"type":"X","details":{"\\u0000":1}}', "", "U+0000", id="in a key"),
            pytest.param(
                b'{"type":"X","details":{"n":' + b"1" * 5_000 + b"}}", "", "2^64", id="5,000 digits"
            ),
            pytest.param(b'{"type":"X","details":{"n":-1E+0400}}', "", "double", id="-1E+0400"),
            pytest.param(b"1" * 5_000, "", "2^64", id="digits alone"),
            pytest.param(
                b'[{"type":"X","details":%s}]' % (b"[" * 9_999 + b"]" * 9_999),
                "",
                "64",
                id="too deep for msgspec",
            ),
            pytest.param(b'{"events":[{"type":"X"}],"events":[]}', "", "twice", id="events twice"),
            pytest.param(b'{"events":[{"type":"X"}],"more":1}', "/events", "other", id="and more"),
            pytest.param(b'{"a":[],"events":[{"type":"X"}]}', "/a", "unknown", id="not first"),
            pytest.param(
                b'{"type":"X","details":' + b"[" * 70 + b"]" * 70 + b"}", "", "64", id="deep"
            ),
            pytest.param(b'{"type":"X","source":"' + b"a" * 300_000 + b'"}', "", "bytes", id="big"),
            pytest.param(b"[7]", "", "object", id="no object"),
        ],
    )
    def test_gives_an_event_that_breaks_a_rule_its_own_verdict(
        self, body: bytes, pointer: str, word: str
    ) -> None:
        refusal = only(body)
        assert isinstance(refusal, Refusal)
        assert refusal.problems[0].pointer == pointer
        assert word in refusal.problems[0].message

    @pytest.mark.parametrize(
        "inside",
        [
            pytest.param(b"\\ud800", id="half of a pair"),
            pytest.param(b'","b":' + b"[" * 5_000 + b"]" * 5_000 + b',"c":"', id="deep"),
            pytest.param(b'","a":"', id="key twice"),
            pytest.param(b"a" * 300_000, id="large"),
            pytest.param(b"]}],[{" * 100 + b"\\ud800", id="brackets in a text"),
        ],
    )
    @pytest.mark.parametrize("around", [b"[%s]", b'{"events":[ %s ]}', b" [\n%s\r\n] "])
    def test_keeps_the_events_around_one_that_breaks_a_rule(
        self, inside: bytes, around: bytes
    ) -> None:
        bad = b'{"type":"A","details":{"a":"%s"}}' % inside
        decoded = events(around % b" , \n".join([EVENT, bad, bad, EVENT]))
        assert [isinstance(event, Refusal) for event in decoded] == [False, True, True, False]

    @pytest.mark.parametrize(
        ("body", "offset"),
        [
            pytest.param(b"[" * 5_000, 5_000, id="never closed"),
            pytest.param(b"[" * 5_000 + b"]" * 4_999, 9_999, id="closed once too few"),
            pytest.param(b"[" * 5_000 + b"]" * 5_001, 10_000, id="closed once too often"),
            pytest.param(b"[%s" % (b"[" * 5_000 + b"]" * 5_000) + b" 7]", 10_002, id="no comma"),
            pytest.param(b"[%s,]" % (b"[" * 5_000 + b"]" * 5_000), 10_002, id="comma too many"),
            pytest.param(b'{"a":%s' % (b"[" * 5_000 + b"]" * 5_000), 10_005, id="object"),
        ],
    )
    def test_refuses_what_is_not_json_however_deep(self, body: bytes, offset: int) -> None:
        with pytest.raises(NotReadable) as caught:
            decode_json(body)
        assert caught.value.offset == offset

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param(b"[" + b"0," * 1_000_000 + b"0]", id="numbers"),
            pytest.param(b"[" + b'"",' * 1_000_000 + b'""]', id="texts"),
            pytest.param(b"[" + b"[[]]," * 1_000_000 + b"[]]", id="lists"),
        ],
    )
    def test_stops_at_the_limit_without_making_a_million_values(self, body: bytes) -> None:
        tracemalloc.start()
        try:
            with pytest.raises(TooManyEvents):
                decode_json(body)
            assert tracemalloc.get_traced_memory()[1] < 5_000_000
        finally:
            tracemalloc.stop()

    def test_tells_no_more_of_slow_events_than_it_has_time_for(self) -> None:
        bad = b'{"type":"X","details":{"a":"%s","b":1,"b":2}}' % (b"x" * 250_000)
        said = [event.problems[0].message for event in events(b"[" + b",".join([bad] * 40) + b"]")]
        assert "'b' is there twice" in said[0]
        assert "send fewer" in said[-1]

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(r'{"a":"\u0041\/\u00e4\ud83d\ude00\n\\\""}', id="escapes"),
            pytest.param('{"a":18446744073709551615,"b":-9223372036854775808}', id="largest"),
            pytest.param('{"a":-0}', id="minus nought"),
            pytest.param('{"a":"a1e400, 1e400"}', id="digits in a text"),
            pytest.param('{"":1,"__proto__":{"constructor":null}}', id="odd keys"),
        ],
    )
    def test_keeps_what_is_unusual_but_right(self, text: str) -> None:
        event = only(b'{"type":"X","details":%s}' % text.encode())
        assert isinstance(event, SubmittedEvent)
        assert event.details == json.loads(text)

    def test_keeps_the_other_events_of_a_list(self) -> None:
        decoded = events(b'[{"type":"X"},{"type":"A","details":{"x":1,"x":2}},{"type":"Y"}]')
        assert [isinstance(event, Refusal) for event in decoded] == [False, True, False]

    def test_refuses_more_events_than_the_limit(self) -> None:
        with pytest.raises(TooManyEvents):
            decode_json(b"[" + b",".join([EVENT] * 10_001) + b"]")

    @pytest.mark.parametrize(
        "digits", ["1.10", "1e2", "0.1", "-0.0", "1E-7", "123456789.0123456789"]
    )
    def test_keeps_the_digits_of_decimals(self, digits: str) -> None:
        event = only(b'{"type":"X","details":{"n":' + digits.encode() + b"}}")
        assert isinstance(event, SubmittedEvent)
        assert msgspec.json.encode(event.details) == b'{"n":' + digits.encode() + b"}"

    @given(
        st.dictionaries(
            st.text(),
            st.recursive(
                st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(),
                lambda inner: (
                    st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
                ),
                max_leaves=8,
            ),
            max_size=4,
        ),
        st.booleans(),
        st.sampled_from([None, 2]),
    )
    def test_reads_any_details_however_they_are_written(
        self, details: dict[str, object], is_ascii: bool, indent: int | None
    ) -> None:
        try:
            text = json.dumps(
                [{"type": "X", "details": details}], ensure_ascii=is_ascii, indent=indent
            ).encode()
        except UnicodeEncodeError:
            return
        (event,) = decode_json(text)
        if isinstance(event, Refusal):
            assert "\\u0000" in text.decode()
            assert "U+0000" in event.problems[0].message
        else:
            assert event.details == details

    @given(JSON_LIKE)
    def test_takes_for_json_what_the_standard_library_does(self, body: bytes) -> None:
        try:
            decode_json(body)
        except NotReadable:
            is_json = False
        else:
            is_json = True
        assert is_json == _is_json(body)

    @given(st.binary(max_size=200))
    def test_never_fails_otherwise(self, body: bytes) -> None:
        try:
            events(body)
        except NotReadable as error:
            assert str(error)


class TestReadExactly:
    @given(EVENTS, st.sampled_from([(",", ":"), (", ", ": ")]), st.booleans(), st.booleans())
    def test_makes_of_an_event_what_its_document_says(
        self,
        document: dict[str, Any],
        separators: tuple[str, str],
        is_ascii: bool,
        says_twice: bool,
    ) -> None:
        text = json.dumps(document, separators=separators, ensure_ascii=is_ascii)
        if says_twice:
            text = text[:-1] + ',"type":"other"}'
        event = read_exactly(text.encode(), decoder_of(SubmittedEvent))
        if says_twice:
            assert event is None
        elif event is not None:
            assert event == native(read_slowly(text.encode()))

    def test_sees_a_member_said_twice_beside_members_that_are_absent(self) -> None:
        # What is lost is as long as what could be written for the absent: ,"new":null,"old":null
        text = b'{"type":"twelve chars","changes":[{"field":"f"}],"type":"X"}'
        assert read_exactly(text, decoder_of(SubmittedEvent)) is None
        assert isinstance(only(text), Refusal)

    def test_needs_no_document_where_nothing_is_said_twice(self) -> None:
        assert read_exactly(EVENT, decoder_of(SubmittedEvent)) == SubmittedEvent(type="X", id="1")


class TestDecodeNdjson:
    def test_reads_lines_and_skips_blank_ones(self) -> None:
        assert len(lines(EVENT + b"\r\n\n  \n" + EVENT)) == 2

    def test_ends_lines_at_line_feeds_alone(self) -> None:
        body = '{"type":"X","details":{"a":"\u2028\x85"}}\n'.encode()
        (event,) = decode_ndjson(body)
        assert isinstance(event, SubmittedEvent)

    def test_gives_a_line_that_is_not_json_its_own_verdict(self) -> None:
        good, bad = decode_ndjson(EVENT + b'\n{"type":\n')
        assert isinstance(good, SubmittedEvent)
        assert isinstance(bad, Refusal)

    @pytest.mark.parametrize("body", [b"", b"\n\n", b"not json\nat all"])
    def test_refuses_a_body_without_a_readable_line(self, body: bytes) -> None:
        with pytest.raises(NotReadable):
            decode_ndjson(body)
