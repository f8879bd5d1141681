"""What a clinic gives to single citizens: who may, what is logged, and what it opens for how long."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.intake.adapters.grants import CitizenAt
from services.intake.application.commands import GrantCitizen, ListGrants, RevokeGrant
from services.intake.application.grants import grant_citizen, list_grants, revoke_grant
from services.intake.domain.grant import Grant
from services.intake.domain.neighbours import CaseType, Clinic, Staff
from services.intake.domain.offering import Adapted
from services.intake.entrypoints.consumers import _grants_of_citizen
from shared.contracts.commands.intake import PersonId
from shared.contracts.events.admin import Role
from shared.errors import Forbidden, NotFound, Refused
from tests.unit.intake.builders import ANNA, CLINIC, ELSEWHERE, EVA, NOW, RUT, Desk, a_submission

ADA = "SE1-ADA"
PERSON = PersonId(kind="personnummer", value="198112289874")
ANOTHER = PersonId(kind="nrid", value="99TF10012384")
TODAY = NOW.date()


class Office(Desk):
    """A clinic that hands out the type, or itself, to single citizens."""

    def __init__(self, *, restricted: bool = True, approved_only: bool = False) -> None:
        super().__init__()
        self.clinic = Clinic(CLINIC, 1, True, ["renewal"], approved_citizens_only=approved_only)
        self.staff.add(Staff(ADA, 1, "Ada", "", "", False, {CLINIC: [Role.CLINIC_ADMIN]}))
        self.types = {"renewal": self.case_type}
        if restricted:
            self.adaptations.add(Adapted(f"{CLINIC}/renewal", 1, {"restricted": True}))

    def find(self, case_type: str) -> CaseType | None:
        return self.types.get(case_type)

    def give(self, actor: str = RUT, now: datetime = NOW, **fields: Any) -> dict[str, Any]:
        wish = {"case_type": "renewal", "citizen": PERSON, "until": None, "clinic_id": CLINIC}
        command = GrantCitizen(actor=actor, **(wish | fields))
        types: Any = self
        return grant_citizen(
            command, self.staff, self.clinic, types, self.grants, self.access_log, uuid4(), now
        )

    def revoke(self, grant_id: str, actor: str = RUT, clinic_id: str = CLINIC) -> dict[str, Any]:
        grant = next((it for it in self.grants if str(it.id) == grant_id), None)
        command = RevokeGrant(actor=actor, clinic_id=clinic_id, grant_id=grant.id if grant else uuid4())
        return revoke_grant(command, self.staff, grant, self.access_log, uuid4(), NOW)

    def page(self, clinic_id: str, after: Any, size: int) -> list[Grant]:
        live = sorted((it for it in self.grants if it.revoked_at is None), key=lambda it: it.id)
        return [it for it in live if it.clinic_id == clinic_id and it.id > after][:size]

    def listed(self, actor: str = RUT, **fields: Any) -> dict[str, Any]:
        command = ListGrants(actor=actor, clinic_id=CLINIC, **({"after": uuid4(), "size": 9} | fields))
        return list_grants(command, self.staff, self, self.access_log, uuid4(), NOW)

    def codes(self, now: datetime = NOW, citizen: PersonId = PERSON) -> list[str]:
        try:
            self.submit(a_submission(citizen=citizen), now=now)
        except Refused as refusal:
            return [fault.code for fault in refusal.faults]
        return []

    def acts(self) -> list[str]:
        """What the access log was told."""
        return [event.act for event in self.access_log.events]  # type: ignore[attr-defined]


def test_a_restricted_type_is_open_to_whom_it_was_granted_and_to_nobody_else() -> None:
    office = Office()
    office.give()
    assert office.codes() == []
    assert office.codes(citizen=ANOTHER) == ["case_type_restricted"]


def test_a_clinic_for_approved_citizens_takes_whom_it_has_approved_or_given_the_type() -> None:
    office = Office(restricted=False, approved_only=True)
    assert office.codes() == ["only_approved_citizens"]
    office.give(case_type="")
    assert office.codes() == []
    office.give(citizen=ANOTHER)
    assert office.codes(citizen=ANOTHER) == []


def test_to_be_approved_opens_no_restricted_type() -> None:
    office = Office(approved_only=True)
    office.give(case_type="")
    assert office.codes() == ["case_type_restricted"]


@pytest.mark.parametrize(
    ("until", "last_instant"),
    (
        (date(2026, 3, 29), datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
        (date(2028, 2, 29), datetime(2028, 2, 29, 22, 59, 59, tzinfo=UTC)),
    ),
    ids=("clocks go forward", "clocks go back", "leap day"),
)
def test_the_last_day_ends_at_midnight_in_sweden(until: date, last_instant: datetime) -> None:
    office = Office()
    office.give(until=until)
    assert office.codes(last_instant) == []
    assert office.codes(last_instant + timedelta(seconds=1)) == ["case_type_restricted"]


def test_what_is_taken_back_opens_nothing_and_can_be_given_again() -> None:
    office = Office()
    grant_id = office.give()["grant_id"]
    first = office.revoke(grant_id)
    assert office.codes() == ["case_type_restricted"]
    assert office.revoke(grant_id) == first, "twice is once"
    assert office.give()["grant_id"] == grant_id
    assert office.codes() == []


def test_the_same_twice_is_one_grant_and_a_new_last_day_changes_it() -> None:
    office = Office()
    first = office.give()
    assert office.give(ADA, NOW + timedelta(hours=1)) == first
    changed = office.give(ADA, until=TODAY)
    assert (changed["grant_id"], changed["granted_by"]) == (first["grant_id"], ADA)
    assert changed["until"] == TODAY.isoformat()


@pytest.mark.parametrize("actor", (ANNA, EVA, "SE1-NOBODY"))
def test_only_receivers_and_administrators_of_the_clinic_grant_and_every_refusal_is_logged(
    actor: str,
) -> None:
    office = Office()
    given = office.give(ADA)["grant_id"]
    with pytest.raises(Forbidden, match="only_receivers_and_administrators"):
        office.give(actor)
    with pytest.raises(Forbidden):
        office.revoke(given, actor)
    with pytest.raises(Forbidden):
        office.listed(actor)
    assert office.acts() == ["grant", "refused", "refused"]
    assert office.codes() == []


def test_a_grant_of_another_clinic_is_unknown_here() -> None:
    office = Office()
    given = office.give()["grant_id"]
    with pytest.raises(NotFound, match="grant_unknown"):
        office.revoke(given, EVA, ELSEWHERE)
    assert office.codes() == []


@pytest.mark.parametrize(
    ("fields", "code"),
    (
        ({"citizen": PersonId(kind="personnummer", value="198112289875")}, "not_a_person_id"),
        ({"case_type": "none"}, "case_type_unknown"),
        ({"until": TODAY - timedelta(days=1)}, "day_passed"),
    ),
)
def test_what_can_not_be_granted_is_refused_with_why(fields: dict[str, Any], code: str) -> None:
    office = Office()
    with pytest.raises(Refused, match=code):
        office.give(**fields)
    assert list(office.grants) == []


def test_each_row_of_a_list_is_logged_and_pages_follow_each_other() -> None:
    office = Office()
    for number, person in enumerate((PERSON, ANOTHER)):
        office.give(citizen=person, until=TODAY + timedelta(days=number))
    office.revoke(office.give(case_type="")["grant_id"])
    office.access_log.events.clear()
    seen, after = [], "00000000-0000-0000-0000-000000000000"
    while after:
        page = office.listed(after=after, size=1)
        seen += [row["citizen"]["value"] for row in page["grants"]]
        after = page["next"]
    assert sorted(seen) == sorted([PERSON.value, ANOTHER.value])
    assert office.acts() == ["list", "list"]
    assert PERSON.value not in "".join(event.model_dump_json() for event in office.access_log.events)


def test_grants_are_looked_for_only_where_a_submission_may_need_one() -> None:
    class Arrived:
        body = a_submission()

    class Loaded:
        def __init__(self, office: Office, restricted: bool) -> None:
            self.adaptations = office.adaptations
            self.adaptations.any_restricted = restricted
            self.clinics = self
            self.clinic = office.clinic

        def find(self, _: str) -> Clinic | None:
            return self.clinic

    wanted = [CitizenAt(CLINIC, PERSON.kind, PERSON.value)]
    for restricted, approved_only in ((False, False), (True, False), (False, True)):
        loaded: Any = Loaded(Office(approved_only=approved_only), restricted)
        arrived: Any = Arrived()
        expected = wanted if restricted or approved_only else []
        assert _grants_of_citizen(arrived, loaded) == expected
    Arrived.body = a_submission(citizen=PersonId(kind="nrid", value="\x00"))
    assert _grants_of_citizen(arrived, loaded) == [], "no database takes such a number"
