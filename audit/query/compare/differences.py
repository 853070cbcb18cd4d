"""In what does a line of a comparison differ between its columns?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

FACTOR = 3.0
# Below so many events, a factor may be chance.
ENOUGH = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """only: in these columns and no other; never: in every column but these; more: in this
    column at least FACTOR times what it is where it is rarest. columns: their places.
    """

    kind: Literal["only", "never", "more"]
    columns: tuple[int, ...]
    factor: float | None = None


def difference(
    counts: Sequence[int], totals: Sequence[int], *, by_share: bool
) -> Difference | None:
    """Return how the counts of a line differ, or None.

    by_share: compare each count with its column's total, since one environment is busier than
    another; else the counts themselves, as between two periods of one environment.
    """
    present = tuple(i for i, count in enumerate(counts) if count)
    absent = tuple(i for i, count in enumerate(counts) if not count)
    if not present:
        return None
    if absent:
        if len(present) == 1:
            return Difference(kind="only", columns=present)
        return Difference(kind="never", columns=absent)
    sizes = totals if by_share else (1,) * len(counts)
    shares = [count / size for count, size in zip(counts, sizes, strict=True)]
    highest = max(range(len(shares)), key=shares.__getitem__)
    lowest = min(range(len(shares)), key=shares.__getitem__)
    factor = shares[highest] / shares[lowest]
    expected = shares[highest] * sizes[lowest]
    if factor < FACTOR or min(counts[highest], expected) < ENOUGH:
        return None
    return Difference(kind="more", columns=(highest,), factor=factor)


def is_wanted(counts: Sequence[int], *, has: Sequence[int], lacks: Sequence[int]) -> bool:
    """Are there events in each column of `has`, and none in any of `lacks`? Places of columns."""
    return all(counts[i] for i in has) and not any(counts[i] for i in lacks)
