"""The access log: each access once, in one chain, which tells whoever touched it."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.local.choose import Infrastructure
from services.admin.adapters.access_verification import walk
from services.admin.domain.access_chain import Head
from shared.clock import utc_now
from shared.contracts.commands.admin import AccessAct, RecordAccess
from shared.contracts.envelope import Envelope
from shared.contracts.topics import ACCESS_LOG_COMMANDS
from shared.database.pool import Database
from shared.messaging.parking import StoredRecord
from shared.messaging.runner import BatchRunner
from shared.testing.eventually import eventually
from tests.component.admin.running import Admin, publish

SWAP = """
UPDATE access_log SET number = -number WHERE number IN (2, 3);
UPDATE access_log SET number = 5 + number WHERE number < 0
"""


def an_access(access_id: UUID | None = None) -> RecordAccess:
    return RecordAccess(
        access_id=access_id or uuid4(),
        actor_kind="staff",
        actor_id="SE2321000016-ANNA",
        clinic_id="SE2321000016-1A2B",
        citizen_ref="1:0123456789abcdef",
        case_id=uuid4(),
        act=AccessAct.READ,
        accessed_at=utc_now() - timedelta(seconds=1),
    )


def a_record(access: RecordAccess, id_: str = "") -> StoredRecord:
    now = utc_now()
    envelope = Envelope(id_ or str(uuid4()), access.TYPE, "/vardvaxel/intake", now)
    value = access.model_dump_json().encode()
    at = int(now.timestamp() * 1000)
    return StoredRecord(ACCESS_LOG_COMMANDS.name, 0, 0, at, access.key().encode(), value, envelope.headers())


async def found(database: Database) -> tuple[Head, str]:
    assert database._pool is not None
    async with database._pool.acquire() as connection:
        return await walk(connection)


async def test_each_access_is_one_entry_however_often_it_is_told(
    runner: BatchRunner, database: Database
) -> None:
    access = an_access()
    first, second = a_record(access), a_record(an_access())

    await runner.take([first, second, first])
    await runner.take([second])
    await runner.take([a_record(access)])

    rows = await database.fetch("SELECT number, access_id FROM access_log ORDER BY number")
    assert [row["number"] for row in rows] == [1, 2]
    assert rows[0]["access_id"] == access.access_id
    assert (await found(database))[0].number == 2


async def test_batches_at_the_same_time_make_one_chain(runner: BatchRunner, database: Database) -> None:
    batches = [[a_record(an_access()) for _ in range(20)] for _ in range(6)]

    await asyncio.gather(*(runner.take(batch) for batch in batches))

    end, wrong = await found(database)
    assert (end.number, wrong) == (120, "")


@pytest.mark.parametrize(
    ("tampering", "finding"),
    (
        ("UPDATE access_log SET actor_id = 'SE2321000016-EVE' WHERE number = 3", "entry 3 was changed"),
        (
            "UPDATE access_log SET accessed_at = accessed_at + interval '1 microsecond' WHERE number = 3",
            "entry 3 was changed",
        ),
        ("UPDATE access_log SET hash = sha256(hash) WHERE number = 3", "entry 3 was changed"),
        ("DELETE FROM access_log WHERE number = 3", "entry 3 is missing"),
        ("DELETE FROM access_log WHERE number = 1", "entry 1 is missing"),
        ("DELETE FROM access_log WHERE number = 5", "entry 5 is missing"),
        ("DELETE FROM access_log", "entry 1 is missing"),
        (
            SWAP,
            "entry 2 was changed or swapped",
        ),
    ),
)
async def test_whatever_a_super_user_touches_is_named(
    infrastructure: Infrastructure,
    database_name: str,
    database: Database,
    runner: BatchRunner,
    tampering: str,
    finding: str,
) -> None:
    await runner.take([a_record(an_access()) for _ in range(5)])
    assert (await found(database))[1] == ""

    url = infrastructure.databases.admin_url
    super_user = await asyncpg.connect(url, database=database_name)
    await super_user.execute(tampering)
    await super_user.close()

    assert (await found(database))[1].startswith(finding)


@pytest.mark.parametrize(
    "statement",
    (
        "UPDATE access_log SET act = 'list'",
        "DELETE FROM access_log",
        "TRUNCATE access_log",
        "UPDATE history SET changed_by = 'nobody'",
        "DELETE FROM history",
        "DELETE FROM access_chain",
        "INSERT INTO access_chain VALUES (1, 0, '')",
    ),
)
async def test_the_application_may_add_and_read_and_no_more(database: Database, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.fetch(statement)


async def test_it_consumes_its_topic_and_the_operator_verifies(
    admin: Admin, infrastructure: Infrastructure
) -> None:
    accesses = [a_record(an_access()) for _ in range(50)]
    records = [(record.key or b"", record.value or b"", record.headers) for record in accesses]
    await publish(infrastructure, ACCESS_LOG_COMMANDS.name, records)
    connection = await asyncpg.connect(infrastructure.databases.url("admin", admin.database))
    try:
        await eventually(lambda: _written(connection, 50), "all accesses are in the log")
        end, wrong = await walk(connection)
        rewritten = await walk(connection, Head(end.number, bytes(32)))
        cut = await walk(connection, Head(end.number + 1_000_000, bytes(32)))
    finally:
        await connection.close()

    assert wrong == ""
    assert "written anew" in rewritten[1]
    assert "is missing" in cut[1]
    said = admin.operate("verify", "--anchor", f"{end.number}:{end.hash.hex()}")
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("the access log is whole")


async def _written(connection: "asyncpg.Connection[asyncpg.Record]", count: int) -> bool:
    found: int = await connection.fetchval("SELECT count(*) FROM access_log")
    return found >= count


async def test_reviewers_read_the_log_of_their_clinics_and_are_in_it(admin: Admin) -> None:
    reviewer, clinic = await admin.signed_in("SE2321000016-P011"), "SE2321000016-3E4F"
    path = f"/access-log?clinic_id={clinic}"

    first = await admin.call("GET", f"{path}&citizen_ref=1:abc", reviewer)
    second = (await admin.call("GET", f"{path}&limit=1", reviewer)).json()
    older = (await admin.call("GET", f"{path}&before={second[0]['number']}&limit=1", reviewer)).json()

    assert first.status_code == 200
    assert [(entry["actor_id"], entry["act"]) for entry in second] == [("SE2321000016-P011", "search")]
    assert older[0]["citizen_ref"] == "1:abc"
    for stranger in ("SE2321000016-P001", "SE2321000016-P017"):
        assert (await admin.call("GET", path, await admin.signed_in(stranger))).status_code == 403
