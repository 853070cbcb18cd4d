from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from audit.tlog.archive import open_archive
from audit.tlog.checking import Verified, check_export
from audit.tlog.cosignatures import cosign
from audit.tlog.errors import Refused, Unusable
from audit.tlog.notes import Note, make_key
from audit.tlog.trust import Trust, Witness, parse_witness

from .exported import (
    INSTALLATION,
    LOG,
    LOG_KEY,
    ORIGIN,
    WITNESS,
    WITNESS_KEY,
    Log,
    export,
    private_key,
)

TRUST = Trust(keys=[LOG_KEY])
SIZES = (0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 600, 1025)
Edit = Callable[[Path], None]


def check(path: Path, trust: Trust = TRUST) -> Verified:
    with open_archive(path) as archive:
        return check_export(archive, trust)


def edited(name: str, change: Callable[[bytes], bytes]) -> Edit:
    def edit(export: Path) -> None:
        path = export / name
        content = change(path.read_bytes())
        assert content != path.read_bytes()
        path.write_bytes(content)

    return edit


def relined(change: Callable[[list[Any]], list[Any]]) -> Edit:
    """Read the entries, change the list of them, write them again."""

    def change_bytes(content: bytes) -> bytes:
        lines = [json.loads(line) for line in content.split(b"\n")[:-1]]
        return b"".join(
            json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in change(lines)
        )

    return edited("entries.ndjson", change_bytes)


def with_member(at: int, **members: Any) -> Edit:
    return relined(lambda lines: [*lines[:at], lines[at] | members, *lines[at + 1 :]])


def manifest(**members: Any) -> Edit:
    return edited(
        "manifest.json", lambda content: json.dumps(json.loads(content) | members).encode()
    )


