"""National, regional, local: who may adapt what, what is locked, and what then counts at a clinic."""

from typing import Any

import pytest

from services.admin.application.catalogue.adaptation_wishes import ActivationWish, RegionalAdaptationWish
from services.admin.application.catalogue.adapting import (
    activate_case_type,
    adapt_case_type,
    clinic_of,
    effective_view,
    region_of,
)
from services.admin.application.catalogue.commands import ActivateCaseType, AdaptCaseType
from services.admin.domain.adaptation import CaseTypeAdaptation
from services.admin.domain.group import Group
from shared.contracts.case_types import NATIONALLY, AdaptableField, adaptation_id
from shared.contracts.ids import ClinicId
from shared.errors import Conflict, Forbidden, NotFound, Refused
from tests.unit.admin.builders import HILL, NOW, FakeRows, a_clinic
from tests.unit.admin.documents import CLINICAL, NATIONAL, OF_HILL, OF_REGION, REGIONAL, a_case_type

F = AdaptableField
REGION, CLINIC = region_of("01"), clinic_of(HILL)


class Catalogue:
    """A type, a clinic of region 01, and what both levels have said."""

    def __init__(self, **content: Any) -> None:
        self.case_type = a_case_type(**content)
        self.clinic = a_clinic(HILL, region="01")
        self.groups: FakeRows[str, Group] = FakeRows()
        self.adaptations: FakeRows[str, CaseTypeAdaptation] = FakeRows()

    def adapt(self, seen: int = 0, actor: Any = REGIONAL, **wish: Any) -> None:
        command = AdaptCaseType(
            actor=actor.id,
            region="01",
            case_type="ask",
            expected_version=seen,
            wish=RegionalAdaptationWish.model_validate(wish),
        )
        adapt_case_type(command, actor, self.case_type, self.adaptations, NOW)

    def activate(self, seen: int = 0, actor: Any = CLINICAL, **wish: Any) -> Any:
        command = ActivateCaseType(
            actor=actor.id,
            clinic_id=HILL,
            case_type="ask",
            expected_version=seen,
            wish=ActivationWish.model_validate({"on": True} | wish),
        )
        return activate_case_type(
            command, actor, FakeRows(self.clinic), self.case_type, self.groups, self.adaptations, NOW
        )

    def effective(self, field: AdaptableField) -> tuple[Any, Any, Any]:
        ids = (adaptation_id(place, "ask") for place in (REGION, CLINIC))
        known = {id_: found for id_ in ids if (found := self.adaptations.get(id_))}
        it = effective_view(self.clinic, self.case_type, known).fields[field]
        return it.value, it.origin, it.locked_by


def test_a_type_is_switched_on_and_off_in_the_clinic_s_own_state() -> None:
    catalogue = Catalogue()
    catalogue.activate()
    catalogue.activate(seen=1, priority="high")
    catalogue.activate(seen=2, on=False)

    assert [sorted(event.case_types) for event in catalogue.clinic.events] == [["ask"], []]
    told = catalogue.adaptations.the(f"{HILL}/ask").events
    assert [(event.version, event.key()) for event in told] == [(n, f"{HILL}/ask") for n in (1, 2, 3)]


def test_what_is_read_of_an_adaptation_can_be_written_again() -> None:
    said = {"pause": {"message": {"sv": "Stängt"}, "until": "2027-01-07T07:00:00Z"}, "answer_within_hours": 8}
    said |= {"description": {"sv": "Vi"}, "routing": {"strategy": "manual"}, "starts_on": "2026-12-01"}
    for wish in (
        RegionalAdaptationWish.model_validate({"locked": ["priority"], **said}),
        ActivationWish.model_validate({"on": True, "restricted": True, **said}),
    ):
        read = wish.adaptation().model_dump(mode="json")
        on = {"on": True} if isinstance(wish, ActivationWish) else {}
        assert type(wish).model_validate(on | read).adaptation() == wish.adaptation()


