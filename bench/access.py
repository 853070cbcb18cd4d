"""How do senders and readers get in? `python -m bench.access` makes it in another database."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import msgspec

from config.start import prepare_database

from .dataset import EMPTY_ENVIRONMENT, ENVIRONMENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """keys: environment → ingest key; cookie: of a person who is logged in and sees everything, as
    whoever has a token does; read_tokens: of four people
    """

    keys: dict[str, str]
    read_tokens: tuple[str, ...]
    cookie: str

    @property
    def read_token(self) -> str:
        return self.read_tokens[0]


def make_access() -> Access:
    """Migrate the database of the settings, make the environments, and let a sender and a reader
    in.
    """
    prepare_database()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from accounts.models import User
    from accounts.tokens import create_read_token

    now = timezone.now()
    rights = {"is_superuser": True, "is_staff": True}
    users = [
        User.objects.get_or_create(username=name, defaults=rights)[0]
        for name in ("bench", "bench-2", "bench-3", "bench-4")
    ]
    user = users[0]
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return Access(
        keys=_make_keys(),
        read_tokens=tuple(create_read_token(user=u, name="bench", now=now)[1] for u in users),
        cookie=f"{settings.SESSION_COOKIE_NAME}={session.session_key}",
    )


def _make_keys() -> dict[str, str]:
    from django.utils import timezone

    from environments.directory import create_environment
    from environments.keys import create_ingest_key

    keys = {}
    now = timezone.now()
    for position, key in enumerate([*ENVIRONMENTS, EMPTY_ENVIRONMENT]):
        create_environment(
            key=key,
            name=key.title(),
            colour="#0072b2",
            position=position,
            is_production=key == "prod",
        )
        sender = f"bench-{now:%Y%m%d%H%M%S%f}"
        _, keys[key] = create_ingest_key(environment=key, sender=sender, now=now)
    return keys


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(make_access()))
