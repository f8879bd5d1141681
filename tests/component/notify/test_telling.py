"""Who is told of what, on a real database."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from shared.clock import utc_now
from shared.contracts.events.routing import QueueReason
from tests.component.notify.desk import Desk
from tests.unit.notify.builders import (
    ANNA,
    BERTIL,
    CLINIC,
    OTHER_CLINIC,
    RITA,
    account,
    assigned,
    ended,
    queued,
    reassigned,
    returned,
)


async def test_many_cases_at_once_become_one_mail_per_person(desk: Desk) -> None:
    await desk.hear(account(ANNA), account(BERTIL, language="en"))
    batches = [[assigned(uuid4(), holder) for _ in range(125) for holder in (ANNA, BERTIL)] for _ in range(2)]
    await asyncio.gather(*(desk.hear(*batch, gather_seconds=2) for batch in batches))
    async with desk.sender():
        await desk.until_states(sent=2)
    assert sorted(mail.subject for mail in desk.mailbox.mails) == [
        "Fler än 99 ärenden har fördelats till dig",
        "More than 99 cases have been assigned to you",
    ]


async def test_who_no_longer_holds_the_case_is_never_told(desk: Desk) -> None:
    case_id, over = uuid4(), uuid4()
    await desk.hear(account(ANNA), account(BERTIL), assigned(case_id, ANNA), assigned(over, ANNA))
    await desk.until_states(waiting=1)
    await desk.hear(reassigned(case_id, BERTIL, ANNA), ended(over))
    async with desk.sender():
        await desk.until_states(sent=1, cancelled=1)
    assert [mail.recipients for mail in desk.mailbox.mails] == [("bertil@example.org",)]


async def test_receivers_hear_of_cases_that_are_still_queued_when_the_mail_goes(desk: Desk) -> None:
    await desk.hear(
        account(RITA, receives_at=[CLINIC]),
        account(BERTIL, receives_at=[OTHER_CLINIC, CLINIC]),
        account(ANNA, on_assignment=False),
    )
    taken, back, reopened = uuid4(), uuid4(), uuid4()
    await desk.hear(
        queued(taken),
        assigned(back, ANNA),
        queued(reopened, reason=QueueReason.REOPENED),
        queued(uuid4(), clinic=OTHER_CLINIC),
    )
    await desk.hear(assigned(taken, ANNA, version=2), returned(back))
    async with desk.sender():
        await desk.until_states(sent=2, cancelled=1)
    assert {(mail.recipients[0], mail.subject) for mail in desk.mailbox.mails} == {
        ("rita@example.org", "Ett ärende väntar på att fördelas"),
        ("bertil@example.org", "2 ärenden väntar på att fördelas"),
    }


async def test_who_is_locked_or_says_no_before_the_mail_goes_gets_none(desk: Desk) -> None:
    await desk.hear(account(ANNA), account(BERTIL), account(RITA))
    await desk.hear(*(assigned(uuid4(), person) for person in (ANNA, BERTIL, RITA)))
    await desk.hear(
        account(ANNA, version=2, email=""),
        account(BERTIL, version=2, on_assignment=False),
        account(RITA, version=2, email="rita.new@example.org"),
    )
    async with desk.sender():
        await desk.until_states(cancelled=2, sent=1)
    assert [mail.recipients for mail in desk.mailbox.mails] == [("rita.new@example.org",)]


async def test_who_is_reactivated_and_who_will_be_locked_is_told_about_the_account_alone(desk: Desk) -> None:
    now = utc_now()
    anna = account(ANNA).model_copy(update={"reactivated_at": now})
    bertil = account(BERTIL, language="en", on_assignment=False).model_copy(
        update={"locks_at": now + timedelta(days=14)}
    )
    await desk.hear(anna, bertil)
    await desk.hear(anna.model_copy(update={"version": 2}), bertil)
    async with desk.sender():
        await desk.until_states(sent=2)
    assert {(mail.recipients[0], mail.subject) for mail in desk.mailbox.mails} == {
        ("anna@example.org", "Ditt konto är öppet igen"),
        ("bertil@example.org", "Your account will soon be locked"),
    }
