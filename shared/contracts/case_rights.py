"""Which role suffices for which act on a case, and for which cases: the table that intake and routing judge by.

It stands here because admin explains it to people. What a tie means for a case at hand, each service knows itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from shared.contracts.events.admin import Role


class Tie(StrEnum):
    """What must be between somebody and a case, beside the role at its clinic."""

    NONE = "none"
    """Nothing: the role suffices for every case of the clinic."""
    OWN = "own"
    """They hold the case, or held it when it was answered."""
    HELD = "held"
    """They hold it, or held it last: who lost a case may learn who has it now."""
    ANSWERED = "answered"
    """They answered it."""
    CLAIMABLE = "claimable"
    """The clinic lets caregivers take cases from its queue."""
    QUEUED = "queued"
    """The same, and the case waits in the queue."""


@dataclass(frozen=True, slots=True)
class Right:
    """One way to be permitted."""

    role: Role
    tie: Tie


_RECEIVER = Right(Role.RECEIVER, Tie.NONE)
_OWNER = Right(Role.CAREGIVER, Tie.OWN)
_CLAIMER = Right(Role.CAREGIVER, Tie.CLAIMABLE)

CONVERSATION: Mapping[str, tuple[Right, ...]] = MappingProxyType(
    {
        "read": (_RECEIVER, _OWNER),
        "work": (Right(Role.CAREGIVER, Tie.HELD),),
        "close": (_RECEIVER, Right(Role.CAREGIVER, Tie.ANSWERED)),
    }
)
"""Intake's acts of staff."""

RESPONSIBILITY: Mapping[str, tuple[Right, ...]] = MappingProxyType(
    {
        "see_queue": (_RECEIVER, _CLAIMER),
        "see_stranded": (_RECEIVER,),
        "see_caregivers": (_RECEIVER, _OWNER),
        "see_case": (_RECEIVER, _OWNER, Right(Role.CAREGIVER, Tie.QUEUED)),
        "see_history": (_RECEIVER, _OWNER),
        "see_explanation": (_RECEIVER,),
        "assign": (_RECEIVER,),
        "reassign": (_RECEIVER, _OWNER),
        "claim": (_CLAIMER,),
        "return": (_RECEIVER, _OWNER),
    }
)
"""Routing's."""
