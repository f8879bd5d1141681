"""What keeps the access log honest over time: signed heads, days, weekly samples, the patient's extract."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.choose import Infrastructure
from services.admin.adapters.access_heads import AccessHeads
from services.admin.adapters.access_log import AccessLogDays
from services.admin.adapters.access_sampling import Sampling
from services.admin.adapters.access_verification import walk
from services.admin.adapters.signing import SigningKeys
from services.admin.domain.access_chain import Head
from shared.clock import utc_now
from shared.contracts.commands.admin import AccessAct, RecordAccess
from shared.contracts.topics import ACCESS_LOG_COMMANDS
from shared.database.pool import Database
from shared.messaging.runner import BatchRunner
from shared.testing.eventually import eventually
from tests.component.admin.running import NATIONAL, Admin, publish
from tests.component.admin.test_access_log import a_record, an_access, found

CUT_OFF = """
DELETE FROM access_log WHERE number > 8;
UPDATE access_chain SET (number, hash) = (SELECT number, hash FROM access_log WHERE number = 8)
"""
MASTER_KEY = bytes(range(32))
CLINIC, REVIEWER = "SE2321000016-3E4F", "SE2321000016-P011"


@pytest.fixture
async def keys(database: Database) -> SigningKeys:
    keys = SigningKeys(database, MASTER_KEY, utc_now)
    await keys.ensure()
    return keys


@pytest.fixture
async def super_user(
    infrastructure: Infrastructure, database_name: str, database: Database
) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(infrastructure.databases.admin_url, database=database_name)
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
    yield connection
    await connection.close()


async def in_three_batches(runner: BatchRunner, heads: AccessHeads) -> None:
    for _ in range(3):
        await runner.take([a_record(an_access()) for _ in range(3)])
        await heads.sign()


async def test_the_chains_end_is_signed_when_it_has_grown(
    runner: BatchRunner, database: Database, keys: SigningKeys
) -> None:
    heads = AccessHeads(database, keys, utc_now)
    await heads.sign()
    await in_three_batches(runner, heads)
    await heads.sign()

    rows = await database.fetch("SELECT number FROM access_heads ORDER BY number")
    assert [row[0] for row in rows] == [3, 6, 9]
    assert (await found(database))[1] == ""


@pytest.mark.parametrize(
    ("tampering", "finding"),
    (
        ("UPDATE access_heads SET hash = sha256(hash) WHERE number = 6", "the head at entry 6 is not"),
        ("UPDATE access_heads SET number = 5 WHERE number = 6", "the head at entry 5 is not"),
        (
            "UPDATE access_heads SET token = (SELECT token FROM access_heads WHERE number = 3) WHERE number = 6",
            "the head at entry 6 is not",
        ),
        ("UPDATE own_keys SET revoked_at = 'epoch'", "the head at entry 3 is not"),
        (
            CUT_OFF,
            "entry 9 is missing",
        ),
        (
            "DELETE FROM access_heads; UPDATE access_log SET recorded_at = 'epoch'",
            "entry 1 was changed",
        ),
    ),
)
async def test_a_head_that_admin_did_not_sign_is_found(
    super_user: "asyncpg.Connection[asyncpg.Record]",
    runner: BatchRunner,
    database: Database,
    keys: SigningKeys,
    tampering: str,
    finding: str,
) -> None:
    await in_three_batches(runner, AccessHeads(database, keys, utc_now))
    await super_user.execute(tampering)

    assert (await walk_from(super_user))[1].startswith(finding)


async def test_a_log_written_anew_from_the_beginning_does_not_fit_the_signed_heads(
    super_user: "asyncpg.Connection[asyncpg.Record]",
    runner: BatchRunner,
    database: Database,
    keys: SigningKeys,
) -> None:
    await in_three_batches(runner, AccessHeads(database, keys, utc_now))
    await super_user.execute("DELETE FROM access_log; UPDATE access_chain SET number = 0, hash = $$$$::bytea")
    await super_user.execute("UPDATE access_chain SET hash = decode(repeat('00', 32), 'hex')")
    await runner.take([a_record(an_access()) for _ in range(9)])

    assert (await walk_from(super_user))[
        1
    ] == "entry 3 is not the one that was signed: the log was written anew"


async def test_heads_that_are_missing_are_missed(
    super_user: "asyncpg.Connection[asyncpg.Record]", runner: BatchRunner
) -> None:
    await runner.take([a_record(an_access())])

    assert (await walk(super_user, clock=lambda: utc_now() + timedelta(hours=2)))[1] == ""
    missed = (await walk(super_user, clock=lambda: utc_now() + timedelta(hours=4)))[1]
    assert "signed heads are missing" in missed


async def test_days_that_are_kept_long_enough_are_dropped_and_the_chain_begins_after_them(
    super_user: "asyncpg.Connection[asyncpg.Record]", runner: BatchRunner, database: Database
) -> None:
    await runner.take([a_record(an_access()) for _ in range(4)])
    days = AccessLogDays(database, utc_now, 5)
    await days.keep()
    await move_to_the_past(super_user, 2)
    assert (await walk_from(super_user)) == (Head(4, await end_of(super_user)), "")

    await days.keep()

    assert [row[0] for row in await super_user.fetch("SELECT number FROM access_log ORDER BY 1")] == [3, 4]
    assert (await walk_from(super_user)) == (Head(4, await end_of(super_user)), "")
    with pytest.raises(asyncpg.RaiseError, match="at least five years"):
        await database.fetch("SELECT access_log_upkeep($1, $2, 1)", date(2026, 1, 1), date(2026, 1, 1))


async def test_one_sample_a_week_is_drawn_of_what_staff_did_at_each_clinic(
    admin: Admin, infrastructure: Infrastructure
) -> None:
    accesses = [an_access_at(CLINIC, actor) for actor in ("SE2321000016-P003", REVIEWER) for _ in range(8)]
    accesses += [
        an_access_at(CLINIC, "minvard", kind="portal"),
        an_access_at("SE2321000016-NOWHERE", REVIEWER),
    ]
    records = [(r.key or b"", r.value or b"", r.headers) for r in map(a_record, accesses)]
    await publish(infrastructure, ACCESS_LOG_COMMANDS.name, records)
    connection = await asyncpg.connect(infrastructure.databases.url("admin", admin.database))
    try:
        counted = "SELECT count(*) >= 16 FROM access_log WHERE clinic_id = $1"
        await eventually(lambda: connection.fetchval(counted, CLINIC), "the accesses are in the log")
    finally:
        await connection.close()
    database = Database(infrastructure.databases.url("admin", admin.database), name="sampling")
    await database.open()
    try:
        next_week = Sampling(database, lambda: utc_now() + timedelta(days=7), 5)
        await next_week.draw()
        await next_week.draw()
        assert await database.fetch("SELECT week FROM access_draws")
    finally:
        await database.close()

    reviewer = await admin.signed_in(REVIEWER)
    listed = (await admin.call("GET", f"/access-log/samples?clinic_id={CLINIC}&open=true", reviewer)).json()
    assert [len(sample["items"]) for sample in listed] == [5]
    path = f"/access-log/samples/{CLINIC}/{listed[0]['week']}"
    read = await admin.call("GET", path, reviewer)
    assert all(item["access"]["actor_id"] == item["actor_id"] for item in read.json()["items"])
    assert read.headers["etag"] == '"1"'
    await check_it(admin, reviewer, path, read.json())


async def check_it(admin: Admin, reviewer: str, path: str, sample: dict[str, object]) -> None:
    """Judge what may be judged; own accesses are another reviewer's."""
    version = 1
    items: list[dict[str, str]] = sample["items"]  # type: ignore[assignment]
    for item in items:
        answer = await admin.call(
            "PUT",
            f"{path}/entries/{item['number']}",
            reviewer,
            json={"verdict": "deviation", "reason": "other", "reference": "AVV-1"},
            headers={"If-Match": f'"{version}"'},
        )
        if item["actor_id"] == REVIEWER:
            assert answer.status_code == 422
            assert answer.json()["reasons"][0]["code"] == "own_access"
        else:
            assert answer.status_code == 200, answer.text
            version = answer.json()["version"]
    listed = await admin.call("GET", f"/access-log/samples?clinic_id={CLINIC}&deviations=true", reviewer)
    own = sum(item["actor_id"] == REVIEWER for item in items)
    assert sum(one["deviations"] for one in listed.json()) == len(items) - own
    done = await admin.call("POST", f"{path}/sign-off", reviewer, headers={"If-Match": f'"{version}"'})
    assert done.status_code == (200 if own == 0 else 422), done.text


