"""Notify as a process: facts come in by Kafka, mails go out, what became of them is told, and a kill loses nothing."""

import asyncio
import signal
from uuid import UUID, uuid4

from shared.contracts.events.notify import NotificationSent
from tests.component.notify.desk import message_ids
from tests.component.notify.running import Running
from tests.unit.notify.builders import ANNA, BERTIL, CLINIC, OTHER_CLINIC, RITA, account, assigned, queued


async def test_a_caregiver_is_told_of_an_assigned_case(running: Running) -> None:
    case_id = uuid4()
    running.start()
    await running.publish_directory(account(ANNA))
    await running.tell(assigned(case_id))
    await running.until_mails(1)
    [mail] = running.mailbox.mails
    assert mail.recipients == ("anna@example.org",)
    assert mail.subject == "Ett ärende har fördelats till dig"
    assert mail.text is not None
    link = mail.text.split("https://staff.example.org/?n=")[1].split()[0]
    assert str(mail.message["Message-ID"]).startswith(f"<{link}@")
    assert case_id.hex not in str(mail.message)
    [event] = await running.published(1)
    assert isinstance(event, NotificationSent)
    assert (event.staff_id, event.notification_id) == (ANNA, UUID(link))
    await running.until_states(sent=1)
    await running.must_hold()


async def test_receivers_are_told_of_the_queue_and_see_the_state_of_their_mail_alone(
    running: Running,
) -> None:
    running.start()
    await running.publish_directory(
        account(RITA, receives_at=[CLINIC]), account(BERTIL, receives_at=[OTHER_CLINIC]), account(ANNA)
    )
    await running.tell(queued(uuid4()))
    await running.until_mails(1)
    assert [mail.recipients for mail in running.mailbox.mails] == [("rita@example.org",)]
    [sent] = await running.published(1)
    async with running.client(RITA) as rita, running.client(ANNA) as anna, running.client("SE1") as nobody:
        path = f"/notifications/{sent.key()}"
        answer = await rita.get(path)
        assert (answer.status_code, answer.json()["state"]) == (200, "sent")
        assert (await anna.get(path)).status_code == 404
        assert (await nobody.get(path)).status_code == 404
        assert (await rita.get(f"/notifications/{uuid4()}")).status_code == 404
        del rita.headers["Authorization"]
        assert (await rita.get(path)).status_code == 401


async def test_kills_at_every_point_lose_no_mail_and_double_few(running: Running) -> None:
    people = [f"SE2321000016-P{number}" for number in range(40)]
    await running.publish_directory(*map(account, people))
    await running.tell(*(assigned(uuid4(), person) for person in people))
    for point in ("smtp_before_send", "smtp_after_data:3", "smtp_before_recorded:2"):
        killed = running.start(crash_at=point, smtp_connections=4)
        assert await asyncio.to_thread(killed.wait, 30) == -signal.SIGKILL
    running.start()
    await running.until_states(sent=40)
    copies = message_ids(running.mailbox)
    assert len(copies) == 40
    assert max(copies.values()) <= 3, "once for each kill after the content was sent, and once for good"
    assert all(isinstance(event, NotificationSent) for event in await running.published(40))
    await running.must_hold()
