from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.tlog.checkpoints import Checkpoint, parse_checkpoint
from audit.tlog.cosignatures import cosign, cosigners
from audit.tlog.errors import BadNote, BadProof
from audit.tlog.inclusion import prove_inclusion
from audit.tlog.notes import COSIGNATURE, Note, make_key, sign_note
from audit.tlog.proof_text import Proof, check_proof, parse_proof

from . import reference

LOG = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
WITNESS = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
WITNESS_KEY = make_key("w.example", WITNESS.public_key().public_bytes_raw(), type=COSIGNATURE)
HASHES = reference.leaves(21)
CHECKPOINT = Checkpoint("log.example/prod", 21, reference.mth(HASHES))
NOTE = sign_note(CHECKPOINT.text, [(CHECKPOINT.origin, LOG)])
SEEN_AT = 1_790_000_000


class TestCheckpoint:
    def test_comes_back(self) -> None:
        assert parse_checkpoint(str(NOTE).encode()) == (NOTE, CHECKPOINT)

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            pytest.param("\n21\n", "\n021\n", "is no number", id="a leading zero"),
            pytest.param("\n21\n", "\n-1\n", "is no number", id="negative"),
            pytest.param("\n21\n", "\n٢١\n", "is no number", id="other digits"),
            pytest.param("\n21\n", "\n0\n", "empty tree", id="an empty tree with a root"),
            pytest.param("log.example/prod\n21", "\n21", "no origin", id="no origin"),
            pytest.param("=\n", "=\nmore\n", "three lines", id="an extension line"),
            pytest.param("=\n\n", "\n\n", "root is none", id="a root cut"),
        ],
    )
    def test_is_refused_in_another_form(self, old: str, new: str, said: str) -> None:
        content = str(NOTE).replace(old, new, 1).encode()
        assert content != str(NOTE).encode()
        with pytest.raises(BadNote, match=said):
            parse_checkpoint(content)


class TestCosignature:
    def test_is_believed_with_its_time(self) -> None:
        signature = cosign(NOTE, "w.example", WITNESS, time_seconds=SEEN_AT)
        assert cosigners(with_line(signature.line), [WITNESS_KEY]) == {WITNESS_KEY: SEEN_AT}

    def test_of_another_note_or_time_is_refused(self) -> None:
        other = sign_note(Checkpoint("log.example/prod", 0, reference.mth([])).text, [("a", LOG)])
        line = cosign(other, "w.example", WITNESS, time_seconds=SEEN_AT).line
        with pytest.raises(BadNote, match=r"cosignature of w\.example is wrong"):
            cosigners(with_line(line), [WITNESS_KEY])
        cut = make_key("w.example", WITNESS.public_key().public_bytes_raw(), type=COSIGNATURE)
        short = NOTE.signatures[0].__class__("w.example", cut.id, b"\0" * 8)
        with pytest.raises(BadNote, match="is wrong"):
            cosigners(with_line(short.line), [WITNESS_KEY])

    def test_of_a_plain_signature_is_none(self) -> None:
        """The same key, but it signs as a log does: another id, so nobody's."""
        plain = sign_note(CHECKPOINT.text, [("w.example", WITNESS)]).signatures[0]
        assert cosigners(with_line(plain.line), [WITNESS_KEY]) == {}


class TestProofText:
    def proof(self, index: int) -> Proof:
        path = prove_inclusion(reference.subtrees(HASHES), index, 21)
        return Proof(index, tuple(path), NOTE)

    def test_comes_back_and_is_believed(self) -> None:
        for index in range(21):
            proof = self.proof(index)
            assert parse_proof(str(proof).encode()) == proof
            check_proof(proof, HASHES[index])

    def test_of_the_only_leaf_has_no_path(self) -> None:
        alone = Checkpoint("a", 1, HASHES[0])
        proof = Proof(0, (), sign_note(alone.text, [("a", LOG)]))
        assert parse_proof(str(proof).encode()) == proof
        check_proof(proof, HASHES[0])

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            pytest.param("@v1", "@v2", "does not begin", id="another version"),
            pytest.param("index 5", "index 05", "no index", id="a leading zero"),
            pytest.param("index 5", "index +5", "no index", id="a sign"),
            pytest.param("\nindex 5", "\nextra AA==\nindex 5", "no index", id="extra data"),
            pytest.param("=\n", "\n", "no hash", id="a hash cut"),
            pytest.param("\n\nlog", "\nlog", "no hash|no checkpoint", id="no empty line"),
        ],
    )
    def test_is_refused_in_another_form(self, old: str, new: str, said: str) -> None:
        content = str(self.proof(5)).replace(old, new, 1).encode()
        with pytest.raises((BadProof, BadNote), match=said):
            parse_proof(content)

    def test_with_too_many_hashes_is_refused(self) -> None:
        proof = Proof(5, (bytes(32),) * 65, NOTE)
        with pytest.raises(BadProof, match="more than 64"):
            parse_proof(str(proof).encode())


def with_line(line: str) -> Note:
    return parse_checkpoint((str(NOTE) + line).encode())[0]
