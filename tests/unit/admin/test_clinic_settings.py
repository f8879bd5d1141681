"""A clinic's settings: what is sound, what is refused and why, texts that have versions, and how large it all gets."""

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.admin.application.clinics.commands import ChangeSettings, PublishText
from services.admin.application.clinics.settings import change_settings, publish_text
from services.admin.application.clinics.settings_wishes import NewText, SettingsWish
from services.admin.domain.account import Account
from services.admin.domain.calendar import today
from services.admin.domain.clinic import MOST_TEXTS, Clinic, TextKind
from shared.contracts.clinic_settings import ClinicSettings, Holiday, LocalText
from shared.contracts.events.admin import ClinicPublished, Role
from shared.contracts.topics import MAX_MESSAGE_BYTES
from shared.errors import Conflict, Forbidden, NotFound, Refused
from tests.unit.admin.builders import HILL, LAKE, NOW, a_clinic, an_account

BOSS = an_account(hill=Role.CLINIC_ADMIN)
TODAY = today(NOW)


def change(clinic: Clinic | None, actor: Account = BOSS, version: int | None = None, **wish: Any) -> None:
    seen = version if version is not None else clinic.version if clinic else 1
    command = ChangeSettings(
        actor=actor.id, clinic_id=HILL, expected_version=seen, wish=SettingsWish.model_validate(wish)
    )
    change_settings(command, actor, clinic, NOW)


def publish(clinic: Clinic, sv: str, valid_from: date | None = None, kind: TextKind = TextKind.TERMS) -> None:
    wish = NewText.model_validate({"text": {"sv": sv}, "valid_from": valid_from})
    command = PublishText(
        actor=BOSS.id, clinic_id=HILL, kind=kind, expected_version=clinic.version, wish=wish
    )
    publish_text(command, BOSS, clinic, NOW)


def interval(weekday: int, opens: str, closes: str) -> dict[str, Any]:
    return {"weekday": weekday, "opens": opens, "closes": closes}


def test_what_is_wished_is_published_with_the_clinic_s_next_version() -> None:
    clinic = a_clinic()

    change(
        clinic,
        mailbox="e-tjanster@kullen.example.org",
        opening_hours=[interval(1, "08:00", "12:00"), interval(1, "13:00", "17:00")],
        answer_promise={"amount": 2, "unit": "days"},
    )

    published = clinic.events[0]
    assert isinstance(published, ClinicPublished)
    assert (published.version, published.settings.mailbox) == (2, "e-tjanster@kullen.example.org")
    assert [part.opens for part in published.settings.opening_hours] == ["08:00", "13:00"]
    assert published.settings.answer_promise is not None
    change(clinic)
    assert clinic.settings == ClinicSettings(), "what is left out is emptied"


@pytest.mark.parametrize(
    ("wish", "code"),
    (
        ({"opening_hours": [interval(1, "08:00", "12:00"), interval(1, "11:59", "17:00")]}, "overlap"),
        ({"opening_hours": [interval(1, "12:00", "08:00")]}, "closes_before_it_opens"),
        ({"opening_hours": [interval(1, "08:00", "08:00")]}, "closes_before_it_opens"),
        ({"opening_hours": [interval(1, "24:00", "24:00")]}, "closes_before_it_opens"),
        ({"acknowledgement": {"en": "Thank you"}}, "swedish_missing"),
        ({"contact": {"visiting_hours": {"en": "Mondays"}}}, "swedish_missing"),
        ({"service_area": {"age_from": 18, "age_to": 17}}, "ages_reversed"),
        ({"service_area": {"municipalities": ["0299"]}}, "unknown_county"),
        ({"holidays": [{"day": "epiphany"}, {"day": "epiphany", "closes": "12:00"}]}, "named_twice"),
        ({"closed_periods": [{"first_on": "2026-07-02", "last_on": "2026-07-01"}]}, "dates_reversed"),
        ({"closed_periods": [{"first_on": "2026-07-02", "last_on": "2028-07-01"}]}, "too_long"),
    ),
)
def test_what_contradicts_itself_is_refused_with_the_reason(wish: dict[str, Any], code: str) -> None:
    clinic = a_clinic()

    with pytest.raises(Refused, match=code) as refusal:
        change(clinic, **wish)

    assert all(fault.field and fault.sv and fault.en for fault in refusal.value.faults)
    assert clinic.version == 1
    assert not clinic.events


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(Refused) as refusal:
        change(
            a_clinic(),
            opening_hours=[interval(7, "08:00", "12:00"), interval(7, "09:00", "10:00")],
            out_of_hours={"en": "Closed"},
        )

    assert {fault.code for fault in refusal.value.faults} == {"overlap", "swedish_missing"}
    assert "söndag" in next(fault.sv for fault in refusal.value.faults if fault.code == "overlap")


def test_two_parts_of_a_day_may_meet_and_a_night_is_parted_at_midnight() -> None:
    clinic = a_clinic()

    change(
        clinic,
        opening_hours=[
            interval(1, "08:00", "12:00"),
            interval(1, "12:00", "24:00"),
            interval(2, "00:00", "06:00"),
        ],
    )

    assert len(clinic.settings.opening_hours) == 3


