"""A clinic's settings, as far as neighbours and citizens need them: parts of `ClinicPublished`."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A part of a whole state."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ClinicState(StrEnum):
    """Where a clinic is in its life. Only an open one takes new cases; each works off those that it has."""

    INACTIVE = "inactive"
    OPEN = "open"
    DRAINING = "draining"
    CLOSED = "closed"


class LocalText(Part):
    """A text that people read."""

    sv: str = Field(default="", description="Swedish; empty means that there is no such text")
    en: str = Field(default="", description="English; empty means that the Swedish one is shown")

    def in_language(self, language: str) -> str:
        """The text as somebody reads it who prefers this language."""
        return (self.en if language == "en" else "") or self.sv


class PublishedText(Part):
    """One version of a text. It never changes; the newest whose day has come counts."""

    version: int = Field(description="1, 2, 3 …", ge=1)
    valid_from: date = Field(description="The first day on which it counts, in Sweden")
    text: LocalText = Field(description="What it says; empty ends the text")


class ContactCard(Part):
    """How a citizen reaches the clinic otherwise."""

    phone: str = Field(default="", description="As one dials it")
    address: str = Field(default="", description="Where one goes, several lines")
    visiting_hours: LocalText = Field(default=LocalText(), description="When one can come, in words")
    web: str = Field(default="", description="Address of the clinic's page, https")


class Sex(StrEnum):
    """Sex as the service area means it: what the national id says."""

    FEMALE = "female"
    MALE = "male"


class ServiceArea(Part):
    """Whom the clinic is for. What is empty or null excludes nobody."""

    municipalities: frozenset[str] = Field(
        default=frozenset(), description="Municipality codes, four digits (SCB); none means the whole region"
    )
    sex: Sex | None = Field(default=None, description="Only for them, or null")
    age_from: int | None = Field(default=None, description="The youngest age, in years, or null")
    age_to: int | None = Field(default=None, description="The oldest age, in years, or null")


class OpenInterval(Part):
    """A part of a weekday in which the clinic works. Several a day are parted by a break."""

    weekday: int = Field(description="1 is Monday, 7 is Sunday (ISO 8601)")
    opens: str = Field(description="HH:MM in Sweden", examples=["08:00"])
    closes: str = Field(description="HH:MM in Sweden, up to 24:00", examples=["16:30"])


class Holiday(StrEnum):
    """Days of the Swedish year on which a clinic may be closed: public holidays, and the eves around them."""

    NEW_YEARS_DAY = "new-years-day"
    TWELFTH_NIGHT = "twelfth-night"
    EPIPHANY = "epiphany"
    MAUNDY_THURSDAY = "maundy-thursday"
    GOOD_FRIDAY = "good-friday"
    EASTER_EVE = "easter-eve"
    EASTER_SUNDAY = "easter-sunday"
    EASTER_MONDAY = "easter-monday"
    WALPURGIS_NIGHT = "walpurgis-night"
    LABOUR_DAY = "labour-day"
    ASCENSION_EVE = "ascension-eve"
    ASCENSION_DAY = "ascension-day"
    PENTECOST_EVE = "pentecost-eve"
    PENTECOST = "pentecost"
    NATIONAL_DAY = "national-day"
    MIDSUMMER_EVE = "midsummer-eve"
    MIDSUMMER_DAY = "midsummer-day"
    ALL_SAINTS_EVE = "all-saints-eve"
    ALL_SAINTS_DAY = "all-saints-day"
    CHRISTMAS_EVE = "christmas-eve"
    CHRISTMAS_DAY = "christmas-day"
    BOXING_DAY = "boxing-day"
    NEW_YEARS_EVE = "new-years-eve"


EVES = frozenset(
    {
        Holiday.TWELFTH_NIGHT,
        Holiday.MAUNDY_THURSDAY,
        Holiday.EASTER_EVE,
        Holiday.WALPURGIS_NIGHT,
        Holiday.ASCENSION_EVE,
        Holiday.PENTECOST_EVE,
        Holiday.MIDSUMMER_EVE,
        Holiday.ALL_SAINTS_EVE,
        Holiday.CHRISTMAS_EVE,
        Holiday.NEW_YEARS_EVE,
    }
)
"""What is no public holiday by law (SFS 1989:253)."""


class HolidayRule(Part):
    """What the clinic does on one of the days."""

    day: Holiday = Field(description="Which day")
    closes: str = Field(
        default="", description="HH:MM: closes then at the latest; empty: closed all day", examples=["12:00"]
    )


CLOSED_ON_HOLIDAYS = tuple(
    HolidayRule(day=day)
    for day in Holiday
    if day not in EVES or day in {Holiday.MIDSUMMER_EVE, Holiday.CHRISTMAS_EVE, Holiday.NEW_YEARS_EVE}
)
"""What a clinic does that says nothing: closed on public holidays, and on the three eves that count as such."""


class ClosedPeriod(Part):
    """Days on which the clinic is closed, both included."""

    first_on: date = Field(description="The first closed day")
    last_on: date = Field(description="The last closed day")
    reason: LocalText = Field(default=LocalText(), description="What citizens are told")


class AnswerPromise(Part):
    """Within how much of its working time the clinic answers."""

    amount: int = Field(description="How many")
    unit: Literal["hours", "days"] = Field(description="Hours in which it is open, or days on which it is")


class ClinicSettings(Part):
    """What a clinic's administrators decide about it."""

    contact: ContactCard = Field(default=ContactCard(), description="How else to reach it")
    mailbox: str = Field(default="", description="Functional mailbox of the clinic; empty means none")
    service_area: ServiceArea = Field(default=ServiceArea(), description="Whom it is for")
    approved_citizens_only: bool = Field(
        default=False, description="True: only for citizens whom the clinic has approved"
    )
    opening_hours: tuple[OpenInterval, ...] = Field(
        default=(), description="The week; none means that the clinic has not said when it works"
    )
    holidays: tuple[HolidayRule, ...] = Field(
        default=CLOSED_ON_HOLIDAYS, description="Days on which it is closed, or closes early"
    )
    closed_periods: tuple[ClosedPeriod, ...] = Field(default=(), description="When it is closed otherwise")
    acknowledgement: LocalText = Field(
        default=LocalText(), description="What a citizen reads when a case has come in"
    )
    out_of_hours: LocalText = Field(
        default=LocalText(), description="What a citizen reads outside opening hours"
    )
    return_after_minutes: int | None = Field(
        default=None,
        description="An assigned case that nobody starts within so much working time returns to the queue; or null",
    )
    answer_promise: AnswerPromise | None = Field(default=None, description="Shown before submitting; or null")
