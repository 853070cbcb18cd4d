"""The ordinary project: the same database server, no middleware but the common one."""

from config import settings as ours

SECRET_KEY = ours.SECRET_KEY
ALLOWED_HOSTS = ours.ALLOWED_HOSTS
DATABASES = {"default": ours.DATABASES["owner"]}
DATA_UPLOAD_MAX_MEMORY_SIZE = ours.DATA_UPLOAD_MAX_MEMORY_SIZE
AUTH_USER_MODEL = ours.AUTH_USER_MODEL
# The front that serves it looks at the audit log's rate limits, which are off in both.
INSTALLED_APPS = [
    *("django.contrib.contenttypes", "django.contrib.auth", "rest_framework"),
    *("config", "accounts", "environments", "audit", "bench.ordinary"),
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "bench.ordinary.urls"
WSGI_APPLICATION = "config.wsgi.application"
USE_TZ = True
LOGGING = ours.LOGGING
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
}
