"""A real PostgreSQL for all tests: the embedded one, in a directory of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from config.postgres.cluster import Cluster

from . import clock
from .settings import CLUSTER


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The cluster that the tests share, running."""
    return CLUSTER


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-queries", action="store_true", help="Write tests/queries.txt anew (make queries)."
    )


def pytest_sessionstart(session: pytest.Session) -> None:
    if session.config.getoption("dist", "no") != "no":
        return  # pytest-xdist's controller runs no test; each of its workers has its own cluster
    CLUSTER.make()
    session.config.stash[_SERVER] = CLUSTER.start()
    CLUSTER.ensure_roles()


def pytest_sessionfinish(session: pytest.Session) -> None:
    server = session.config.stash.get(_SERVER, None)
    if server is not None:
        CLUSTER.stop(server)


_SERVER: pytest.StashKey = pytest.StashKey()


def pytest_runtest_setup() -> None:
    clock.begin()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> None:
    """The cluster is the tests' own, so its one database is migrated and used as it is."""
    from django.core.management import call_command

    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)


@pytest.fixture(autouse=True)
def _streams_of_uncommitted_people(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streams ask again on connections of their own, which see nobody of a test's transaction."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        monkeypatch.setattr("audit.rest.streams.ASK_AGAIN_SECONDS", float("inf"))


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """What a process remembers of the database must not outlive a test's rollback."""
    yield
    from django.utils import translation

    translation.deactivate()  # a page in German would leave its language to the next test
    from audit.record.caches import clear_caches
    from environments import resolve

    clear_caches()
    resolve.clear_cache()
