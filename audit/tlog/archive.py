"""Reads the files of an export out of a directory or a tar, where they lie; nothing is unpacked."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from .errors import Refused, Unusable


class Archive(Protocol):
    names: frozenset[str]  # of the files, as paths with /

    def open(self, name: str) -> BinaryIO:
        """Return a file's content to read."""


def read_file(archive: Archive, name: str, *, most_bytes: int) -> bytes:
    """Return a file's content. Raises Refused where there is none, or it is larger."""
    if name not in archive.names:
        raise Refused("the file is missing", part=name)
    with archive.open(name) as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise Refused(f"the file has more than {most_bytes:,} bytes", part=name)
    return content


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a directory, or a tar of it. Raises Unusable, and Refused for what a tar can hide."""
    if path.is_dir():
        yield _Directory(path)
        return
    try:
        with tarfile.open(path, "r:") as tar:
            yield _Tar(tar)
    except FileNotFoundError:
        raise Unusable(f"{path} is not there") from None
    except (tarfile.TarError, OSError) as error:
        raise Unusable(f"{path} can't be read as a tar: {error}") from None


class _Directory:
    def __init__(self, path: Path) -> None:
        self._path = path
        found = set()
        for each in path.rglob("*"):
            name = each.relative_to(path).as_posix()
            if each.is_symlink():
                raise Refused("a link instead of a file", part=name)
            if each.is_file():
                found.add(name)
        self.names = frozenset(found)

    def open(self, name: str) -> BinaryIO:
        return (self._path / name).open("rb")


class _Tar:
    """A tar whose members lie in one directory, or in none."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        members: dict[str, tarfile.TarInfo] = {}
        for member in tar:
            if member.isdir():
                continue
            if not member.isreg():
                raise Refused("a link or device instead of a file", part=member.name)
            name = member.name.removeprefix("./")
            if name in members:
                raise Refused("a file that is there twice", part=name)
            members[name] = member
        self._members = _without_top(members)
        self.names = frozenset(self._members)

    def open(self, name: str) -> BinaryIO:
        file = self._tar.extractfile(self._members[name])
        assert file is not None  # a regular file, as all of them are
        return file  # type: ignore[return-value]


def _without_top(members: Mapping[str, tarfile.TarInfo]) -> dict[str, tarfile.TarInfo]:
    """The members as they are named inside the one directory that a tar of it begins with."""
    tops = {name.partition("/")[0] for name in members}
    if "manifest.json" in members or len(tops) != 1:
        return dict(members)
    return {name.partition("/")[2]: member for name, member in members.items()}
