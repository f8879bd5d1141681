"""The access log names patients by a keyed hash, so that whoever reads it learns no identity from it."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from services.intake.domain.case import Case
from shared.contracts.commands.admin import AccessAct, RecordAccess
from shared.messaging.work import Journal

NO_CASE = UUID(int=0)


class References:
    """Makes `citizen_ref`: HMAC-SHA256 of the identity, with the version of the key before it."""

    def __init__(
        self, key: bytes, key_version: int, former: Mapping[int, bytes] = MappingProxyType({})
    ) -> None:
        self._key = key
        self._version = key_version
        self._former = former

    def of(self, kind: str, value: str) -> str:
        """The reference of one person. The same person has the same one under the same key."""
        return _reference(self._version, self._key, kind, value)

    def all_of(self, kind: str, value: str) -> list[str]:
        """Every reference that the access log may know a person by, the present one first."""
        former = [_reference(version, key, kind, value) for version, key in sorted(self._former.items())]
        return [self.of(kind, value), *former]


def _reference(version: int, key: bytes, kind: str, value: str) -> str:
    return f"{version}:{hmac.digest(key, f'{kind}:{value}'.encode(), 'sha256').hex()}"


class AccessJournal(Journal):
    """Accesses of one batch; they are published with its commit, or the batch fails."""

    def __init__(self, references: References) -> None:
        super().__init__()
        self._references = references

    def look_up(
        self,
        access_id: UUID,
        actor: str,
        clinic_id: str,
        kind: str,
        value: str,
        act: AccessAct,
        now: datetime,
    ) -> list[str]:
        """The references of a person. That somebody asked or acted is an access, which opens no case."""
        found = self._references.all_of(kind, value)
        self.record(
            RecordAccess(
                access_id=access_id,
                actor_kind="staff",
                actor_id=actor,
                clinic_id=clinic_id,
                citizen_ref=found[0],
                case_id=NO_CASE,
                act=act,
                accessed_at=now,
            )
        )
        return found

    def log(self, access_id: UUID, kind: str, actor: str, case: Case, act: AccessAct, now: datetime) -> None:
        """One access."""
        self.record(
            RecordAccess(
                access_id=access_id,
                actor_kind=kind,
                actor_id=actor,
                clinic_id=case.clinic_id,
                citizen_ref=self._references.of(case.citizen_kind, case.citizen_value),
                case_id=case.id,
                act=act,
                accessed_at=now,
            )
        )
