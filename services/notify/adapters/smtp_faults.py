"""What an answer of a mail server means for the mail: the one table (RFC 5321, RFC 3463)."""

import re
from enum import StrEnum

from services.notify.domain.outcome import Outcome, Verdict


class Phase(StrEnum):
    """How far the conversation had come."""

    CONNECT = "connect"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_NO_SUCH_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.6.7", "5.4.4"})
"""Mailbox or domain unknown, malformed, moved away or disabled; a null MX; a form that can't be delivered."""
_PASSES = frozenset({"5.2.2", "5.3.1", "5.4.5", "5.4.1"})
"""Called permanent, and yet it passes: mailbox full, system full, congestion, no answer from the host."""
_NO_SUCH_ADDRESS_CODES = frozenset({501, 550, 551, 553})
"""Of answers to RCPT that say no more."""
_MAILBOX_FULL = 552
"""As an answer to RCPT it means a full mailbox, to be treated like 452 (RFC 5321, 4.5.3.1.10)."""


def outcome_of_reply(phase: Phase, code: int, text: str) -> Outcome:
    """The server has answered with something that is not what we hoped for."""
    found = _ENHANCED.match(text)
    detail = found.group(1) if found else ""
    shown = f"{code} {detail}".strip()
    if phase is Phase.CONTENT and not 400 <= code <= 599:
        return Outcome(Verdict.UNCERTAIN, "unreadable answer")
    if code < 500 or code > 599 or phase in (Phase.CONNECT, Phase.SENDER):
        return Outcome(
            Verdict.PUT_OFF, shown
        )  # refusing us or our sender is no fault of the mail; it can be mended
    if detail in _PASSES or (phase is Phase.RECIPIENT and code == _MAILBOX_FULL and not detail):
        return Outcome(Verdict.PUT_OFF, shown)
    if detail in _NO_SUCH_ADDRESS:
        return Outcome(Verdict.NO_SUCH_ADDRESS, shown)
    if phase is Phase.RECIPIENT and not detail and code in _NO_SUCH_ADDRESS_CODES:
        return Outcome(Verdict.NO_SUCH_ADDRESS, shown)
    return Outcome(Verdict.REFUSED, shown)


def outcome_of_silence(phase: Phase, *, timed_out: bool) -> Outcome:
    """The line broke, or nothing was heard. After the content was sent nobody can know."""
    verdict = Verdict.UNCERTAIN if phase is Phase.CONTENT else Verdict.PUT_OFF
    return Outcome(verdict, f"{'silence' if timed_out else 'line broke'} at {phase}")
