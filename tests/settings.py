"""The product's settings with one login for all; rights are tested where they are the question."""

import os
import tempfile
from pathlib import Path

# Kept here as long as the tests run; deleted with the process.
DIRECTORY = tempfile.TemporaryDirectory(prefix="sightline-tests-", ignore_cleanup_errors=True)
Path(DIRECTORY.name).chmod(0o711)
(Path(DIRECTORY.name) / "static").mkdir()
os.environ["DATA_DIR"] = DIRECTORY.name
os.environ.pop("DATABASE_URL", None)

from config.configuration import configuration  # noqa: E402
from config.postgres.cluster import open_cluster  # noqa: E402

# The passwords must be there before the product's settings are read.
CLUSTER = open_cluster(configuration())

from config.settings import *  # noqa: E402, F403
from config.settings import AUDIT, DATABASES  # noqa: E402

# The readers' login is for tests of just that: it sees what is committed, and never its own.
DATABASES = {
    "default": {**DATABASES["owner"], "CONN_MAX_AGE": 0},
    "reader": {**DATABASES["reader"], "CONN_MAX_AGE": 0, "TEST": {"MIRROR": "default"}},
}
AUDIT = {
    **AUDIT,
    "READER_DATABASE": "default",
    "WORKER_DATABASE": "default",
    "OWNER_DATABASE": "default",
    "GEOIP_CITY_PATH": "",
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
