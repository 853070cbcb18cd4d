"""How long does a person who is logged in wait for a page of the product?"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from tqdm import tqdm

from config.configuration import configuration

from .dataset import VALUES
from .figure import Figure
from .reader import reader_of
from .reading import PATH, slowest_and_others
from .run import Result, Run
from .servers import web_server

SLOWEST = 20
OTHERS = 10
# What a page asks for after it is shown: `/events/?actor=u1-1&amp;part=chart`
CHART = re.compile(r"/events/\?[^\"' ]*part=chart[^\"' ]*")
# name → address, floor and aim in milliseconds
PAGES = {
    "home": ("/", 120, 60),
    "compare, by type": ("/compare/", 100, 60),
    "compare, by type, a year": ("/compare/?from=-365d", 100, 60),
    "compare, by user": ("/compare/?by=actor", 150, 80),
    "promotions": ("/promotions/", 100, 60),
    "promotions, a year": ("/promotions/?from=-365d", 120, 60),
}


def measure(run: Run) -> Result:
    """Measure whole pages, as a browser gets them."""
    _collect_static(configuration().DATA_DIR / "static")
    times = run.pick(1, 5, 9)
    single = [f"{name}={values.frequent}" for name, values in VALUES.items()]
    found = slowest_and_others(run, slowest=run.pick(2, 10, SLOWEST), others=OTHERS)
    addresses = [f"/events/?{query}" for query in single]
    addresses += [one.replace(PATH, "/events/").replace("page_size=50&", "") for one in found]
    with web_server() as web, reader_of(web, run.installation.access) as reader:
        reader.milliseconds("/events/")
        plain = [reader.milliseconds("/events/") for _ in range(times)]
        worst, filtered = reader.worst(addresses, times=times)
        charts = [
            unescape(found[0])
            for address in addresses
            if (found := CHART.search(reader.text(address)))
        ]
        figures = [
            Figure(
                name=name,
                unit="ms",
                values=values,
                is_more_better=False,
                value_floor=40,
                value_aim=25,
            )
            for name, values in (
                ("events page, HTML", plain),
                ("events page, HTML, the worst of single and slowest filters", filtered),
            )
        ]
        if charts:
            figures.append(
                Figure(
                    name="… the chart that a page leaves for later, the worst of them",
                    unit="ms",
                    values=reader.worst(charts, times=min(times, 3))[1],
                    is_more_better=False,
                )
            )
        for name, (address, floor, aim) in tqdm(PAGES.items(), desc="pages", disable=None):
            reader.milliseconds(address)
            figures.append(
                Figure(
                    name=f"{name}, HTML",
                    unit="ms",
                    values=[reader.milliseconds(address) for _ in range(times)],
                    is_more_better=False,
                    value_floor=floor,
                    value_aim=aim,
                )
            )
    return Result(figures=figures, notes=f"The slowest events page: `{worst}`.")


def _collect_static(directory: Path) -> None:
    """Pages name their files by their hashes, which are known once they are collected."""
    from django.core.management import call_command

    if not (directory / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
