"""I4, I5: a case is answered once, and its events are whole, in order, and say what the databases say."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.chaos.checker.evidence import INTAKE_EVENTS, ROUTING_EVENTS, Evidence, kind_of
from tests.chaos.entries import Published, Violation
from tests.chaos.snapshot import Row

_STATES = {
    "case-received": "open",
    "case-started": "started",
    "counter-question-sent": "waiting",
    "citizen-replied": "started",
    "case-answered": "answered",
    "case-closed": "closed",
    "case-withdrawn": "withdrawn",
}
_HELD = ("case-assigned", "case-reassigned")
_STARTS = ("case-started", "counter-question-sent")


def answered_once(evidence: Evidence) -> list[Violation]:
    """I4: of all answers that were sent one is accepted; it is the one that is stored and told of."""
    accepted: dict[str, set[str]] = defaultdict(set)
    for act, reply in evidence.accepted:
        if act.act == "answer":
            accepted[act.case_id].add(reply.told.get("message_id", ""))
    published: dict[str, set[str]] = defaultdict(set)
    for event in evidence.events(INTAKE_EVENTS):
        if kind_of(event) == "case-answered":
            published[event.body["case_id"]].add(event.body["message_id"])
    stored: dict[str, set[str]] = defaultdict(set)
    for row in evidence.snapshot.rows("intake.answers"):
        stored[row["case_id"]].add(row["message_id"])
    found = []
    for case_id in sorted(accepted.keys() | published.keys() | stored.keys()):
        told, tells, holds = accepted[case_id], published[case_id], stored[case_id]
        if max(len(told), len(tells), len(holds)) > 1:
            text = f"{len(told)} accepted, {len(tells)} published, {len(holds)} stored"
            found.append(Violation("I4", "doubly answered", case_id, text))
        elif tells != holds or not told <= holds:
            text = f"accepted {sorted(told)}, published {sorted(tells)}, stored {sorted(holds)}"
            found.append(Violation("I4", "answer lost", case_id, text))
    return [*found, *_accepted_twice(evidence)]


def _accepted_twice(evidence: Evidence) -> Iterator[Violation]:
    """Two clients were both told that theirs is the answer: each had an Idempotency-Key of its own."""
    times: dict[str, int] = defaultdict(int)
    for act, _ in evidence.accepted:
        times[act.case_id] += act.act == "answer"
    for case_id, count in times.items():
        if count > 1:
            yield Violation(
                "I4", "doubly answered", case_id, f"{count} clients were told that theirs is the answer"
            )


def versions_without_gaps(evidence: Evidence) -> list[Violation]:
    """I5: per case and owner the versions are 1, 2, 3 … in the order of the offsets, in one partition."""
    found = []
    for topic, cases in evidence.cases_by_topic.items():
        for case_id, events in cases.items():
            versions = [event.body["version"] for event in events]
            if versions != list(range(1, len(versions) + 1)):
                found.append(Violation("I5", "gap", case_id, f"{topic}: versions {versions}"))
            if len({event.partition for event in events}) > 1:
                found.append(Violation("I5", "gap", case_id, f"{topic}: in several partitions"))
    return found


def repeats_say_the_same(evidence: Evidence) -> list[Violation]:
    """I5: an event that was published twice has the same content both times."""
    bodies: dict[tuple[str, str], dict[str, Any]] = {}
    found = []
    for record in evidence.records:
        if record.topic in (INTAKE_EVENTS, ROUTING_EVENTS):
            first = bodies.setdefault((record.topic, record.id), record.body)
            if first != record.body:
                about = f"{record.topic}/{record.partition}/{record.offset}"
                found.append(Violation("I5", "gap", about, f"another body under the id {record.id}"))
    return found


@dataclass(slots=True)
class Fold:
    """What a log of events amounts to."""

    version: int = 0
    state: str = ""
    holder: str = ""
    epoch: int = 0


def fold_conversation(events: list[Published]) -> Fold:
    """Of intake's events about one case."""
    fold = Fold()
    for event in events:
        fold.version = event.body["version"]
        fold.state = _STATES.get(kind_of(event), fold.state)
    return fold


def fold_responsibility(events: list[Published], started: set[int]) -> Fold:
    """Of routing's events about one case; `started` are the epochs under which intake says that work began."""
    fold = Fold()
    for event in events:
        kind, body = kind_of(event), event.body
        fold.version = body["version"]
        if kind in _HELD:
            fold.holder, fold.epoch = body["holder"], body["epoch"]
            fold.state = "started" if fold.epoch in started else "assigned"
        elif kind in ("case-queued", "case-returned"):
            fold.holder, fold.state = "", "queued"
        elif kind == "case-ended":
            fold.holder, fold.state = "", "ended" if body["reason"] == "withdrawn" else "done"
    return fold


def projections_are_folds(evidence: Evidence) -> list[Violation]:
    """I5: each service's rows are what the logs of events amount to, its own and those that it follows."""
    said, whose = evidence.cases_by_topic[INTAKE_EVENTS], evidence.cases_by_topic[ROUTING_EVENTS]
    responsibilities = {
        case_id: fold_responsibility(events, _started(said.get(case_id, [])))
        for case_id, events in whose.items()
    }
    found: list[Violation] = []
    for row in evidence.snapshot.rows("intake.cases"):
        fold = fold_conversation(said.get(row["case_id"], []))
        found += _compare("intake", row, state=fold.state, version=fold.version)
        its = responsibilities.get(row["case_id"], Fold())
        # Intake leaves the row of a case alone until somebody first holds it.
        expected = {"holder": its.holder, "epoch": its.epoch}
        if its.version > 1:
            expected["routing_version"] = its.version
        found += _compare("intake's view of routing", row, **expected)
    for row in evidence.snapshot.rows("routing.cases"):
        its = responsibilities.get(row["case_id"], Fold())
        found += _compare(
            "routing", row, status=its.state, version=its.version, holder=its.holder or None, epoch=its.epoch
        )
    for row in evidence.snapshot.rows("notify.cases"):
        its = responsibilities.get(row["case_id"], Fold())
        over = its.state in ("done", "ended")
        found += _compare("notify", row, version=its.version, holder=its.holder, ended=over)
    return found


def _started(events: list[Published]) -> set[int]:
    return {event.body["epoch"] for event in events if kind_of(event) in _STARTS}


def _compare(whose: str, row: Row, **expected: object) -> list[Violation]:
    return [
        Violation("I5", "gap", row["case_id"], f"{whose}: {name} is {row[name]}, and the log says {value}")
        for name, value in expected.items()
        if row[name] != value
    ]
