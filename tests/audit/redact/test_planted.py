"""Secrets planted at random places are always found; ids, types and times are never touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from audit.record import SubmittedEvent
from audit.redact import mask_event, mask_text

ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
# Nothing that a name or a value of the surroundings could hold by chance.
MARK = "Pl4ntedS3cret"
PLANTED = st.text(ALPHABET, min_size=8, max_size=20).map(lambda text: MARK + text)
WORDS = (
    *(["password"], ["api", "key"], ["access", "token"], ["client", "secret"], ["authorization"]),
    *(["set", "cookie"], ["private", "key"], ["pwd"], ["user", "passwd"], ["x", "auth", "token"]),
    *(["credentials"], ["db", "pass"], ["secret", "access", "key"], ["passphrase"], ["otp"]),
)
SPELLINGS: tuple[Callable[[list[str]], str], ...] = (
    "_".join,
    "-".join,
    ".".join,
    " ".join,
    "".join,
    lambda words: "_".join(words).upper(),
    lambda words: "-".join(word.title() for word in words),
    lambda words: words[0] + "".join(word.title() for word in words[1:]),
    lambda words: "".join(word.title() for word in words),
)
NAMES = st.builds(
    lambda words, spell: spell(words), st.sampled_from(WORDS), st.sampled_from(SPELLINGS)
)
SHAPES: tuple[Callable[[str], str], ...] = (
    "Bearer {}1".format,
    "ghp_{}0123456789".format,
    "glpat-{}0123".format,
    "sk-proj-{}0123456789".format,
    "npm_{}01234567890123456789".format,
    "sli_{}0123456789".format,
    "eyJhbGciOiJIUzI1NiJ9.eyJ{}.x".format,
    "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----".format,
    "https://ann:{}@example.org/x".format,
)
PLAIN_NAMES = st.text(max_size=12) | st.sampled_from(["id", "type", "name", "tokenCount", "a/b~c"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30)
)


def holds_containers(name: str) -> bool:
    """Is more than a text masked under this name? Under `pass` and `otp` it isn't."""
    return not name.lower().endswith(("pass", "otp"))


def named(secret: str) -> st.SearchStrategy[Any]:
    """A value that holds the secret under a name."""
    value = st.sampled_from([secret, [secret], [1, {"a": secret}]])
    return st.one_of(
        st.builds(lambda n, v: {n: v}, NAMES.filter(holds_containers), value),
        st.builds(lambda n: {n: secret}, NAMES),
        st.builds(lambda n: {"name": n, "value": secret}, NAMES),
        st.builds(lambda n: {"value": [secret], "key": n}, NAMES),
        st.builds(lambda n: [[n, secret]], NAMES),
        st.builds(lambda n: f"https://h/p?a=1&{quote(n)}={secret}&b=2#c", NAMES),
        st.builds(lambda n: urlencode({"a": "x y", n: secret}), NAMES),
        st.builds(lambda n: f"Host: a\r\n{n.replace(' ', '-')}: x {secret}\r\nB: c", NAMES),
        st.builds(lambda n: json.dumps({"a": [{n: secret}]}), NAMES),
        st.builds(lambda n: json.dumps(json.dumps({"a": [{n: secret}]})), NAMES),
        st.builds(lambda n: json.dumps({"url": f"/?{urlencode({n: secret})}"}), NAMES),
    )  # fmt: skip


def shaped(secret: str) -> st.SearchStrategy[Any]:
    """A text that holds the secret in a shape."""
    return st.builds(
        lambda shape, around: around.format(shape(secret)),
        st.sampled_from(SHAPES),
        st.sampled_from(["{}", "got {} here", "a\n{}", "[{}]", "x,{}"]),
    )


