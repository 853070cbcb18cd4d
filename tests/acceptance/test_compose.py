"""What the compose file says, without containers: its logins, and web and worker apart.

Where Debian's PostgreSQL 15 is installed; the image's is 18.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from audit.worker.lifeline import ends_with_parent
from config.variables import Configuration

from .external_server import run, server, socket_of
from .installation import ROOT, Installation, post
from .test_external_postgres import BINARIES, ROLES, pytestmark

__all__ = ["pytestmark"]

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
# What `.env` has.
GIVEN = {
    "SUPERUSER_PASSWORD": "p-0",
    "OWNER_PASSWORD": "p-1",
    "WEB_PASSWORD": "p-2",
    "WORKER_PASSWORD": "p-3",
    "READER_PASSWORD": "p-4",
    "SECRET_KEY": "not-a-secret-of-anybody-but-of-this-test-alone",
    "ALLOWED_HOSTS": "127.0.0.1",
    "BEHIND_HTTPS": "off",
    "TRUSTED_PROXIES": "0",
}


def environment_of(service: str) -> dict[str, str]:
    """Return a service's variables with those of GIVEN put in."""

    def put_in(text: str) -> str:
        return re.sub(r"\$\{(\w+)(:[?-]\w*)?\}", lambda found: GIVEN[found[1]], text)

    return {k: put_in(str(v)) for k, v in COMPOSE["services"][service]["environment"].items()}


@contextmanager
def worker(installation: Installation, variables: dict[str, str]) -> Iterator[None]:
    child = subprocess.Popen(
        [sys.executable, ROOT / "manage.py", "worker"],
        cwd=ROOT,
        env=installation.environment | variables,
        preexec_fn=ends_with_parent(),
    )
    try:
        yield
    finally:
        child.terminate()
        child.wait(60)


class TestCompose:
    @pytest.mark.parametrize("service", ["web", "worker"])
    def test_sets_variables_that_exist(self, service: str) -> None:
        known = {field.name for field in fields(Configuration)}
        assert set(environment_of(service)) <= known | {"DEMO"}

    def test_only_the_worker_has_the_key_and_only_the_web_the_owner(self) -> None:
        web, worker = environment_of("web"), environment_of("worker")
        assert "AUDIT_SIGNING_KEY_FILE" not in web
        assert "keys:/keys" not in COMPOSE["services"]["web"]["volumes"]
        assert "DATABASE_OWNER_URL" not in worker

    def test_web_and_worker_do_their_work_apart(self, tmp_path: Path) -> None:
        with server(BINARIES, max_connections=60) as port:
            psql = (
                BINARIES / "psql",
                *("-h", socket_of(port), "-p", str(port), "-U", "postgres", "-qX"),
            )
            run(*psql, input=ROLES.read_text())
            run(*psql, input=(DEPLOY / "logins.sql").read_text(), env={**os.environ, **GIVEN})

            def at_port(variables: dict[str, str]) -> dict[str, str]:
                here = f"@127.0.0.1:{port}/"
                return {k: v.replace("@database:5432/", here) for k, v in variables.items()}

            web = Installation(tmp_path, {**at_port(environment_of("web")), "WEB_THREADS": "3"})
            web.start()
            try:
                self._work(web, at_port(environment_of("worker")), tmp_path / "keys")
            finally:
                web.stop()

    def _work(self, web: Installation, variables: dict[str, str], keys: Path) -> None:
        assert not web.children("manage.py worker")
        keys.mkdir()
        variables["AUDIT_SIGNING_KEY_FILE"] = str(keys / "signing_key.pem")
        made = subprocess.run(
            [sys.executable, ROOT / "manage.py", "log_key", "new"],
            cwd=ROOT,
            env=web.environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        web.variables |= {"DJANGO_SUPERUSER_PASSWORD": "First-2026"}
        person = ("--username", "first", "--email", "first@example.org")
        web.manage("createsuperuser", "--noinput", *person)
        web.manage("environment", "create", "prod", "--production")
        key = web.manage("ingest_key", "create", "--environment", "prod", "--name", "a")
        token = web.manage("read_token", "create", "--user", "first")
        with httpx.Client() as client, worker(web, variables):
            assert post(client, web.address, key, [{"type": "USER_LOGIN"}]).status_code == 201
            address = f"{web.address}/log/prod/checkpoint"

            def is_signed() -> bool:
                answer = client.get(address, headers={"Authorization": f"Bearer {token}"})
                return answer.status_code == 200 and answer.text.splitlines()[1] == "1"

            web.wait(is_signed, 60)
            ready = client.get(f"{web.address}/health/ready")
            assert ready.status_code == 200, json.dumps(ready.json())


class TestOtherFiles:
    @pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze")
    def test_systemd_takes_the_unit(self, tmp_path: Path) -> None:
        text = (DEPLOY / "sightline.service").read_text()
        python = f"{tmp_path}/python"
        Path(python).symlink_to(sys.executable)
        unit = tmp_path / "sightline.service"
        unit.write_text(
            text.replace("/opt/sightline/.venv/bin/python", python).replace(
                "=sightline\nW", "=root\nW"
            )
        )
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(unit)],
            capture_output=True,
            text=True,
            check=False,
        )
        ours = [line for line in done.stderr.splitlines() if "sightline.service" in line]
        assert not ours

    @pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx")
    def test_nginx_takes_the_server(self, tmp_path: Path) -> None:
        pem = tmp_path / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=audit",
             "-keyout", str(pem), "-out", str(tmp_path / "c.pem")],
            check=True, capture_output=True,
        )  # fmt: skip
        text = (DEPLOY / "nginx.conf").read_text()
        text = text.replace("/etc/ssl/certs/audit.example.org.pem", str(tmp_path / "c.pem"))
        text = text.replace("/etc/ssl/private/audit.example.org.key", str(pem))
        whole = tmp_path / "nginx.conf"
        whole.write_text(f"events {{}}\nhttp {{\n{text}\n}}\n")
        done = subprocess.run(
            ["nginx", "-t", "-c", str(whole)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    @pytest.mark.skipif(not shutil.which("caddy"), reason="no caddy")
    def test_caddy_takes_the_site(self) -> None:
        done = subprocess.run(
            ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
