"""How long does the first search of a connection take, which knows nothing of the tables yet?"""

from __future__ import annotations

from tqdm import tqdm

from .combinations import measure_search
from .dataset import VALUES
from .figure import Figure
from .run import Result, Run

# One that has no day of its own to look into, so that all twelve months are planned.
FILTERS = (("actor", VALUES["actor"].middling),)


def measure(run: Run) -> Result:
    """Connect as the product does, then search; and search once more."""
    from django.db import connections

    from audit.conf import audit_settings

    connection = connections[audit_settings().READER_DATABASE]
    first, again = [], []
    for _ in tqdm(range(run.pick(2, 5, 15)), desc="fresh", disable=None):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
        connection.ensure_connection()
        first.append(measure_search(FILTERS, times=1).best)
        again.append(measure_search(FILTERS).best)
    return Result(
        figures=[
            Figure(
                name="first search of a fresh connection, 12 months, SQL",
                unit="ms",
                values=first,
                reference="at once again",
                references=again,
                is_more_better=False,
                value_floor=12,
                value_aim=6,
            )
        ]
    )
