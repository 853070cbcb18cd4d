"""How is a command run? With a database at hand if it needs one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from .configuration import ConfigurationError, configuration
from .databases import SUPERVISED, is_embedded
from .errors import CannotStart

WITHOUT_DATABASE = frozenset(
    {"help", "version", "makemigrations", "collectstatic", "makemessages", "compilemessages",
     "score_devices", "startapp", "diffsettings", "findstatic", "configuration_docs"}
)  # fmt: skip


def run_command(argv: Sequence[str]) -> int:
    """Run `manage.py …`; what keeps it from running is said in a sentence. Returns the status."""
    try:
        name = argv[1] if len(argv) > 1 else "help"
        if name == "start":
            from .start import start

            return start()
        if (
            name in WITHOUT_DATABASE
            or os.environ.get(SUPERVISED)
            or not is_embedded(configuration())
        ):
            return _execute(argv)
        from .postgres.cluster import open_cluster, running
        from .start import prepare_data_dir

        prepare_data_dir(configuration())
        with running(open_cluster(configuration())):
            return _execute(argv)
    except (CannotStart, ConfigurationError) as error:
        print(error, file=sys.stderr)
        return 1


def _execute(argv: Sequence[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(list(argv))
    return 0
