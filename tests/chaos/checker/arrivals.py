"""I1, I2, I9: nothing that was acknowledged is lost, nothing is stored twice, and the numbers add up."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from shared.contracts.envelope import derived_id, message_uuid
from shared.contracts.events.intake import CaseReceived, CommandAccepted, CommandRefused
from shared.contracts.topics import SERVICES, portal_of
from tests.chaos.checker.evidence import INTAKE_EVENTS, ROUTING_EVENTS, Evidence, kind_of
from tests.chaos.entries import DEAD, FATES, REFUSED, STORED, Attempt, Door, Told, Violation, Wish

CONSUMED = (
    (INTAKE_EVENTS, "routing"),
    (ROUTING_EVENTS, "intake"),
    (ROUTING_EVENTS, "notify"),
    ("admin.access-log.commands", "admin"),
)
"""Which service must have taken every record of which topic; portals' commands are intake's."""
LEFT_ASIDE = {
    "intake": frozenset({"case-queued"}),
    "routing": frozenset({"citizen-replied", "message-read"}),
}
"""Facts that a service has no use for: it marks none of them."""


def everything_acknowledged_is_accounted_for(evidence: Evidence) -> list[Violation]:
    """I1: acknowledged = stored + refused + parked + dead-lettered, and each became what it deserved."""
    return list(_unaccounted(evidence))


def _unaccounted(evidence: Evidence) -> Iterator[Violation]:
    fates = _fates(evidence)
    twofold = {command for command, contents in _contents_by_command(evidence).items() if len(contents) > 1}
    for attempt, told in evidence.acknowledged:
        became = fates.get((attempt.portal_id, attempt.command_id), set())
        if attempt.door is Door.HTTP:
            became = {STORED} if told.case_id in evidence.case_ids("intake.cases") else set()
        elif attempt.wish is Wish.NO_ENVELOPE:
            became = fates.get((attempt.portal_id, told.place), set())
        about = f"{attempt.door} {attempt.command} {attempt.command_id} ({attempt.wish})"
        if not became:
            yield Violation("I1", "lost", about, f"acknowledged at {told.at:.3f} and never heard of again")
        elif not became & FATES[attempt.wish]:
            yield Violation("I1", "misjudged", about, f"became {', '.join(sorted(became))}")
        elif (attempt.portal_id, attempt.command_id) in twofold and REFUSED not in became:
            yield Violation(
                "I1", "lost", about, "two bodies under one id, and no portal was told of a refusal"
            )


def _fates(evidence: Evidence) -> dict[tuple[str, str], set[str]]:
    """What became of each command, by portal and command id (or place, for want of an id)."""
    fates: dict[tuple[str, str], set[str]] = defaultdict(set)
    stored = evidence.case_ids("intake.cases")
    for told in evidence.on_outcomes():
        command = told.body["portal_id"], told.body.get("command_id", "")
        if told.type == CommandAccepted.TYPE and told.body["case_id"] in stored:
            fates[command].add(STORED)
        elif told.type == CommandRefused.TYPE:
            fates[command].add(REFUSED)
    at_place = {_place(row): row["state"] for row in evidence.snapshot.rows("intake.parked")}
    for attempt, told_at_once in evidence.acknowledged:
        state = at_place.get(told_at_once.place)
        if state is not None:
            by_place = attempt.wish is Wish.NO_ENVELOPE
            command_id = told_at_once.place if by_place else attempt.command_id
            fates[attempt.portal_id, command_id].add(DEAD if state == "dead" else state)
    return fates


def _place(row: dict[str, object]) -> str:
    return f"{row['topic']}/{row['partition']}/{row['offset']}"


def a_stored_case_is_everywhere(evidence: Evidence) -> list[Violation]:
    """I1: stored in intake = told by CaseReceived = known to routing = known to notify; nothing half-arrived."""
    stored = evidence.case_ids("intake.cases")
    told = {it.body["case_id"] for it in evidence.events(INTAKE_EVENTS) if it.type == CaseReceived.TYPE}
    sent = {case_id_of(attempt) for attempt in evidence.attempts}
    places = {
        "CaseReceived": told,
        "routing": evidence.case_ids("routing.cases"),
        "notify": evidence.case_ids("notify.cases"),
    }
    found = [
        Violation(
            "I1", "half-arrived", case_id, f"in {what}: {case_id in known}, in intake: {case_id in stored}"
        )
        for what, known in places.items()
        for case_id in sorted(stored ^ known)
    ]
    invented = sorted(stored - sent)
    return found + [Violation("I1", "invented", it, "stored, and no portal ever sent it") for it in invented]


def case_id_of(attempt: Attempt) -> str:
    """The case that a command is about: by HTTP it may be named by portal and Idempotency-Key alone."""
    return attempt.case_id or str(derived_id(attempt.portal_id, attempt.command_id))


def one_case_per_key(evidence: Evidence) -> list[Violation]:
    """I2: one case per id, whatever is repeated; of two bodies under one id one is stored and the other refused."""
    return [*_doubled(evidence), *_mixed_up(evidence), *_accepted_although_other(evidence)]


def _doubled(evidence: Evidence) -> Iterator[Violation]:
    for topic, first in ((INTAKE_EVENTS, "case-received"), (ROUTING_EVENTS, "case-queued")):
        for case_id, events in evidence.cases_by_topic[topic].items():
            times = sum(kind_of(it) == first and it.body["version"] == 1 for it in events)
            if times > 1:
                yield Violation("I2", "doubled", case_id, f"{times} times {first}")
    by_key: dict[tuple[str, str], set[str]] = defaultdict(set)
    for attempt, told in evidence.acknowledged:
        if attempt.door is Door.HTTP:
            by_key[attempt.portal_id, attempt.command_id].add(told.case_id)
    for (_, key), case_ids in by_key.items():
        if len(case_ids) > 1:
            yield Violation("I2", "doubled", key, f"one Idempotency-Key became the cases {sorted(case_ids)}")


def _mixed_up(evidence: Evidence) -> Iterator[Violation]:
    """What is stored under an id is one of the bodies that were sent under it."""
    sent: dict[str, set[int]] = defaultdict(set)
    for attempt in evidence.attempts:
        sent[case_id_of(attempt)].add(attempt.content)
    for row in evidence.snapshot.rows("intake.contents"):
        if row["case_id"] in sent and row["content"] not in sent[row["case_id"]]:
            yield Violation(
                "I2", "mixed up", row["case_id"], f"holds body {row['content']}, never sent for it"
            )


def _accepted_although_other(evidence: Evidence) -> Iterator[Violation]:
    """A portal that was told `stored` finds its own body stored, and no other."""
    content = {row["case_id"]: row["content"] for row in evidence.snapshot.rows("intake.contents")}
    accepted = {
        it.body["command_id"]: it.body["case_id"]
        for it in evidence.on_outcomes()
        if it.type == CommandAccepted.TYPE
    }
    contents = _contents_by_command(evidence)
    for attempt, told in evidence.acknowledged:
        if attempt.command != "submit" or len(contents[attempt.portal_id, attempt.command_id]) > 1:
            continue
        case_id = told.case_id if attempt.door is Door.HTTP else accepted.get(attempt.command_id)
        if case_id and content.get(case_id, attempt.content) != attempt.content:
            text = f"accepted body {attempt.content}, although body {content[case_id]} is stored"
            yield Violation("I2", "mixed up", case_id, text)


def _contents_by_command(evidence: Evidence) -> dict[tuple[str, str], set[int]]:
    """Bodies that were acknowledged, by portal and command id."""
    contents: dict[tuple[str, str], set[int]] = defaultdict(set)
    for attempt, _ in evidence.acknowledged:
        contents[attempt.portal_id, attempt.command_id].add(attempt.content)
    return contents


def every_message_is_in_one_inbox(evidence: Evidence) -> list[Violation]:
    """I9: what is on a topic is what its consumer has marked; nothing was passed over, nothing invented."""
    found: list[Violation] = []
    consumed = [*CONSUMED, *((topic, "intake") for topic in evidence.by_topic if _is_of_portal(topic))]
    for topic, service in consumed:
        on_topic = {str(message_uuid(record.id)): record for record in evidence.events(topic)}
        marked = {
            row["message_id"] for row in evidence.snapshot.rows(f"{service}.inbox") if row["source"] == topic
        }
        for id_ in sorted(on_topic.keys() - marked):
            record = on_topic[id_]
            if kind_of(record) in LEFT_ASIDE.get(service, ()):
                continue
            about = f"{topic}/{record.partition}/{record.offset}"
            found.append(Violation("I9", "passed over", about, f"{service} has no mark of it"))
        found += [
            Violation("I9", "invented", id_, f"{service} marked it, and {topic} does not hold it")
            for id_ in sorted(marked - on_topic.keys())
        ]
    return found


def _is_of_portal(topic: str) -> bool:
    try:
        return bool(portal_of(topic))
    except ValueError:
        return False


def the_dead_are_published(evidence: Evidence) -> list[Violation]:
    """I9: each dead message stands in the database and on the dead-letter topic; nothing waits or is parked by now."""
    found: list[Violation] = []
    for service in SERVICES:
        rows = evidence.snapshot.rows(f"{service}.parked")
        dead = {_place(row) for row in rows if row["state"] == "dead"}
        told = {
            f"{it.body['dead_topic']}/{it.body['dead_partition']}/{it.body['dead_offset']}"
            for it in evidence.records
            if it.topic == f"{service}.dead-letters"
        }
        for place in sorted(dead ^ told):
            text = f"in the database: {place in dead}, on the topic: {place in told}"
            found.append(Violation("I9", "dead unseen", place, f"{service}: {text}"))
        for row in rows:
            if row["state"] != "dead":
                found.append(Violation("I9", "left over", _place(row), f"{service}: {row['state']}"))
            elif service != "intake":
                found.append(Violation("I9", "dead", _place(row), f"{service}: {row['reason']}"))
    return found


def statuses_add_up(evidence: Evidence) -> list[Violation]:
    """I9: each stored case has one status in both halves of its life, and the halves fit each other."""
    halves = {
        "open": {"queued", "assigned", "started"},
        "started": {"queued", "assigned", "started"},
        "waiting": {"queued", "assigned", "started"},
        "answered": {"done"},
        "closed": {"done"},
        "withdrawn": {"ended"},
    }
    responsibility = {row["case_id"]: row["status"] for row in evidence.snapshot.rows("routing.cases")}
    found = []
    for row in evidence.snapshot.rows("intake.cases"):
        status = responsibility.get(row["case_id"], "nothing")
        if status not in halves.get(row["state"], set()):
            text = f"{row['state']} in intake and {status} in routing"
            found.append(Violation("I9", "out of step", row["case_id"], text))
    return found


def fates_of(evidence: Evidence) -> Counter[str]:
    """How many cases are stored, and how many commands were refused and are dead: for the totals."""
    refused = {
        (it.body["portal_id"], it.body["command_id"])
        for it in evidence.on_outcomes()
        if it.type == CommandRefused.TYPE
    }
    by_http = [told for attempt, told in _told_by_http(evidence) if 400 <= told.status < 500]
    return Counter(
        stored=len(evidence.snapshot.rows("intake.cases")),
        refused=len(refused) + len(by_http),
        dead=sum(row["state"] == "dead" for row in evidence.snapshot.rows("intake.parked")),
    )


def _told_by_http(evidence: Evidence) -> Iterator[tuple[Attempt, Told]]:
    for attempt in evidence.attempts:
        if attempt.door is Door.HTTP and (told := evidence.told_of.get(attempt.number)) is not None:
            yield attempt, told
