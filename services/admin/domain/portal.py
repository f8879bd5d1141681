"""A patient portal: a system client with a secret of its own, which admin knows only as a keyed hash."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from services.admin.domain.entity import NEVER, Entity
from shared.aggregate import Aggregate
from shared.contracts.events.admin import PortalPublished
from shared.contracts.ids import PortalId

OVERLAP = timedelta(hours=1)
"""How long the former secret still counts after a rotation, so that a portal can change over without a gap."""


@dataclass(slots=True, eq=False)
class Portal(Entity):
    """One portal. Hashes have 32 bytes; an empty one matches nothing."""

    id: PortalId
    name: str
    active: bool = True
    secret_hash: bytes = b""
    former_hash: bytes = b""
    former_until: datetime = NEVER
    version: int = 0
    changed_by: str = ""
    changed_at: datetime = NEVER

    def __post_init__(self) -> None:
        Aggregate.__init__(self)

    def rotate(self, new_hash: bytes, at: datetime, *, overlap: timedelta) -> None:
        """Take a new secret; the present one counts for `overlap` more."""
        self.former_hash, self.former_until = self.secret_hash, at + overlap
        self.secret_hash = new_hash

    def proves(self, shown: bytes, at: datetime) -> bool:
        """Whether who shows a secret with this hash is the portal."""
        now = compare_digest(shown, self.secret_hash)
        formerly = compare_digest(shown, self.former_hash) and at < self.former_until
        return self.active and (now or formerly)

    def published(self) -> PortalPublished:
        """The portal as neighbours read it: never its secret."""
        return PortalPublished(
            portal_id=self.id, version=self.version, at=self.changed_at, name=self.name, active=self.active
        )