async def test_nobody_but_the_clinics_reviewers_sees_samples(admin: Admin) -> None:
    for stranger in (NATIONAL, "SE2321000016-P017"):
        token = await admin.signed_in(stranger)
        for path in (f"/access-log/samples?clinic_id={CLINIC}", f"/access-log/samples/{CLINIC}/2026-W01"):
            assert (await admin.call("GET", path, token)).status_code == 403


async def test_a_patients_extract_tells_units_and_times_and_nobodys_name(
    admin: Admin, infrastructure: Infrastructure
) -> None:
    reference = f"1:{uuid4().hex}"
    told = [
        an_access_at(clinic, "SE2321000016-P003", ref=reference) for clinic in (CLINIC, "SE2321000016-4G5H")
    ]
    records = [(r.key or b"", r.value or b"", r.headers) for r in map(a_record, told)]
    await publish(infrastructure, ACCESS_LOG_COMMANDS.name, records)
    reviewer = await admin.signed_in(REVIEWER)
    path = f"/access-log/extract?citizen_ref={reference}&citizen_ref=0:former"

    async def extract() -> list[dict[str, str]]:
        found: list[dict[str, str]] = (await admin.call("GET", path, reviewer)).json()
        return found

    await eventually(extract, "the access is told")
    [line] = await extract()
    assert (line["clinic_id"], line["act_sv"]) == (CLINIC, "Läste ärendet")
    assert line["clinic_name"]
    assert "P003" not in str(line)
    file = await admin.call("GET", path, reviewer, headers={"Accept": "text/csv"})
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert file.text.splitlines()[0].endswith("Tidpunkt;Enhet;HSA-id;Åtgärd / Act")
    assert CLINIC in file.text.splitlines()[1]
    noted = await admin.call("GET", f"/access-log?clinic_id={CLINIC}&citizen_ref={reference}", reviewer)
    assert {"export", "read"} <= {entry["act"] for entry in noted.json()}
    former = await admin.call("GET", f"/access-log?clinic_id={CLINIC}&citizen_ref=0:former", reviewer)
    at = [{e["recorded_at"] for e in told.json() if e["act"] == "export"} for told in (noted, former)]
    assert at[0] == at[1], "both references are noted by one act each time, at one instant"
    stranger = await admin.signed_in("SE2321000016-P017")
    assert (await admin.call("GET", path, stranger)).status_code == 403


