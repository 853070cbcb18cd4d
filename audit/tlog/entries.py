"""Reads the events of an export, and holds each against its own commitments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from .archive import Archive
from .base64_text import from_base64, hash_from_base64
from .errors import Refused
from .hashes import leaf_hash
from .leaves import PARTS, SALT_BYTES, BadLeaf, commitment, split_leaf
from .strict_json import read_json

ENTRIES_FILE = "entries.ndjson"
MAX_LINE_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Entry:
    """position: in the log; leaf: its leaf hash; missing: parts that are not in the export"""

    position: int
    leaf: bytes
    missing: tuple[str, ...]


def read_entries(archive: Archive) -> Iterator[Entry]:
    """Yield the entries in the order of the file, each checked by itself. Raises Refused."""
    if ENTRIES_FILE not in archive.names:
        raise Refused("the file is missing", part=ENTRIES_FILE)
    with archive.open(ENTRIES_FILE) as file:
        number = 0
        # Lines end at byte 0x0A alone: U+2028 may stand in a text.
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            part = f"{ENTRIES_FILE} line {number}"
            if not line.endswith(b"\n"):
                raise Refused("the line is too long, or its end is missing", part=part)
            try:
                value = read_json(line)
            except ValueError as error:
                raise Refused(f"the line can't be read: {error}", part=part) from None
            yield _entry(value, part)


def _entry(value: Any, part: str) -> Entry:
    if not isinstance(value, dict):
        raise Refused("the line is no object", part=part)
    position = value.get("pos")
    if not isinstance(position, int) or isinstance(position, bool) or position < 0:
        raise Refused("the line has no position", part=part)
    is_past_retention = value.get("parts") is None
    wanted = {"pos", "id", "parts", "leaf" if is_past_retention else "entry"}
    if set(value) != wanted:
        raise Refused(f"the line's members are not {sorted(wanted)}", position=position)
    id_ = _uuid(value["id"], position)
    if is_past_retention:
        return Entry(position, _decoded(value["leaf"], position, "leaf", is_hash=True), PARTS)
    return _whole_entry(value, position, id_)


def _whole_entry(value: dict[str, Any], position: int, id_: UUID) -> Entry:
    content = _decoded(value["entry"], position, "entry")
    try:
        event_id, commitments = split_leaf(content)
    except BadLeaf as error:
        raise Refused(str(error), position=position, part="entry") from None
    if event_id != id_.bytes:
        raise Refused("the id is not that of the entry", position=position, part="id")
    parts = value["parts"]
    if not isinstance(parts, dict) or set(parts) != set(PARTS):
        raise Refused(f"the parts are not {', '.join(PARTS)}", position=position, part="parts")
    missing = []
    for name, committed in zip(PARTS, commitments, strict=True):
        if parts[name] is None:
            missing.append(name)
        elif _commitment(name, parts[name], position) != committed:
            raise Refused("salt or text is not what was committed to", position=position, part=name)
    return Entry(position, leaf_hash(content), tuple(missing))


def _commitment(name: str, part: Any, position: int) -> bytes:
    is_part = isinstance(part, dict) and set(part) == {"salt", "body"}
    if not is_part or not isinstance(part["body"], str):
        raise Refused("the part has no salt and body", position=position, part=name)
    salt = _decoded(part["salt"], position, name)
    if len(salt) != SALT_BYTES:
        raise Refused(
            f"a salt has {SALT_BYTES} bytes, not {len(salt)}", position=position, part=name
        )
    try:
        body = part["body"].encode()
    except UnicodeEncodeError:
        raise Refused("the text has half a character", position=position, part=name) from None
    return commitment(name, salt, body)


def _decoded(text: Any, position: int, part: str, *, is_hash: bool = False) -> bytes:
    try:
        if not isinstance(text, str):
            raise ValueError("no text")
        return hash_from_base64(text) if is_hash else from_base64(text)
    except ValueError as error:
        raise Refused(
            f"not base64 as it should be: {error}", position=position, part=part
        ) from None


def _uuid(text: Any, position: int) -> UUID:
    try:
        id_ = UUID(text) if isinstance(text, str) else None
    except ValueError:
        id_ = None
    if id_ is None or str(id_) != text:
        raise Refused("the id is no UUID in lower case", position=position, part="id")
    return id_
