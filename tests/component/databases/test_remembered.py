"""What intake remembers of portals, clinics and case types is what its database says, whoever has learned it."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.intake.adapters.rebuilding import FORGET
from services.intake.adapters.remembered import Memory, Recall
from shared.contracts.commands.intake import PersonId, SubmitCase
from shared.contracts.message import Message
from shared.contracts.topics import portal_commands
from shared.messaging.batch import Tally
from shared.testing.records import a_record
from tests.component.databases.reader import (
    CLINIC,
    Reader,
    a_case_type,
    a_clinic,
    a_portal,
    an_adaptation,
)

pytestmark = pytest.mark.parametrize("service", ("intake",))
KNOWN = (a_portal(), a_clinic(), a_case_type(), an_adaptation())


async def submitted(reader: Reader) -> Tally:
    command = SubmitCase(
        case_id=uuid4(),
        clinic_id=CLINIC,
        case_type="renewal",
        citizen=PersonId(kind="personnummer", value="198112289874"),
        citizen_name="Tolvan Tolvansson",
        form={"item": [{"linkId": "what", "answer": [{"valueString": "Levaxin"}]}]},
    )
    return await reader.take(a_record(command, topic=portal_commands("karlstad").name))


@pytest.mark.parametrize(
    "news",
    (
        a_clinic(2, active=False),
        a_portal(2, active=False),
        a_case_type(2, active=False),
        an_adaptation(2, restricted=True),
    ),
    ids=lambda news: type(news).__name__,
)
async def test_what_another_process_has_learned_counts_at_once(reader: Reader, news: Message) -> None:
    other = Reader("intake", reader.database)
    await other.take(*map(a_record, KNOWN))
    for _ in range(2):
        assert (await submitted(reader)).done == 1
    await other.take(a_record(news))
    assert (await submitted(reader)).refused == 1


async def test_what_is_remembered_is_not_read_again_until_something_is_learned(reader: Reader) -> None:
    await reader.take(*map(a_record, KNOWN))
    assert (await submitted(reader)).done == 1
    await reader.database.fetch("DELETE FROM clinics")
    assert (await submitted(reader)).done == 1, "by hand, and so unseen"
    await reader.take(a_record(a_portal(2)))
    assert (await submitted(reader)).refused == 1


async def test_what_is_unknown_is_looked_for_again_when_something_is_learned(reader: Reader) -> None:
    await reader.take(*map(a_record, (a_portal(), a_case_type())))
    assert (await submitted(reader)).refused == 1
    await reader.take(a_record(a_clinic()))
    assert (await submitted(reader)).done == 1


async def test_a_rebuild_is_news(reader: Reader) -> None:
    await reader.take(*map(a_record, KNOWN))
    assert (await submitted(reader)).done == 1
    for statement in FORGET:
        await reader.database.fetch(statement)
    assert (await submitted(reader)).refused == 1


class Marks:
    """A connection that sees this mark."""

    def __init__(self, mark: int) -> None:
        self._mark = UUID(int=mark)

    async def fetchval(self, _: str) -> UUID:
        return self._mark


async def test_a_slow_batch_does_not_overwrite_what_a_later_one_remembers(service: str) -> None:
    memory = Memory()
    slow, quick = Recall(memory), Recall(memory)
    before: Any = Marks(1)
    after: Any = Marks(2)
    await slow.known(before, "clinics")
    await quick.known(after, "clinics")
    quick.remember("clinics", [("a", "new")])
    slow.remember("clinics", [("a", "old"), ("b", "old")])
    assert await Recall(memory).known(after, "clinics") == {"a": "new"}
    assert await slow.known(before, "clinics") == {}, "and it reads for itself"
