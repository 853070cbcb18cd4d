"""What the documentation tells an operator to set must not keep the product from starting."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from .installation import ROOT, Installation

HOST = "audit.example.org"
# As a proxy that ends HTTPS sends them on.
PROXIED = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Behind a proxy with HTTPS, on a machine that reaches the world by another one."""
    one = Installation(
        tmp_path_factory.mktemp("production"),
        {
            "ALLOWED_HOSTS": HOST,
            "BEHIND_HTTPS": "on",
            "TRUSTED_PROXIES": "1",
            "DEMO": "off",
            "http_proxy": "http://127.0.0.1:9",
        },
    )
    one.start()
    yield one
    one.stop()
    one.remove()


def probe(installation: Installation) -> subprocess.CompletedProcess[str]:
    """Run the health check of the image."""
    return subprocess.run(
        [sys.executable, "-m", "config.probe"],
        cwd=ROOT,
        env=installation.environment,
        capture_output=True,
        text=True,
        check=False,
    )


class TestProductionSettings:
    def test_the_start_says_where_people_reach_it(self, production: Installation) -> None:
        assert f"https://{HOST}/" in production.log
        assert f"http://127.0.0.1:{production.port}" in production.log

    def test_the_health_check_of_the_image_finds_it_ready(self, production: Installation) -> None:
        done = probe(production)
        assert done.returncode == 0, done.stderr

    @pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
    @pytest.mark.parametrize("host", ["10.0.0.7:8000", "audit.example.org", "no such host"])
    def test_probes_are_answered_by_any_name_and_without_https(
        self, production: Installation, path: str, host: str
    ) -> None:
        answer = httpx.get(f"{production.address}{path}", headers={"Host": host})
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == "ok"
        assert "content-security-policy" in answer.headers

    def test_pages_are_answered_by_their_name_and_https_alone(
        self, production: Installation
    ) -> None:
        there = httpx.get(f"{production.address}/login/", headers=PROXIED)
        assert there.status_code == 200
        assert "max-age" in there.headers["strict-transport-security"]
        plain = httpx.get(f"{production.address}/login/", headers={"Host": HOST})
        assert plain.status_code == 301
        assert plain.headers["location"] == f"https://{HOST}/login/"
        other = httpx.get(f"{production.address}/login/", headers=PROXIED | {"Host": "evil.test"})
        assert other.status_code == 400

    def test_a_wrong_host_is_told_to_the_operator_without_alarm(
        self, production: Installation
    ) -> None:
        httpx.get(f"{production.address}/login/", headers=PROXIED | {"Host": "mistyped.test"})
        production.wait(lambda: "mistyped.test" in production.log, 5)
        line = next(line for line in production.log.splitlines() if "mistyped.test" in line)
        assert " INFO " in line
        assert " ERROR " not in production.log

    def test_the_health_check_says_what_is_wrong(self, production: Installation) -> None:
        nobody = Installation(production.directory)  # another port, where nobody listens
        done = probe(nobody)
        assert done.returncode == 1
        assert f"127.0.0.1:{nobody.port}" in done.stderr
        assert "Traceback" not in done.stderr
