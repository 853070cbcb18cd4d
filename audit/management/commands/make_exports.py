"""`manage.py make_exports`: make the exports that wait, then end. The worker starts it."""

import os
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from audit.conf import audit_settings
from audit.worker.exports import NICENESS, make_exports


class Command(BaseCommand):
    help = "Makes the exports that wait, or goes on with one that was interrupted, then ends."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        # Those who wait for an answer go first.
        os.nice(NICENESS)
        make_exports(using=audit_settings().WORKER_DATABASE, is_stopping=stop.is_set)
