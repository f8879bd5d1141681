"""Who might do what at which moment, by admin's own history of every account."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from tests.chaos.entries import Fault
from tests.chaos.plan import Kind
from tests.chaos.snapshot import Row

SKEW_SECONDS = 5.0
"""A revoked permission stops new acts within so long, while the directory can be heard."""
SETTLING_SECONDS = 10.0
"""After a fault a consumer may be away for as long as its session lasts."""
_NONE: frozenset[str] = frozenset()
_HARMLESS = (Kind.REPEAT, Kind.PUT_MAIL_OFF, Kind.DROP_MAIL)
Interval = tuple[float, float]


class Permissions:
    """The history of roles, from rows of `admin.accounts`, as `service` could know it.

    Faults of its own, of admin, of broker and database made it deaf for a while; those of others did not.
    """

    def __init__(self, rows: Sequence[Row], faults: Sequence[Fault], service: str) -> None:
        self._changes: dict[str, list[tuple[float, dict[str, frozenset[str]]]]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row["version"]):
            self._changes[row["staff_id"]].append((row["at"], _roles(row["state"])))
        self._deaf = _merged(
            (fault.began, fault.ended + SETTLING_SECONDS)
            for fault in faults
            if fault.kind not in _HARMLESS and fault.target.partition("-")[0] in ("", "admin", service)
        )
        self._began = [began for began, _ in self._deaf]

    def had(self, staff_id: str, role: str, clinic_id: str, began: float, ended: float) -> bool:
        """Whether the role was theirs, unlocked, at some moment of this time or within the skew before it."""
        since = self.hearing_since(began)
        changes = self._changes.get(staff_id, [])
        first = max(0, bisect_right(changes, since, key=lambda change: change[0]) - 1)
        return any(role in roles.get(clinic_id, _NONE) for at, roles in changes[first:] if at <= ended)

    def hearing_since(self, at: float) -> float:
        """The moment since which `SKEW_SECONDS` of undisturbed time have passed until `at`."""
        left, moment = SKEW_SECONDS, at
        for began, ended in reversed(self._deaf[: bisect_left(self._began, at)]):
            clear = max(0.0, moment - ended)
            if clear >= left:
                break
            left -= clear
            moment = began
        return moment - left


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    """In their order, those that overlap as one."""
    merged: list[Interval] = []
    for began, ended in sorted(intervals):
        if merged and began <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(ended, merged[-1][1])
        else:
            merged.append((began, ended))
    return merged


def _roles(state: Row) -> dict[str, frozenset[str]]:
    """By clinic; none while the account is locked."""
    if state.get("locked"):
        return {}
    return {part["clinic_id"]: frozenset(part["roles"]) for part in state["permissions"]}
