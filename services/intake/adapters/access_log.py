"""The access log names patients by a keyed hash, so that whoever reads it learns no identity from it."""

import hmac
from datetime import datetime
from uuid import UUID

from services.intake.domain.case import Case
from shared.contracts.commands.admin import AccessAct, RecordAccess
from shared.messaging.work import Journal


class References:
    """Makes `citizen_ref`: HMAC-SHA256 of the identity, with the version of the key before it."""

    def __init__(self, key: bytes, key_version: int) -> None:
        self._key = key
        self._prefix = f"{key_version}:"

    def of(self, kind: str, value: str) -> str:
        """The reference of one person. The same person has the same one under the same key."""
        return self._prefix + hmac.digest(self._key, f"{kind}:{value}".encode(), "sha256").hex()


class AccessJournal(Journal):
    """Accesses of one batch; they are published with its commit, or the batch fails."""

    def __init__(self, references: References) -> None:
        super().__init__()
        self._references = references

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
