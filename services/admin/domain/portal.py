"""A patient portal, or another system: a client with scopes and a secret, which admin knows only as a keyed hash."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

from services.admin.domain.entity import NEVER, Entity
from shared.aggregate import Aggregate
from shared.contracts.events.admin import PortalKind, PortalPublished, Scope
from shared.contracts.ids import PortalId
from shared.errors import Refused
from shared.faults import Fault

OVERLAP = timedelta(hours=1)
"""How long the former secret still counts after a rotation, so that a portal can change over without a gap."""
SECRET_LIFETIME = timedelta(days=365)
WARNED_BEFORE = timedelta(days=30)
"""So long before its end a secret is called expiring."""
USUAL_RATE = 6_000
"""Requests a minute, to each process."""
FOR_SYSTEMS = frozenset({Scope.CATALOGUE})
"""What a system may hold: cases are for who speaks for citizens."""
_NOT_FOR_SYSTEMS = Fault(
    "scopes",
    "not_for_systems",
    "Ett system får bara läsa utbudet (catalogue:read). Lägg upp en portal för det som rör ärenden.",
    "A system may only read the catalogue (catalogue:read). Create a portal for what concerns cases.",
)


class SecretState(StrEnum):
    """How long the secret still counts."""

    GOOD = "good"
    EXPIRING = "expiring"
    EXPIRED = "expired"


@dataclass(slots=True, eq=False)
class Portal(Entity):
    """One client. Hashes have 32 bytes; an empty one matches nothing."""

    id: PortalId
    name: str
    active: bool = True
    kind: PortalKind = PortalKind.PORTAL
    scopes: frozenset[Scope] = frozenset()
    per_minute: int = USUAL_RATE
    secret_hash: bytes = b""
    former_hash: bytes = b""
    former_until: datetime = NEVER
    secret_expires_at: datetime = NEVER
    version: int = 0
    changed_by: str = ""
    changed_at: datetime = NEVER

    def __post_init__(self) -> None:
        Aggregate.__init__(self)

    def get_secret(self, new_hash: bytes, at: datetime) -> None:
        """Take a secret, for a year."""
        self.secret_hash, self.secret_expires_at = new_hash, at + SECRET_LIFETIME

    def rotate(self, new_hash: bytes, at: datetime, *, overlap: timedelta) -> None:
        """Take a new secret; the present one counts for `overlap` more, unless it ends before."""
        self.former_hash, self.former_until = self.secret_hash, min(at + overlap, self.secret_expires_at)
        self.get_secret(new_hash, at)

    def secret_state(self, at: datetime) -> SecretState:
        """Whether it is time for a new secret."""
        if at >= self.secret_expires_at:
            return SecretState.EXPIRED
        return SecretState.EXPIRING if at >= self.secret_expires_at - WARNED_BEFORE else SecretState.GOOD

    def allow(self, scopes: frozenset[Scope]) -> None:
        """Let it ask for this and no more. Raises Refused for what is not for its kind."""
        if self.kind is PortalKind.SYSTEM and scopes - FOR_SYSTEMS:
            raise Refused(_NOT_FOR_SYSTEMS)
        self.scopes = scopes

    def proves(self, shown: bytes, at: datetime) -> bool:
        """Whether who shows a secret with this hash is the portal."""
        now = compare_digest(shown, self.secret_hash) and at < self.secret_expires_at
        formerly = compare_digest(shown, self.former_hash) and at < self.former_until
        return self.active and (now or formerly)

    def published(self) -> PortalPublished:
        """The portal as neighbours read it: never its secret."""
        return PortalPublished(
            portal_id=self.id,
            version=self.version,
            at=self.changed_at,
            name=self.name,
            active=self.active,
            kind=self.kind,
            scopes=self.scopes,
        )