@pytest.mark.parametrize(("removed", "taken"), ((None, False), (True, False), (False, True)))
def test_cases_go_first_to_a_group_that_the_clinic_has(removed: bool | None, taken: bool) -> None:
    catalogue = Catalogue()
    if removed is not None:
        catalogue.groups.add(Group(f"{HILL}/team", ClinicId(HILL), "Team", "Team", frozenset(), removed))
    if taken:
        assert catalogue.activate(routing={"group": "team"}).adaptation.routing.group == "team"
        return
    with pytest.raises(Refused) as refusal:
        catalogue.activate(routing={"group": "team"})
    assert [(it.field, it.code) for it in refusal.value.faults] == [("routing.group", "unknown_group")]
    assert not catalogue.clinic.events, "and the type is not switched on"


def test_what_a_level_does_not_say_is_as_the_level_above_says() -> None:
    catalogue = Catalogue(priority="low", answer_within_hours=40)
    assert catalogue.effective(F.PRIORITY) == ("low", NATIONALLY, None)
    catalogue.adapt(priority="high")
    assert catalogue.effective(F.PRIORITY) == ("high", REGION, None)
    catalogue.activate(priority="normal")
    assert catalogue.effective(F.PRIORITY) == ("normal", CLINIC, None)
    assert catalogue.effective(F.ANSWER_WITHIN_HOURS) == (40, NATIONALLY, None)


@pytest.mark.parametrize("level", ("national", "region"))
def test_a_clinic_can_t_change_what_is_locked_above_and_sees_why(level: str) -> None:
    catalogue = Catalogue(**({"locked": ["priority"]} if level == "national" else {}))
    if level == "region":
        catalogue.adapt(locked=["priority"], priority="high")

    with pytest.raises(Refused, match="locked") as refusal:
        catalogue.activate(priority="low")

    [fault] = refusal.value.faults
    assert fault.field == "priority"
    who = ("national administration", "nationella") if level == "national" else ("the region", "Stockholms")
    assert who[0] in fault.en
    assert who[1] in fault.sv
    assert catalogue.clinic.case_types == frozenset(), "nothing is half done"
    catalogue.activate(answer_within_hours=8)
    assert catalogue.effective(F.ANSWER_WITHIN_HOURS)[0] == 8, "what is not locked is the clinic's"


def test_a_region_can_t_unlock_what_is_locked_nationally() -> None:
    with pytest.raises(Refused, match="locked"):
        Catalogue(locked=["priority"]).adapt(priority="high")


def test_a_word_said_before_the_lock_does_not_count_after_it_and_may_stay() -> None:
    catalogue = Catalogue()
    catalogue.activate(priority="low")
    catalogue.adapt(locked=["priority"], priority="high")

    assert catalogue.effective(F.PRIORITY) == ("high", REGION, REGION)
    catalogue.activate(seen=1, priority="low", answer_within_hours=8)


def test_a_clinic_s_own_type_is_locked_by_nobody() -> None:
    catalogue = Catalogue(owner=OF_HILL, locked=["priority"])
    catalogue.activate(priority="high")
    assert catalogue.effective(F.PRIORITY)[0] == "high"


@pytest.mark.parametrize("actor", (CLINICAL, NATIONAL))
def test_a_region_s_adaptation_is_the_region_s(actor: Any) -> None:
    if actor is NATIONAL:
        Catalogue().adapt(actor=actor)
    else:
        with pytest.raises(Forbidden):
            Catalogue().adapt(actor=actor)


def test_a_region_changes_its_own_type_rather_than_adapt_it() -> None:
    with pytest.raises(Refused, match="own_level"):
        Catalogue(owner=OF_REGION).adapt()


@pytest.mark.parametrize(
    "owner", (OF_REGION.model_copy(update={"place": "14"}), OF_HILL.model_copy(update={"place": "SE1-OTHER"}))
)
def test_what_belongs_elsewhere_can_t_be_switched_on(owner: Any) -> None:
    with pytest.raises(NotFound):
        Catalogue(owner=owner).activate()


def test_a_draft_can_t_be_switched_on() -> None:
    with pytest.raises(NotFound):
        Catalogue(published=0).activate()


def test_a_lost_race_for_the_adaptation_is_a_conflict() -> None:
    catalogue = Catalogue()
    catalogue.activate()
    with pytest.raises(Conflict):
        catalogue.activate()


def test_a_pause_says_why() -> None:
    with pytest.raises(Refused, match="required"):
        Catalogue().activate(pause={"message": {"sv": " "}})


def test_places_have_keys_of_their_own() -> None:
    assert adaptation_id(REGION, "3") == "region:01/3", "and not 01/3, a version of the type 01"
