"""What is judged item by item and then signed off, once: samples of the access log, reviews of permissions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.admin.domain.entity import Entity
from shared.errors import Refused
from shared.faults import Fault

_SIGNED_OFF = Fault(
    "",
    "signed_off",
    "Det är redan signerat och kan inte ändras. Gör det som behövs nästa gång, eller direkt.",
    "It is signed off already and can't be changed. Do what is needed the next time, or directly.",
)


class Judged(Entity):
    """Each item has a verdict, or None while nobody has judged it."""

    items: Sequence[Any]
    signed_off_by: str | None
    signed_off_at: datetime | None

    def must_be_open(self) -> None:
        """Raises Refused if it is signed off: then it stays as it is."""
        if self.signed_off_at is not None:
            raise Refused(_SIGNED_OFF)

    def must_be_judged(self) -> None:
        """Raises Refused unless it waits for its sign-off alone, saying how much is not judged."""
        self.must_be_open()
        left = sum(item.verdict is None for item in self.items)
        if left:
            raise Refused(
                Fault(
                    "",
                    "not_all_judged",
                    f"{left} av {len(self.items)} är ännu inte bedömda. Bedöm dem och signera sedan.",
                    f"{left} of {len(self.items)} are not judged yet. Judge them, then sign off.",
                )
            )

    def sign_off(self, by: str, at: datetime) -> None:
        """Everything is judged. Raises Refused."""
        self.must_be_judged()
        self.signed_off_by, self.signed_off_at = by, at
        self.step(by, at)

    def step(self, by: str, at: datetime) -> None:
        """A new version, which nobody else needs to know."""
        self.version += 1
        self.changed, self.changed_by, self.changed_at = True, by, at
