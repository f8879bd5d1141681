"""Whether a type is open at a clinic today, to this citizen."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.adapters.projections import AdaptationRows, ClinicPageRows, ClinicRows
from services.intake.application.learn_directory import learn_adaptation, learn_clinic, limits_of
from services.intake.domain.faults import outside_service_area
from services.intake.domain.neighbours import CaseType, Clinic
from shared.contracts.clinic_settings import Sex
from shared.contracts.commands.intake import PersonId
from shared.contracts.events.admin import CaseTypeAdaptationPublished, CaseTypePublished, ClinicPublished
from shared.errors import Refused
from tests.unit.intake.builders import CLINIC, NOW, Desk, a_form, a_submission

TODAY, TOMORROW, YESTERDAY = (str((NOW + timedelta(days=n)).date()) for n in (0, 1, -1))
PAUSE = {"message": {"sv": "Vi har stängt.", "en": "We are closed."}}
AT_CLINIC, IN_REGION = {"kind": "clinic", "place": CLINIC}, {"kind": "region", "place": "01"}


def a_desk(
    content: dict[str, Any] | None = None, *adaptations: tuple[dict[str, str], dict[str, Any]]
) -> Desk:
    desk = Desk()
    desk.clinic = Clinic(CLINIC, 1, True, ["renewal"], region="01")
    fact = CaseTypePublished.model_validate(
        {"case_type": "renewal", "version": 2, "at": NOW, "name_sv": "F", "name_en": "R"}
        | {"question_form": a_form("medicine"), "answer_form": a_form("message")}
        | (content or {})
    )
    desk.case_type = CaseType("renewal", 2, NOW, True, "F", "R", limits_of(fact))
    for place, adaptation in adaptations:
        told = {"place": place, "case_type": "renewal", "version": 1, "at": NOW, "adaptation": adaptation}
        learn_adaptation(CaseTypeAdaptationPublished.model_validate(told), desk.adaptations, NOW)
    return desk


def refusals(desk: Desk, **fields: Any) -> list[tuple[str, str]]:
    try:
        desk.submit(a_submission(**fields))
    except Refused as refusal:
        return [(fault.field, fault.code) for fault in refusal.faults]
    return []


@pytest.mark.parametrize(
    ("adaptation", "code"),
    (
        ({}, ""),
        ({"starts_on": TODAY, "ends_on": TODAY}, ""),
        ({"starts_on": TOMORROW}, "case_type_not_started"),
        ({"ends_on": YESTERDAY}, "case_type_ended"),
        ({"pause": PAUSE}, "case_type_paused"),
        ({"pause": PAUSE | {"until": NOW + timedelta(seconds=1)}}, "case_type_paused"),
        ({"pause": PAUSE | {"until": NOW}}, ""),
        ({"restricted": True}, "case_type_restricted"),
    ),
)
@pytest.mark.parametrize("place", (AT_CLINIC, IN_REGION), ids=("clinic", "region"))
def test_a_type_is_open_as_its_clinic_and_region_say(
    place: dict[str, str], adaptation: dict[str, Any], code: str
) -> None:
    desk = a_desk(None, (place, adaptation))
    assert refusals(desk) == ([("case_type", code)] if code else [])


def test_a_paused_type_is_refused_in_the_clinic_s_own_words() -> None:
    with pytest.raises(Refused) as refusal:
        a_desk(None, (AT_CLINIC, {"pause": PAUSE})).submit()
    assert (refusal.value.faults[0].sv, refusal.value.faults[0].en) == ("Vi har stängt.", "We are closed.")


def test_a_clinic_s_word_counts_before_its_region_s_unless_the_region_has_locked_it() -> None:
    mine = (AT_CLINIC, {"ends_on": TOMORROW})
    assert not refusals(a_desk(None, (IN_REGION, {"ends_on": YESTERDAY}), mine))
    locked = {"ends_on": YESTERDAY, "locked": ["ends_on"]}
    assert refusals(a_desk(None, (IN_REGION, locked), mine)) == [("case_type", "case_type_ended")]
    nationally = {"ends_on": YESTERDAY, "locked": ["ends_on"]}
    assert refusals(a_desk(nationally, mine)) == [("case_type", "case_type_ended")]


@pytest.mark.parametrize(
    ("age", "citizen", "taken"),
    (
        ({"least": 44}, ("personnummer", "198112289874"), True),
        ({"least": 45}, ("personnummer", "198112289874"), False),
        ({"most": 44}, ("personnummer", "198112289874"), True),
        ({"most": 43}, ("personnummer", "198112289874"), False),
        ({"least": 130}, ("nrid", "AB1234567890"), True),
    ),
)
def test_a_type_is_for_its_ages_and_a_reserve_number_tells_none(
    age: dict[str, int], citizen: tuple[Any, str], taken: bool
) -> None:
    found = refusals(a_desk({"age": age}), citizen=PersonId(kind=citizen[0], value=citizen[1]))
    assert found == ([] if taken else [("citizen", "outside_ages")])


@pytest.mark.parametrize(
    ("area", "citizen", "taken"),
    (
        ({"sex": "male"}, ("personnummer", "198112289874"), True),
        ({"sex": "female"}, ("personnummer", "198112289874"), False),
        ({"sex": "female"}, ("nrid", "AB1234567890"), True),
        ({"age_from": 44, "age_to": 44}, ("personnummer", "198112289874"), True),
        ({"age_from": 45}, ("personnummer", "198112289874"), False),
        ({"age_to": 43}, ("personnummer", "198112289874"), False),
        ({"age_to": 5}, ("nrid", "AB1234567890"), True),
        ({"municipalities": ["0180"]}, ("personnummer", "198112289874"), True),
    ),
)
def test_a_clinic_is_for_its_service_area_as_far_as_the_number_tells(
    area: dict[str, Any], citizen: tuple[Any, str], taken: bool
) -> None:
    desk, stated = a_desk(), {"clinic_id": CLINIC, "version": 2, "at": NOW, "name": "Backa", "active": True}
    stated |= {"distribution": "manual", "case_types": ["renewal"], "settings": {"service_area": area}}
    clinics = ClinicRows()
    learn_clinic(ClinicPublished.model_validate(stated), clinics, ClinicPageRows(), NOW)
    desk.clinic = clinics.find(CLINIC)
    found = refusals(desk, citizen=PersonId(kind=citizen[0], value=citizen[1]))
    assert found == ([] if taken else [("citizen", "outside_service_area")])


@pytest.mark.parametrize(
    ("area", "sv", "en"),
    (
        ((Sex.FEMALE, 40, 74), "kvinnor från 40 till 74 år", "women, ages from 40 to 74"),
        ((None, None, 5), "personer till 5 år", "people, ages to 5"),
        ((Sex.MALE, None, None), "män", "men"),
    ),
)
def test_who_is_outside_is_told_whom_the_clinic_is_for(area: Any, sv: str, en: str) -> None:
    fault = outside_service_area(*area)
    assert fault.sv == f"Mottagningen är för {sv}. Välj en annan mottagning."
    assert fault.en == f"The clinic is for {en}. Choose another clinic."


def test_what_nobody_can_read_of_an_adaptation_closes_the_type_also_where_none_was_known() -> None:
    desk = a_desk()
    desk.adaptations._loaded[f"{CLINIC}/renewal"] = None
    assert desk.adaptations.deny(f"{CLINIC}/renewal")
    assert refusals(desk) == [("case_type", "case_type_not_offered")]


@pytest.mark.parametrize("key", ("renewal/3", CLINIC, "key-1", "01/3"))
def test_what_is_no_adaptation_is_not_denied_as_one(key: str) -> None:
    assert not AdaptationRows().deny(key)


def test_a_version_of_before_this_says_nothing_about_when_and_whom() -> None:
    assert a_desk().case_type is not None
    assert a_desk().case_type.limits == {}  # type: ignore[union-attr]
    assert not refusals(a_desk())
