"""What makes a clinic's settings sound beyond the form of each field: one fault per mistake."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from services.admin.domain.regions import NAMES
from services.admin.domain.working_time import MIDNIGHT, minutes_of
from shared.contracts.clinic_settings import ClinicSettings, LocalText
from shared.faults import Fault

LONGEST_PERIOD = timedelta(days=366)
_WEEKDAYS_SV = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def texts_of(settings: ClinicSettings) -> dict[str, LocalText]:
    """Every text that citizens may read, by the field where it stands."""
    reasons = {
        f"closed_periods.{n}.reason": period.reason for n, period in enumerate(settings.closed_periods)
    }
    return {
        "contact.visiting_hours": settings.contact.visiting_hours,
        "acknowledgement": settings.acknowledgement,
        "out_of_hours": settings.out_of_hours,
        **reasons,
    }


def faults_of(settings: ClinicSettings) -> list[Fault]:
    """Everything that is wrong; empty if it is sound."""
    found = [fault for field, text in texts_of(settings).items() for fault in faults_of_text(field, text)]
    return [*found, *_area(settings), *_week(settings), *_holidays(settings), *_periods(settings)]


def faults_of_text(field: str, text: LocalText) -> Iterator[Fault]:
    """Swedish is what everybody can be shown."""
    if text.en and not text.sv:
        yield Fault(
            f"{field}.sv",
            "swedish_missing",
            "Texten finns bara på engelska. Skriv den på svenska också.",
            "The text is in English only. Write it in Swedish as well.",
        )


def _area(settings: ClinicSettings) -> Iterator[Fault]:
    area = settings.service_area
    if area.age_from is not None and area.age_to is not None and area.age_from > area.age_to:
        yield Fault(
            "service_area.age_to",
            "ages_reversed",
            "Den högsta åldern är lägre än den lägsta. Byt plats på dem.",
            "The oldest age is below the youngest. Exchange them.",
        )
    for code in sorted(code for code in area.municipalities if code[:2] not in NAMES):
        yield Fault(
            "service_area.municipalities",
            "unknown_county",
            f"Kommunkoden {code} hör inte till något län. Kontrollera den mot SCB:s lista.",
            f"The municipality code {code} belongs to no county. Compare it with SCB's list.",
        )


def _week(settings: ClinicSettings) -> Iterator[Fault]:
    days: dict[int, list[tuple[int, int]]] = {}
    for number, part in enumerate(settings.opening_hours):
        opens, closes = minutes_of(part.opens), minutes_of(part.closes)
        days.setdefault(part.weekday, []).append((opens, closes))
        if opens >= closes or opens == MIDNIGHT:
            yield Fault(
                f"opening_hours.{number}.closes",
                "closes_before_it_opens",
                "Sluttiden ska vara efter starttiden. Ett pass över midnatt delas i två: till 24:00 och från 00:00.",
                "It must close after it opens. Part a night shift in two: until 24:00 and from 00:00.",
            )
    for weekday, parts in sorted(days.items()):
        if any(before[1] > after[0] for before, after in pairwise(sorted(parts))):
            yield Fault(
                "opening_hours",
                "overlap",
                f"Öppettiderna på {_WEEKDAYS_SV[weekday - 1]} överlappar. Slå ihop dem eller flytta den ena.",
                f"The opening hours on {_WEEKDAYS_EN[weekday - 1]} overlap. Join them, or move one.",
            )


def _holidays(settings: ClinicSettings) -> Iterator[Fault]:
    days = [rule.day for rule in settings.holidays]
    for day in sorted({day for day in days if days.count(day) > 1}):
        yield Fault(
            "holidays",
            "named_twice",
            f"Dagen {day} står två gånger. Ta bort den ena.",
            f"The day {day} stands twice. Remove one.",
        )


def _periods(settings: ClinicSettings) -> Iterator[Fault]:
    for number, period in enumerate(settings.closed_periods):
        if period.last_on < period.first_on:
            yield Fault(
                f"closed_periods.{number}.last_on",
                "dates_reversed",
                "Perioden slutar innan den börjar. Byt plats på dagarna.",
                "The period ends before it begins. Exchange the days.",
            )
        elif period.last_on - period.first_on > LONGEST_PERIOD:
            yield Fault(
                f"closed_periods.{number}.last_on",
                "too_long",
                "Perioden är längre än ett år. Avveckla mottagningen i stället.",
                "The period is longer than a year. Drain and close the clinic instead.",
            )
