"""What is in a backup, and is it whole?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec
import psycopg
from tqdm import tqdm

from ..errors import CannotStart

FORMAT = 1
NAME = "backup.json"
DATABASE = "database"
_COUNTED = """
SELECT e.key, coalesce(h.size, 0) + coalesce((
    SELECT sum(cardinality(s.event_ids))::bigint FROM audit_pending p
    JOIN audit_submission s ON s.id = p.submission_id WHERE p.environment = e.id), 0)
FROM audit_environment e LEFT JOIN audit_loghead h ON h.environment = e.id ORDER BY e.key
"""


class BackupFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of `database/`; sha256: in hexadecimal digits"""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What `backup.json` says. made_at: RFC 3339, when the database was as it is in the backup;
    events: environment → how many were recorded by then; files: name → what it is
    """

    format: int
    made_at: str
    postgres: str
    events: Mapping[str, int]
    files: Mapping[str, BackupFile]


def count_events(connection: psycopg.Connection) -> dict[str, int]:
    """Return environment → recorded events, as their receipts tell."""
    return {str(key): int(events) for key, events in connection.execute(_COUNTED)}


def describe_files(directory: Path) -> dict[str, BackupFile]:
    """Read all files of a directory, and return what each is by its name."""
    found = {}
    paths = sorted(path for path in directory.iterdir() if path.is_file())
    total = sum(path.stat().st_size for path in paths)
    with tqdm(
        total=total, desc="reading the files", unit="B", unit_scale=True, disable=None
    ) as bar:
        for path in paths:
            with path.open("rb") as file:
                digest, size = hashlib.file_digest(file, "sha256"), file.tell()
            bar.update(size)
            found[path.name] = BackupFile(size=size, sha256=digest.hexdigest())
    return found


def write_manifest(directory: Path, manifest: Manifest) -> None:
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    (directory / NAME).write_bytes(text + b"\n")


def read_manifest(directory: Path) -> Manifest:
    """Return what a directory says of itself. Raises CannotStart where it is no backup of ours."""
    try:
        text = (directory / NAME).read_bytes()
    except OSError as error:
        raise CannotStart(
            f"{directory} is no backup: {directory / NAME} can't be read ({error.strerror})."
        ) from error
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except msgspec.MsgspecError as error:
        raise CannotStart(f"{directory / NAME} is damaged: {error}.") from error
    if manifest.format != FORMAT:
        raise CannotStart(
            f"{directory} was made by another version (format {manifest.format}, this one reads"
            f" {FORMAT})."
        )
    return manifest


def check_files(directory: Path, manifest: Manifest) -> None:
    """Raises CannotStart where a file is missing, cut or changed, or doesn't belong there."""
    try:
        found = describe_files(directory / DATABASE)
    except OSError as error:
        raise CannotStart(f"{directory / DATABASE} can't be read: {error.strerror}.") from error
    for name in sorted({*manifest.files, *found}):
        path = directory / DATABASE / name
        if name not in found:
            raise CannotStart(f"{path} is missing: this backup can't be restored.")
        if name not in manifest.files:
            raise CannotStart(f"{path} doesn't belong to this backup.")
        if found[name] != manifest.files[name]:
            raise CannotStart(
                f"{path} is not as it was when the backup was made (it has {found[name].size}"
                f" bytes, and had {manifest.files[name].size}): this backup can't be restored."
            )
