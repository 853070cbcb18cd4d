"""`python -m config.probe`: asks the web server of this machine for its health.

`/health/` is answered under any host name and without HTTPS (config/health.py), and the proxies of
the environment are ignored, so that no setting comes between.
"""

from __future__ import annotations

import http.client
import json
import sys

from .configuration import ConfigurationError, configuration
from .variables import Configuration

LIVE = "/health/live"
READY = "/health/ready"
_WILDCARD_HOSTS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def ask(given: Configuration, path: str, *, timeout_seconds: float) -> tuple[int, bytes]:
    """Return the status and body of an answer. Raises OSError where there is none."""
    host = _WILDCARD_HOSTS.get(given.HOST, given.HOST)
    connection = http.client.HTTPConnection(host, given.PORT, timeout=timeout_seconds)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as error:
        raise OSError(f"no answer by HTTP ({type(error).__name__})") from error
    finally:
        connection.close()


def local_url(given: Configuration) -> str:
    """Return where this machine reaches the web server, as `http://127.0.0.1:8000`."""
    host = _WILDCARD_HOSTS.get(given.HOST, given.HOST)
    return f"http://[{host}]:{given.PORT}" if ":" in host else f"http://{host}:{given.PORT}"


def main() -> int:
    """Return 0 where the product is ready, else 1 and say why."""
    try:
        given = configuration()
        status, body = ask(given, READY, timeout_seconds=10)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{local_url(configuration())} does not answer: {error}", file=sys.stderr)
        return 1
    if status == 200:
        return 0
    print(f"{local_url(given)}{READY} answers {status}: {_failed_checks(body)}", file=sys.stderr)
    return 1


def _failed_checks(body: bytes) -> str:
    """Return the names of the checks that fail."""
    try:
        checks = json.loads(body)["checks"]
        return ", ".join(name for name, check in checks.items() if not check["ok"])
    except (ValueError, LookupError, TypeError):
        return body[:200].decode(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
