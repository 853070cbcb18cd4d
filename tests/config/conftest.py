"""An installation with a sender, and both doors that take its events."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from environments.directory import create_environment
from environments.keys import create_ingest_key

from .doors import Door


@pytest.fixture
def door(db: None) -> Iterator[Door]:
    # A request's end would close the connection that the test's transaction is in.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    create_environment(key="prod", name="Prod", colour="#c2410c", position=1)
    _, token = create_ingest_key(environment="prod", sender="billing", now=timezone.now())
    yield Door(token)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
