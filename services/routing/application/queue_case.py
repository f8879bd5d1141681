"""Put a case that intake has stored into its clinic's queue."""

from datetime import datetime

from services.routing.application.ports import Cases, Wanted
from services.routing.domain.case import Case
from shared.contracts.events.intake import CaseReceived


def queue_case(fact: CaseReceived, cases: Cases, wanted: Wanted, now: datetime) -> None:
    """The case waits; who gets it is decided by a receiver, or by a distribution round."""
    if (known := cases.get(fact.case_id)) is not None:
        known.receive_again()
        return
    case = Case.received(fact.case_id, fact.clinic_id, fact.case_type, fact.at, now)
    cases.add(case)
    wanted.arrived(case)
