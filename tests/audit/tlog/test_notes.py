from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from audit.tlog.errors import BadKey, BadNote
from audit.tlog.notes import make_key, parse_key, parse_note, sign_note, signers

# The example of c2sp.org/signed-note.
KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONnc"
    "AlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
MINE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NAME = "log.example/prod"
MY_KEY = make_key(NAME, MINE.public_key().public_bytes_raw())
lines = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40)


class TestKnownNote:
    def test_is_signed_by_its_key(self) -> None:
        key = parse_key(KEY)
        note = parse_note(NOTE)
        assert note.text == "This is an example message.\n"
        assert signers(note, [key]) == (key,)
        assert str(key) == KEY
        assert str(note).encode() == NOTE

    def test_is_not_believed_when_a_letter_has_changed(self) -> None:
        with pytest.raises(BadNote, match=r"signature of example\.com/foo is wrong"):
            signers(
                parse_note(NOTE.replace(b"example message", b"Example message")), [parse_key(KEY)]
            )

    def test_says_nothing_to_who_knows_another_key(self) -> None:
        assert signers(parse_note(NOTE), [MY_KEY]) == ()


class TestNotes:
    @given(st.lists(lines, min_size=1, max_size=5))
    def test_come_back_as_they_were_signed(self, text: list[str]) -> None:
        signed = sign_note("\n".join(text) + "\n", [(NAME, MINE), ("other", MINE)])
        read = parse_note(str(signed).encode())
        assert read == signed
        assert signers(read, [MY_KEY]) == (MY_KEY,)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            pytest.param(b"", "no signatures", id="nothing"),
            pytest.param(b"text\n", "no signatures", id="no signature"),
            pytest.param(NOTE[:-1], "no signatures", id="no last newline"),
            pytest.param(NOTE + b"\n", "no signature", id="an empty line more"),
            pytest.param(NOTE.replace("—".encode(), b"-"), "no signature", id="another dash"),
            pytest.param(NOTE.replace(b"foo Uw", b"f+o Uw"), "no signature", id="plus in a name"),
            pytest.param(NOTE.replace(b"QM=", b"QN="), "no signature", id="base64 of the same"),
            pytest.param(NOTE.replace(b"QM=", b"QM"), "no signature", id="base64 cut"),
            pytest.param(NOTE.replace(b"an", b"a\r"), "control", id="a control character"),
            pytest.param(b"\xff" + NOTE, "not UTF-8", id="not UTF-8"),
            pytest.param(b"a" * 1_000_001, "more than", id="too large"),
            pytest.param(
                b"a\n\n" + "— a AAAAAAA=\n".encode() * 101, "more than 100", id="many signatures"
            ),
        ],
    )
    def test_are_refused_in_another_form(self, content: bytes, said: str) -> None:
        with pytest.raises(BadNote, match=said):
            parse_note(content)

    @given(st.binary(max_size=200))
    def test_made_of_anything_are_notes_or_refused(self, content: bytes) -> None:
        try:
            note = parse_note(content)
        except BadNote:
            return
        assert str(note).encode() == content


class TestKeys:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            pytest.param("", "form", id="nothing"),
            pytest.param("name+530d903a", "form", id="no key"),
            pytest.param(KEY.replace("530d903a", "530d903b"), "says the hash", id="another hash"),
            pytest.param(KEY.replace("530d903a", "530D903A"), "says the hash", id="in capitals"),
            pytest.param(KEY.replace("com/foo", "com/ foo"), "name of a key", id="a blank"),
            pytest.param(KEY[:-4], "32 bytes", id="cut"),
            pytest.param(KEY[:-1] + "!", "base64", id="no base64"),
            pytest.param(
                "a+00000000+" + base64.b64encode(b"\x06" + bytes(32)).decode(),
                "type 0x06",
                id="another type",
            ),
        ],
    )
    def test_are_refused_in_another_form(self, text: str, said: str) -> None:
        with pytest.raises(BadKey, match=said):
            parse_key(text)

    @given(st.binary(min_size=32, max_size=32), st.sampled_from([0x01, 0x04]))
    def test_come_back(self, public: bytes, type_: int) -> None:
        key = make_key("a/b", public, type=type_)
        assert parse_key(str(key)) == key
