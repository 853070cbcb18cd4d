"""An installation with a sender, and both doors that take its events."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.factories import EnvironmentFactory, IngestKeyFactory

from .doors import Door


@pytest.fixture
def door(db: None) -> Iterator[Door]:
    # A request's end would close the connection that the test's transaction is in.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    EnvironmentFactory()
    _, token = IngestKeyFactory()
    yield Door(token)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
