"""Permissions that end: every reader judges by its own clock, from the very instant on."""

from datetime import UTC, datetime, timedelta

from services.intake.adapters.projections import StaffRows
from services.intake.application.learn_directory import learn_staff
from services.intake.domain.neighbours import Staff
from services.routing.adapters.directory import People, PeopleRead
from shared.clock import utc_now
from shared.contracts.events.admin import Permission, Role, StaffAccountPublished
from shared.contracts.permissions import ends_of, in_force

END = datetime(2026, 10, 25, 23, tzinfo=UTC)
HERE, THERE = "SE2321000016-HERE", "SE2321000016-THERE"


def anna(ends_at: datetime | None) -> StaffAccountPublished:
    roles = frozenset({Role.CAREGIVER, Role.RECEIVER})
    return StaffAccountPublished(
        staff_id="SE2321000016-ANNA",
        version=1,
        at=END,
        name="Anna",
        permissions=(
            Permission(clinic_id=HERE, roles=roles, ends_at=ends_at),
            Permission(clinic_id=THERE, roles=roles),
        ),
    )


def test_a_permission_counts_until_its_end_and_not_at_it() -> None:
    ends = ends_of(anna(END).permissions)

    assert ends == {HERE: "2026-10-25T23:00:00+00:00"}
    assert in_force({HERE: 1, THERE: 2}, ends, END - timedelta(microseconds=1)) == {HERE: 1, THERE: 2}
    assert in_force({HERE: 1, THERE: 2}, ends, END) == {THERE: 2}


def test_intake_loads_nobody_with_a_permission_that_has_ended() -> None:
    for ends_at, expected in (
        (utc_now() - timedelta(seconds=1), False),
        (utc_now() + timedelta(hours=1), True),
    ):
        rows = StaffRows()
        learn_staff(anna(ends_at), rows, utc_now())
        [staff] = rows
        loaded: Staff = rows.from_row(rows.to_row(staff))
        assert loaded.is_at(HERE, Role.CAREGIVER) is expected
        assert loaded.is_at(THERE, Role.CAREGIVER)


def test_routing_decides_without_what_has_ended_and_keeps_it_until_the_directory_tells() -> None:
    row = (
        "SE2321000016-ANNA",
        1,
        "Anna",
        None,
        True,
        {HERE: ["caregiver"]},
        {HERE: "2020-01-01T00:00:00+00:00"},
    )

    assert not PeopleRead().from_row(row).can_hold(HERE)
    assert People().from_row(row).can_hold(HERE), "so that what they hold is given back when it is told"
