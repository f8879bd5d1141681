"""What is wanted after a batch: distribution rounds, and looks at what people hold. Most rounds are held at once."""

from collections.abc import Callable, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any

import structlog

from services.routing.adapters.sharing import CREW, TAKE, Draft, Sharing
from services.routing.domain.case import Case, Status
from shared.contracts.events.admin import Distribution
from shared.database.pool import Connection

_LOOK = f"""
SELECT c.clinic_id, EXISTS (SELECT FROM queue q WHERE q.clinic_id = c.clinic_id), m.*
FROM unnest($1::text[]) AS c(clinic_id) CROSS JOIN LATERAL ({CREW}) AS m(staff_ids)
"""  # noqa: S608 - both parts are ours
_ROUNDS = "INSERT INTO round_wanted (clinic_id) SELECT * FROM unnest($1::text[])"
_RELEASES = "INSERT INTO release_wanted (staff_id, clinic_ids) VALUES ($1, $2)"
_WHEN = attrgetter("received_at")

log = structlog.get_logger()


class RoundsWanted:
    """Clinics that want a distribution round, and people whose cases must be looked at.

    With a `sharing`, cases that arrive are shared out in the transaction that brings them: of clinics that nobody else
    has taken, and where nobody waits already. All others are left wanting. `wake` is called after a commit that
    leaves something.
    """

    def __init__(self, sharing: Sharing | None = None, wake: Callable[[], None] = lambda: None) -> None:
        self._sharing = sharing
        self._wake = wake
        self._asked: set[str] = set()
        self._taken: dict[str, tuple[str, list[Any]]] = {}
        self._arrived: dict[str, list[Case]] = {}
        self._clinics: set[str] = set()
        self._releases: list[tuple[str, list[str]]] = []
        self._leaves = False

    def want(self, clinic_id: str) -> None:
        """Cases of this clinic may arrive."""
        self._asked.add(clinic_id)

    async def load(self, connection: Connection) -> None:
        """Take the clinics that are free, and see who is there. Nobody is waited for."""
        if self._sharing is None or not self._asked:
            return
        found = await connection.fetch(TAKE, list(self._asked), len(self._asked))
        self._asked.clear()
        sharing: dict[str, str] = dict(found)
        self._taken = {id_: (how, []) for id_, how in sharing.items() if how == Distribution.MANUAL}
        looked = await connection.fetch(_LOOK, [*(sharing.keys() - self._taken.keys())]) if sharing else ()
        for clinic_id, somebody_waits, *crew in looked:
            if not somebody_waits:
                self._taken[clinic_id] = (sharing[clinic_id], crew)

    def arrived(self, case: Case) -> None:
        """This new case waits, and its clinic wants a round."""
        self._arrived.setdefault(case.clinic_id, []).append(case)

    def want_round(self, clinic_id: str) -> None:
        """This clinic wants a round."""
        self._clinics.add(clinic_id)

    def want_rounds(self, clinic_ids: Iterable[str]) -> None:
        """Each of these clinics wants a round."""
        self._clinics.update(clinic_ids)

    def want_release(self, staff_id: str, clinic_ids: Iterable[str]) -> None:
        """What this person holds at these clinics must be looked at: they may not be able to begin it any more."""
        self._releases.append((staff_id, sorted(clinic_ids)))

    def share_out(self, now: datetime) -> Draft | None:
        """Hold the rounds of the taken clinics; gives what came of them, if anybody was given anything."""
        if self._sharing is None or not self._taken:
            return None
        draft = self._sharing.draft(now)
        for clinic_id in self._taken.keys() & self._arrived.keys():
            how, crew = self._taken[clinic_id]
            waiting = [case for case in self._arrived[clinic_id] if case.status is Status.QUEUED]
            waiting.sort(key=_WHEN)
            try:
                if crew and crew[0]:
                    draft.share_out(clinic_id, how, crew, waiting[: self._sharing.cases])
            except Exception as error:
                log.error("round failed", exc_info=error, count=1)
                continue
            if len(waiting) <= self._sharing.cases:
                del self._arrived[clinic_id]
        return draft if draft.given else None

    async def write(self, connection: Connection) -> None:
        """A row for each want: rows are only added and taken, so nobody waits for anybody."""
        if clinics := self._clinics | self._arrived.keys():
            await connection.execute(_ROUNDS, list(clinics))
        for staff_id, clinic_ids in self._releases:
            await connection.execute(_RELEASES, staff_id, clinic_ids)
        self._leaves = bool(clinics or self._releases)

    def committed(self, *, gives_room: bool) -> None:
        """What was written is there for all to see. Whoever has room again may be wanted as well."""
        if self._leaves or gives_room:
            self._wake()
