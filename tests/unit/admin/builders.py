"""People, clinics and case types to build tests from."""

from collections.abc import Hashable
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from services.admin.domain.account import Account
from services.admin.domain.clinic import Clinic
from shared.contracts.events.admin import Role
from shared.contracts.ids import ClinicId, StaffId

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HILL = ClinicId("SE2321000016-HILL")
LAKE = ClinicId("SE2321000016-LAKE")
FAR = ClinicId("SE2321000131-FAR")
UNIT = ClinicId("SE2321000016-UNIT")

K = TypeVar("K", bound=Hashable)
E = TypeVar("E")


class FakeRows(Generic[K, E]):
    """Rows in memory; everything is loaded."""

    def __init__(self, *entities: Any) -> None:
        self._by_id: dict[Any, Any] = {entity.id: entity for entity in entities}

    def get(self, key: K) -> E | None:
        found: E | None = self._by_id.get(key)
        return found

    def add(self, entity: E) -> None:
        self._by_id[entity.id] = entity  # type: ignore[attr-defined]

    def the(self, key: K) -> E:
        """What must be there."""
        found = self.get(key)
        assert found is not None, key
        return found


def an_account(id_: str = "ANNA", **roles: Role | tuple[Role, ...]) -> Account:
    """Somebody with these roles, by the clinic's name: `hill=Role.RECEIVER`. Regional ones reach their own unit."""
    account = Account(StaffId(f"SE2321000016-{id_}"), f"{id_.title()} Andersson", version=1)
    for clinic, given in roles.items():
        both = given if isinstance(given, tuple) else (given,)
        account.permissions[ClinicId(f"SE2321000016-{clinic.upper()}")] = frozenset(both)
    account.reach = dict.fromkeys(account.regional_units, "01")
    return account


def a_clinic(id_: ClinicId = HILL, administrators: int = 1, **fields: Any) -> Clinic:
    return Clinic(id_, "Kullens vårdcentral", administrators=administrators, version=1, **fields)


def a_form(link_id: str = "question", **fields: Any) -> dict[str, Any]:
    item = {"linkId": link_id, "text": "Vad gäller det?", "type": "text", "required": True, **fields}
    return {"resourceType": "Questionnaire", "language": "sv", "status": "active", "item": [item]}