def buried(value: Any) -> st.SearchStrategy[Any]:
    """The value somewhere in the depth of other members."""
    return st.recursive(
        st.just(value),
        lambda inner: st.one_of(
            st.builds(
                lambda before, item, after: [*before, item, *after],
                st.lists(SCALARS, max_size=3),
                inner,
                st.lists(SCALARS, max_size=3),
            ),
            st.builds(
                lambda others, name, item: {**others, name: item},
                st.dictionaries(PLAIN_NAMES, SCALARS, max_size=3),
                PLAIN_NAMES,
                inner,
            ),
        ),
        max_leaves=3,
    )


@st.composite
def planted_events(draw: st.DrawFn) -> dict[str, Any]:
    secret = draw(PLANTED)
    value = draw(buried(draw(named(secret) | shaped(secret))))
    document: dict[str, Any] = {
        "type": draw(st.sampled_from(["X", "ghp_" + "a" * 36])),
        "id": "ghp_" + "b" * 36,
        "time": "2026-03-05T09:00:00.123+01:00",
        "actor": {"id": "sk-proj-0123456789abcdefghij", "name": "Ann"},
        "context": {"session": "Bearer 0123456789abcdef", "ip": "203.0.113.7"},
    }
    if draw(st.booleans()):
        document["details"] = {draw(PLAIN_NAMES): value}
    else:
        document["changes"] = [{"field": "f", "old": 1, "new": value}]
    return document


def event_of(document: dict[str, Any]) -> SubmittedEvent:
    return msgspec.convert(document, SubmittedEvent)


class TestMaskEvent:
    @given(planted_events())
    def test_finds_every_planted_secret_and_touches_no_id(self, document: dict[str, Any]) -> None:
        event = event_of(document)
        masked, pointers = mask_event(event, environment="prod")
        assert MARK.encode() not in msgspec.json.encode(masked)
        assert pointers
        assert masked.id == event.id
        assert masked.type == event.type
        assert masked.time == event.time
        assert masked.actor == event.actor
        assert masked.context == event.context

    @given(planted_events())
    def test_changes_nothing_when_done_again(self, document: dict[str, Any]) -> None:
        masked, _ = mask_event(event_of(document), environment="prod")
        assert mask_event(masked, environment="prod") == (masked, ())

    @given(planted_events())
    def test_points_at_what_it_changed(self, document: dict[str, Any]) -> None:
        masked, pointers = mask_event(event_of(document), environment="prod")
        after = msgspec.to_builtins(masked)
        for pointer in pointers:
            value = after
            for step in pointer.split("/")[1:]:
                name = step.replace("~1", "/").replace("~0", "~")
                value = value[int(name)] if isinstance(value, list | tuple) else value[name]
            assert "[redacted]" in json.dumps(value)

    @given(st.dictionaries(PLAIN_NAMES, SCALARS | st.lists(SCALARS), max_size=5))
    def test_leaves_the_same_number_of_members(self, details: dict[str, Any]) -> None:
        masked, _ = mask_event(event_of({"type": "X", "details": details}), environment="prod")
        assert masked.details is not None
        assert len(masked.details) == len(details)


class TestMaskText:
    @given(planted_events())
    def test_finds_every_planted_secret_in_json(self, document: dict[str, Any]) -> None:
        assert MARK not in mask_text(json.dumps(document))

    @given(st.data(), NAMES, st.sampled_from([None, 1]))
    def test_finds_it_in_json_that_is_cut_off(
        self, data: st.DataObject, name: str, indent: int | None
    ) -> None:
        value = data.draw(buried({name: MARK + "0123456789"}))
        text = json.dumps({"type": "X", "details": {"a": value}}, indent=indent)
        end = data.draw(st.integers(text.index(MARK) + len(MARK), len(text)))
        assert MARK not in mask_text(text[:end])

    @given(planted_events())
    def test_leaves_json_readable(self, document: dict[str, Any]) -> None:
        json.loads(mask_text(json.dumps(document)))

    @given(st.text() | st.text('"\\{}[]:,=&?password token', max_size=60))
    def test_never_fails_and_is_done_at_once(self, text: str) -> None:
        assert mask_text(mask_text(text)) == mask_text(text)
