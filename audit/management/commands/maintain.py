"""`manage.py maintain`: rebuild the indexes of closed months, then end. The worker starts it."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from audit.conf import audit_settings
from audit.log.niceness import NICENESS
from audit.worker.maintenance.run import maintain


class Command(BaseCommand):
    help = "Rebuilds the indexes of closed months that have not been, then ends."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--database",
            help="an alias of DATABASES, such as the owner's where the worker's login may not;"
            " the worker's if it isn't given",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Those who wait for an answer go first.
        os.nice(NICENESS)
        count = maintain(using=options["database"] or audit_settings().WORKER_DATABASE)
        if options["verbosity"] > 1:
            self.stdout.write(f"The indexes of {count} leaves were rebuilt.")
