"""`manage.py score_devices FILE`: counts how many labelled user agents are parsed right."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import Any

import ua_parser
from django.core.management.base import BaseCommand, CommandError

from audit.enrich import device
from audit.management.device_score import FIELDS, Case, Result, field_scores, read_case, score

SHOWN_MISSES = 20


class Command(BaseCommand):
    help = "Scores the device rules against a file of labelled user agents, one JSON object a line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="with user_agent, client_hints, kind, expected")
        parser.add_argument(
            "--misses",
            type=int,
            default=SHOWN_MISSES,
            help=f"how many to show of each field ({SHOWN_MISSES})",
        )

    def handle(self, *args: Any, file: Path, misses: int, **options: Any) -> None:
        cases = _read(file)
        results = score(cases)
        self.stdout.write(f"{'field':26} {'right':>6} {'scored':>6} {'%':>6}")
        for field, tally in field_scores(results).items():
            self.stdout.write(f"{field:26} {tally.right:6} {tally.scored:6} {tally.percent:6.1f}")
        self._times(cases)
        self._misses(results, misses)

    def _times(self, cases: list[Case]) -> None:
        device.clear_cache()
        uncached = _median_us(
            lambda case: device.parse_device(case.user_agent, case.client_hints), cases
        )
        cached = _median_us(
            lambda case: device.parse_device(case.user_agent, case.client_hints), cases
        )
        resolve = ua_parser.BestAvailableResolver(ua_parser.load_lazy_builtins())
        parser = ua_parser.Parser(resolve)  # without its cache
        alone = _median_us(lambda case: parser.parse(case.user_agent), cases)
        self.stdout.write(
            f"\nmedian µs a parse: {uncached:.1f} uncached, {cached:.2f} cached,"
            f" {alone:.1f} ua-parser alone, uncached"
        )

    def _misses(self, results: list[Result], limit: int) -> None:
        if limit <= 0:
            return
        for field in FIELDS:
            wrong = [r for r in results if not r.verdicts.get(field, True)]
            kinds = ", ".join(
                f"{n} {kind}" for kind, n in Counter(r.case.kind for r in wrong).most_common()
            )
            self.stdout.write(f"\n{field}: {len(wrong)} wrong{': ' + kinds if kinds else ''}")
            for result in wrong[:limit]:
                self.stdout.write(
                    f"  {result.case.expected.get(field)!r:.60} ≠ "
                    f"{getattr(result.device, field)!r:.60}  {result.case.user_agent[:200]}"
                )


def _read(file: Path) -> list[Case]:
    try:
        lines = file.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} can't be read: {error}") from error
    cases = []
    for number, line in enumerate(lines, start=1):
        try:
            cases.append(read_case(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CommandError(
                f"{file}, line {number}: no labelled user agent ({error!r}); expected an object"
                " with user_agent and expected."
            ) from error
    return cases


def _median_us(parse: Any, cases: list[Case]) -> float:
    times = []
    for case in cases:
        begun = perf_counter_ns()
        parse(case)
        times.append(perf_counter_ns() - begun)
    return median(times) / 1_000 if times else 0.0
