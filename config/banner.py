"""Prints what the start has made: the URL, who can log in, what comes next."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.http.request import validate_host

from .databases import is_embedded
from .probe import local_url
from .variables import BASE_DIR, Configuration


def banner(given: Configuration, key: str | None, steps: list[str], seconds: float) -> str:
    address = _public_url(given)
    lines = ["", f"Sightline is ready after {seconds:.1f} s: {address}/", ""]
    if address != local_url(given):
        lines += [f"It listens on {local_url(given)}.", ""]
    logins = given.DATA_DIR / "demo-login.txt"
    if logins.exists():
        lines.append("Log in with (user password):")
        lines += [f"  {line}" for line in logins.read_text().splitlines()]
        lines.append("")
    if steps:
        lines += [
            "In another shell, with the same settings, next:",
            *(f"  {step}" for step in steps),
            "",
        ]
    if key:
        lines += [
            "Send an event of your own:",
            f"  curl -i {address}/api/v1/events -H 'Authorization: Bearer {key}' \\",
            "    -H 'Content-Type: application/json' \\",
            '    -d \'{"type": "APPLICATION_UPDATE", "actor": {"id": "me", "name": "Me"}, '
            '"application": {"id": "a1", "name": "Orders"}}\'',
            "",
        ]
    return "\n".join([*lines, _where(given), "Ctrl-C stops it.", ""])


def first_steps(given: Configuration) -> list[str]:
    """Return the commands that are missing before anybody can log in, and anything can be sent."""
    from django.contrib.auth import get_user_model

    from environments.models import Environment, IngestKey

    interpreter, manage = Path(sys.executable), BASE_DIR / "manage.py"
    words = [
        str(path.relative_to(BASE_DIR)) if path.is_relative_to(BASE_DIR) else str(path)
        for path in (interpreter, manage)
    ]
    if given.DATA_DIR != Configuration().DATA_DIR:
        words.insert(0, f"DATA_DIR={shlex.quote(str(given.DATA_DIR))}")
    command = " ".join(words)
    steps = []
    if not get_user_model().objects.filter(is_superuser=True, is_active=True).exists():
        steps.append(f"{command} createsuperuser")
    last = Environment.objects.order_by("position", "key").last()
    if last is None:
        steps.append(f"{command} environment create prod --name Production --production")
    if not IngestKey.objects.exists():
        key = last.key if last else "prod"
        steps.append(f"{command} ingest_key create --environment {key} --name my-app")
    return steps


def _public_url(given: Configuration) -> str:
    """Where people reach it: the address that we listen on, if that is one of our names."""
    local = urlsplit(local_url(given))
    names = given.ALLOWED_HOSTS
    if not given.BEHIND_HTTPS and validate_host(local.netloc.rpartition(":")[0], names):
        return local.geturl()
    name = next((name.lstrip(".") for name in names if name != "*"), local.hostname)
    return f"https://{name}" if given.BEHIND_HTTPS else f"http://{name}:{given.PORT}"


def _where(given: Configuration) -> str:
    """Where do the data lie?"""
    if not is_embedded(given):
        return f"The events lie in the database of DATABASE_URL, all else in {given.DATA_DIR}."
    data = given.DATA_DIR / "postgres"
    where = f" (the database in {data.resolve()})" if data.is_symlink() else ""
    return f"All data lie in {given.DATA_DIR}{where}."
