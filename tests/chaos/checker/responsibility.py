"""I3, I7: at most one caregiver holds a case, and nothing happened without permission at that moment."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from shared.contracts.topics import SERVICES
from tests.chaos.checker.evidence import INTAKE_EVENTS, ROUTING_EVENTS, Evidence, kind_of
from tests.chaos.checker.permissions import Permissions
from tests.chaos.entries import Act, Published, Violation
from tests.chaos.journals import now

_TAKES = ("case-assigned", "case-reassigned")
_RECEIVER, _CAREGIVER = "receiver", "caregiver"
NEEDED = {
    "assign": (_RECEIVER,),
    "reassign": (_RECEIVER, _CAREGIVER),
    "return": (_RECEIVER, _CAREGIVER),
    "claim": (_CAREGIVER,),
    "start": (_CAREGIVER,),
    "ask": (_CAREGIVER,),
    "answer": (_CAREGIVER,),
    "read": (_RECEIVER, _CAREGIVER),
    "lock": ("clinic_admin",),
    "reactivate": ("clinic_admin",),
    "presence": ("clinic_admin",),
    "permissions": ("clinic_admin",),
}
"""One of these roles at the clinic suffices."""
ON_ACCOUNTS = frozenset({"lock", "reactivate", "presence", "permissions"})
JUDGE_OF = {
    **dict.fromkeys(("assign", "reassign", "return", "claim"), "routing"),
    **dict.fromkeys(("start", "ask", "answer", "read"), "intake"),
    **dict.fromkeys(ON_ACCOUNTS, "admin"),
}
"""Which service decides."""


def nobody_holds_with_another(evidence: Evidence) -> list[Violation]:
    """I3: assignment intervals of a case never overlap; each begins with the next epoch."""
    return [
        violation
        for case_id, events in evidence.cases_by_topic[ROUTING_EVENTS].items()
        for violation in _overlaps(case_id, events)
    ]


def _overlaps(case_id: str, events: list[Published]) -> Iterator[Violation]:
    holder, epoch = "", 0
    for event in sorted(events, key=lambda it: it.body["version"]):
        kind, body = kind_of(event), event.body
        if kind == "case-assigned" and holder:
            text = f"version {body['version']} gives it to {body['holder']} while {holder} holds it"
            yield Violation("I3", "doubly held", case_id, text)
        if (
            kind in ("case-reassigned", "case-returned", "case-ended")
            and body.get("former_holder", "") != holder
        ):
            text = f"version {body['version']} takes it from {body['former_holder'] or 'nobody'}, and {holder} held it"
            yield Violation("I3", "doubly held", case_id, text)
        if kind in _TAKES:
            if body["epoch"] != epoch + 1:
                text = f"epoch {body['epoch']} follows epoch {epoch}"
                yield Violation("I3", "doubly held", case_id, text)
            epoch, holder = body["epoch"], body["holder"]
        elif kind in ("case-returned", "case-ended", "case-queued"):
            holder = ""


def the_database_agrees_who_holds(evidence: Evidence) -> list[Violation]:
    """I3: whose list a case stands on is who holds it; it stands on one list or in one queue, or nowhere."""
    lists = Counter(row["case_id"] for row in evidence.snapshot.rows("routing.held"))
    queues = Counter(row["case_id"] for row in evidence.snapshot.rows("routing.queue"))
    holder_on = {row["case_id"]: row["holder"] for row in evidence.snapshot.rows("routing.held")}
    found = []
    for row in evidence.snapshot.rows("routing.cases"):
        case_id, holder = row["case_id"], row["holder"]
        if lists[case_id] != (1 if holder else 0) or holder_on.get(case_id) != holder:
            text = f"{holder or 'nobody'} holds it, and it stands on {lists[case_id]} lists"
            found.append(Violation("I3", "doubly held", case_id, text))
        if queues[case_id] != (1 if row["status"] == "queued" else 0):
            text = f"is {row['status']}, and stands {queues[case_id]} times in a queue"
            found.append(Violation("I3", "doubly held", case_id, text))
    return found


def holders_were_permitted(evidence: Evidence) -> list[Violation]:
    """I3: each holder had the role at the moment of the assignment."""
    permissions = Permissions(evidence.snapshot.rows("admin.accounts"), evidence.faults, "routing")
    found = []
    for event in evidence.events(ROUTING_EVENTS):
        if kind_of(event) in _TAKES:
            body, at = event.body, datetime.fromisoformat(event.body["at"]).timestamp()
            if not permissions.had(body["holder"], _CAREGIVER, body["clinic_id"], at, at):
                text = f"version {body['version']} gave it to {body['holder']}, who was no caregiver there"
                found.append(Violation("I3", "held without permission", body["case_id"], text))
    return found


def acts_were_permitted(evidence: Evidence) -> list[Violation]:
    """I7: every accepted act of staff was permitted by the history of permissions, but for 5 s of skew."""
    accounts = evidence.snapshot.rows("admin.accounts")
    known_to = {service: Permissions(accounts, evidence.faults, service) for service in SERVICES}
    clinic_of = {it.body["case_id"]: it.body["clinic_id"] for it in evidence.events(INTAKE_EVENTS)}
    clinics_of = _clinics_of_accounts(evidence)
    staff = {row["staff_id"] for row in accounts}
    found = []
    for act, reply in evidence.accepted:
        if act.act not in NEEDED or act.actor not in staff:
            continue
        on_account = act.act in ON_ACCOUNTS
        clinics = clinics_of.get(act.target, set()) if on_account else {clinic_of.get(act.case_id, "")}
        ended = reply.at or now()
        if not any(
            known_to[JUDGE_OF[act.act]].had(act.actor, role, clinic, act.at, ended)
            for role in NEEDED[act.act]
            for clinic in clinics
        ):
            found.append(Violation("I7", "not permitted", _about(act), f"accepted with {reply.status}"))
    return found


def _clinics_of_accounts(evidence: Evidence) -> dict[str, set[str]]:
    """Wherever somebody ever had a role."""
    clinics: dict[str, set[str]] = {}
    for row in evidence.snapshot.rows("admin.accounts"):
        found = clinics.setdefault(row["staff_id"], set())
        found.update(part["clinic_id"] for part in row["state"]["permissions"])
    return clinics


def _about(act: Act) -> str:
    return f"{act.actor} {act.act} {act.case_id or act.target} at {act.at:.3f}"
