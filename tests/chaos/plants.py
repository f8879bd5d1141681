"""Violations to plant in a world where every promise was kept, and what the checker must call each of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.chaos.entries import Attempt, Door, Told, Wish
from tests.chaos.worlds import ANNA, BO, PORTAL, RUT, START, World, an_id

Plant = Callable[[World], Any]
FIRST, THIRD = an_id("first"), an_id("third")


def changed(entries: list[Any], which: Callable[[Any], bool], **fields: Any) -> None:
    """Replace the first entry of this kind by a copy with other fields."""
    place = next(place for place, entry in enumerate(entries) if which(entry))
    entries[place] = replace(entries[place], **fields)


def gone(rows: list[Any], which: Callable[[Any], bool]) -> None:
    """Take away what fits."""
    rows[:] = [row for row in rows if not which(row)]


def of_type(type_: str, case_id: str = FIRST) -> Callable[[Any], bool]:
    """Records of this type about a case."""
    return lambda it: it.type.split(".")[1:2] == [type_] and it.key == case_id


def on_case(case_id: str) -> Callable[[Any], bool]:
    """Rows about this case."""
    return lambda row: row["case_id"] == case_id


def with_body(world: World, type_: str, case_id: str = FIRST, **fields: Any) -> None:
    """An event says something else."""
    record = next(it for it in world.it.records if of_type(type_, case_id)(it))
    record.body.update(fields)


def never_stored(world: World) -> None:
    """All traces of a case are gone, but for the acknowledgement."""
    gone(world.it.records, lambda it: it.key == THIRD and it.topic != f"intake.{PORTAL}.commands")
    for table in ("intake.cases", "intake.contents", "routing.cases", "routing.held", "notify.cases"):
        gone(world.tables[table], on_case(THIRD))


def by_http(world: World, name: str, key: str, content: int) -> None:
    """An attempt by HTTP that was answered with 202."""
    number = world.number()
    attempt = Attempt(number, START, PORTAL, Door.HTTP, Wish.VALID, "submit", an_id(name), key, content)
    world.it.attempts.append(attempt)
    world.it.told.append(Told(number, START, 202, case_id=an_id(name)))


def one_key_two_cases(world: World) -> None:
    for name in ("first", "second"):
        by_http(
            world, name, "one-key", next(a.content for a in world.it.attempts if a.case_id == an_id(name))
        )


def other_body_dropped(world: World) -> None:
    """Two bodies under one message id, and the second is neither stored nor refused."""
    first = next(a for a in world.it.attempts if a.case_id == FIRST)
    world.submit("first", Wish.OTHER_BODY_SAME_MESSAGE, content=999, command=first.command_id)


def other_body_accepted(world: World) -> None:
    attempt = world.submit("first", Wish.OTHER_BODY, content=999)
    world.outcome(attempt, "accepted")


def assigned_again(world: World) -> None:
    world.decided("case-assigned", THIRD, 3, holder=BO, epoch=2, by=RUT)


def assigned_under_an_old_epoch(world: World) -> None:
    world.decided("case-reassigned", THIRD, 3, holder=BO, former_holder=ANNA, epoch=1, by=RUT)


def two_lists(world: World) -> None:
    world.row("routing.held", case_id=THIRD, holder=BO)


def on_a_list_and_in_a_queue(world: World) -> None:
    world.row("routing.queue", case_id=THIRD)


def holder_without_role(world: World) -> None:
    world.account(ANNA, 2, START - 50, ["receiver"])


def locked_for_long(world: World) -> None:
    world.account(ANNA, 2, START - 50, ["caregiver"], locked="manual")


def accepted_from_a_stranger(world: World) -> None:
    world.act("SE2321000016-P3", "answer", FIRST, message_id=an_id("answer", "first"))


def locked_by_a_caregiver(world: World) -> None:
    world.act(BO, "lock", "", target=ANNA)


def two_answers(world: World) -> None:
    world.row("intake.answers", case_id=FIRST, message_id=an_id("other"), said_by=BO)


def two_winners(world: World) -> None:
    world.act(ANNA, "answer", FIRST, message_id=an_id("answer", "first"))
    world.logged(ANNA, "answer", FIRST)


def answer_vanished(world: World) -> None:
    gone(world.tables["intake.answers"], on_case(FIRST))


def another_body_in_the_repeat(world: World) -> None:
    record = next(it for it in world.it.records if of_type("case-answered")(it))
    world.it.records.append(replace(record, offset=999, body=record.body | {"by": BO}))


def out_of_order(world: World) -> None:
    events = [it for it in world.it.records if it.key == FIRST and it.topic == "intake.case.events"]
    changed(world.it.records, lambda it: it is events[0], offset=events[1].offset)
    changed(world.it.records, lambda it: it is events[1], offset=events[0].offset)


def event_missing(world: World) -> None:
    gone(world.it.records, of_type("case-started"))


def in_two_partitions(world: World) -> None:
    changed(world.it.records, of_type("case-answered"), partition=5)


def no_250(world: World) -> None:
    gone(world.it.mails, lambda it: it is world.it.mails[0])


def given_up(world: World) -> None:
    world.tables["notify.notifications"][0]["state"] = "failed"


def unrecorded(world: World) -> None:
    world.tables["notify.notifications"][0]["state"] = "cancelled"


def never_wanted_to_send(world: World) -> None:
    """The only mail about the case that Anna holds was never made."""
    world.it.mails[:] = world.it.mails[:2]
    world.tables["notify.notifications"][:] = world.tables["notify.notifications"][:2]


def mailed_again(world: World) -> None:
    world.copy(an_id("mail", "first"), ANNA, world.it.mails[0].at + 60)


def mailed_to_another(world: World) -> None:
    world.mail(an_id("mail", "stray"), BO)


def mailed_before(world: World) -> None:
    changed(world.it.mails, lambda it: True, at=START - 10)


def stranger_mailed(world: World) -> None:
    changed(world.it.mails, lambda it: True, recipient="somebody@example.org")


def entry_changed(world: World) -> None:
    world.evidence()
    world.tables["admin.access_log"][1]["actor_id"] = BO


def entry_removed(world: World) -> None:
    world.evidence()
    del world.tables["admin.access_log"][1]


def end_removed(world: World) -> None:
    world.evidence()
    del world.tables["admin.access_log"][-1]


def read_unlogged(world: World) -> None:
    world.act(ANNA, "read", THIRD)


def logged_unread(world: World) -> None:
    world.logged(BO, "read", THIRD)


def log_entry_unpublished(world: World) -> None:
    gone(world.it.records, lambda it: it.topic == "admin.access-log.commands")


def passed_over(world: World) -> None:
    world.evidence()
    gone(world.tables["routing.inbox"], lambda row: row is world.tables["routing.inbox"][0])


def marked_from_nowhere(world: World) -> None:
    world.row("notify.inbox", source="routing.case.events", message_id=an_id("nothing"))


def dead_untold(world: World) -> None:
    gone(world.it.records, lambda it: it.topic == "intake.dead-letters")


def neighbour_buried(world: World) -> None:
    world.row("routing.parked", state="dead", topic="t", partition=0, offset=0, reason="FactRefused")


def left_parked(world: World) -> None:
    world.row("routing.parked", state="parked", topic="t", partition=0, offset=0, reason="KeyError")


def leak_on_a_topic(world: World) -> None:
    changed(world.it.records, of_type("case-received"), leaked=True)


def leak_in_a_mail(world: World) -> None:
    changed(world.it.mails, lambda it: True, leaked=True)


def leak_in_a_log(world: World) -> None:
    world.it.leaking_logs["intake-1.log"] = 3


PLANTED: tuple[tuple[Plant, str, str], ...] = (
    (never_stored, "I1", "lost"),
    (lambda w: gone(w.it.records, of_type("command-refused", an_id("fourth"))), "I1", "lost"),
    (lambda w: gone(w.tables["intake.parked"], lambda _: True), "I1", "misjudged"),
    (lambda w: w.outcome(w.submit("sixth"), "refused"), "I1", "misjudged"),
    (other_body_dropped, "I1", "lost"),
    (lambda w: gone(w.tables["routing.cases"], on_case(FIRST)), "I1", "half-arrived"),
    (lambda w: gone(w.tables["notify.cases"], on_case(FIRST)), "I1", "half-arrived"),
    (lambda w: gone(w.it.records, of_type("case-received")), "I1", "half-arrived"),
    (
        lambda w: w.row("intake.cases", **(w.of("intake.cases", FIRST) | {"case_id": an_id("x")})),
        "I1",
        "invented",
    ),
    (lambda w: w.said("case-received", FIRST, 1), "I2", "doubled"),
    (lambda w: w.decided("case-queued", FIRST, 1, reason="received"), "I2", "doubled"),
    (one_key_two_cases, "I2", "doubled"),
    (lambda w: w.of("intake.contents", FIRST).update(content=12345), "I2", "mixed up"),
    (other_body_accepted, "I2", "mixed up"),
    (assigned_again, "I3", "doubly held"),
    (assigned_under_an_old_epoch, "I3", "doubly held"),
    (lambda w: with_body(w, "case-ended", former_holder=BO), "I3", "doubly held"),
    (two_lists, "I3", "doubly held"),
    (on_a_list_and_in_a_queue, "I3", "doubly held"),
    (lambda w: gone(w.tables["routing.held"], on_case(THIRD)), "I3", "doubly held"),
    (holder_without_role, "I3", "held without permission"),
    (two_answers, "I4", "doubly answered"),
    (two_winners, "I4", "doubly answered"),
    (answer_vanished, "I4", "answer lost"),
    (event_missing, "I5", "gap"),
    (out_of_order, "I5", "gap"),
    (in_two_partitions, "I5", "gap"),
    (another_body_in_the_repeat, "I5", "gap"),
    (lambda w: w.of("intake.cases", FIRST).update(state="closed"), "I5", "gap"),
    (lambda w: w.of("intake.cases", THIRD).update(holder=BO), "I5", "gap"),
    (lambda w: w.of("routing.cases", THIRD).update(status="started"), "I5", "gap"),
    (lambda w: w.of("notify.cases", THIRD).update(version=1), "I5", "gap"),
    (no_250, "I6", "mail lost"),
    (given_up, "I6", "mail lost"),
    (never_wanted_to_send, "I6", "mail lost"),
    (unrecorded, "I6", "mail unrecorded"),
    (mailed_again, "I6", "mailed twice"),
    (mailed_to_another, "I6", "mailed to the wrong one"),
    (mailed_before, "I6", "mailed to the wrong one"),
    (stranger_mailed, "I6", "mailed to the wrong one"),
    (locked_for_long, "I7", "not permitted"),
    (accepted_from_a_stranger, "I7", "not permitted"),
    (locked_by_a_caregiver, "I7", "not permitted"),
    (entry_changed, "I8", "chain broken"),
    (entry_removed, "I8", "chain broken"),
    (end_removed, "I8", "chain broken"),
    (read_unlogged, "I8", "access unlogged"),
    (logged_unread, "I8", "access unlogged"),
    (log_entry_unpublished, "I8", "access unlogged"),
    (passed_over, "I9", "passed over"),
    (marked_from_nowhere, "I9", "invented"),
    (dead_untold, "I9", "dead unseen"),
    (neighbour_buried, "I9", "dead"),
    (left_parked, "I9", "left over"),
    (lambda w: w.of("routing.cases", FIRST).update(status="assigned"), "I9", "out of step"),
    (leak_on_a_topic, "I11", "leaked"),
    (leak_in_a_mail, "I11", "leaked"),
    (leak_in_a_log, "I11", "leaked"),
    (lambda w: w.it.snapshot.broken.append(("routing", "a rule", "1 rows")), "SQL", "routing"),
)
"""What is planted, and the violation that must be found; others may be found beside it."""
SEALED = (entry_changed, entry_removed, end_removed, passed_over)
"""Planted after everything was linked and marked."""
