"""What citizens are shown of a clinic before they write: how to reach it, when it works, what it tells and promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.contracts.clinic_settings import ClinicSettings

SHOWN = frozenset(
    {
        "contact",
        "service_area",
        "opening_hours",
        "holidays",
        "closed_periods",
        "acknowledgement",
        "out_of_hours",
        "answer_promise",
    }
)
"""The settings that concern citizens."""
_UNTOLD: dict[str, Any] = ClinicSettings().model_dump(mode="json", include=set(SHOWN))


@dataclass(slots=True)
class ClinicPage:
    """What admin has told of a clinic. Whether it is shown is the clinic's state to decide."""

    id: str
    version: int
    page: Mapping[str, Any]

    def denied(self) -> "ClinicPage":
        """Of a clinic that is denied nothing is shown."""
        return self


def shown_page(page: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What counts today; texts with their version, and no closed period that is over."""
    said = _UNTOLD | dict(page)
    closed = [period for period in said["closed_periods"] if period["last_on"] >= today.isoformat()]
    texts = {kind: _counting(page.get(kind, ()), today) for kind in ("information", "terms")}
    return said | texts | {"closed_periods": closed}


def _counting(versions: Sequence[Mapping[str, Any]], today: date) -> dict[str, Any] | None:
    """The newest version whose day has come. An empty one has ended the text."""
    due = [version for version in versions if version["valid_from"] <= today.isoformat()]
    if not due:
        return None
    newest = max(due, key=lambda version: int(version["version"]))
    return {"version": newest["version"], "text": newest["text"]} if any(newest["text"].values()) else None
