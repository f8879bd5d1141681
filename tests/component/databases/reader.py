"""A service that reads the directory, and what its database then says of each kind of entity."""

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, get_type_hints

from joserfc.jwk import OKPKey

from deploy.local.choose import Infrastructure
from shared.clock import utc_now
from shared.contracts.case_types import Adaptation, CaseTypeOwner, Owner
from shared.contracts.events.admin import (
    CaseTypeAdaptationPublished,
    CaseTypePublished,
    ClinicPublished,
    Distribution,
    LockReason,
    Permission,
    PortalPublished,
    Role,
    SigningKeyPublished,
    StaffAccountPublished,
)
from shared.contracts.message import Message
from shared.contracts.service_parts import built
from shared.database.pool import Database
from shared.messaging.batch import Tally
from shared.messaging.runner import BatchRunner
from shared.settings import ServiceSettings

READERS = ("intake", "routing", "notify")
CLINIC, ELSEWHERE, ANNA = "SE2321000016-1A2B", "SE2321000016-9Z9Z", "SE2321000016-ANNA"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
_JWK = OKPKey.generate_key("Ed25519", {"kid": "key-1"}).as_dict(private=False)
_FORM = {
    "resourceType": "Questionnaire",
    "language": "sv",
    "item": [{"linkId": "what", "text": "Vad?", "type": "text"}],
}

MAY: dict[str, dict[str, str]] = {
    "intake": {
        "clinic": "SELECT active FROM clinics WHERE id = $1",
        "account": "SELECT NOT locked AND permissions <> '{}' FROM staff WHERE id = $1",
        "portal": "SELECT active FROM portals WHERE id = $1",
        "case type": "SELECT active FROM case_types WHERE id = split_part($1, '/', 1)",
        "signing key": "SELECT NOT revoked FROM signing_keys WHERE key_id = $1",
    },
    "routing": {
        "clinic": "SELECT active AND distribution = 'round_robin' FROM clinics WHERE clinic_id = $1",
        "account": """
            SELECT roles <> '{}' AND EXISTS (SELECT FROM members m WHERE m.staff_id = s.staff_id AND caregiver)
            FROM staff s WHERE staff_id = $1
        """,
        "signing key": "SELECT NOT revoked FROM signing_keys WHERE key_id = $1",
    },
    "notify": {
        "account": "SELECT NOT locked AND receives_at <> '[]' FROM staff WHERE id = $1",
        "signing key": "SELECT NOT revoked FROM signing_keys WHERE key_id = $1",
    },
}
"""By service and kind of entity: whether it may do anything, as the service's own database says."""


class Reader:
    """One service with a database; records are handed to it as its consumer would."""

    def __init__(self, service: str, database: Database) -> None:
        self.service, self.database = service, database
        self._runner = BatchRunner(built(service).runner.parts, database, utc_now, lambda: None)

    async def take(self, *records: Any) -> Tally:
        """These records in one batch."""
        return await self._runner.take(records)

    async def retry(self) -> int:
        """What is parked and due."""
        return await self._runner.retry_parked()

    async def may(self, kind: str, key: str) -> bool:
        """Whether this entity may do anything."""
        rows = await self.database.fetch(MAY[self.service][kind], key)
        return bool(rows and rows[0][0])

    async def denied(self) -> list[str]:
        """Keys of the entities that are denied because nobody can read their newest state."""
        return [row[0].decode() for row in await self.database.fetch("SELECT key FROM unreadable_states")]


def settings_of(infrastructure: Infrastructure, service: str, url: str) -> Any:
    """The settings with which a service runs on this database, and on the real broker."""
    kind: type[ServiceSettings] = get_type_hints(import_module(f"services.{service}.app").build)["settings"]
    login = infrastructure.login(service)
    key = base64.b64encode(bytes(32)).decode()
    secrets = {"patient_reference_key": key, "sealing_key": key} if service == "intake" else {}
    return kind.model_validate(
        {"environment": "development", "database_url": url, "kafka_servers": login.servers}
        | {"kafka_user": login.user or "", "kafka_password": login.password or ""}
        | secrets
    )


def a_state(kind: str, version: int = 1) -> Message:
    """The state of an entity that may do something."""
    return _STATES[kind](version)


def an_account(
    version: int = 1,
    staff_id: str = ANNA,
    clinics: Sequence[str] = (CLINIC,),
    locked: LockReason | None = None,
    present: bool = True,
) -> StaffAccountPublished:
    """A receiver and caregiver who wants every mail."""
    roles = frozenset({Role.CAREGIVER, Role.RECEIVER})
    return StaffAccountPublished(
        staff_id=staff_id,
        version=version,
        at=NOW,
        name=f"Anna {version}",
        email=f"anna-{version}@example.org",
        locked=locked,
        present=present,
        permissions=tuple(Permission(clinic_id=clinic_id, roles=roles) for clinic_id in clinics),
        mail_on_new_case=True,
    )


def a_clinic(version: int = 1, clinic_id: str = CLINIC, active: bool = True) -> ClinicPublished:
    return ClinicPublished(
        clinic_id=clinic_id,
        version=version,
        at=NOW,
        name=f"Backa {version}",
        active=active,
        distribution=Distribution.ROUND_ROBIN,
        claim_allowed=version % 2 == 0,
        case_types=frozenset({"renewal", f"type-{version}"}),
    )


def a_portal(version: int = 1, portal_id: str = "karlstad", active: bool = True) -> PortalPublished:
    return PortalPublished(portal_id=portal_id, version=version, at=NOW, name="Karlstad", active=active)


def a_key(version: int = 1, key_id: str = "key-1", revoked: bool = False) -> SigningKeyPublished:
    return SigningKeyPublished(key_id=key_id, version=version, at=NOW, public_jwk=_JWK, revoked=revoked)


def a_case_type(version: int = 1, case_type: str = "renewal", active: bool = True) -> CaseTypePublished:
    return CaseTypePublished(
        case_type=case_type,
        version=version,
        at=NOW,
        name_sv=f"Förnya {version}",
        name_en=f"Renew {version}",
        active=active,
        question_form=_FORM,
        answer_form=_FORM,
    )


def an_adaptation(
    version: int = 1, clinic_id: str = CLINIC, restricted: bool = False
) -> CaseTypeAdaptationPublished:
    return CaseTypeAdaptationPublished(
        place=Owner(kind=CaseTypeOwner.CLINIC, place=clinic_id),
        case_type="renewal",
        version=version,
        at=NOW,
        adaptation=Adaptation(answer_within_hours=version, restricted=restricted),
    )


_STATES: dict[str, Callable[[int], Message]] = {
    "clinic": a_clinic,
    "account": an_account,
    "portal": a_portal,
    "case type": a_case_type,
    "signing key": a_key,
}
