"""Undoes the Content-Encoding of a body, gzip or zstd, never beyond a limit."""

from __future__ import annotations

import zlib

import zstandard

from audit.errors import AuditError

GZIP_WINDOW = 31  # 16 for the gzip header + 15 for the largest window (zlib's manual)
GZIP_STEP_BYTES = 2**14  # copied once more for each member that begins in it
MAX_WINDOW_BYTES = 2**27
ZSTD_STEP_BYTES = (
    256  # a block of zstd (128 KiB unpacked) takes at least 4 bytes: 8 MiB a step at most
)


class UnknownEncoding(AuditError):
    """A Content-Encoding that is not spoken here."""


class BrokenCompression(AuditError):
    """A body is not compressed as its Content-Encoding says."""


class TooLarge(AuditError):
    """A body is larger than the limit, sent or unpacked."""


def unpack(body: bytes, *, encoding: str, max_bytes: int) -> bytes | bytearray:
    """Return the body without its Content-Encoding, reading no further than `max_bytes`.

    encoding: the header's value, "" for none. Raises UnknownEncoding, BrokenCompression, TooLarge.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return body
    if name in ("gzip", "x-gzip"):
        return _gunzip(body, max_bytes)
    if name == "zstd":
        return _unzstd(body, max_bytes)
    raise UnknownEncoding(
        f"Content-Encoding {encoding[:40]!r} is unknown; send gzip, zstd or none."
    )


def _gunzip(body: bytes, max_bytes: int) -> bytearray:
    """All members of a gzip file, one after the other (RFC 1952 section 2.2)."""
    out = bytearray()
    view = memoryview(body)
    position = 0
    member = zlib.decompressobj(GZIP_WINDOW)
    while position < len(body):
        piece = view[position : position + GZIP_STEP_BYTES]
        try:
            out += member.decompress(piece, max_bytes + 1 - len(out))
        except zlib.error as error:
            raise BrokenCompression(f"The body is not gzip: {error}") from None
        _check(len(out), max_bytes)
        position += len(piece) - len(member.unused_data)
        if member.eof and position < len(body):
            member = zlib.decompressobj(GZIP_WINDOW)
    if not member.eof:
        raise BrokenCompression("The gzip body ends too early.")
    return out


def _unzstd(body: bytes, max_bytes: int) -> bytearray:
    """All frames, one after the other (RFC 8878 section 3), in steps too small to be a bomb."""
    out = bytearray()
    view = memoryview(body)
    position = 0
    decompressor = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW_BYTES)
    frame = decompressor.decompressobj()
    while position < len(body):
        piece = view[position : position + ZSTD_STEP_BYTES]
        try:
            out += frame.decompress(piece)
        except zstandard.ZstdError as error:
            raise BrokenCompression(f"The body is not zstd: {error}") from None
        _check(len(out), max_bytes)
        position += len(piece) - len(frame.unused_data)
        if frame.eof and position < len(body):
            frame = decompressor.decompressobj()
    if not frame.eof:
        raise BrokenCompression("The zstd body ends too early.")
    return out


def _check(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise TooLarge(f"The body unpacks to more than {max_bytes:,} bytes.")
