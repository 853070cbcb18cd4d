"""Web processes and threads have as many connections as the database gives, or are fewer."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from config.configuration import read_configuration
from config.connections import (
    RESERVED_CONNECTIONS,
    available_connections,
    fitting_threads,
    needed_connections,
    web_connections,
)
from config.errors import CannotStart
from config.postgres.cluster import Cluster
from config.postgres.sizing import MOST_CONNECTIONS, RESERVED, parameters
from config.variables import Configuration

LIMITED = "login_of_few"


def given(processes: int, threads: int) -> Configuration:
    return read_configuration({"WEB_PROCESSES": str(processes), "WEB_THREADS": str(threads)})


@pytest.fixture
def limited(cluster: Cluster) -> Iterator[str]:
    """The address of a login that may have 12 connections."""
    role = sql.Identifier(LIMITED)
    with psycopg.connect(cluster.owner_conninfo(), autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x' CONNECTION LIMIT 12").format(role))
        yield make_conninfo(cluster.owner_conninfo(), user=LIMITED, password="x")
        owner.execute(sql.SQL("DROP ROLE {}").format(role))


class TestOfferedConnections:
    def test_leaves_out_what_superusers_keep(self, cluster: Cluster) -> None:
        with psycopg.connect(cluster.owner_conninfo()) as connection:
            row = connection.execute("SHOW max_connections").fetchone()
            assert row is not None
            assert available_connections(connection) == int(row[0]) - RESERVED

    def test_are_no_more_than_the_login_may_have(self, limited: str) -> None:
        with psycopg.connect(limited) as connection:
            assert available_connections(connection) == 12


class TestFittingThreads:
    @pytest.mark.parametrize(
        ("processes", "threads", "offered", "fitting"),
        [
            pytest.param(2, 8, 97, 8, id="the defaults"),
            pytest.param(2, 8, 26, 8, id="just enough"),
            pytest.param(2, 8, 25, 7, id="one too few"),
            pytest.param(2, 8, 14, 2, id="the least"),
            pytest.param(8, 256, 97, 10, id="many"),
        ],
    )
    def test_is_what_the_database_has_connections_for(
        self, processes: int, threads: int, offered: int, fitting: int
    ) -> None:
        assert fitting_threads(given(processes, threads), offered) == fitting
        assert web_connections(processes, fitting) + RESERVED_CONNECTIONS <= offered

    def test_is_no_less_than_the_least(self) -> None:
        with pytest.raises(CannotStart, match=r"takes 13 connections.*need at least 14"):
            fitting_threads(given(2, 8), 13)


class TestParameters:
    @pytest.mark.parametrize(
        ("processes", "threads"), [(1, 2), (2, 8), (4, 32), (16, 40), (64, 256)]
    )
    def test_the_embedded_database_takes_what_is_wanted(self, processes: int, threads: int) -> None:
        one = given(processes, threads)
        settings = parameters(2**33, 4, needed_connections(one))
        offered = int(settings["max_connections"]) - RESERVED
        fitting = fitting_threads(one, offered)
        assert fitting == threads or offered == MOST_CONNECTIONS - RESERVED
