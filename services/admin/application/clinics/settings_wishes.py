"""How clients say what a clinic's settings shall be: the published parts, with nothing unknown and nothing endless."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.admin.application.wishes import Email, Line, Lines, LongLines, Wish
from shared.contracts.clinic_settings import CLOSED_ON_HOLIDAYS, Holiday, Sex
from shared.faults import shaped

Phone = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=30,
        pattern=shaped(
            r"^$|^\+?[0-9][0-9 ()-]{4,28}$",
            "ett telefonnummer, såsom 08-123 456 10",
            "a telephone number, such as 08-123 456 10",
        ),
    ),
]
Web = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=500,
        pattern=shaped(
            r"^$|^https://[a-z0-9.-]+\.[a-z]{2,}(/\S*)?$",
            "en adress som börjar med https://",
            "an address that begins with https://",
        ),
    ),
]
Clock = Annotated[
    str,
    StringConstraints(
        pattern=shaped(
            r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$",
            "ett klockslag med fyra siffror, såsom 08:00",
            "a time with four digits, such as 08:00",
        )
    ),
]
Municipality = Annotated[
    str,
    StringConstraints(
        pattern=shaped(
            r"^[0-9]{4}$",
            "kommunkodens fyra siffror, såsom 0180",
            "the municipality's four digits, such as 0180",
        )
    ),
]
Age = Annotated[int, Field(ge=0, le=130)]


class TextWish(Wish):
    """A text in Swedish, and in English if there is one."""

    sv: Lines = Field(default="", description="Swedish; empty means no text")
    en: Lines = Field(default="", description="English; empty means that the Swedish one is shown")


class LineWish(Wish):
    """A line of text in Swedish, and in English if there is one."""

    sv: Line = Field(default="", description="Swedish; empty means no text")
    en: Line = Field(default="", description="English; empty means that the Swedish one is shown")


class LongTextWish(Wish):
    """A long text in Swedish, and in English if there is one."""

    sv: LongLines = Field(default="", description="Swedish; empty means no text")
    en: LongLines = Field(default="", description="English; empty means that the Swedish one is shown")


class Draining(Wish):
    """Why a clinic takes no new cases."""

    text: TextWish = Field(
        description="What citizens are told, at portals and when a case of theirs is refused"
    )


class NewText(Wish):
    """The next version of an information or terms text."""

    text: LongTextWish = Field(description="What it says; empty ends the text")
    valid_from: date | None = Field(
        default=None, description="The first day on which it counts; today if it is left out"
    )


class ContactWish(Wish):
    """How a citizen reaches the clinic otherwise."""

    phone: Phone = Field(default="", description="As one dials it", examples=["+46 8 123 456 00"])
    address: Lines = Field(default="", description="Where one goes, several lines")
    visiting_hours: TextWish = Field(default=TextWish(), description="When one can come, in words")
    web: Web = Field(
        default="", description="Address of the clinic's page", examples=["https://example.org/x"]
    )


class ServiceAreaWish(Wish):
    """Whom the clinic is for. What is empty or null excludes nobody."""

    municipalities: frozenset[Municipality] = Field(
        default=frozenset(), max_length=300, description="Municipality codes (SCB); none: the whole region"
    )
    sex: Sex | None = Field(default=None, description="Only for them")
    age_from: Age | None = Field(default=None, description="The youngest age, in years")
    age_to: Age | None = Field(default=None, description="The oldest age, in years")


class IntervalWish(Wish):
    """A part of a weekday in which the clinic works."""

    weekday: int = Field(ge=1, le=7, description="1 is Monday, 7 is Sunday")
    opens: Clock = Field(description="HH:MM", examples=["08:00"])
    closes: Clock = Field(description="HH:MM, up to 24:00", examples=["16:30"])


class HolidayWish(Wish):
    """What the clinic does on one of the days."""

    day: Holiday = Field(description="Which day")
    closes: Clock | Literal[""] = Field(
        default="", description="Closes then at the latest; empty: closed all day"
    )


class PeriodWish(Wish):
    """Days on which the clinic is closed, both included."""

    first_on: date = Field(description="The first closed day")
    last_on: date = Field(description="The last closed day")
    reason: LineWish = Field(default=LineWish(), description="What citizens are told")


class PromiseWish(Wish):
    """Within how much of its working time the clinic answers."""

    amount: int = Field(ge=1, le=1_000, description="How many")
    unit: Literal["hours", "days"] = Field(description="Hours in which it is open, or days on which it is")


class SettingsWish(Wish):
    """A clinic's settings, whole. What is left out is as if it were empty."""

    contact: ContactWish = Field(default=ContactWish(), description="How else to reach the clinic")
    mailbox: Email = Field(default="", description="Functional mailbox; never a person's own address")
    service_area: ServiceAreaWish = Field(default=ServiceAreaWish(), description="Whom it is for")
    approved_citizens_only: bool = Field(
        default=False, description="True: only for citizens whom the clinic has approved"
    )
    opening_hours: tuple[IntervalWish, ...] = Field(default=(), max_length=70, description="The week")
    holidays: tuple[HolidayWish, ...] = Field(
        default=tuple(HolidayWish(day=rule.day) for rule in CLOSED_ON_HOLIDAYS),
        max_length=len(Holiday),
        description="Days on which it is closed or closes early; left out: public holidays and the three eves",
    )
    closed_periods: tuple[PeriodWish, ...] = Field(default=(), max_length=50, description="Closed otherwise")
    acknowledgement: TextWish = Field(default=TextWish(), description="Shown when a case has come in")
    out_of_hours: TextWish = Field(default=TextWish(), description="Shown outside opening hours")
    return_after_minutes: int | None = Field(
        default=None,
        ge=5,
        le=20_000,
        description="Working time after which an assigned case returns unstarted",
    )
    answer_promise: PromiseWish | None = Field(default=None, description="Shown before submitting")
