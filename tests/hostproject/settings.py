"""All that a project needs to install `audit`: an app, two addresses, one policy."""

import os

import environ

SECRET_KEY = "a host's own"
ALLOWED_HOSTS = ["testserver"]
INSTALLED_APPS = [
    "tests.hostproject",
    "audit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
DATABASES = {
    "default": environ.Env.db_url_config(os.environ["HOST_DATABASE_URL"]),
    "reports": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
}
AUTH_USER_MODEL = "hostproject.Person"
MIGRATION_MODULES = {"hostproject": None}
ROOT_URLCONF = "tests.hostproject.urls"
SESSION_COOKIE_NAME = "office"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    }
]
STATIC_URL = "/static/"
USE_TZ = True
AUDIT = {
    "SCOPE": "tests.hostproject.policy.resolve_scope",
    "KEY_RESOLVER": "tests.hostproject.policy.resolve_key",
    "FORMATS": ["tests.hostproject.till.TILL"],
    "EVENT_GROUPS": [{"key": "orders", "label": "Orders", "labels": {"de": "Bestellungen"}}],
    "EVENT_TYPES": "tests.hostproject.policy.EVENT_TYPES",
}
# A host's own ideas of an API, none of which may reach the log's.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "1/day", "user": "1/day"},
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.StaticHTMLRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.FormParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "tests.hostproject.policy.NothingFits",
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.AcceptHeaderVersioning",
    "ALLOWED_VERSIONS": ["9"],
    "DEFAULT_VERSION": "8",
    "URL_FORMAT_OVERRIDE": "type",
    "EXCEPTION_HANDLER": "tests.hostproject.policy.swallow",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": "tests.hostproject.policy.nobody",
}
