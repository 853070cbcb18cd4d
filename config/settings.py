"""Django's settings: every value that differs between installations is in variables.py."""

from __future__ import annotations

from .configuration import configuration
from .databases import databases
from .event_types import event_types
from .redaction import redaction
from .secret_key import secret_key
from .variables import BASE_DIR
from .zones import use_newest_zone_rules

use_newest_zone_rules()
_given = configuration()
DATA_DIR = _given.DATA_DIR
_demo_places = DATA_DIR / "demo-places.mmdb"

DEBUG = _given.DEBUG
SECRET_KEY = _given.SECRET_KEY or secret_key(_given.DATA_DIR)
ALLOWED_HOSTS = list(_given.ALLOWED_HOSTS)
CSRF_TRUSTED_ORIGINS = list(_given.CSRF_TRUSTED_ORIGINS)

INSTALLED_APPS = [
    "config",
    "accounts",
    "environments",
    "audit",
    "rest_framework",
    "django_filters",
    "corsheaders",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "config.security.SecurityHeaders",
    "config.health.HealthFirst",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = databases(_given)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backend.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"

# A host name means the same people on every port, so the cookies carry the product's name.
SESSION_COOKIE_NAME = "sightline_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _given.BEHIND_HTTPS
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_NAME = "sightline_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _given.BEHIND_HTTPS
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = _given.BEHIND_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _given.BEHIND_HTTPS else 0
# Only behind a proxy that is ours may a header say that the request came by HTTPS.
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if _given.BEHIND_HTTPS and _given.TRUSTED_PROXIES else None
)
DATA_UPLOAD_MAX_MEMORY_SIZE = _given.MAX_BODY_BYTES

# Other sites' pages: the API alone, with a token that they have, never with a session's cookie.
CORS_ALLOWED_ORIGINS = list(_given.CORS_ORIGINS)
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "POST"]
CORS_ALLOW_HEADERS = [
    "authorization",
    "content-encoding",
    "content-type",
    "idempotency-key",
    "if-none-match",
]
CORS_EXPOSE_HEADERS = ["etag", "export-id", "retry-after"]

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LANGUAGE_COOKIE_NAME = "sightline_language"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = _given.TIME_ZONE

STATIC_URL = "/static/"
STATIC_ROOT = _given.DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"one_line": {"()": "config.log_format.OneLineFormatter"}},
    "filters": {"no_alarm": {"()": "config.log_format.InfoFilter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stderr",
            "formatter": "one_line",
        }
    },
    "root": {"handlers": ["stderr"], "level": _given.LOG_LEVEL},
    "loggers": {
        # Django's own handlers (mail, the console in DEBUG) would say everything twice.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},
        # A request for another host name is answered; it needs nobody's attention.
        "django.security.DisallowedHost": {"filters": ["no_alarm"]},
        "django.server": {"handlers": [], "propagate": True},
    },
}

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
}

AUDIT = {
    "KEY_RESOLVER": "environments.resolve.resolve_ingest_key",
    "READER_RESOLVER": "accounts.resolve.resolve_read_token",
    "SCOPE": "accounts.scope.resolve_scope",
    "MAY": "accounts.may.may",
    "ENVIRONMENTS": "environments.directory.list_environments",
    "SENDERS": "environments.directory.list_senders",
    "KEY_OFFER": "environments.offer.FirstKeyOffer",
    "DATABASE": "default",
    "READER_DATABASE": "reader" if "reader" in DATABASES else "default",
    "WORKER_DATABASE": "worker",
    "OWNER_DATABASE": "owner",
    "TIME_ZONE": _given.TIME_ZONE,
    "MAX_BODY_BYTES": _given.MAX_BODY_BYTES,
    "MAX_UNPACKED_BYTES": _given.MAX_UNPACKED_BYTES,
    "MAX_EVENTS": _given.MAX_EVENTS,
    "MAX_EVENT_BYTES": _given.MAX_EVENT_BYTES,
    "MAX_NESTING": _given.MAX_NESTING,
    "MAX_ID_CHARACTERS": _given.MAX_ID_CHARACTERS,
    "MAX_EVENT_ID_CHARACTERS": _given.MAX_EVENT_ID_CHARACTERS,
    "MAX_NAME_CHARACTERS": _given.MAX_NAME_CHARACTERS,
    "EARLIEST_YEAR": _given.EARLIEST_YEAR,
    "MAX_AHEAD_HOURS": _given.MAX_AHEAD_HOURS,
    "MAX_REJECTED_A_DAY": _given.MAX_REJECTED_A_DAY,
    "MAX_REJECTED_BYTES_A_DAY": _given.MAX_REJECTED_BYTES_A_DAY,
    "REQUESTS_A_MINUTE": _given.REQUESTS_A_MINUTE,
    "BYTES_A_MINUTE": _given.BYTES_A_MINUTE,
    "FAILURES_A_MINUTE": _given.FAILURES_A_MINUTE,
    # Each holds a thread for as long as it is read: the others are left to everybody else.
    "MAX_STREAMS": max(1, min(3, _given.WEB_THREADS // 2)),
    "TRUSTED_PROXIES": _given.TRUSTED_PROXIES,
    "SEARCH_BUDGET_SECONDS": _given.SEARCH_BUDGET_SECONDS,
    "SIGNING_KEY_FILE": _given.AUDIT_SIGNING_KEY_FILE or str(DATA_DIR / "signing_key.pem"),
    "VERIFY_WITHIN_DAYS": _given.AUDIT_VERIFY_WITHIN_DAYS,
    "LOG_IS_PUBLIC": _given.AUDIT_LOG_IS_PUBLIC,
    "EXPORT_DIRECTORY": str(DATA_DIR / "exports"),
    "GEOIP_CITY_PATH": _given.GEOIP_CITY_PATH
    or (str(_demo_places) if _demo_places.exists() else ""),
    "GEOIP_ASN_PATH": _given.GEOIP_ASN_PATH,
    "REDACT": redaction(_given.REDACT_FILE),
    **event_types(_given.EVENT_TYPES_FILE),
}
