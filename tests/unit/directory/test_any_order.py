"""Every service's picture of the directory is admin's, in whatever order and however often its states arrive."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.adapters.projections import (
    CaseTypeRows,
    ClinicPageRows,
    ClinicRows,
    PortalRows,
    StaffRows,
)
from services.intake.application import learn_directory as intake
from services.notify.application import directory as notify
from services.routing.application import follow_directory as routing
from shared.contracts.events.admin import (
    CaseTypePublished,
    ClinicPublished,
    LockReason,
    PortalPublished,
    StaffAccountPublished,
)
from shared.contracts.message import Message
from tests.component.databases.reader import NOW, a_case_type, a_clinic, a_portal, an_account
from tests.unit.notify.fakes import FakeNotifications, FakeStaff

CLINICS = ("SE2321000016-A", "SE2321000016-B")
PEOPLE = ("SE2321000016-ANNA", "SE2321000016-BO")


class Rows(dict[str, Any]):
    """Rows in memory, and wants that nobody looks at."""

    def add(self, entity: Any) -> None:
        self[entity.id] = entity

    def arrived(self, _: Any) -> None:
        pass

    def want_round(self, _: str) -> None:
        """Not of interest here."""

    def want_rounds(self, _: Iterable[str]) -> None:
        """Not of interest here."""

    def want_release(self, _: str, __: Iterable[str]) -> None:
        """Not of interest here."""


class Forms:
    """What a version's forms are is its first word: they never change."""

    def publish(self, fact: CaseTypePublished) -> None:
        """Not of interest here."""


def in_intake(facts: Iterable[Message]) -> Any:
    portals, clinics, staff, types = PortalRows(), ClinicRows(), StaffRows(), CaseTypeRows()
    pages = ClinicPageRows()
    forms: Any = Forms()
    for fact in facts:
        if isinstance(fact, PortalPublished):
            intake.learn_portal(fact, portals, NOW)
        elif isinstance(fact, ClinicPublished):
            intake.learn_clinic(fact, clinics, pages, NOW)
        elif isinstance(fact, StaffAccountPublished):
            intake.learn_staff(fact, staff, NOW)
        elif isinstance(fact, CaseTypePublished):
            intake.learn_case_type(fact, types, forms, NOW)
    return [sorted(rows, key=lambda it: it.id) for rows in (portals, clinics, pages, staff, types)]


def in_routing(facts: Iterable[Message]) -> Any:
    clinics, people, wanted = Rows(), Rows(), Rows()
    for fact in facts:
        if isinstance(fact, ClinicPublished):
            routing.follow_clinic(fact, clinics, wanted, NOW)
        elif isinstance(fact, StaffAccountPublished):
            routing.follow_staff_account(fact, people, wanted, NOW)
    return _plain(clinics), _plain(people)


def in_notify(facts: Iterable[Message]) -> Any:
    staff = FakeStaff()
    for fact in facts:
        if isinstance(fact, StaffAccountPublished):
            notify.learn_staff_member(fact, staff, FakeNotifications(), NOW)
    return _plain(staff)


def _plain(rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        key: {name: getattr(entity, name) for name in type(entity).__slots__ if name != "as_loaded"}
        for key, entity in rows.items()
    }


def _account(staff_id: str, version: int, choice: int) -> StaffAccountPublished:
    clinics = CLINICS[: choice % 3]
    locked = LockReason.SECURITY if choice % 5 == 0 else None
    return an_account(version, staff_id, clinics, locked=locked, present=choice % 7 > 0)


MAKERS: tuple[Callable[[int, int], Message], ...] = (
    *(lambda version, choice, id_=id_: a_clinic(version, id_, choice % 3 > 0) for id_ in CLINICS),
    *(lambda version, choice, id_=id_: _account(id_, version, choice) for id_ in PEOPLE),
    lambda version, choice: a_portal(version, active=choice % 2 > 0),
    lambda version, choice: a_case_type(version, active=choice % 2 > 0),
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Message], list[Message]]:
    """Admin's last words about a few entities, and all of its words in any order, some of them repeated."""
    newest: list[Message] = []
    said: list[Message] = []
    for make in MAKERS:
        choices = draw(st.lists(st.integers(0, 20), min_size=1, max_size=4))
        words = [make(version, choice) for version, choice in enumerate(choices, 1)]
        newest.append(words[-1])
        said += words
    repeated = draw(st.lists(st.sampled_from(said), max_size=10))
    return newest, draw(st.permutations(said + repeated))


@pytest.mark.parametrize("picture", (in_intake, in_routing, in_notify))
@settings(deadline=None, max_examples=50)
@given(histories())
def test_the_picture_is_what_admin_said_last(
    picture: Callable[[Iterable[Message]], Any], history: tuple[list[Message], list[Message]]
) -> None:
    newest, said = history
    assert picture(said) == picture(newest)
    assert picture([*said, *said]) == picture(newest)
