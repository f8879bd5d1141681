"""All invariants, in the order of docs: what a run is judged by."""

from collections.abc import Callable

from tests.chaos.checker.access import access_chain_is_whole, accesses_are_logged
from tests.chaos.checker.arrivals import (
    a_stored_case_is_everywhere,
    every_message_is_in_one_inbox,
    everything_acknowledged_is_accounted_for,
    one_case_per_key,
    statuses_add_up,
    the_dead_are_published,
)
from tests.chaos.checker.conversation import (
    answered_once,
    projections_are_folds,
    repeats_say_the_same,
    versions_without_gaps,
)
from tests.chaos.checker.evidence import Evidence
from tests.chaos.checker.leaks import nothing_leaked
from tests.chaos.checker.mail import (
    each_due_mail_was_taken,
    extra_copies_were_ambiguous,
    mail_goes_to_whom_it_concerns,
)
from tests.chaos.checker.responsibility import (
    acts_were_permitted,
    holders_were_permitted,
    nobody_holds_with_another,
    the_database_agrees_who_holds,
)
from tests.chaos.entries import Violation


def services_find_nothing(evidence: Evidence) -> list[Violation]:
    """What each service says must always be true of its data is true."""
    return [Violation("SQL", service, name, rows) for service, name, rows in evidence.snapshot.broken]


INVARIANTS: tuple[Callable[[Evidence], list[Violation]], ...] = (
    everything_acknowledged_is_accounted_for,
    a_stored_case_is_everywhere,
    one_case_per_key,
    nobody_holds_with_another,
    the_database_agrees_who_holds,
    holders_were_permitted,
    answered_once,
    versions_without_gaps,
    repeats_say_the_same,
    projections_are_folds,
    each_due_mail_was_taken,
    extra_copies_were_ambiguous,
    mail_goes_to_whom_it_concerns,
    acts_were_permitted,
    access_chain_is_whole,
    accesses_are_logged,
    every_message_is_in_one_inbox,
    the_dead_are_published,
    statuses_add_up,
    nothing_leaked,
    services_find_nothing,
)


def judge(evidence: Evidence) -> list[Violation]:
    """Everything that was violated."""
    return [violation for invariant in INVARIANTS for violation in invariant(evidence)]
