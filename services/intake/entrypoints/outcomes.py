"""What portals are told about their commands, on their own topic: ids and codes only."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from shared.contracts.events.intake import CommandAccepted, CommandRefused, Reason
from shared.contracts.message import Message
from shared.contracts.topics import portal_of
from shared.faults import Fault
from shared.messaging.arrival import Arrival

_MOST_REASONS = 100
_LONGEST_FIELD = 200


@lru_cache(maxsize=4096)
def portal_by_topic(topic: str) -> str:
    """The portal whose command topic this is, or the empty text for any other topic."""
    try:
        return portal_of(topic)
    except ValueError:
        return ""


class Outcomes:
    """The topic that a command came by says whose it is, whatever its headers say. HTTP is answered at once."""

    def accepted(self, arrival: Arrival, now: datetime) -> Message | None:
        """The command took effect."""
        portal_id = portal_by_topic(arrival.topic)
        if not portal_id or arrival.body is None:
            return None
        envelope = arrival.envelope
        return CommandAccepted(
            portal_id=portal_id,
            at=now,
            case_id=arrival.body.case_id,  # type: ignore[attr-defined]
            command_id=envelope.id,
            command_type=envelope.type,
        )

    def refused(self, arrival: Arrival, faults: tuple[Fault, ...], now: datetime) -> Message | None:
        """The command took no effect; it may not even be readable."""
        portal_id = portal_by_topic(arrival.topic)
        if not portal_id:
            return None
        envelope = arrival.envelope
        return CommandRefused(
            portal_id=portal_id,
            at=now,
            case_id=_case_id(arrival),
            command_id=envelope.id,
            command_type=envelope.type,
            reasons=tuple(
                Reason(field=fault.field[:_LONGEST_FIELD], code=fault.code, sv=fault.sv, en=fault.en)
                for fault in faults[:_MOST_REASONS]
            ),
        )


def _case_id(arrival: Arrival) -> UUID | None:
    """The case that the command is about; where it can't be read, the one that its key names."""
    try:
        return UUID(arrival.line.rpartition("/")[2])
    except ValueError:
        return None
