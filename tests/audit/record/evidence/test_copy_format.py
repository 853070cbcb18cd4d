"""What is packed is what PostgreSQL reads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from audit.log.cursor import psycopg_cursor
from audit.record.evidence import copy_format as packed

pytestmark = pytest.mark.django_db
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)))
ROWS = st.tuples(
    st.none() | st.integers(-(2**15), 2**15 - 1),
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(allow_nan=False),
    st.none() | TEXT,
    st.binary(),
    st.uuids(),
    st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)),
    st.none() | st.dates(min_value=date(1970, 1, 1)),
    st.none() | st.ip_addresses(),
    st.lists(TEXT).map(tuple),
)


def copied(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    cursor = psycopg_cursor(connection.alias)
    cursor.execute(
        "CREATE TEMPORARY TABLE packed (a int2, b int4, c int8, d float8, e text, f bytea, g uuid,"
        " h timestamptz, i date, j inet, k text[]) ON COMMIT DROP"
    )
    with cursor.copy("COPY packed FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(packed.SIGNATURE)
        for a, b, c, d, e, f, g, h, i, j, k in rows:
            copy.write(
                b"".join(
                    (
                        packed.row_start(11),
                        packed.int2(a),
                        packed.int4(b),
                        packed.int8(c),
                        packed.float8(d),
                        packed.text(e),
                        packed.binary(f),
                        packed.binary(g.bytes),
                        packed.timestamptz(h),
                        packed.day(i),
                        packed.inet(j),
                        packed.text_array(k),
                    )
                )
            )
        copy.write(packed.TRAILER)
    found = cursor.execute("SELECT * FROM packed").fetchall()
    cursor.execute("DROP TABLE packed")
    return found


@given(st.lists(ROWS, max_size=5))
def test_a_row_comes_back_as_it_was(rows: list[tuple[Any, ...]]) -> None:
    assert [(*row[:9], row[9] and ip_address(row[9]), row[10]) for row in copied(rows)] == [
        (*row[:10], list(row[10]) or None) for row in rows
    ]


def test_an_address_of_either_version_is_one_host() -> None:
    row = (1, 2, 3, 4.5, "é", b"\0", UUID(int=7), datetime(2026, 3, 5, tzinfo=UTC), None)
    addresses = (IPv4Address("192.0.2.1"), IPv6Address("2001:db8::1"))
    assert [found[9] for found in copied([(*row, one, ("a", "b")) for one in addresses])] == [
        "192.0.2.1",
        "2001:db8::1",
    ]
