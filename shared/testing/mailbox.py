"""Mail servers that behave badly, as scripts for the mail sink."""

from collections import Counter

from deploy.local.mailbox import Answer, Fault, Mailbox, Phase, Script

__all__ = ["Fault", "Mailbox", "Phase", "answer_at", "greylist"]


def answer_at(phase: Phase, answer: Answer, times: int | None = None) -> Script:
    """Give this answer in this phase, the first so many times or always; accept otherwise."""
    left = times

    def script(now: Phase, address: str) -> Answer:
        nonlocal left
        if now is not phase or left == 0:
            return None
        if left is not None:
            left -= 1
        return answer

    return script


def greylist(times: int = 1) -> Script:
    """Put off each recipient so many times before taking mail for it (RFC 6647)."""
    seen: Counter[str] = Counter()

    def script(now: Phase, address: str) -> Answer:
        if now is not Phase.RECIPIENT:
            return None
        seen[address] += 1
        return "451 4.7.1 Greylisted, try again later" if seen[address] <= times else None

    return script
