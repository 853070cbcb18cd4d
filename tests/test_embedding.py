"""docs/embedding.md is right: its project is made, the wheel installed, and both are used."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest

from audit.conf import AuditSettings
from config.postgres.cluster import Cluster

ROOT = Path(__file__).resolve().parent.parent
DOC = ROOT / "docs" / "embedding.md"
TOKEN = "5kzQv0n3p2yXo8h1"
OFFICE = "office"
LOGINS = ("office_web", "office_worker", "office_reader")

# What the host does with it, told as JSON.
STORY = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "office.settings"
import django
django.setup()
from django.contrib.auth.models import Group, User
from django.test import Client
from audit.models import Event
from office.orders import place

boss = User.objects.create_user("boss", is_staff=True)
clerk = User.objects.create_user("clerk")
clerk.groups.add(Group.objects.create(name="north"))
told = {
    "placed": [
        place(number, user=boss, branch=branch, address="8.8.8.8")
        for number, branch in enumerate(["north", "south"])
    ]
}

def get(user, path, **headers):
    client = Client(SERVER_NAME="localhost", headers=headers)
    client.force_login(user)
    response = client.get(path)
    body = b"".join(response) if response.streaming else response.content
    return [response.status_code, body.decode()]

told["seen"] = [json.loads(get(user, "/log/api/events")[1])["results"] for user in (boss, clerk)]
paths = ("/log/", "/log/events/", "/log/views/", "/admin/")
told["pages"] = {path: get(boss, path) for path in paths}
told["german"] = get(boss, "/log/events/", **{"Accept-Language": "de"})
told["csv"] = get(boss, "/log/api/events/export?format=csv")
told["parquet"] = get(boss, "/log/api/events/export?format=parquet")
answer = Client(SERVER_NAME="localhost").post(
    "/log/api/events",
    {"type": "TILL_OPENED"},
    content_type="application/json",
    headers={"Authorization": "Bearer " + sys.argv[1]},
)
told["sent"] = [answer.status_code, Event.objects.filter(sender_id=1).count()]
absent = {"pyarrow", "maxminddb", "config", "accounts", "environments"}
told["modules"] = sorted(absent & set(sys.modules))
json.dump(told, sys.stdout)
"""


