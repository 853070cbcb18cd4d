"""How much of the recording is left while the worker works?"""

from __future__ import annotations

from time import monotonic, sleep

import psycopg
from tqdm import tqdm

from .bodies import CREATED, ENVIRONMENT, requests
from .figure import Figure
from .loading import catch_up
from .recording import RATE, SENDERS
from .run import Result, Run
from .senders import send_all
from .servers import web_server, worker

SIZE = 1_000
AT_WORK_SECONDS = 60


def measure(run: Run) -> Result:
    """Record without and with the worker in turn. It has work all the time: what was recorded
    without it waits.
    """
    repeats, count = run.pick((1, 2), (3, 12), (5, 40))
    alone, beside = [], []
    key = run.installation.access.keys[ENVIRONMENT]
    with run.installation.connect() as connection, web_server() as web:
        send_all(web.port, requests(16, 100, key), senders=16, status=CREATED)

        def rate() -> float:
            sent = requests(count, SIZE, key)
            seconds = send_all(web.port, sent, senders=SENDERS, status=CREATED)
            return SIZE * count / seconds

        connection.execute("CHECKPOINT")
        rate()  # whose pages go into the log as wholes
        for _ in tqdm(range(repeats), desc="with the worker", disable=None):
            alone.append(rate())
            waiting = _waiting(connection)
            with worker():
                _wait_until_less_waits(connection, waiting)
                beside.append(rate())
    catch_up()
    return Result(
        figures=[
            Figure(
                name="recording with the worker at work, batch 1,000",
                unit=RATE,
                values=beside,
                reference="without the worker",
                references=alone,
                floor=0.85,
                aim=0.95,
            )
        ]
    )


def _waiting(connection: psycopg.Connection) -> int:
    """How many receipts have no position yet?"""
    row = connection.execute("SELECT count(*) FROM audit_pending").fetchone()
    return int(row[0]) if row else 0


def _wait_until_less_waits(connection: psycopg.Connection, waiting: int) -> None:
    give_up = monotonic() + AT_WORK_SECONDS
    while _waiting(connection) >= waiting:
        if monotonic() > give_up:
            raise RuntimeError("The worker does not begin.")
        sleep(0.02)
