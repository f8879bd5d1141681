"""What waits for whom: of each case only its id, its holder, and which notifications have counted it."""

from datetime import datetime
from uuid import UUID

from shared.aggregate import Aggregate


class WaitingCase(Aggregate):
    """A projection of routing's facts. `holder` is empty while the case is queued or over."""

    __slots__ = ("changed_at", "counted_in", "ended", "holder", "id", "version")

    def __init__(
        self,
        id_: UUID,
        version: int,
        holder: str,
        ended: bool,
        counted_in: list[UUID],
        changed_at: datetime,
    ) -> None:
        super().__init__()
        self.id = id_
        self.version = version
        self.holder = holder
        self.ended = ended
        self.counted_in = counted_in
        self.changed_at = changed_at

    def move(self, version: int, holder: str, now: datetime, *, ended: bool = False) -> list[UUID]:
        """The responsibility is elsewhere now. Gives the notifications that counted the case where it was."""
        self.version = version
        self.holder = holder
        self.ended = ended
        self.changed_at = now
        self.changed = True
        counted_in, self.counted_in = self.counted_in, []
        return counted_in

    def count_in(self, notification_id: UUID) -> None:
        """This notification tells of the case."""
        self.counted_in.append(notification_id)
        self.changed = True
