"""What was measured, as `build/bench/latest.json` for machines and as a table for people."""

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from deploy.local.home import REPOSITORY
from tests.bench.figures import Figure, figure

FOLDER = REPOSITORY / "build" / "bench"


@dataclass(slots=True)
class Report:
    """Figures by key, in the order in which they came, and the lines of the table."""

    profile: str
    figures: dict[str, Figure] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def note(self, key: str, *values: float) -> Figure:
        """Keep a figure of one or several runs."""
        self.figures[key] = found = figure(values)
        return found

    def pair(self, what: str, key: str, ours: list[float], rivals: list[float], digits: int = 0) -> None:
        """A line with ours, the rival's, and the ratio pair by pair."""
        ratio = [one / other for one, other in zip(ours, rivals, strict=True)]
        mine = self.note(f"{key}.ours", *ours).text(digits) if ours else "–"
        other = self.note(f"{key}.rival", *rivals).text(digits)
        between = self.note(f"{key}.ratio", *ratio).text(2) if ratio else "–"
        self.lines.append(f"| {what} | {mine} | {other} | {between} |")

    def alone(self, what: str, text: str, beside: str = "–") -> None:
        """A line that has no rival."""
        self.lines.append(f"| {what} | {text} | {beside} | – |")

    def write(self) -> Path:
        """Both files; gives the table's."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        told = {
            "profile": self.profile,
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "processors": len(os.sched_getaffinity(0)),
            "python": platform.python_version(),
            **{key: round(it.median, 4) for key, it in self.figures.items()},
            "spread": {
                key: [round(it.least, 4), round(it.greatest, 4), it.runs]
                for key, it in self.figures.items()
                if it.runs > 1
            },
        }
        (FOLDER / "latest.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        table = FOLDER / "latest.md"
        table.write_text("\n".join(self._table()) + "\n")
        return table

    def _table(self) -> Iterator[str]:
        processors, now = len(os.sched_getaffinity(0)), f"{datetime.now(UTC):%Y-%m-%d %H:%M}"
        yield f"Profile `{self.profile}`, {processors} processors for everything, {now} UTC."
        yield "Median (least–greatest); ratios are medians of pairs. Absolute values are told, never asserted."
        yield ""
        yield "| | ours | rival | ratio |"
        yield "|---|---:|---:|---:|"
        yield from self.lines
