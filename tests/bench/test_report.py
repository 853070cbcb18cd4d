"""What the report makes of what was kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from bench.chart import chart
from bench.figure import Figure
from bench.report import Measurement, page
from bench.run import Kept, Result, forget, keep, read_kept


def _figure(*, ours: float, name: str = "recording") -> Figure:
    return Figure(
        name=name, unit="events/s", values=[ours], reference="COPY", references=[100], floor=0.5
    )


def _measurement(events: int, *, ours: float) -> Measurement:
    result = Result(figures=[_figure(ours=ours)], notes="A note.", searches=["type=A"])
    return Measurement(
        [
            Kept(
                step="recording",
                group="Recording",
                events=events,
                seconds=3.4,
                about="2 cores",
                result=result,
            )
        ]
    )


class TestKept:
    def test_is_read_as_it_was_written(self, tmp_path: Path) -> None:
        (kept,) = _measurement(5, ours=60).kept
        keep(tmp_path, kept)
        assert read_kept(tmp_path, "recording") == kept

    def test_is_gone_when_forgotten(self, tmp_path: Path) -> None:
        (kept,) = _measurement(5, ours=60).kept
        keep(tmp_path, kept)
        forget(tmp_path, "recording")
        forget(tmp_path, "recording")
        assert read_kept(tmp_path, "recording") is None


class TestPage:
    def test_tells_of_one_size_in_full(self) -> None:
        text = page([_measurement(5_000_000, ours=60)], ["Recording", "Reading"])
        words = " ".join(text.split())
        assert "`make bench FULL=1 EVENTS=5000000`" in words
        assert "1 of 1 ratios reach their floors among 5,000,000 events" in words
        assert "### Recording" in text
        assert "### Reading" not in text
        assert "A note." in text
        assert "## What made it fast" in text
        assert "Side by side" not in text

    def test_puts_sizes_side_by_side(self) -> None:
        text = page(
            [_measurement(5_000_000, ours=60), _measurement(10_000_000, ours=40)], ["Recording"]
        )
        (line,) = (one for one in text.splitlines() if "0.60 (floor)" in one)
        assert "0.40 (MISSED)" in line
        assert "0 of 1 ratios reach their floors among 10,000,000 events" in " ".join(text.split())

    def test_tells_runs_among_as_many_apart_by_a_word(self) -> None:
        before = replace(_measurement(10_000_000, ours=40), word="before")
        after = replace(_measurement(10_000_000, ours=60), word="after")
        text = page([before, after], ["Recording"])
        assert "| 10,000,000, before: ours | 10,000,000, after: ours |" in text
        assert "## Among 10,000,000 events, after" in text
        assert "1 of 1 ratios reach their floors among 10,000,000 events after" in " ".join(
            text.split()
        )
        assert text.count("`make bench FULL=1 EVENTS=10000000`") == 1


class TestChart:
    def test_is_well_formed_and_cuts_what_is_far_above(self) -> None:
        groups = [("R & D", [("a < b", _figure(ours=1_000)), ("below", _figure(ours=10))])]
        root = ElementTree.fromstring(chart(groups))  # noqa: S314 - our own
        words = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
        assert words == ["R & D", "a < b", "20.0 × floor →", "below", "0.2 × floor"]
        widths = [float(r.get("width", 0)) for r in root.iter("{http://www.w3.org/2000/svg}rect")]
        assert max(widths[1:]) <= widths[0]
