"""The unit of work: cases first, because they say which mails counted them, then who may be told, then the mails."""

from dataclasses import dataclass, field

from services.notify.adapters.rows import CaseRows, NotificationRows, ReceiverRows, StaffRows
from shared.messaging.work import Work
from shared.security.keys import LearnedKeys


@dataclass
class NotifyWork(Work):
    """What a batch works on, in the order of loading, locking and writing."""

    cases: CaseRows = field(default_factory=CaseRows)
    receivers: ReceiverRows = field(default_factory=ReceiverRows)
    staff: StaffRows = field(default_factory=StaffRows)
    notifications: NotificationRows = field(default_factory=NotificationRows)
    keys: LearnedKeys = field(default_factory=LearnedKeys)
