"""How long most had to wait."""

from __future__ import annotations

from bench.mixed import quantile


class TestQuantile:
    def test_is_not_exceeded_by_that_share(self) -> None:
        assert quantile(range(100), 0.99) == 99
        assert quantile(range(200), 0.95) == 190
        assert quantile([7.0], 0.95) == 7.0
