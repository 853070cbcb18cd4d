"""Declares the environment variables: type, default and meaning of each."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from audit.conf import AuditSettings

BASE_DIR = Path(__file__).resolve().parent.parent
MAX_PORT = 65_535
LEAST_THREADS = 2  # a long download may hold one for as long as it is read


def _variable(
    default: Any,
    sentence: str,
    *,
    least: float | None = None,
    most: float | None = None,
    known: Container[str] | None = None,
) -> Any:
    """least, most: the bounds of a number, both included; known: the words that will do."""
    limits = {"least": least, "most": most, "known": known}
    return field(default=default, metadata={"sentence": sentence, **limits})


def _key_of_audit(name: str, sentence: str) -> Any:
    """It becomes the key of this name of `settings.AUDIT`, whose default and bounds it has."""
    key = AuditSettings.__dataclass_fields__[name]
    return _variable(key.default, sentence, least=key.metadata["least"], most=key.metadata["most"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """One field for each environment variable, under the variable's name."""

    DATA_DIR: Path = _variable(
        BASE_DIR / "var",
        "The directory of everything that is kept: database, secret key, passwords, static files.",
    )
    HOST: str = _variable("127.0.0.1", "The address that the web server listens on.")
    PORT: int = _variable(8000, "The port that the web server listens on.", least=1, most=MAX_PORT)
    WEB_PROCESSES: int = _variable(2, "How many web processes share the port.", least=1, most=64)
    RUN_WORKER: bool = _variable(
        True,
        "Run the worker beside the web processes; off where `manage.py worker` runs by itself, as"
        " in a container of its own. Of any number of workers one works.",
    )
    WEB_THREADS: int = _variable(
        8,
        "How many requests one web process works on at a time; each holds one connection,"
        " and those that share a commit one more. Fewer where the database takes fewer connections;"
        " the start says so.",
        least=LEAST_THREADS,
        most=256,
    )
    BODY_TIMEOUT_SECONDS: int = _variable(
        30, "How long the head and body of one request may take to arrive.", least=1, most=3600
    )
    ALLOWED_HOSTS: tuple[str, ...] = _variable(
        ("localhost", "127.0.0.1", "[::1]"),
        "The names under which the installation is reached, separated by commas.",
    )
    CSRF_TRUSTED_ORIGINS: tuple[str, ...] = _variable(
        (), "Origins such as `https://audit.example.org` that a proxy serves the pages under."
    )
    CORS_ORIGINS: tuple[str, ...] = _variable(
        (),
        "Origins such as `https://tools.example.org` whose pages may call the API with a token.",
    )
    BEHIND_HTTPS: bool = _variable(
        False,
        "Set where people reach the installation by HTTPS: secure cookies, HSTS, redirects;"
        " needs `TRUSTED_PROXIES`.",
    )
    TRUSTED_PROXIES: int = _key_of_audit(
        "TRUSTED_PROXIES",
        "How many proxies in front add to `X-Forwarded-For`; with 0 the header is not believed.",
    )
    SECRET_KEY: str = _variable(
        "", "Signs sessions and cursors; when empty, one is made and kept in `DATA_DIR/secret_key`."
    )
    DEBUG: bool = _variable(False, "Show details of errors in the browser; never in production.")
    AUDIT_SIGNING_KEY_FILE: str = _variable(
        "",
        "The file of the key that signs the logs' checkpoints, for its owner alone (mode 0600) and"
        " outside the database and its backups; when empty, `DATA_DIR/signing_key.pem`.",
    )
    AUDIT_LOG_IS_PUBLIC: bool = _variable(
        False,
        "Serve tiles and checkpoints under `/log/` to everybody; nothing personal is in them, but"
        " how many events there are and when.",
    )
    AUDIT_VERIFY_WITHIN_DAYS: int = _key_of_audit(
        "VERIFY_WITHIN_DAYS",
        "Within how many days the worker has read every event again and verified it.",
    )
    LOG_LEVEL: str = _variable(
        "INFO",
        "The least level that is logged: DEBUG, INFO, WARNING or ERROR.",
        known=("DEBUG", "INFO", "WARNING", "ERROR"),
    )
    TIME_ZONE: str = _variable(
        "UTC",
        "The zone that days are counted in, such as `Europe/Berlin`; charts name it. Its rules are"
        " the newer of the system's and the product's own; where these change, days are counted"
        " anew.",
        known=available_timezones(),
    )
    DATABASE_URL: str = _variable(
        "",
        "An external PostgreSQL, 15 to 18, as `postgres://login:password@host:5432/name`:"
        " the login of the web processes. When empty, the embedded PostgreSQL is used.",
    )
    DATABASE_OWNER_URL: str = _variable(
        "", "The login that migrates the external PostgreSQL; when empty, `DATABASE_URL`'s."
    )
    DATABASE_WORKER_URL: str = _variable(
        "", "The worker's login at the external PostgreSQL; when empty, `DATABASE_URL`'s."
    )
    DATABASE_READER_URL: str = _variable(
        "",
        "The login at the external PostgreSQL by which people's searches, counts and exports read;"
        " when empty, `DATABASE_URL`'s and its connections.",
    )
    EMBEDDED_POSTGRES_USER: str = _variable(
        "sightline",
        "The system user that the embedded PostgreSQL runs as when the product is started by root;"
        " made if missing.",
    )
    EMBEDDED_POSTGRES_LISTEN: str = _variable(
        "", "Addresses on which the embedded PostgreSQL takes TCP connections; when empty, none."
    )
    EMBEDDED_POSTGRES_PORT: int = _variable(
        5432,
        "The port of the embedded PostgreSQL, also in the name of its socket.",
        least=1,
        most=MAX_PORT,
    )
    GEOIP_CITY_PATH: str = _variable(
        "",
        "A city database in MMDB format (GeoLite2, GeoIP2, DB-IP Lite) that gives places; two, with"
        " a colon between, where IPv4 and IPv6 come in files of their own.",
    )
    GEOIP_ASN_PATH: str = _variable(
        "",
        "An ASN database in MMDB format that gives networks and their organisations; or two, in the"
        " same way.",
    )
    MAX_BODY_BYTES: int = _key_of_audit("MAX_BODY_BYTES", "The largest request body, as sent.")
    MAX_UNPACKED_BYTES: int = _key_of_audit(
        "MAX_UNPACKED_BYTES", "The largest request body, decompressed."
    )
    MAX_EVENTS: int = _key_of_audit("MAX_EVENTS", "The most events in one request.")
    MAX_EVENT_BYTES: int = _key_of_audit("MAX_EVENT_BYTES", "The largest single event.")
    MAX_NESTING: int = _key_of_audit(
        "MAX_NESTING", "How deep objects and lists may be nested in an event."
    )
    MAX_ID_CHARACTERS: int = _key_of_audit(
        "MAX_ID_CHARACTERS", "The longest id of an actor, app, workspace and so on."
    )
    MAX_EVENT_ID_CHARACTERS: int = _key_of_audit(
        "MAX_EVENT_ID_CHARACTERS", "The longest id of an event, and the longest event type."
    )
    MAX_NAME_CHARACTERS: int = _key_of_audit("MAX_NAME_CHARACTERS", "The longest name or e-mail.")
    EARLIEST_YEAR: int = _key_of_audit(
        "EARLIEST_YEAR", "The first year in which an event may have happened."
    )
    MAX_AHEAD_HOURS: int = _key_of_audit(
        "MAX_AHEAD_HOURS", "How far ahead of this server an event's time may be."
    )
    MAX_REJECTED_A_DAY: int = _key_of_audit(
        "MAX_REJECTED_A_DAY",
        "How many refused events of one sender are kept a day; all are counted.",
    )
    MAX_REJECTED_BYTES_A_DAY: int = _key_of_audit(
        "MAX_REJECTED_BYTES_A_DAY", "How much text of one sender's refused events is kept a day."
    )
    REQUESTS_A_MINUTE: int = _key_of_audit(
        "REQUESTS_A_MINUTE",
        "How many requests one ingest key may send a minute; 0 is without limit.",
    )
    BYTES_A_MINUTE: int = _key_of_audit(
        "BYTES_A_MINUTE", "How many bytes one ingest key may send a minute; 0 is without limit."
    )
    FAILURES_A_MINUTE: int = _key_of_audit(
        "FAILURES_A_MINUTE",
        "How many failed authentications an address may have a minute; 0 is without limit.",
    )
    SEARCH_BUDGET_SECONDS: float = _key_of_audit(
        "SEARCH_BUDGET_SECONDS",
        "How long one search may look before it answers with what it has and a cursor.",
    )
    SEARCHES_AT_ONCE: int = _variable(
        0,
        "How many searches the web processes work on at a time, together; the others wait for their"
        " turn, which goes round between people. More answer more people at once, and let recording"
        " wait longer. With 0, half as many as there are processes.",
        least=0,
        most=256,
    )
    SEARCHES_OF_ONE_READER: int = _variable(
        2,
        "How many searches of one person a web process works on at a time, long ones included: of"
        " all, those are no longer counted that have taken a second.",
        least=1,
        most=256,
    )
    SEARCH_WAIT_SECONDS: float = _variable(
        10,
        "How long a search waits for its turn before it is answered with a 503.",
        least=0.1,
        most=120,
    )
    REDACT_FILE: str = _variable(
        "", "A TOML file of what is masked besides the built-in rules; see redaction.md."
    )
    EVENT_TYPES_FILE: str = _variable(
        "", "A TOML file of event types besides the built-in ones; see event-types.md."
    )
    DEMO: bool = _variable(True, "Fill an empty database with demo events on the first start.")
    DEMO_PASSWORD: str = _variable(
        "",
        "The password of the demo users; when empty, one is made and kept in"
        " `DATA_DIR/demo-login.txt`.",
    )
