"""Keep clinics and people as the directory has them, and want what follows from a change."""

from datetime import datetime

from services.routing.application.ports import Clinics, Keys, People, Wanted
from services.routing.domain.directory import Clinic, Person
from shared.contracts.events.admin import ClinicPublished, Distribution, Role, StaffAccountPublished
from shared.messaging.states import StateUnreadable


def follow_clinic(fact: ClinicPublished, clinics: Clinics, wanted: Wanted, now: datetime) -> None:
    """A clinic as it is now. What waits may be shared out in a new way."""
    clinic = clinics.get(fact.clinic_id)
    if clinic is None:
        clinic = Clinic(fact.clinic_id, 0, "", False, "", False)
        clinics.add(clinic)
    if fact.version < clinic.version:
        return
    before = clinic.distribution
    clinic.become(fact)
    if clinic.distribution not in (before, Distribution.MANUAL.value):
        wanted.want_round(clinic.id)


def follow_staff_account(fact: StaffAccountPublished, people: People, wanted: Wanted, now: datetime) -> None:
    """An account as it is now. Who can take cases again wants rounds; who can't any more gives cases back."""
    person = people.get(fact.staff_id)
    if person is None:
        person = Person(fact.staff_id, 0, "", None, False, {})
        people.add(person)
    if fact.version < person.version:
        return
    before = _takes_part_in(person)
    person.become(fact)
    _want_what_follows(person, before, wanted)


def deny_entity(
    fact: StateUnreadable, clinics: Clinics, people: People, keys: Keys, wanted: Wanted, now: datetime
) -> bool:
    """Nobody can read what is true of it now: it may nothing until a state comes that can be read."""
    clinic, person = clinics.get(fact.entity), people.get(fact.entity)
    if clinic is not None:
        clinic.deny()
    if person is not None:
        before = _takes_part_in(person)
        person.deny()
        _want_what_follows(person, before, wanted)
    return keys.deny(fact.entity) or clinic is not None or person is not None


def _want_what_follows(person: Person, before: frozenset[str], wanted: Wanted) -> None:
    now_in = _takes_part_in(person)
    wanted.want_rounds(now_in - before)
    if lost := before - now_in:
        wanted.want_release(person.id, lost)


def _takes_part_in(person: Person) -> frozenset[str]:
    return person.clinics_with(Role.CAREGIVER) if person.present else frozenset()
