"""Compressed bodies: whole, or refused."""

import gzip
import tracemalloc
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from audit.ingest.unpack import BrokenCompression, TooLarge, UnknownEncoding, unpack

MIB = 2**20
LIMIT = MIB


class TestUnpack:
    @given(st.binary(max_size=5_000))
    def test_reads_back_what_was_packed(self, body: bytes) -> None:
        assert unpack(gzip.compress(body), encoding="gzip", max_bytes=LIMIT) == body
        packed = zstandard.ZstdCompressor().compress(body)
        assert unpack(packed, encoding="ZSTD", max_bytes=LIMIT) == body
        assert unpack(body, encoding="", max_bytes=LIMIT) == body

    def test_reads_all_members(self) -> None:
        members = gzip.compress(b"one ") + gzip.compress(b"two")
        assert unpack(members, encoding="gzip", max_bytes=LIMIT) == b"one two"
        frames = zstandard.ZstdCompressor().compress(b"one ") * 2
        assert unpack(frames, encoding="zstd", max_bytes=LIMIT) == b"one one "

    @pytest.mark.parametrize("encoding", ["gzip", "zstd"])
    def test_stops_at_the_limit(self, encoding: str) -> None:
        bomb = bytes(64 * 2**20)
        packed = (
            gzip.compress(bomb) if encoding == "gzip" else zstandard.ZstdCompressor().compress(bomb)
        )
        with pytest.raises(TooLarge):
            unpack(packed, encoding=encoding, max_bytes=LIMIT)

    @pytest.mark.parametrize("encoding", ["gzip", "zstd"])
    def test_refuses_what_is_broken_or_cut(self, encoding: str) -> None:
        pack = gzip.compress if encoding == "gzip" else zstandard.ZstdCompressor().compress
        for body in (b"not packed", pack(b"some bytes" * 50)[:-6], b""):
            if body or encoding == "zstd":
                with pytest.raises(BrokenCompression):
                    unpack(body, encoding=encoding, max_bytes=LIMIT)

    def test_refuses_an_encoding_that_it_does_not_know(self) -> None:
        with pytest.raises(UnknownEncoding):
            unpack(b"", encoding="br", max_bytes=LIMIT)


class TestBombs:
    @pytest.mark.parametrize(
        ("encoding", "pack"),
        [
            pytest.param("gzip", gzip.compress, id="gzip"),
            pytest.param("zstd", zstandard.ZstdCompressor(level=19).compress, id="zstd"),
        ],
    )
    def test_cost_no_more_than_the_limit(
        self, encoding: str, pack: Callable[[bytes], bytes]
    ) -> None:
        bomb = pack(b"0" * (64 * MIB))
        tracemalloc.start()
        try:
            with pytest.raises(TooLarge):
                unpack(bomb, encoding=encoding, max_bytes=8 * MIB)
            assert tracemalloc.get_traced_memory()[1] < 24 * MIB
        finally:
            tracemalloc.stop()

    @pytest.mark.parametrize(
        ("encoding", "empty"),
        [
            pytest.param("gzip", gzip.compress(b""), id="gzip"),
            pytest.param("zstd", zstandard.ZstdCompressor().compress(b""), id="zstd"),
        ],
    )
    def test_of_many_empty_members_copy_none_of_the_rest(self, encoding: str, empty: bytes) -> None:
        many = empty * 50_000
        tracemalloc.start()
        try:
            assert unpack(many, encoding=encoding, max_bytes=MIB) == b""
            assert tracemalloc.get_traced_memory()[1] < MIB // 2
        finally:
            tracemalloc.stop()
