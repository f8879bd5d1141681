"""I6: each due mail was taken, more than once only where the outcome was ambiguous, and by nobody else."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from tests.chaos.checker.evidence import DIRECTORY_EVENTS, ROUTING_EVENTS, Evidence, kind_of
from tests.chaos.entries import Conversation, Ended, Fault, Published, Violation
from tests.chaos.plan import Kind

KEPT = (Ended.TAKEN, Ended.KEPT_UNTOLD)
RECORDED_WITHIN = 3.0
"""Seconds after a 250 in which a fault may keep notify from writing it down."""
_HEX = re.compile(r"[0-9a-f]{32}")
_HELD, _QUEUED = ("case-assigned", "case-reassigned"), ("case-queued", "case-returned")


def copies(evidence: Evidence) -> dict[str, list[Conversation]]:
    """The mails that were kept, by notification, in the order of their arrival."""
    found: dict[str, list[Conversation]] = defaultdict(list)
    for mail in evidence.mails:
        if mail.ended in KEPT:
            match = _HEX.search(mail.message_id)
            found[str(UUID(match[0])) if match else mail.message_id].append(mail)
    return found


def each_due_mail_was_taken(evidence: Evidence) -> list[Violation]:
    """I6: what notify says it sent has a 250, and what it owes has been sent; nothing is given up."""
    taken = {
        id_ for id_, mails in copies(evidence).items() if any(mail.ended is Ended.TAKEN for mail in mails)
    }
    found = []
    for row in evidence.snapshot.rows("notify.notifications"):
        if row["state"] == "sent" and row["notification_id"] not in taken:
            found.append(
                Violation("I6", "mail lost", row["notification_id"], "sent, they say; no 250 was given")
            )
        elif row["state"] not in ("sent", "cancelled"):
            found.append(
                Violation("I6", "mail lost", row["notification_id"], f"is {row['state']} in the end")
            )
    sent = {
        row["notification_id"]
        for row in evidence.snapshot.rows("notify.notifications")
        if row["state"] == "sent"
    }
    return [*found, *_unrecorded(evidence, taken - sent), *_owed(evidence)]


def _unrecorded(evidence: Evidence, not_sent: set[str]) -> Iterator[Violation]:
    """A 250 that notify lived to hear is written down, also where the mail was no longer wanted by then."""
    kept = copies(evidence)
    for id_ in sorted(not_sent):
        if not all(_excused(mail, evidence.faults) for mail in kept[id_] if mail.ended is Ended.TAKEN):
            yield Violation("I6", "mail unrecorded", id_, "taken by a 250, and not sent in the database")


def _owed(evidence: Evidence) -> Iterator[Violation]:
    """Whoever holds a case in the end has had a mail after it became theirs, if they want mails."""
    staff = {row["staff_id"]: row for row in evidence.snapshot.rows("notify.staff")}
    lately: dict[str, float] = defaultdict(float)
    for mails in copies(evidence).values():
        for mail in mails:
            lately[mail.recipient] = max(lately[mail.recipient], mail.at)
    unsettled = _ever_locked(evidence)
    for case_id, events in evidence.cases_by_topic[ROUTING_EVENTS].items():
        last = max(events, key=lambda it: it.body["version"])
        if kind_of(last) not in _HELD or last.body["holder"] in unsettled:
            continue
        member = staff.get(last.body["holder"])
        if member is None or not member["email"] or not member["mail_on_assignment"]:
            continue
        if lately[member["email"]] < _at(last):
            text = f"{last.body['holder']} holds it and had no mail since it became theirs"
            yield Violation("I6", "mail lost", case_id, text)


def _ever_locked(evidence: Evidence) -> set[str]:
    return {row["staff_id"] for row in evidence.snapshot.rows("admin.accounts") if row["state"].get("locked")}


def extra_copies_were_ambiguous(evidence: Evidence) -> list[Violation]:
    """I6: a mail came again only after a copy whose fate its sender could not know."""
    return [
        Violation(
            "I6", "mailed twice", id_, f"again {again.at - former.at:.1f} s after a copy that got its 250"
        )
        for id_, mails in copies(evidence).items()
        for former, again in pairwise(mails)
        if former.ended is Ended.TAKEN and not _excused(former, evidence.faults)
    ]


def _excused(copy: Conversation, faults: list[Fault]) -> bool:
    """A fault hit notify, or its database, in the moment between the 250 and its being written down."""
    return any(
        fault.began - RECORDED_WITHIN <= copy.at <= fault.ended + RECORDED_WITHIN
        for fault in faults
        if fault.target.startswith("notify") or fault.kind in (Kind.KILL_DATABASE, Kind.FREEZE_DATABASE)
    )


def extra_copies(evidence: Evidence) -> int:
    """How many mails came again: for the totals."""
    return sum(len(mails) - 1 for mails in copies(evidence).values())


def mail_goes_to_whom_it_concerns(evidence: Evidence) -> list[Violation]:
    """I6: everybody who had mail had reason to: at most one mail per event that concerns them, and none before it."""
    by_address = {row["email"]: row for row in evidence.snapshot.rows("notify.staff") if row["email"]}
    reasons: dict[str, list[float]] = defaultdict(list)
    receivers = _receivers(evidence)
    for event in evidence.events(ROUTING_EVENTS):
        for staff_id in _concerned(event, receivers):
            reasons[staff_id].append(_at(event))
    for staff_id, at in _notices(evidence):
        reasons[staff_id].append(at)
    mailed: dict[str, list[float]] = defaultdict(list)
    for mails in copies(evidence).values():
        mailed[mails[0].recipient].append(mails[0].at)
    found = []
    for address, times in mailed.items():
        member = by_address.get(address)
        why = sorted(reasons[member["staff_id"]]) if member else []
        for number, at in enumerate(sorted(times)):
            if number >= len(why) or why[number] > at:
                text = f"mail {number + 1} at {at:.3f}, and {sum(it <= at for it in why)} events gave reason by then"
                found.append(Violation("I6", "mailed to the wrong one", address, text))
                break
    return found


def _notices(evidence: Evidence) -> Iterator[tuple[str, float]]:
    """Who was told of the own account, and when that became due: it is open again, or will be locked."""
    seen: set[tuple[str, str, str]] = set()
    for event in evidence.events(DIRECTORY_EVENTS):
        for name in ("reactivated_at", "locks_at"):
            if event.body.get(name) and (notice := (event.key, name, event.body[name])) not in seen:
                seen.add(notice)
                yield event.key, _at(event)


def _receivers(evidence: Evidence) -> dict[str, set[str]]:
    """Who may ever have wanted to know of new cases, by clinic."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in evidence.snapshot.rows("admin.accounts"):
        if row["state"].get("mail_on_new_case"):
            for part in row["state"]["permissions"]:
                if "receiver" in part["roles"]:
                    found[part["clinic_id"]].add(row["staff_id"])
    return found


def _concerned(event: Published, receivers: dict[str, set[str]]) -> set[str]:
    if kind_of(event) in _HELD:
        return {event.body["holder"]}
    return receivers.get(event.body["clinic_id"], set()) if kind_of(event) in _QUEUED else set()


def _at(event: Published) -> float:
    return datetime.fromisoformat(event.body["at"]).timestamp()
