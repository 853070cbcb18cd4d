"""How long do the first pages take after the machine was switched on?"""

from __future__ import annotations

from pathlib import Path

from .dataset import VALUES
from .figure import Figure
from .reader import reader_of
from .reading import page_address
from .run import Result, Run
from .servers import web_server

DROP = Path("/proc/sys/vm/drop_caches")
FILTERS = ("actor", "type", "browser")


def measure(run: Run) -> Result:
    """Stop PostgreSQL, empty the system's cache, start, and ask. In full runs alone the cache is
    emptied: it is everybody's.
    """
    searches = {"without a filter": ""}
    searches |= {f"by {name}": f"{name}={VALUES[name].middling}" for name in FILTERS}
    with run.installation.connect() as connection:
        # So that stopping is quick, and starting is no recovery.
        connection.execute("CHECKPOINT")
    run.installation.stop()
    try:
        is_cold = run.scale == "full" and _drop_cache()
    finally:
        run.installation.start()
    with web_server() as web, reader_of(web, run.installation.access) as reader:
        taken = {
            name: [reader.milliseconds(page_address(query)) for _ in range(2)]
            for name, query in searches.items()
        }
    cold = "cold cache" if is_cold else "the system's cache kept"
    return Result(
        figures=[
            Figure(
                name=f"after a restart, {cold}: first page {name}",
                unit="ms",
                values=[first],
                reference="at once again",
                references=[again],
                is_more_better=False,
            )
            for name, (first, again) in taken.items()
        ],
        notes="" if is_cold else "The system's cache could not be emptied, or was not to be.",
    )


def _drop_cache() -> bool:
    """Only the administrator may."""
    try:
        DROP.write_text("3\n")
    except OSError:
        return False
    return True
