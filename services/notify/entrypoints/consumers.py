"""Which fact goes to which use case."""

from datetime import timedelta
from typing import Any

from services.notify.application.directory import deny_entity, learn_staff_member, notices_of
from services.notify.application.tell import (
    note_end,
    tell_holder,
    tell_new_holder,
    tell_of_return,
    tell_receivers,
)
from shared.contracts.events.admin import SigningKeyPublished, StaffAccountPublished
from shared.contracts.events.routing import CaseAssigned, CaseEnded, CaseQueued, CaseReassigned, CaseReturned
from shared.messaging.arrival import Arrival, causing_id
from shared.messaging.handlers import Binding, Handlers, on, rows, value
from shared.messaging.states import StateUnreadable
from shared.security.keys import learn_key


def handlers(gather_within: timedelta) -> Handlers:
    """The table of contents."""
    case = rows("cases", "case_id")
    told: dict[str, Binding] = {"cause": value(causing_id), "gather_within": value(lambda _: gather_within)}
    holder = told | {
        "cases": case,
        "staff": rows("staff", "holder"),
        "notifications": rows("notifications", lambda a, work: [*_counted_in(a, work), _body(a).holder]),
    }
    receivers = told | {
        "cases": case,
        "receivers": rows("receivers", "clinic_id"),
        "staff": rows("staff", _receivers),
        "notifications": rows("notifications", lambda a, work: [*_counted_in(a, work), *_receivers(a, work)]),
    }
    return Handlers(
        (
            on(CaseQueued, tell_receivers, **receivers),
            on(CaseReturned, tell_of_return, **receivers),
            on(CaseAssigned, tell_holder, **holder),
            on(CaseReassigned, tell_new_holder, **holder),
            on(CaseEnded, note_end, cases=case, notifications=rows("notifications", _counted_in)),
            on(
                StaffAccountPublished,
                learn_staff_member,
                staff=rows("staff", "staff_id"),
                notifications=rows("notifications", lambda a, _: [_body(a).staff_id, *notices_of(_body(a))]),
            ),
            on(SigningKeyPublished, learn_key, keys=rows("keys")),
            on(StateUnreadable, deny_entity, staff=rows("staff", "entity"), keys=rows("keys", "entity")),
        )
    )


def _counted_in(arrival: Arrival, work: Any) -> list[Any]:
    """The mails that counted this case where it was."""
    case = work.cases.peek(_body(arrival).case_id)
    return [] if case is None else case.counted_in


def _receivers(arrival: Arrival, work: Any) -> list[Any]:
    return list(work.receivers.of(_body(arrival).clinic_id))


def _body(arrival: Arrival) -> Any:
    return arrival.body
