"""The product's settings with one login for all; rights are tested where they are the question."""

from config.settings import *  # noqa: F403
from config.settings import AUDIT, DATABASES

DATABASES = {"default": {**DATABASES["owner"], "CONN_MAX_AGE": 0}}
AUDIT = {**AUDIT, "WORKER_DATABASE": "default", "OWNER_DATABASE": "default", "GEOIP_CITY_PATH": ""}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