def files() -> Mapping[str, str]:
    """Return the files that the page gives in full, by their paths."""
    return dict(
        re.findall(r"`([\w./]+\.\w+)`[^`]*:\n\n```\w+\n(.*?)^```$", DOC.read_text(), re.M | re.S)
    )


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    own = ("DJANGO_SETTINGS_MODULE", "DATA_DIR", "PYTHONPATH")
    given = {name: value for name, value in os.environ.items() if name not in own}
    done = subprocess.run(
        command, cwd=cwd, env=given | variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [ROOT / "scripts" / "wheel", out],
        env=os.environ | {"PYTHON": sys.executable},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"the wheel's builder can't be had: {done.stderr[-500:]}")
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the wheel with `rest`, in the versions that are locked."""
    home = tmp_path_factory.mktemp("empty")
    run(sys.executable, "-m", "venv", home, cwd=home)
    pins = home / "pins.txt"
    locked = (ROOT / "requirements" / "run.txt").read_text()
    pins.write_text("\n".join(re.findall(r"^[\w.-]+==[\w.]+", locked, re.M)))
    interpreter = home / "bin" / "python"
    done = subprocess.run(
        [interpreter, "-m", "pip", "install", "--quiet", "-c", pins, f"{wheel}[rest]"],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"what the wheel needs can't be had: {done.stderr[-500:]}")
    return interpreter


@pytest.fixture(scope="module")
def told(
    python: Path, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    home = tmp_path_factory.mktemp("office")
    for path, text in files().items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text)
    with psycopg.connect(cluster.owner_conninfo("postgres"), autocommit=True) as connection:
        for login in (OFFICE, *LOGINS):
            connection.execute(f"CREATE ROLE {login} LOGIN PASSWORD 'office'")
        connection.execute(f"CREATE DATABASE {OFFICE} OWNER {OFFICE}")
        variables = {
            "OFFICE_DATABASE": OFFICE,
            "OFFICE_SECRET_KEY": "of the office alone",
            "OFFICE_TILL_KEY_SHA256": sha256(TOKEN.encode()).hexdigest(),
            "PGHOST": connection.info.host,
            "PGPORT": str(connection.info.port),
            "PGUSER": OFFICE,
            "PGPASSWORD": "office",
        }
        manage: tuple[str | Path, ...] = (python, "-W", "error", "manage.py")
        web, worker, reader = LOGINS
        given = ("--web", web, "--worker", worker, "--reader", reader)
        roles = run(*manage, "roles", *given, cwd=home, **variables)
        connection.execute(roles.encode())
        run(*manage, "migrate", "--verbosity", "0", cwd=home, **variables)
        run(*manage, "check", "--fail-level", "WARNING", cwd=home, **variables)
        # From here on as the login that owns nothing.
        variables["PGUSER"] = web
        known = re.search(r'shell -c "(.*)"', DOC.read_text())
        assert known is not None
        run(*manage, "shell", "-c", known[1], cwd=home, **variables)
        said = run(python, "-W", "error", "-c", STORY, TOKEN, cwd=home, **variables)
        yield json.loads(said)
        connection.execute(f"DROP DATABASE {OFFICE} WITH (FORCE)")
        for login in (OFFICE, *LOGINS):
            connection.execute(f"DROP ROLE {login}")


@pytest.mark.slow
@pytest.mark.xdist_group("wheel")
class TestWheel:
    def test_holds_the_app_alone(self, wheel: Path) -> None:
        names = zipfile.ZipFile(wheel).namelist()
        assert {name.split("/")[0].split("-")[0] for name in names} == {"audit", "sightline_audit"}
        for needed in (
            "audit/locale/de/LC_MESSAGES/django.mo",
            "audit/migrations/sql/event.sql",
            "audit/roles.sql",
            "audit/static/audit/css/tokens.css",
            "audit/templates/audit/base.html",
        ):
            assert needed in names
        assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
        assert not [name for name in names if name.endswith(".pyc")]

    def test_lets_a_host_record_and_find(self, told: dict[str, Any]) -> None:
        assert told["placed"] == ["recorded", "recorded"]
        boss, clerk = told["seen"]
        assert [event["workspace"]["id"] for event in boss] == ["south", "north"]
        assert [event["workspace"]["id"] for event in clerk] == ["north"]
        assert told["sent"] == [201, 1]

    def test_shows_pages_as_the_host_styles_them(self, told: dict[str, Any]) -> None:
        for path, (status, page) in told["pages"].items():
            assert status == 200, path
            if path.startswith("/log/"):
                assert "· Office</title>" in page
                assert 'href="/static/office/log.css"' in page
                assert '<nav class="top" aria-label="Office">' in page
                assert 'class="brand"' in page
        assert "boss" in told["pages"]["/log/events/"][1]

    def test_offers_the_languages_that_it_speaks(self, told: dict[str, Any]) -> None:
        _status, page = told["german"]
        assert '<html lang="de"' in page
        assert re.findall(r'name="language" value="([\w-]+)"', page) == ["de", "en"]
        assert ">Deutsch<" in page

    def test_needs_no_extra_but_for_what_it_is_for(self, told: dict[str, Any]) -> None:
        assert told["modules"] == []
        assert told["csv"][0] == 200
        status, said = told["parquet"]
        assert status == 400
        assert "sightline-audit[parquet]" in said
        assert "format=parquet" not in told["pages"]["/log/events/"][1]


class TestPage:
    def test_lists_every_key_with_its_default(self) -> None:
        rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)?", DOC.read_text(), re.M)
        policies = {
            f.name for f in dataclasses.fields(AuditSettings) if ".contracts." in str(f.default)
        }
        listed = {name: default for name, default in rows if name not in policies}
        assert {name for name, _ in rows if name in policies} == policies
        assert listed == {
            f.name: str(f.default) if f.default is not dataclasses.MISSING else "{}"
            for f in dataclasses.fields(AuditSettings)
            if f.name not in policies
        }

    def test_lists_every_package(self) -> None:
        project = tomllib.loads((ROOT / "packaging" / "pyproject.toml").read_text())["project"]
        extras = project["optional-dependencies"]
        given = {None: project["dependencies"], **extras}
        rows = re.findall(r"^\| (`[^|]*) \| (the wheel|`\[\w+\]`) \|", DOC.read_text(), re.M)
        for extra, packages in given.items():
            named = f"`[{extra}]`" if extra else "the wheel"
            listed = " ".join(cell for cell, comes_with in rows if comes_with == named)
            assert set(re.findall(r"`([\w-]+)[^`]*`", listed)) == {
                re.split(r"[\[<>=]", package)[0] for package in packages
            }

    def test_names_the_blocks_and_assets_of_the_base(self) -> None:
        base = (ROOT / "audit" / "templates" / "audit" / "base.html").read_text()
        section = DOC.read_text().partition("## Restyling")[2]
        for name in re.findall(r"{% block (\w+) %}", base):
            assert f"`{name}`" in section, name
        for path in re.findall(r"{% static 'audit/([^']+)' %}", base):
            assert path.rpartition("/")[2] in section, path

    def test_has_the_version_of_the_product(self) -> None:
        versions = {
            tomllib.loads(path.read_text())["project"]["version"]
            for path in (ROOT / "pyproject.toml", ROOT / "packaging" / "pyproject.toml")
        }
        assert len(versions) == 1
