"""What of a projection's permissions still counts, by the reader's own clock: admin may be asleep when they end."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from shared.contracts.events.admin import Permission

Roles = TypeVar("Roles")


def ends_of(permissions: Iterable[Permission]) -> dict[str, str]:
    """When permissions end, by clinic, as projections keep it; those without an end are absent."""
    return {part.clinic_id: part.ends_at.isoformat() for part in permissions if part.ends_at is not None}


def in_force(by_clinic: Mapping[str, Roles], ends: Mapping[str, str], now: datetime) -> dict[str, Roles]:
    """What somebody has at each clinic, without what has ended."""
    return {
        clinic_id: roles
        for clinic_id, roles in by_clinic.items()
        if clinic_id not in ends or datetime.fromisoformat(ends[clinic_id]) > now
    }
