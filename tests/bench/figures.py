"""Medians, spreads and quantiles. No figure is one measurement."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """The median of several runs, with the least and the greatest."""

    median: float
    least: float
    greatest: float
    runs: int

    def text(self, digits: int = 0) -> str:
        """For a table: `9 600 (8 900–10 100)`."""
        if self.runs == 1:
            return _number(self.median, digits)
        return (
            f"{_number(self.median, digits)} ({_number(self.least, digits)}–{_number(self.greatest, digits)})"
        )


def figure(values: Sequence[float]) -> Figure:
    """The figure of these runs; there must be one."""
    return Figure(statistics.median(values), min(values), max(values), len(values))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which this share of the ordered values lies (nearest rank)."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _number(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}".replace(",", " ")
