"""Mail servers that misbehave: each due mail is sent, and doubled only where nobody can know."""

from datetime import timedelta
from uuid import uuid4

import pytest

from deploy.local.ports import free_port
from services.notify.adapters.due import DueMails
from shared.clock import utc_now
from shared.testing.eventually import eventually
from shared.testing.mailbox import Fault, Mailbox, Phase, answer_at
from tests.component.notify.desk import Desk, message_ids
from tests.unit.notify.builders import ANNA, BERTIL, PATIENCE, RITA, account, assigned, ended

SENT, FAILED, SUSPENDED = (
    "notify.notification-sent.v1",
    "notify.notification-failed.v1",
    "notify.address-suspended.v1",
)


@pytest.mark.parametrize(
    ("phase", "answer"),
    (
        (Phase.SENDER, "421 4.3.2 Going down"),
        (Phase.SENDER, "550 5.7.1 Sender rejected"),
        (Phase.RECIPIENT, "451 4.7.1 Greylisted"),
        (Phase.RECIPIENT, "552 Mailbox full"),
        (Phase.CONTENT, "452 4.3.1 Disk full"),
        (Phase.RECIPIENT, Fault.HANG_UP),
    ),
)
async def test_a_mail_that_is_put_off_is_sent_once(desk: Desk, phase: Phase, answer: str | Fault) -> None:
    desk.mailbox.script = answer_at(phase, answer, times=2)
    await desk.hear(account(ANNA), assigned(uuid4()))
    async with desk.sender():
        await desk.until_states(sent=1)
    assert len(desk.mailbox.mails) == 1
    assert await desk.published() == [SENT]


@pytest.mark.parametrize(
    ("fault", "copies"), ((Fault.HANG_UP, 1), (Fault.HANG_UP_AFTER_KEEPING, 2), (Fault.SILENCE, 1))
)
async def test_after_an_unknown_outcome_the_same_mail_is_sent_again(
    desk: Desk, fault: Fault, copies: int
) -> None:
    desk.mailbox.script = answer_at(Phase.CONTENT, fault, times=1)
    await desk.hear(account(ANNA), assigned(uuid4()))
    async with desk.sender(smtp_patience=0.3):
        await desk.until_states(sent=1)
    assert list(message_ids(desk.mailbox).values()) == [copies]
    assert await desk.published() == [SENT]


async def test_nothing_is_added_to_a_mail_that_may_have_been_read(desk: Desk) -> None:
    desk.mailbox.script = answer_at(Phase.CONTENT, Fault.HANG_UP_AFTER_KEEPING, times=1)
    await desk.hear(account(ANNA), assigned(uuid4()))
    async with desk.sender(retry_first_seconds=1):
        await desk.until_states(retry=1)
        await desk.hear(assigned(uuid4()))
        await desk.until_states(sent=2)
    assert sorted(message_ids(desk.mailbox).values()) == [1, 2]


async def test_an_address_that_refuses_is_suspended_until_there_is_another(desk: Desk) -> None:
    desk.mailbox.script = answer_at(Phase.RECIPIENT, "550 5.1.1 No such user", times=1)
    await desk.hear(account(ANNA), assigned(uuid4()))
    async with desk.sender():
        await desk.until_states(failed=1)
        assert await desk.published() == [FAILED, SUSPENDED]
        await desk.hear(assigned(uuid4()), assigned(uuid4()))
        await desk.hear(account(ANNA, version=2, language="en"))
        await desk.until_states(failed=1, suspended=1)
        await desk.hear(account(ANNA, version=3, email="anna.new@example.org"))
        await desk.until_states(failed=1, sent=1)
    [mail] = desk.mailbox.mails
    assert mail.recipients == ("anna.new@example.org",)
    assert mail.subject == "2 ärenden har fördelats till dig"


