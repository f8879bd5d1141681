"""Admin's signing keys change while everybody works: each service knows them from its own database alone."""

from datetime import datetime, timedelta

import pytest

from services.admin.adapters.signing import REVOKED_AFTER, USED_AFTER, SigningKeys
from shared.clock import utc_now
from shared.contracts.topics import DIRECTORY_EVENTS
from shared.database.pool import Database
from shared.security.keys import Verifier
from shared.security.tokens import LIFETIME, Actor, BadToken, key_id_of
from shared.testing.outbox import waiting_messages
from shared.testing.records import FakeRecord
from tests.component.databases.reader import ANNA, READERS, Reader

SECOND = timedelta(seconds=1)
WHO = Actor("staff", ANNA)


class Installation:
    """Admin with its keys, and a service that verifies; one process each from first to last, and a clock."""

    def __init__(self, admin: Database, reader: Reader) -> None:
        self.now, self.told = utc_now(), 0
        self.admin, self.reader = admin, reader
        self.keys = SigningKeys(admin, bytes(32), self.clock)
        self.verifier = Verifier(reader.database, self.clock, reader.service)

    def clock(self) -> datetime:
        return self.now

    async def tell(self) -> None:
        """The service hears what admin has said since last time."""
        messages = await waiting_messages(self.admin, DIRECTORY_EVENTS.name)
        news, self.told = messages[self.told :], len(messages)
        records = [
            FakeRecord(
                one.topic, one.key.encode(), one.value, [(k, v.encode()) for k, v in one.headers.items()]
            )
            for one in news
        ]
        tally = await self.reader.take(*records)
        assert tally.done == len(records) > 0

    async def token(self) -> str:
        return await self.keys.token_for(WHO, (self.reader.service,))

    async def accepts(self, token: str) -> bool:
        try:
            return await self.verifier.verify(token) == WHO
        except BadToken:
            return False


@pytest.fixture
async def installation(admin_database: Database, reader: Reader) -> Installation:
    made = Installation(admin_database, reader)
    await made.keys.ensure()
    await made.tell()
    return made


@pytest.mark.parametrize("service", READERS)
async def test_tokens_of_the_new_key_are_good_and_those_of_the_old_one_until_their_end(
    installation: Installation, service: str
) -> None:
    first = await installation.token()
    assert await installation.accepts(first)

    await installation.keys.rotate()
    between = await installation.token()
    assert key_id_of(between) == key_id_of(first), "nobody has heard of the new one yet"
    assert await installation.accepts(between)
    await installation.tell()
    installation.now += USED_AFTER + SECOND
    second = await installation.token()

    assert key_id_of(second) != key_id_of(first)
    assert [await installation.accepts(token) for token in (first, between, second)] == [True] * 3
    installation.now += LIFETIME - USED_AFTER - 2 * SECOND
    assert [await installation.accepts(token) for token in (between, second)] == [True] * 2
    installation.now += 2 * SECOND
    assert [await installation.accepts(token) for token in (between, second)] == [False, True], "it is over"


@pytest.mark.parametrize("service", READERS)
async def test_a_key_is_taken_back_when_nothing_valid_is_signed_with_it(
    installation: Installation, service: str
) -> None:
    old = await installation.token()
    await installation.keys.rotate()
    await installation.tell()
    installation.now += USED_AFTER + REVOKED_AFTER
    await installation.keys.retire()
    kept = "SELECT revoked FROM signing_keys WHERE key_id = $1"
    assert (await installation.reader.database.fetch(kept, key_id_of(old)))[0][0] is False
    installation.now += SECOND
    await installation.keys.retire()
    await installation.tell()

    assert (await installation.reader.database.fetch(kept, key_id_of(old)))[0][0] is True
    assert await installation.accepts(await installation.token())


@pytest.mark.parametrize("service", READERS)
async def test_a_stolen_key_is_worthless_as_soon_as_the_service_hears_of_it(
    installation: Installation, service: str
) -> None:
    stolen = await installation.token()
    assert await installation.accepts(stolen)
    await installation.keys.rotate(at_once=True)
    await installation.tell()
    installation.now += 6 * SECOND

    assert not await installation.accepts(stolen)
    assert await installation.accepts(await installation.token())
