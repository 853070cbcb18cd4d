"""What is kept of the pieces that rows share?"""

from __future__ import annotations

from uuid import UUID

import pytest

from audit.record.evidence import rows
from audit.record.evidence.copy_format import text
from audit.record.evidence.parts import Parts
from audit.record.evidence.rows import NewEvent, Numbers, make_row
from audit.record.submitted import Resource, SubmittedEvent


def row_of(resource: Resource) -> bytes:
    return make_row(
        NewEvent(
            id=UUID(int=7),
            event=SubmittedEvent(type="X", resource=resource),
            parts=Parts(b"{}", b"{}", b"{}"),
            salts=bytes(48),
            leaf_hash=bytes(32),
        ),
        ordinal=0,
        submission=b"",
        numbers=Numbers(type=1, outcome=None, client=None, country=None),
        where=None,
    )


class TestMakeRow:
    @pytest.mark.parametrize(
        ("size", "kept"),
        [
            pytest.param(256, 1, id="an id as others are"),
            pytest.param(257, 0, id="a long id"),
            pytest.param(1_024, 0, id="a key of an object store"),
        ],
    )
    def test_keeps_no_long_ids(self, size: int, kept: int) -> None:
        rows._resource.cache_clear()
        id_ = "k" * size
        row = row_of(Resource(type="object", id=id_))
        assert text(id_) + text("object") in row
        assert rows._resource.cache_info().currsize == kept