async def test_a_mail_is_given_up_in_the_end(desk: Desk) -> None:
    desk.mailbox.script = answer_at(Phase.RECIPIENT, "451 4.7.1 Later")
    await desk.hear(account(ANNA), assigned(uuid4()))
    async with desk.sender(retry_attempts=3):
        await desk.until_states(failed=1)
    [row] = await desk.database.fetch("SELECT attempts, code FROM notifications")
    assert tuple(row) == (3, "451 4.7.1")
    assert await desk.published() == [FAILED]


async def test_an_address_that_is_none_stops_no_other_mail(desk: Desk) -> None:
    await desk.hear(
        account(ANNA, email="anna@example.org\r\nBcc: everybody@example.org"),
        account(BERTIL, email="@"),
        account(RITA),
    )
    await desk.hear(*(assigned(uuid4(), person) for person in (ANNA, BERTIL, RITA)))
    async with desk.sender():
        await desk.until_states(failed=2, sent=1)
    assert [mail.recipients for mail in desk.mailbox.mails] == [("rita@example.org",)]


async def test_while_the_server_is_away_mails_wait_and_gather(desk: Desk) -> None:
    port = free_port()
    await desk.hear(account(ANNA), account(BERTIL), assigned(uuid4()), assigned(uuid4(), BERTIL))
    async with desk.sender(smtp_port=port):
        await desk.until_states(retry=2)
        await desk.hear(assigned(uuid4()))
        server = await Mailbox().start(port)
        await desk.until_states(sent=2)
    assert len(server.mails) == 2
    await server.stop()


async def test_a_case_that_was_handled_while_its_mail_was_put_off_is_not_told_of(desk: Desk) -> None:
    case_id = uuid4()
    desk.mailbox.script = answer_at(Phase.RECIPIENT, "451 4.7.1 Later", times=1)
    await desk.hear(account(ANNA), assigned(case_id))
    async with desk.sender(retry_first_seconds=1):
        await desk.until_states(retry=1)
        await desk.hear(ended(case_id))
        await desk.until_states(cancelled=1)
    assert desk.mailbox.mails == []


async def test_senders_share_the_mails_and_stopping_one_loses_none(desk: Desk) -> None:
    people = [f"SE2321000016-P{number}" for number in range(300)]
    await desk.hear(*map(account, people))
    await desk.hear(*(assigned(uuid4(), person) for person in people))
    async with desk.sender(delivery_batch=50):
        async with desk.sender(delivery_batch=50):
            await eventually(lambda: len(desk.mailbox.mails) > 40, "some are sent")
        await desk.until_states(sent=300)
    assert list(message_ids(desk.mailbox).values()) == [1] * 300


async def test_a_lease_is_renewed_while_the_server_thinks_and_runs_out_when_nobody_holds_it(
    desk: Desk,
) -> None:
    await desk.hear(account(ANNA), assigned(uuid4()), gather_seconds=0)
    gone = DueMails(desk.database, utc_now, PATIENCE, timedelta(seconds=1))
    [mail], _ = await gone.take(10)
    desk.mailbox.script = answer_at(Phase.CONTENT, Fault.SILENCE, times=1)
    async with desk.sender(smtp_patience=4, lease_seconds=2), desk.sender(smtp_patience=4, lease_seconds=2):
        await desk.until_states(sent=1)
    await gone.renew([mail])
    assert mail.lease_until < utc_now(), "somebody else had it by then"
    [row] = await desk.database.fetch("SELECT attempts FROM notifications")
    # On a busy machine a renewal may come too late, and the mail is then taken once more.
    assert row[0] >= 3, "one by whoever is gone, one into the silence, one that came through"


async def test_a_mail_that_is_held_is_nobody_elses_and_not_due(desk: Desk) -> None:
    await desk.hear(account(ANNA), assigned(uuid4()), gather_seconds=0)
    due = DueMails(desk.database, utc_now, PATIENCE, timedelta(seconds=30))
    mails, more = await due.take(1)
    assert (len(mails), more) == (1, True)
    assert await due.take(1) == ([], False)
    assert await due.depth() == (0, 0.0)
