"""Do writers wait for readers, and readers for writers?"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter, sleep

from tqdm import tqdm

from .bodies import CREATED, ENVIRONMENT, requests
from .figure import Figure
from .loading import catch_up
from .reader import request_for
from .reading import slowest_and_others
from .run import Result, Run
from .senders import Connection, get_request, send_all
from .servers import web_server

SIZE = 100
SENDERS = 4
READERS = 4
WORST = 20
ORDINARY = 60
# Of the rate that senders reach who don't wait: what writers are paced to.
BESIDE_READERS = 0.25
BESIDE_READER = 0.5
# Of a reader who looks at what came before asking again.
PAUSE_SECONDS = 1.0


def measure(run: Run) -> Result:
    """Measure alone and together in turn. Writers send at an even pace, and a batch's time counts
    from when it was due, so that a queue is seen; readers ask again as soon as they are answered,
    which takes all there is of the machine, but for some who pause.
    """
    repeats, seconds = run.pick((1, 0.5), (3, 2.0), (5, 10.0))
    access = run.installation.access
    key = access.keys[ENVIRONMENT]
    worst = slowest_and_others(run, slowest=WORST, others=0)
    usual = [request_for(a, access) for a in slowest_and_others(run, slowest=0, others=ORDINARY)]
    # Four people, each with a token: to one with four tabs less is owed.
    each = [
        [get_request(a, access.read_tokens[n]) for a in worst[n:] + worst[:n]]
        for n in range(READERS)
    ]
    writing_alone, writing, writing_eased, reading_alone, reading = [], [], [], [], []
    with run.installation.connect() as connection, web_server() as web:
        connection.execute("CHECKPOINT")
        send_all(web.port, requests(32, SIZE, key), senders=16, status=CREATED)
        sent = requests(run.pick(8, 60, 150), SIZE, key)
        top = len(sent) / send_all(web.port, sent, senders=SENDERS, status=CREATED)

        def written(share: float) -> list[float]:
            count = max(int(top * share * seconds), SENDERS)
            sent = requests(count, SIZE, key)
            return send_paced(web.port, sent, a_second=top * share)

        with _readers(web.port, [usual]):
            sleep(seconds / 4)
        for _ in tqdm(range(repeats), desc="mixed", disable=None):
            writing_alone.append(quantile(written(BESIDE_READERS), 0.99))
            with _readers(web.port, each):
                writing.append(quantile(written(BESIDE_READERS), 0.99))
            with _readers(web.port, each, pause_seconds=PAUSE_SECONDS):
                writing_eased.append(quantile(written(BESIDE_READERS), 0.99))
            with _readers(web.port, [usual]) as taken:
                sleep(seconds)
            reading_alone.append(quantile(taken, 0.95))
            with _readers(web.port, [usual]) as taken:
                written(BESIDE_READER)
            reading.append(quantile(taken, 0.95))
    catch_up()
    return Result(
        figures=[
            Figure(
                name=f"recording, batch {SIZE}, 99 in 100, beside {READERS} readers of the worst"
                " searches",
                unit="ms",
                values=writing,
                reference="alone",
                references=writing_alone,
                is_more_better=False,
                floor=2.5,
                aim=1.5,
            ),
            Figure(
                name="… where they pause for a second after each",
                unit="ms",
                values=writing_eased,
                reference="alone",
                references=writing_alone,
                is_more_better=False,
            ),
            Figure(
                name="reading, 95 in 100, beside recording at half of the top rate",
                unit="ms",
                values=reading,
                reference="alone",
                references=reading_alone,
                is_more_better=False,
                floor=3,
                aim=1.5,
            ),
        ],
        notes=f"The top rate in batches of {SIZE} was {top * SIZE:,.0f} events a second. Writers"
        f" beside the {READERS} readers, who ask without a pause, are paced to a quarter of it.",
    )


def send_paced(port: int, sent: Sequence[bytes], *, a_second: float) -> list[float]:
    """Send at an even pace, and return the milliseconds of each from when it was due."""
    began = perf_counter()

    def send(first: int) -> list[float]:
        taken = []
        with Connection(port) as connection:
            for number in range(first, len(sent), SENDERS):
                due = began + number / a_second
                sleep(max(due - perf_counter(), 0))
                if connection.send(sent[number]).status != CREATED:
                    raise RuntimeError("A paced batch was not recorded.")
                taken.append((perf_counter() - due) * 1_000)
        return taken

    with ThreadPoolExecutor(SENDERS) as pool:
        return [one for taken in pool.map(send, range(SENDERS)) for one in taken]


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that so large a share of them is not above."""
    ranked = sorted(values)
    return ranked[min(int(len(ranked) * share), len(ranked) - 1)]


@contextmanager
def _readers(
    port: int, asked: Sequence[Sequence[bytes]], *, pause_seconds: float = 0.0
) -> Iterator[list[float]]:
    """Have one reader for each list go round in it; what is yielded fills with milliseconds."""
    taken: list[float] = []
    done = threading.Event()

    def read(sent: Sequence[bytes]) -> None:
        with Connection(port) as connection:
            while not done.is_set():
                for request in sent:
                    answer = connection.send(request)
                    if answer.status != 200:
                        raise RuntimeError(f"{answer.status} for a reader: {answer.body[:300]!r}")
                    taken.append(answer.seconds * 1_000)
                    if done.wait(pause_seconds):
                        break

    with ThreadPoolExecutor(len(asked)) as pool:
        futures = [pool.submit(read, sent) for sent in asked]
        try:
            yield taken
        finally:
            done.set()
        for future in futures:
            future.result()
