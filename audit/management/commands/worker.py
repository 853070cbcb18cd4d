"""`manage.py worker`: positions, rollups, subjects, partitions and expiries, until stopped."""

import os
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from audit.log.niceness import NICENESS
from audit.worker.garbage import collect_less_often
from audit.worker.loop import run


class Command(BaseCommand):
    help = "Does what follows recording. Any number may run; one works, the others wait."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        # Where the processors are all busy, recording goes before counting: what is not counted yet
        # is found and counted all the same. `run` asks the same of the server's process.
        os.nice(NICENESS)
        collect_less_often()
        run(stop)