class TestWhole:
    @pytest.mark.parametrize("size", SIZES)
    def test_is_proved_at_every_size(self, tmp_path: Path, size: int) -> None:
        found = check(export(Log(size), tmp_path, bundles=True, older=[0, size // 2, size]))
        assert (found.is_complete, found.first, found.next, found.events) == (True, 0, size, size)
        assert found.checkpoint.size == size
        assert found.notes == len({0, size // 2, size})

    @pytest.mark.parametrize(
        ("first", "next_"), [(0, 0), (0, 1), (255, 257), (256, 512), (599, 600), (300, 300)]
    )
    def test_is_proved_of_a_range(self, tmp_path: Path, first: int, next_: int) -> None:
        found = check(export(Log(600), tmp_path, first=first, next_=next_))
        assert (found.first, found.next, found.events) == (first, next_, next_ - first)

    def test_says_what_is_not_in_it(self, tmp_path: Path) -> None:
        log = Log(300, erased=[3, 4, 299], retired=[0, 1])
        found = check(export(log, tmp_path))
        assert found.missing == {"head": 2, "personal": 5, "details": 2}

    def test_is_read_from_a_tar_with_or_without_a_directory(self, tmp_path: Path) -> None:
        made = export(Log(300), tmp_path / "march")
        for number, name in enumerate(("", ".", "march")):
            path = tmp_path / f"{number}.tar"
            with tarfile.open(path, "w") as tar:
                if name:
                    tar.add(made, name)
                else:
                    for file in made.iterdir():
                        tar.add(file, file.name)
            assert check(path).events == 300


class TestFiltered:
    @pytest.mark.parametrize("tiles", [True, False])
    @pytest.mark.parametrize("size", [1, 2, 256, 257, 600])
    def test_is_proved_by_a_proof_each(self, tmp_path: Path, size: int, tiles: bool) -> None:
        positions = sorted({0, size // 3, size - 1})
        found = check(export(Log(size), tmp_path, positions=positions, tiles=tiles))
        assert (found.is_complete, found.events) == (False, len(positions))

    def test_may_hold_nothing(self, tmp_path: Path) -> None:
        assert check(export(Log(600), tmp_path, positions=[], tiles=False)).events == 0


class TestTrust:
    def test_takes_the_old_and_the_new_key(self, tmp_path: Path) -> None:
        new = private_key(3)
        new_key = make_key(ORIGIN, new.public_key().public_bytes_raw())
        log = Log(300)
        made = export(log, tmp_path, older=[100], note=log.note(key=new))
        assert check(made, Trust(keys=[LOG_KEY, new_key])).keys == (new_key,)
        with pytest.raises(Refused, match="checkpoints/100: none of the given keys"):
            check(made, Trust(keys=[new_key]))

    def test_counts_witnesses_of_other_organisations_alone(self, tmp_path: Path) -> None:
        made = export(Log(3), tmp_path, witnessed_by="w.example")
        theirs = Witness(WITNESS_KEY, "Notary Ltd")
        found = check(made, Trust(keys=[LOG_KEY], witnesses=[theirs], quorum=1))
        assert [(s.witness, s.is_foreign) for s in found.seen] == [(theirs, True)]
        for trust in (
            Trust(keys=[LOG_KEY], quorum=1),
            Trust(keys=[LOG_KEY], witnesses=[Witness(WITNESS_KEY)], quorum=1),
            Trust(keys=[LOG_KEY], witnesses=[theirs], quorum=1, organisation="notary ltd"),
            Trust(keys=[LOG_KEY], witnesses=[theirs], quorum=2),
        ):
            with pytest.raises(Refused, match="other than the log's"):
                check(made, trust)

    @pytest.mark.parametrize("key", [LOG, WITNESS], ids=["its key", "its installation"])
    def test_never_counts_the_logs_own_witness(self, tmp_path: Path, key: Any) -> None:
        name = "w.example" if key is LOG else f"{INSTALLATION}/witness"
        own = make_key(name, key.public_key().public_bytes_raw(), type=4)
        note = Log(3).note()
        note = Note(note.text, (*note.signatures, cosign(note, name, key, time_seconds=1)))
        made = export(Log(3), tmp_path, note=note)
        trust = Trust(keys=[LOG_KEY], witnesses=[Witness(own, "Somebody else")], quorum=1)
        with pytest.raises(Refused, match="0 organisations"):
            check(made, trust)

    def test_reads_whose_a_witness_is(self) -> None:
        assert parse_witness(f"{WITNESS_KEY}=Notary = Ltd") == Witness(WITNESS_KEY, "Notary = Ltd")
        assert parse_witness(str(WITNESS_KEY)) == Witness(WITNESS_KEY, "")


OTHER_NOTE = str(Log(0, origin="other/log").note())
WHOLE: dict[str, tuple[Edit, str]] = {
    "a text changed": (
        edited("entries.ndjson", lambda b: b.replace("Zoë\u2028200".encode(), b"Zoe", 1)),
        "position 200, head",
    ),
    "a line cut": (relined(lambda lines: lines[:100] + lines[101:]), "position 101"),
    "the last line cut": (relined(lambda lines: lines[:-1]), "position 299"),
    "a line added": (relined(lambda lines: [*lines, lines[-1]]), "position 299"),
    "two lines swapped": (
        relined(lambda lines: [*lines[:9], lines[10], lines[9], *lines[11:]]),
        "position 10",
    ),
    "two events swapped": (
        relined(
            lambda lines: [
                *lines[:9],
                lines[10] | {"pos": 9},
                lines[9] | {"pos": 10},
                *lines[11:],
            ]
        ),
        "position 9",
    ),
    "a member twice": (
        edited("entries.ndjson", lambda b: b.replace(b'{"pos": 0,', b'{"pos": 0, "pos": 0,', 1)),
        "line 1.*twice",
    ),
    "a member more": (with_member(5, note="x"), "position 5"),
    "another id": (with_member(5, id="00000000-0000-7000-8000-000000000000"), "position 5, id"),
    "parts null beside the entry": (with_member(5, parts=None), "position 5"),
    "a position as true": (with_member(1, pos=True), "line 2"),
    "the last newline cut": (edited("entries.ndjson", lambda b: b[:-1]), "line 300"),
    "no entries": (lambda e: (e / "entries.ndjson").unlink(), "entries.ndjson.*missing"),
    "a tile changed": (edited("tile/0/000", lambda b: b[:-1] + bytes([b[-1] ^ 1])), "position 255"),
    "an upper tile changed": (edited("tile/1/000.p/1", lambda b: b[::-1]), r"tile/1/000\.p/1"),
    "a tile cut": (edited("tile/0/000", lambda b: b[:-32]), "tile/0/000"),
    "a tile taken away": (lambda e: (e / "tile/0/000").unlink(), "tile/0/000.*missing"),
    "all tiles taken away": (lambda e: shutil.rmtree(e / "tile"), "tile/0/000.*missing"),
    "a tile added": (lambda e: shutil.copy(e / "tile/0/000", e / "tile/0/002"), "tile/0/002"),
    "a bundle changed": (
        edited("tile/entries/001.p/44", lambda b: b[:-1] + bytes([b[-1] ^ 1])),
        "position 299",
    ),
    "another log's checkpoint": (edited("checkpoint", lambda _: OTHER_NOTE.encode()), "checkpoint"),
    "an older checkpoint": (
        edited("checkpoint", lambda _: str(Log(300).note(299)).encode()),
        "manifest.json",
    ),
    "a checkpoint of another tree": (
        edited("checkpoint", lambda _: str(Log(300, seed=2).note()).encode()),
        "another root",
    ),
    "a checkpoint of a wrong key": (
        edited("checkpoint", lambda _: str(Log(300).note(key=private_key(9))).encode()),
        "none of the given keys",
    ),
    "a checkpoint with another size": (
        edited("checkpoint", lambda b: b.replace(b"\n300\n", b"\n301\n")),
        "signature",
    ),
    "an older note of another tree": (
        edited("checkpoints/100", lambda _: str(Log(300, seed=2).note(100)).encode()),
        "checkpoints/100.*another root",
    ),
    "an older note of another log": (
        edited("checkpoints/100", lambda _: OTHER_NOTE.encode()),
        "checkpoints/100",
    ),
    "a range beyond the tree": (manifest(next=301), "manifest.json"),
    "a range that is larger than what is there": (manifest(first=0, next=299), "position 299"),
    "called filtered": (manifest(complete=False), "proofs/0.tlog-proof.*missing"),
    "complete as a word": (manifest(complete="yes"), "no boolean"),
    "another origin": (manifest(origin="other/log"), "checkpoint is of the log"),
    "a file of another hash": (manifest(files={"README.md": "00"}), "README.md"),
    "a link": (lambda e: (e / "tile/0/002").symlink_to(e / "tile/0/000"), "link"),
}
FILTERED: dict[str, tuple[Edit, str]] = {
    "a text changed": (
        edited("entries.ndjson", lambda b: b.replace("Zoë\u202877".encode(), b"Zoe", 1)),
        "position 77, head",
    ),
    "a line cut": (relined(lambda lines: lines[1:]), "proofs without a line"),
    "a line twice": (relined(lambda lines: [*lines, lines[-1]]), "position 250"),
    "two lines swapped": (relined(lambda lines: lines[::-1]), "position 77"),
    "a proof moved": (
        lambda e: shutil.copy(e / "proofs/77.tlog-proof", e / "proofs/250.tlog-proof"),
        "position 250.*of position 77",
    ),
    "a proof taken away": (lambda e: (e / "proofs/77.tlog-proof").unlink(), "missing"),
    "a proof added": (
        lambda e: shutil.copy(e / "proofs/77.tlog-proof", e / "proofs/78.tlog-proof"),
        "without a line",
    ),
    "a proof under another name": (
        lambda e: shutil.copy(e / "proofs/77.tlog-proof", e / "proofs/077.tlog-proof"),
        "no proof's",
    ),
    "a proof against an older root": (
        lambda e: (
            export(Log(299), e.parent / "older", positions=[77])
            and shutil.copy(e.parent / "older/proofs/77.tlog-proof", e / "proofs/77.tlog-proof")
        ),
        "another checkpoint",
    ),
    "an event renumbered": (with_member(0, pos=78), "proofs/78.tlog-proof.*missing"),
    "outside of the range": (manifest(first=100), "position 77"),
    "called complete": (manifest(complete=True), "no proofs"),
    "one tile of many": (lambda e: (e / "tile/0/000").unlink(), "tile/0/000"),
    "an older root": (
        edited("checkpoint", lambda _: str(Log(300).note(299)).encode()),
        "manifest.json|another checkpoint",
    ),
}


class TestTampering:
    @pytest.mark.parametrize("name", WHOLE)
    def test_of_a_whole_export_is_refused(self, tmp_path: Path, name: str) -> None:
        edit, said = WHOLE[name]
        made = export(Log(300), tmp_path / "export", bundles=True, older=[100])
        check(made)
        edit(made)
        with pytest.raises(Refused, match=said):
            check(made)

    @pytest.mark.parametrize("name", FILTERED)
    def test_of_a_filtered_export_is_refused(self, tmp_path: Path, name: str) -> None:
        edit, said = FILTERED[name]
        made = export(Log(300), tmp_path / "export", positions=[77, 250])
        check(made)
        edit(made)
        with pytest.raises(Refused, match=said):
            check(made)

    def test_of_any_one_byte_that_is_evidence_is_refused(self, tmp_path: Path) -> None:
        made = export(Log(300), tmp_path, bundles=True, older=[100])
        files = [p for p in sorted(made.rglob("*")) if p.is_file() and p.name != "README.md"]
        random = Random(7)
        for _ in range(200):
            path = random.choice(files)
            content = bytearray(path.read_bytes())
            at = random.randrange(len(content))
            content[at] ^= 1 << random.randrange(8)
            whole = path.read_bytes()
            path.write_bytes(content)
            try:
                if path.name == "manifest.json":
                    # Counts are for people; a name misspelt is a member more.
                    self.is_refused_or_the_same(made)
                else:
                    with pytest.raises(Refused):
                        check(made)
            finally:
                path.write_bytes(whole)

    def is_refused_or_the_same(self, made: Path) -> None:
        try:
            found = check(made)
        except (Refused, Unusable):
            return
        assert (found.first, found.next, found.is_complete) == (0, 300, True)


class TestUnusable:
    def test_is_what_is_no_export(self, tmp_path: Path) -> None:
        with pytest.raises(Unusable, match="no export"):
            check(tmp_path)
        (tmp_path / "manifest.json").write_text('{"format": "audit-export/2"}')
        with pytest.raises(Unusable, match="not of the format"):
            check(tmp_path)
        (tmp_path / "manifest.json").write_text("[" * 100_000)
        with pytest.raises(Unusable, match="can't be read"):
            check(tmp_path)
        with pytest.raises(Unusable, match="is not there"):
            check(tmp_path / "nowhere")
        with pytest.raises(Unusable, match="as a tar"):
            check(tmp_path / "manifest.json")
