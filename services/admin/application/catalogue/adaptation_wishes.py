"""How regions and clinics say what a case type shall be like there."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from services.admin.application.catalogue.wishes import (
    MOST_ANSWERS,
    Hours,
    RoutingWish,
    StandardAnswerWish,
    faults_in_answers,
    faults_in_days,
)
from services.admin.application.documents.texts import faults_in_marks, local
from services.admin.application.documents.wishes import TextWish
from services.admin.application.wishes import Wish
from shared.contracts.case_types import AdaptableField, Adaptation, DefaultRouting, Pause, Priority
from shared.errors import Refused
from shared.faults import Fault

_SAY_WHY = Fault(
    "pause.message.sv",
    "required",
    "Pausen saknar ett meddelande. Skriv vad invånarna ska få veta så länge ärendetypen är pausad.",
    "The pause has no message. Write what citizens shall be told while the case type is paused.",
)


class PauseWish(Wish):
    """No cases of the type for a while."""

    message: TextWish = Field(description="What citizens are told")
    until: AwareDatetime | None = Field(
        default=None, description="When it ends by itself; null: when it is lifted"
    )


class AdaptationWish(Wish):
    """How a type shall be here, whole. What is left out or null is as the level above says."""

    starts_on: date | None = Field(default=None, description="The first day, in Sweden")
    ends_on: date | None = Field(default=None, description="The last day, in Sweden")
    pause: PauseWish | None = Field(default=None, description="No new cases for a while")
    description: TextWish | None = Field(default=None, description="What the citizen sees before writing")
    standard_answers: tuple[StandardAnswerWish, ...] | None = Field(
        default=None, max_length=MOST_ANSWERS, description="Texts to answer with, in place of those above"
    )
    routing: RoutingWish | None = Field(default=None, description="Where a case goes first")
    priority: Priority | None = Field(default=None, description="How soon it wants somebody")
    answer_within_hours: Hours | None = Field(default=None, description="Deadline in working hours")

    def adaptation(self) -> Adaptation:
        """As it is kept. Raises Refused with every fault."""
        if faults := list(self._faults()):
            raise Refused(*faults)
        pause, answers = self.pause, self.standard_answers
        return Adaptation(
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            pause=None if pause is None else Pause(message=local(pause.message), until=pause.until),
            description=None if self.description is None else local(self.description),
            standard_answers=None if answers is None else tuple(answer.kept() for answer in answers),
            routing=None if self.routing is None else DefaultRouting(**dict(self.routing)),
            priority=self.priority,
            answer_within_hours=self.answer_within_hours,
        )

    def _faults(self) -> Iterator[Fault]:
        yield from faults_in_days(self.starts_on, self.ends_on)
        yield from faults_in_answers(self.standard_answers or ())
        if self.description is not None:
            yield from faults_in_marks("description", local(self.description), allowed=False)
        if self.pause is not None:
            yield from faults_in_marks("pause.message", local(self.pause.message), allowed=False)
            if not self.pause.message.sv.strip():
                yield _SAY_WHY


class RegionalAdaptationWish(AdaptationWish):
    """What a region wants, and what its clinics can't change."""

    locked: frozenset[AdaptableField] = Field(
        default=frozenset(), max_length=20, description="What no clinic of the region may change"
    )
    restricted: Literal[False] = Field(default=False, description="Only clinics restrict, and give grants")

    def adaptation(self) -> Adaptation:
        """With its locks."""
        return super().adaptation().model_copy(update={"locked": tuple(sorted(self.locked))})


class ActivationWish(AdaptationWish):
    """What a clinic wants, and whether the type is switched on there."""

    on: bool = Field(description="Citizens can write cases of the type to the clinic")
    restricted: bool = Field(
        default=False, description="Only citizens to whom the clinic has granted the type"
    )
    locked: frozenset[AdaptableField] = Field(
        default=frozenset(), max_length=0, description="Nothing: there is no level below a clinic"
    )

    def adaptation(self) -> Adaptation:
        """With its restriction."""
        return super().adaptation().model_copy(update={"restricted": self.restricted})
