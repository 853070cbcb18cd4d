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
    Available,
    available_connections,
    fitting_threads,
    needed_connections,
    reader_connections,
    web_connections,
)
from config.errors import CannotStart
from config.postgres.cluster import Cluster
from config.postgres.sizing import MOST_CONNECTIONS, RESERVED, parameters
from config.variables import Configuration

LIMITED = "login_of_few"


def given(processes: int, threads: int, **more: str) -> Configuration:
    return read_configuration(
        {"WEB_PROCESSES": str(processes), "WEB_THREADS": str(threads), **more}
    )


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
            assert available_connections(connection) == (int(row[0]) - RESERVED, None)

    def test_are_no_more_than_the_login_may_have(self, limited: str) -> None:
        with psycopg.connect(limited) as connection:
            assert available_connections(connection)[1] == 12


class TestFittingThreads:
    @pytest.mark.parametrize(
        ("processes", "threads", "available", "fitting"),
        [
            pytest.param(2, 8, Available(all=97), 8, id="the defaults"),
            pytest.param(2, 8, Available(all=42), 8, id="just enough"),
            pytest.param(2, 8, Available(all=41), 7, id="one too few"),
            pytest.param(2, 8, Available(all=18), 2, id="the least"),
            pytest.param(8, 256, Available(all=97), 5, id="many"),
            pytest.param(2, 8, Available(all=97, app=26, reader=18), 8, id="limits of logins"),
            pytest.param(2, 8, Available(all=97, app=25, reader=18), 7, id="a short app"),
            pytest.param(2, 8, Available(all=97, app=26, reader=17), 7, id="a short reader"),
        ],
    )
    def test_is_what_the_database_has_connections_for(
        self, processes: int, threads: int, available: Available, fitting: int
    ) -> None:
        assert fitting_threads(given(processes, threads), available) == fitting
        readers = reader_connections(processes, fitting)
        assert web_connections(processes, fitting) + readers + RESERVED_CONNECTIONS <= available.all

    @pytest.mark.parametrize(("available", "fitting"), [(26, 8), (25, 7), (14, 2)])
    def test_counts_one_login_for_all_once(self, available: int, fitting: int) -> None:
        one = given(2, 8, DATABASE_URL="postgres://sightline@db/sightline")
        assert fitting_threads(one, Available(all=available)) == fitting

    @pytest.mark.parametrize(
        ("available", "said"),
        [
            pytest.param(Available(all=17), "takes 17 connections of ours.*at least 18", id="all"),
            pytest.param(Available(all=97, app=13), "13 connections of the app's login", id="app"),
            pytest.param(
                Available(all=97, reader=5), "5 connections of the readers' login", id="reader"
            ),
        ],
    )
    def test_is_no_less_than_the_least(self, available: Available, said: str) -> None:
        with pytest.raises(CannotStart, match=said):
            fitting_threads(given(2, 8), available)

    def test_says_what_the_logins_are_limited_to(self) -> None:
        assert str(Available(all=97)) == "97"
        limited = Available(all=97, app=20, reader=10)
        assert str(limited) == "97 (20 of the app's login, 10 of the readers' login)"


class TestParameters:
    @pytest.mark.parametrize(
        ("processes", "threads"), [(1, 2), (2, 8), (4, 32), (16, 40), (64, 256)]
    )
    def test_the_embedded_database_takes_what_is_wanted(self, processes: int, threads: int) -> None:
        one = given(processes, threads)
        settings = parameters(2**33, 4, needed_connections(one))
        offered = int(settings["max_connections"]) - RESERVED
        fitting = fitting_threads(one, Available(all=offered))
        assert fitting == threads or offered == MOST_CONNECTIONS - RESERVED
