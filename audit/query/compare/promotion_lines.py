"""Follows each version of an app along the path: the rules, which read nothing.

docs/promotions.md says the rules in words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import pairwise
from uuid import UUID

from audit.contracts import EnvironmentInfo

from .promotion_values import Flag, PromotionLine, Stage, Step

WRITES_AHEAD = timedelta(hours=1)
WRITES_AFTER = timedelta(minutes=10)
SAME_EDITING = timedelta(days=1)


def promotion_lines(
    steps: Iterable[Step], *, path: Sequence[EnvironmentInfo]
) -> list[PromotionLine]:
    """Return the lines of these steps, newest first. path: environments in their order"""
    keys = frozenset(info.key for info in path)
    by_app: dict[str, list[Step]] = {}
    for step in sorted(steps, key=lambda step: step.place):
        if step.environment in keys:
            by_app.setdefault(step.app, []).append(step)
    lines = [line for found in by_app.values() for line in _lines_of_app(found, path)]
    return sorted(lines, key=lambda line: line.latest, reverse=True)


def same_version(text: str) -> str:
    """Return what versions are compared by: "v14", "V14" and "14" are one."""
    word = text.strip().casefold()
    return word[1:] if word[:1] == "v" and word[1:2].isdigit() else word


def _lines_of_app(
    steps: Sequence[Step], path: Sequence[EnvironmentInfo]
) -> Iterator[PromotionLine]:
    keys = [info.key for info in path]
    arrivals = [step for step in steps if step.is_arrival]
    edits = [step for step in steps if not step.is_arrival]
    grouped = _grouped(arrivals, keys)
    led_to = _edits_that_led_to(arrivals, edits)
    backs = _backs(grouped)
    for group in grouped:
        stages = _stages(group, keys, led_to)
        yield PromotionLine(
            app=group[0].app,
            version=next((step.version for step in group if step.version), None),
            stages=stages,
            flags=(
                *_path_flags(stages, path),
                *(Flag(kind="back", environment=e) for e in backs.get(group[0].id, ())),
            ),
        )
    for place, info in enumerate(path):
        if info.is_production:
            here = [e for e in edits if e.environment == info.key and _has_way(path, place, e.at)]
            yield from _direct_edits(here, grouped, keys, info.key)


def _grouped(arrivals: Sequence[Step], path: Sequence[str]) -> list[list[Step]]:
    """Arrivals, in order, by the line that they belong to."""
    lines: list[list[Step]] = []
    by_version: dict[str, int] = {}
    # Of each environment: the lines that came to an earlier one and not yet here, newest last.
    waiting: dict[str, dict[int, None]] = {environment: {} for environment in path}
    visited: dict[int, set[str]] = {}
    for step in arrivals:
        version = same_version(step.version) if step.version else ""
        number = (
            by_version.get(version) if version else next(reversed(waiting[step.environment]), None)
        )
        if number is None:
            number = len(lines)
            lines.append([])
            if version:
                by_version[version] = number
        lines[number].append(step)
        visited.setdefault(number, set()).add(step.environment)
        for place, environment in enumerate(path):
            is_waiting = waiting[environment].pop(number, 0) is None
            is_ahead = place > path.index(step.environment)
            if (is_waiting or is_ahead) and environment not in visited[number]:
                waiting[environment][number] = None
    return lines


def _stages(
    group: Sequence[Step], path: Sequence[str], led_to: Mapping[UUID, int]
) -> tuple[Stage | None, ...]:
    found: dict[str, Stage] = {}
    for environment in path:
        here = [step for step in group if step.environment == environment]
        if here:
            found[environment] = Stage(
                environment=environment,
                first=here[0],
                again=tuple(here[1:]),
                edits=led_to[here[0].id],
            )
    in_time = sorted(found.values(), key=lambda stage: stage.first.place)
    for before, after in pairwise(in_time):
        found[after.environment] = replace(after, lead=after.first.at - before.first.at)
    return tuple(found.get(environment) for environment in path)


def _edits_that_led_to(arrivals: Sequence[Step], edits: Sequence[Step]) -> dict[UUID, int]:
    """Arrival → how many edits were made in its environment since the arrival before it.

    Both in the order of time.
    """
    waiting: Counter[str] = Counter()
    result: dict[UUID, int] = {}
    for step in merge(arrivals, edits, key=lambda step: step.place):
        if step.is_arrival:
            result[step.id] = waiting.pop(step.environment, 0)
        else:
            waiting[step.environment] += 1
    return result


def _path_flags(stages: Sequence[Stage | None], path: Sequence[EnvironmentInfo]) -> Iterator[Flag]:
    present = [(place, stage) for place, stage in enumerate(stages) if stage is not None]
    place, first = min(present, key=lambda one: one[1].first.place)
    if all(path[p].is_production for p, _ in present) and _has_way(path, place, first.first.at):
        yield Flag(kind="direct", environment=first.environment)
        return
    for place, info in enumerate(path):
        later = [(p, stage) for p, stage in present if p > place]
        if stages[place] is None and any(_leads(info, path[p], s.first.at) for p, s in later):
            yield Flag(kind="skipped", environment=info.key)
    for place, stage in present:
        # The one next before it that leads to it: another environment of production doesn't.
        before = (s for p, s in reversed(present[: present.index((place, stage))])
                  if _leads(path[p], path[place], stage.first.at))  # fmt: skip
        earlier = next(before, None)
        if earlier is not None and stage.first.place < earlier.first.place:
            yield Flag(kind="before", environment=stage.environment, other=earlier.environment)


def _has_way(path: Sequence[EnvironmentInfo], place: int, at: datetime) -> bool:
    """Did anything lead to this place of the path at that time?"""
    return any(_leads(info, path[place], at) for info in path[:place])


def _leads(earlier: EnvironmentInfo, later: EnvironmentInfo, at: datetime) -> bool:
    """Were apps promoted from one to the other at that time? Not within production."""
    both = (earlier, later)
    return not all(info.is_production for info in both) and all(
        info.on_path_since is None or info.on_path_since <= at for info in both
    )


def _backs(grouped: Sequence[Sequence[Step]]) -> dict[UUID, list[str]]:
    """First step of a line → environments in which it arrived again after another line had."""
    result: dict[UUID, list[str]] = {}
    current: dict[str, UUID] = {}
    been: dict[str, set[UUID]] = {}
    owner = {step.id: line[0].id for line in grouped for step in line}
    for step in sorted((s for line in grouped for s in line), key=lambda s: s.place):
        line, here = owner[step.id], step.environment
        is_other = current.get(here) not in (None, line)
        if is_other and line in been.setdefault(here, set()):
            known = result.setdefault(line, [])
            if here not in known:
                known.append(here)
        current[here] = line
        been.setdefault(here, set()).add(line)
    return result


def _direct_edits(
    edits: Sequence[Step], grouped: Sequence[Sequence[Step]], path: Sequence[str], place: str
) -> Iterator[PromotionLine]:
    """Edits in one environment of production that no promotion wrote, neighbours joined."""
    promoted: list[datetime] = []
    for line in grouped:
        earlier = min((s.place for s in line if s.environment != place), default=None)
        if earlier is not None:
            promoted += (s.at for s in line if s.environment == place and s.place > earlier)
    promoted.sort()
    runs: list[list[Step]] = []
    for edit in edits:
        index = bisect_left(promoted, edit.at - WRITES_AFTER)
        if index < len(promoted) and promoted[index] <= edit.at + WRITES_AHEAD:
            continue
        last = runs[-1] if runs else None
        if last and last[-1].actor.id == edit.actor.id and edit.at - last[-1].at <= SAME_EDITING:
            last.append(edit)
        else:
            runs.append([edit])
    for run in runs:
        stage = Stage(environment=place, first=run[0], again=tuple(run[1:]), edits=len(run))
        yield PromotionLine(
            app=run[0].app,
            version=None,
            stages=tuple(stage if key == place else None for key in path),
            flags=(Flag(kind="direct", environment=place),),
            is_edit=True,
        )
