"""`manage.py worker`: positions, rollups, subjects, partitions and expiries, until stopped."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from audit.worker.loop import run


class Command(BaseCommand):
    help = "Does what follows recording. Any number may run; one works, the others wait."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run(stop)
