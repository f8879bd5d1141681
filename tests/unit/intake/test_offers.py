"""What is offered of a type at a clinic, and what citizens are shown of the clinic."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.intake.adapters.projections import ClinicPageRows, ClinicRows
from services.intake.application.learn_directory import learn_clinic
from services.intake.domain.neighbours import CaseType, Clinic
from services.intake.domain.offering import Adapted, Offer, offer_of
from services.intake.domain.page import shown_page
from shared.contracts.events.admin import ClinicPublished
from tests.unit.intake.builders import CLINIC, ELSEWHERE, NOW

TODAY = NOW.date()
DAY = timedelta(days=1)
HERE = Clinic(CLINIC, 1, True, ["renewal"], region="01")
RENEWAL = CaseType("renewal", 2, NOW, True, "F", "R")


def adapted(place: str, readable: bool = True, **said: Any) -> dict[str, Adapted]:
    return {f"{place}/renewal": Adapted(f"{place}/renewal", 1, said, readable)}


def a_page(**fields: Any) -> dict[str, Any]:
    """What is shown today of a clinic that admin has told of so."""
    stated = {"clinic_id": CLINIC, "version": 1, "at": NOW, "name": "Backa", "active": True, "case_types": []}
    fact = ClinicPublished.model_validate(stated | {"distribution": "manual"} | fields)
    clinics, pages = ClinicRows(), ClinicPageRows()
    learn_clinic(fact, clinics, pages, NOW)
    told = pages.find(CLINIC)
    assert told is not None
    return shown_page(told.page, TODAY)


def text(version: int, on: date, sv: str) -> dict[str, Any]:
    return {"version": version, "valid_from": on, "text": {"sv": sv, "en": ""}}


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_open"),
    (
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY + DAY, None, False),
        (None, TODAY - DAY, False),
    ),
)
def test_a_type_is_open_from_its_first_to_its_last_day(
    starts_on: date | None, ends_on: date | None, is_open: bool
) -> None:
    offer = offer_of(RENEWAL, HERE, adapted(CLINIC, starts_on=starts_on, ends_on=ends_on))
    assert offer is not None
    assert offer.is_open_on(TODAY) is is_open


def test_others_words_about_the_type_do_not_count_here() -> None:
    theirs = adapted(ELSEWHERE, restricted=True) | adapted("region:17", readable=False)
    assert offer_of(RENEWAL, HERE, theirs) == Offer()
    assert offer_of(RENEWAL, HERE, theirs | adapted("region:01", restricted=True)) == Offer(restricted=True)


def test_where_a_word_that_counts_can_not_be_read_nothing_is_offered() -> None:
    assert offer_of(RENEWAL, HERE, adapted("region:01", readable=False)) is None


def test_the_newest_text_whose_day_has_come_is_shown_with_its_version() -> None:
    versions = [text(3, TODAY - DAY, "Förr"), text(4, TODAY, "Nu"), text(5, TODAY + DAY, "Sedan")]
    page = a_page(information=versions, terms=[text(1, TODAY - DAY, "Villkor"), text(2, TODAY, "")])
    assert page["information"] == {"version": 4, "text": {"sv": "Nu", "en": ""}}
    assert page["terms"] is None, "an empty version ends the text"


def test_a_closed_period_is_shown_through_its_last_day() -> None:
    periods = [
        {"first_on": TODAY - DAY, "last_on": TODAY - DAY},
        {"first_on": TODAY - DAY, "last_on": TODAY},
        {"first_on": TODAY + DAY, "last_on": TODAY + DAY},
    ]
    page = a_page(settings={"closed_periods": periods})
    assert [period["last_on"] for period in page["closed_periods"]] == [str(TODAY), str(TODAY + DAY)]


def test_what_only_staff_need_is_not_shown_and_what_was_never_told_is_empty() -> None:
    page = a_page(settings={"mailbox": "backa@example.org", "return_after_minutes": 30})
    assert not {"mailbox", "return_after_minutes"} & page.keys()
    assert page.keys() == shown_page({}, TODAY).keys()
    assert shown_page({}, TODAY)["answer_promise"] is None
