"""The mail server of the stack under test: it keeps a journal, and misbehaves when it is told to."""

import random
import re
from dataclasses import dataclass

from deploy.local.mailbox import Answer, Mailbox, Phase
from deploy.local.mailbox import Fault as SmtpFault
from tests.chaos.entries import Conversation, Ended
from tests.chaos.journals import Journal, now
from tests.chaos.planted import leaked

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]*)>", re.MULTILINE | re.IGNORECASE)


@dataclass(slots=True)
class Mood:
    """How often it misbehaves, in which phase, and how, until an instant of the journals' clock."""

    phase: Phase
    answer: Answer
    share: float
    until: float


class Postbox(Mailbox):
    """A mailbox with a journal. Mails are looked at as they come, and not kept."""

    def __init__(self, journal: Journal[Conversation], chance: random.Random) -> None:
        super().__init__(script=self._decide)
        self.mood: Mood | None = None
        self._journal = journal
        self._chance = chance
        self._decided: Answer = None

    def take(self, sender: str, recipients: list[str], content: bytes) -> None:
        """Called with a whole mail, at once after it was decided what to answer."""
        ended = Ended.TAKEN if self._decided is None else Ended.KEPT_UNTOLD
        found = _MESSAGE_ID.search(content)
        message_id = found[1].decode(errors="replace") if found else ""
        to = ", ".join(recipients)
        self._journal.note(Conversation(now(), Phase.CONTENT, to, ended, message_id, leaked(content)))

    def _decide(self, phase: Phase, address: str) -> Answer:
        self._decided = self._answer(phase)
        kept = self._decided is SmtpFault.HANG_UP_AFTER_KEEPING and phase is Phase.CONTENT
        if self._decided is not None and not kept:
            ended = Ended.PUT_OFF if isinstance(self._decided, str) else Ended.HUNG_UP
            self._journal.note(Conversation(now(), phase, address, ended))
        return self._decided

    def _answer(self, phase: Phase) -> Answer:
        mood = self.mood
        if mood is None or mood.phase is not phase or now() > mood.until:
            return None
        return mood.answer if self._chance.random() < mood.share else None
