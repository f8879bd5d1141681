"""A week's random accesses at a clinic, which a reviewer judges one by one and signs off (HSLF-FS 2016:40)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from services.admin.domain.entity import NEVER
from services.admin.domain.judged import Judged
from shared.aggregate import Aggregate
from shared.contracts.ids import ClinicId
from shared.errors import Refused
from shared.faults import Fault

TIME_TO_CHECK = timedelta(days=14)
"""How long after a week's end its sample may wait before it is overdue."""


class Verdict(StrEnum):
    """What a reviewer found."""

    JUSTIFIED = "justified"
    DEVIATION = "deviation"


class Deviation(StrEnum):
    """Why an access was not justified. A code and no words: words would tell of patients."""

    NO_CARE_RELATION = "no_care_relation"
    WRONG_PATIENT = "wrong_patient"
    OWN_OR_RELATIVE = "own_or_relative"
    OTHER = "other"


_NOT_IN_SAMPLE = Fault(
    "number",
    "not_in_sample",
    "Den loggposten hör inte till stickprovet. Välj en som står i det.",
    "That entry of the log is not in the sample. Choose one that is.",
)
_OWN_ACCESS = Fault(
    "number",
    "own_access",
    "Det är din egen åtkomst. En annan granskare måste bedöma den.",
    "That access is your own. Another reviewer must judge it.",
)
_REASON_WANTED = Fault(
    "reason",
    "reason_required",
    "Avvikelsen saknar skäl. Ange no_care_relation, wrong_patient, own_or_relative eller other.",
    "The deviation has no reason. Give no_care_relation, wrong_patient, own_or_relative or other.",
)
_REASON_UNWANTED = Fault(
    "reason",
    "reason_unwanted",
    "Bara en avvikelse har ett skäl. Ta bort det.",
    "Only a deviation has a reason. Leave it out.",
)


@dataclass(slots=True)
class Item:
    """One access of the sample, and what was found."""

    number: int
    actor_id: str
    verdict: Verdict | None = None
    reason: Deviation | None = None
    reference: str = ""
    """Where the clinic follows the deviation up: an id in its own system."""


@dataclass(slots=True, eq=False)
class AccessSample(Judged):
    """The sample of one clinic and one week, such as 2026-W47."""

    id: str
    clinic_id: ClinicId
    week: str
    items: list[Item]
    signed_off_by: str | None = None
    signed_off_at: datetime | None = None
    version: int = 0
    changed_by: str = ""
    changed_at: datetime = NEVER

    def __post_init__(self) -> None:
        Aggregate.__init__(self)

    @property
    def deviations(self) -> int:
        """How many of the accesses were not justified."""
        return sum(item.verdict is Verdict.DEVIATION for item in self.items)

    def judge(
        self, number: int, verdict: Verdict, reason: Deviation | None, reference: str, by: str, at: datetime
    ) -> None:
        """Say what was found about one access. Raises Refused; nobody judges their own."""
        self.must_be_open()
        item = next((item for item in self.items if item.number == number), None)
        if item is None:
            raise Refused(_NOT_IN_SAMPLE)
        if item.actor_id == by:
            raise Refused(_OWN_ACCESS)
        if (verdict is Verdict.DEVIATION) != (reason is not None):
            raise Refused(_REASON_WANTED if reason is None else _REASON_UNWANTED)
        item.verdict, item.reason, item.reference = verdict, reason, reference
        self.step(by, at)

    def overdue(self, now: datetime) -> bool:
        """Whether it should have been signed off by now."""
        return self.signed_off_at is None and now.date() > days_of(self.week)[1] + TIME_TO_CHECK


def week_of(day: date) -> str:
    """The ISO week that a day lies in."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def days_of(week: str) -> tuple[date, date]:
    """Monday of this week, and of the next. Raises ValueError for a week that the year does not have."""
    year, _, number = week.partition("-W")
    monday = date.fromisocalendar(int(year), int(number), 1)
    return monday, monday + timedelta(days=7)


def items_from(stored: Iterable[dict[str, Any]]) -> list[Item]:
    """Items as they are kept, as JSON."""
    return [
        Item(
            one["number"],
            one["actor_id"],
            Verdict(one["verdict"]) if one.get("verdict") else None,
            Deviation(one["reason"]) if one.get("reason") else None,
            one.get("reference", ""),
        )
        for one in stored
    ]