@pytest.mark.parametrize(
    "wish",
    (
        {"mailbox": "not an address"},
        {"mailbox": "a@example.org\nBcc: b@example.org"},
        {"contact": {"phone": "ring oss"}},
        {"contact": {"web": "http://example.org"}},
        {"contact": {"web": "javascript:alert(1)"}},
        {"opening_hours": [interval(8, "08:00", "12:00")]},
        {"opening_hours": [interval(1, "8:00", "12:00")]},
        {"opening_hours": [interval(1, "08:00", "24:30")]},
        {"opening_hours": [interval(1, "08:00", "09:00")] * 71},
        {"holidays": [{"day": "friday-the-13th"}]},
        {"service_area": {"age_from": -1}},
        {"service_area": {"sex": "both"}},
        {"service_area": {"municipalities": ["180"]}},
        {"answer_promise": {"amount": 0, "unit": "days"}},
        {"answer_promise": {"amount": 1, "unit": "weeks"}},
        {"return_after_minutes": 4},
        {"acknowledgement": {"sv": "x" * 2001}},
        {"acknowledgement": {"sv": "a\x00"}},
        {"something_else": 1},
        {"contact": {"fax": "1"}},
    ),
)
def test_what_has_the_wrong_form_is_refused(wish: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SettingsWish.model_validate(wish)


def test_only_its_administrators_change_a_clinic_s_settings_and_only_what_they_saw() -> None:
    for actor in (an_account(hill=Role.RECEIVER), an_account(lake=Role.CLINIC_ADMIN)):
        with pytest.raises(Forbidden):
            change(a_clinic(), actor)
    with pytest.raises(Conflict, match="version_conflict"):
        change(a_clinic(), version=7)
    with pytest.raises(NotFound):
        change(None)


def test_a_text_is_read_in_swedish_where_there_is_no_english_one() -> None:
    assert LocalText(sv="Hej").in_language("en") == "Hej"
    assert LocalText(sv="Hej", en="Hello").in_language("en") == "Hello"
    assert LocalText(sv="Hej", en="Hello").in_language("sv") == "Hej"


def test_a_published_text_never_changes_and_counts_from_its_day() -> None:
    clinic = a_clinic()

    publish(clinic, "Först")
    publish(clinic, "Sedan", TODAY + timedelta(days=30))

    assert [(text.version, text.text.sv, text.valid_from) for text in clinic.terms] == [
        (1, "Först", TODAY),
        (2, "Sedan", TODAY + timedelta(days=30)),
    ]
    assert list(clinic.information) == []
    publish(clinic, "Mer", kind=TextKind.INFORMATION)
    assert clinic.information[0].version == 1, "each kind counts its own"


def test_a_text_that_has_been_replaced_is_left_to_the_history() -> None:
    clinic = a_clinic()
    for sv in ("A", "B", "C"):
        publish(clinic, sv)

    assert [text.version for text in clinic.terms] == [2, 3]


def test_a_text_is_not_dated_back_nor_before_one_that_is_promised() -> None:
    clinic = a_clinic()
    publish(clinic, "A", TODAY + timedelta(days=10))

    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=9)):
        with pytest.raises(Refused, match="too_early"):
            publish(clinic, "B", day)


def test_only_so_many_texts_to_come_are_published_at_once() -> None:
    clinic = a_clinic()
    for n in range(MOST_TEXTS):
        publish(clinic, "A", TODAY + timedelta(days=n))

    with pytest.raises(Refused, match="too_many"):
        publish(clinic, "A", TODAY + timedelta(days=9))


def test_a_text_is_not_in_english_alone() -> None:
    command = PublishText(
        actor=BOSS.id,
        clinic_id=HILL,
        kind=TextKind.TERMS,
        expected_version=1,
        wish=NewText.model_validate({"text": {"en": "Terms"}}),
    )

    with pytest.raises(Refused, match="swedish_missing"):
        publish_text(command, BOSS, a_clinic(), NOW)


def test_the_largest_settings_still_fit_into_a_message() -> None:
    line = {"sv": "😀" * 200, "en": "😀" * 200}
    clinic, long, longer = (
        a_clinic(LAKE, case_types=frozenset(f"{n:063}" for n in range(200))),
        {"sv": "😀" * 2000, "en": "😀" * 2000},
        LocalText(sv="😀" * 10_000, en="😀" * 10_000),
    )
    wish = SettingsWish.model_validate(
        {
            "contact": {"address": "å" * 2000, "visiting_hours": long},
            "acknowledgement": long,
            "out_of_hours": long,
            "service_area": {"municipalities": [f"{n:04}" for n in range(300)]},
            "opening_hours": [interval(1, "08:00", "12:00")] * 70,
            "holidays": [{"day": day, "closes": "12:00"} for day in Holiday],
            "closed_periods": [{"first_on": "2026-07-01", "last_on": "2026-07-02", "reason": line}] * 50,
        }
    )
    clinic.settings = ClinicSettings.model_validate(wish.model_dump())
    for kind in TextKind:
        for n in range(MOST_TEXTS):
            clinic.publish_text(kind, longer, TODAY + timedelta(days=n), TODAY)

    size = len(clinic.published().model_dump_json().encode())

    assert MAX_MESSAGE_BYTES / 4 < size < MAX_MESSAGE_BYTES * 0.9
