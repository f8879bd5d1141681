"""One message of a conversation: what was said, by whom and when. Once sent it is never changed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Kind(StrEnum):
    """What a message is."""

    QUESTION_FORM = "question_form"
    CITIZEN_REPLY = "citizen_reply"
    COUNTER_QUESTION = "counter_question"
    ANSWER = "answer"


FROM_STAFF = frozenset({Kind.COUNTER_QUESTION, Kind.ANSWER})
"""What the citizen can have read."""


@dataclass(slots=True)
class CaseMessage:
    """`said_by` is the HSA-id of a staff member, and empty for the citizen. The first message has the case's id."""

    case_id: UUID
    id: UUID
    kind: Kind
    body: dict[str, Any]
    sent_at: datetime
    said_by: str = ""
    read_at: datetime | None = None
    changed: bool = False

    def mark_read(self, at: datetime) -> None:
        """The citizen has read it, now or before."""
        if self.read_at is None:
            self.read_at = at
            self.changed = True
