"""Events in three environments, for what compares them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from audit.contracts import EnvironmentInfo, Scope
from audit.record import Origin, SubmittedEvent, ensure_environment, record_events
from audit.record.submitted import Actor, Application, Context, Resource, Workspace
from audit.worker.loop import do_round

KEYS = ("dev", "staging", "prod")
ALL = Scope(grants=dict.fromkeys(KEYS))


def list_three() -> Sequence[EnvironmentInfo]:
    """A host's environments (`settings.AUDIT["ENVIRONMENTS"]`)."""
    return [EnvironmentInfo(key=k, name=k.title(), is_production=k == "prod") for k in KEYS]


def event(type_: str, at: datetime, **members: Any) -> SubmittedEvent:
    """actor: an id, or (id, e-mail); application: an id, or (id, gid, name); others as they are."""
    actor, application = members.pop("actor", None), members.pop("application", None)
    if isinstance(actor, str):
        actor = Actor(id=actor, name=actor.title())
    elif isinstance(actor, tuple):
        actor = Actor(id=actor[0], email=actor[1], name=actor[0].title())
    if isinstance(application, str):
        application = Application(id=application)
    elif isinstance(application, tuple):
        application = Application(**dict(zip(("id", "gid", "name"), application, strict=False)))
    workspace = members.pop("workspace", None)
    agent = members.pop("agent", None)
    return SubmittedEvent(
        type=type_,
        time=at.isoformat(),
        actor=actor,
        application=application,
        workspace=Workspace(id=workspace, name=workspace.title()) if workspace else None,
        context=Context(user_agent=agent) if agent else None,
        **members,
    )


def data_source(id_: str, name: str) -> Resource:
    return Resource(type="data_source", id=id_, name=name)


def record(environment: str, events: Iterable[SubmittedEvent], *, now: datetime) -> None:
    for key in KEYS:
        ensure_environment(key)
    receipt = record_events(
        list(events), origin=Origin(environment=environment, sender_id=1), received_at=now
    )
    assert [v.status for v in receipt.verdicts if v.status == "rejected"] == []


def work() -> None:
    """Let the worker finish."""
    while not do_round(using="default").is_idle:
        pass
