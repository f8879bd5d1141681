"""All that a run left behind, and the ways in which several invariants look at it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from tests.chaos.entries import Act, Attempt, Conversation, Fault, Published, Reply, Told
from tests.chaos.journals import Journals
from tests.chaos.snapshot import Snapshot

INTAKE_EVENTS, ROUTING_EVENTS = "intake.case.events", "routing.case.events"
DIRECTORY_EVENTS = "admin.directory.events"
NO_REPLY = Reply(0, 0.0, 0, 0)


@dataclass
class Evidence:
    """Journals and snapshot. Everything below is derived from them, each once."""

    attempts: list[Attempt] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    records: list[Published] = field(default_factory=list)
    mails: list[Conversation] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    snapshot: Snapshot = field(default_factory=Snapshot)
    leaking_logs: dict[str, int] = field(default_factory=dict)
    """Lines of log files in which something planted stands, by file."""

    @classmethod
    def of(cls, journals: Journals, snapshot: Snapshot, leaking_logs: dict[str, int]) -> "Evidence":
        """Of a run that is over."""
        return cls(
            list(journals.attempts),
            list(journals.told),
            list(journals.acts),
            list(journals.replies),
            list(journals.records),
            list(journals.mails),
            sorted(journals.faults, key=lambda fault: fault.began),
            snapshot,
            leaking_logs,
        )

    @cached_property
    def told_of(self) -> dict[int, Told]:
        """By the number of the attempt."""
        return {told.number: told for told in self.told}

    @cached_property
    def acknowledged(self) -> list[tuple[Attempt, Told]]:
        """Attempts for which the promise was given."""
        told_of = self.told_of
        pairs = [(attempt, told_of.get(attempt.number)) for attempt in self.attempts]
        return [(attempt, told) for attempt, told in pairs if told is not None and told.acknowledged]

    @cached_property
    def reply_of(self) -> dict[int, Reply]:
        """By the number of the act."""
        return {reply.number: reply for reply in self.replies}

    @cached_property
    def accepted(self) -> list[tuple[Act, Reply]]:
        """Acts that were answered by a success."""
        return [(act, reply) for act, reply in self.replied if 200 <= reply.status < 300]

    @cached_property
    def replied(self) -> list[tuple[Act, Reply]]:
        """All acts; those that nobody answered with a reply of status 0."""
        return [(act, self.reply_of.get(act.number, NO_REPLY)) for act in self.acts]

    @cached_property
    def by_topic(self) -> dict[str, list[Published]]:
        """Records by topic in the order of their offsets, the first copy of each: what a careful reader takes."""
        found: dict[str, list[Published]] = defaultdict(list)
        seen: set[tuple[str, str]] = set()
        for record in sorted(self.records, key=lambda it: (it.topic, it.partition, it.offset)):
            if (record.topic, record.id) not in seen:
                seen.add((record.topic, record.id))
                found[record.topic].append(record)
        return found

    def events(self, topic: str) -> list[Published]:
        """What was published on a topic, repeats left out."""
        return self.by_topic.get(topic, [])

    def on_outcomes(self) -> Iterable[Published]:
        """What portals were told."""
        for topic, records in self.by_topic.items():
            if topic.endswith(".outcomes"):
                yield from records

    @cached_property
    def cases_by_topic(self) -> dict[str, dict[str, list[Published]]]:
        """Events by topic and case, in the order of their offsets."""
        found: dict[str, dict[str, list[Published]]] = {}
        for topic in (INTAKE_EVENTS, ROUTING_EVENTS):
            cases: dict[str, list[Published]] = defaultdict(list)
            for record in self.events(topic):
                cases[record.body["case_id"]].append(record)
            found[topic] = cases
        return found

    def case_ids(self, table: str) -> set[str]:
        """The cases of a table."""
        return {row["case_id"] for row in self.snapshot.rows(table)}


def kind_of(record: Published) -> str:
    """The name in a type: `case-queued` of `routing.case-queued.v1`."""
    return record.type.split(".")[1] if record.type.count(".") == 2 else record.type