async def test_reviewers_search_by_person_and_by_time(admin: Admin, infrastructure: Infrastructure) -> None:
    actor = f"SE2321000016-{uuid4().hex[:10].upper()}"
    early, late = an_access_at(CLINIC, actor), an_access_at(CLINIC, actor)
    early = early.model_copy(update={"accessed_at": datetime.now(UTC) - timedelta(days=3)})
    records = [(r.key or b"", r.value or b"", r.headers) for r in map(a_record, (early, late))]
    await publish(infrastructure, ACCESS_LOG_COMMANDS.name, records)
    reviewer = await admin.signed_in(REVIEWER)
    path = f"/access-log?clinic_id={CLINIC}&actor_id={actor}"

    async def both() -> bool:
        return len((await admin.call("GET", path, reviewer)).json()) == 2

    await eventually(both, "both accesses are found")
    since = (utc_now() - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    recent = (await admin.call("GET", f"{path}&since={since}", reviewer)).json()
    older = (await admin.call("GET", f"{path}&until={since}", reviewer)).json()
    assert [entry["access_id"] for entry in recent] == [str(late.access_id)]
    assert [entry["access_id"] for entry in older] == [str(early.access_id)]


def an_access_at(clinic: str, actor: str, *, kind: str = "staff", ref: str = "1:abc") -> RecordAccess:
    return RecordAccess(
        access_id=uuid4(),
        actor_kind=kind,
        actor_id=actor,
        clinic_id=clinic,
        citizen_ref=ref,
        case_id=uuid4(),
        act=AccessAct.READ,
        accessed_at=utc_now() - timedelta(seconds=1),
    )


async def walk_from(connection: "asyncpg.Connection[asyncpg.Record]") -> tuple[Head, str]:
    return await walk(connection)


async def end_of(connection: "asyncpg.Connection[asyncpg.Record]") -> bytes:
    found: bytes = await connection.fetchval("SELECT hash FROM access_chain WHERE id = 1")
    return found


async def move_to_the_past(connection: "asyncpg.Connection[asyncpg.Record]", until: int) -> None:
    """Let the first entries be of a day more than five years ago."""
    long_ago = date(2015, 3, 1)
    await connection.execute(
        f"CREATE TABLE access_log_20150301 PARTITION OF access_log FOR VALUES FROM ('{long_ago}') TO ('2015-03-02')"
    )
    await connection.execute("ALTER TABLE access_log_20150301 OWNER TO admin_owner")
    await connection.execute("UPDATE access_log SET recorded_on = $1 WHERE number <= $2", long_ago, until)
