"""Whoever reads the access log is in it: once for each person looked up, at each clinic, or not at all."""

from uuid import uuid4

import pytest

from services.admin.application.access_log.accesses import read_access_log
from services.admin.application.access_log.commands import ReadAccessLog
from services.admin.domain.access_chain import Access
from shared.contracts.commands.admin import AccessAct
from shared.contracts.events.admin import Role
from shared.errors import Forbidden
from tests.unit.admin.builders import HILL, LAKE, NOW, an_account


class FakeAccesses:
    """The log's end."""

    def __init__(self) -> None:
        self.added: list[Access] = []

    def add(self, access: Access) -> None:
        self.added.append(access)


def a_look(*clinics: str) -> ReadAccessLog:
    return ReadAccessLog(
        actor="SE2321000016-GUN",
        access_ids=tuple(uuid4() for _ in range(2 * len(clinics))),
        clinic_ids=clinics,
        citizen_refs=("1:present", "0:former"),
        act=AccessAct.EXPORT,
    )


def test_an_extract_is_one_act_that_notes_each_reference_at_each_clinic() -> None:
    reviewer, log = an_account("GUN", hill=Role.REVIEWER, lake=Role.REVIEWER), FakeAccesses()

    read_access_log(a_look(HILL, LAKE), reviewer, log, NOW)

    noted = {(access.clinic_id, access.citizen_ref, access.act) for access in log.added}
    assert noted == {(c, ref, "export") for c in (HILL, LAKE) for ref in ("1:present", "0:former")}
    assert len({access.access_id for access in log.added}) == 4


def test_who_reviews_one_of_the_clinics_alone_is_refused_and_nothing_is_noted() -> None:
    reviewer, log = an_account("GUN", hill=Role.REVIEWER, lake=Role.RECEIVER), FakeAccesses()

    with pytest.raises(Forbidden, match="not_permitted"):
        read_access_log(a_look(HILL, LAKE), reviewer, log, NOW)

    assert log.added == []
