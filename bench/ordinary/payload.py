"""What would a sender send to the ordinary project? The same event, flat."""

from __future__ import annotations

from typing import Any


def flat(environment: str, event: dict[str, Any]) -> dict[str, Any]:
    """Return a native event as the ordinary project takes it."""
    actor, application, context = event["actor"], event["application"], event["context"]
    resource = event.get("resource", {})
    return {
        "submitted_id": event["id"],
        "time": event["time"],
        "environment": environment,
        "event_type": event["type"],
        "outcome": event["outcome"],
        "workspace_id": event["workspace"]["id"],
        "workspace_name": event["workspace"]["name"],
        "actor_id": actor["id"],
        "actor_name": actor["name"],
        "actor_email": actor["email"],
        "actor_type": actor["type"],
        "application_id": application["id"],
        "application_gid": application["gid"],
        "application_name": application["name"],
        "resource_type": resource.get("type", ""),
        "resource_id": resource.get("id", ""),
        "resource_name": resource.get("name", ""),
        "targets": event.get("targets", []),
        "ip": context["ip"],
        "user_agent": context["user_agent"],
        "request_id": context["request_id"],
        "details": event["details"],
    }
