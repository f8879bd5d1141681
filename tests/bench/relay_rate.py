"""How many events per second a relay moves from a full outbox to the broker."""

import random
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg

from deploy.local.blocking import finish
from deploy.local.progress import say
from shared.contracts.commands.intake import SubmitCase
from shared.contracts.envelope import Envelope
from shared.contracts.events.intake import CommandAccepted
from shared.contracts.topics import CASE_PARTITIONS, portal_outcomes, portal_principal
from shared.outbox.rows import Outbox
from tests.bench.ground import OURS, Ground
from tests.bench.load import PORTAL
from tests.bench.pipeline import Lost
from tests.bench.rival.schema import PRINCIPAL, RELAY_TOPIC, database_of

_RIVAL = """
INSERT INTO outbox (topic, key, event_id, value)
SELECT $1, key, gen_random_uuid(), value FROM unnest($2::bytea[], $3::bytea[]) AS new(key, value)
"""


def measure_relays(ground: Ground, seed: int) -> dict[str, list[float]]:
    """Events per second of intake's relay and of the rival's first hop, in pairs."""
    found: dict[str, list[float]] = {side: [] for side in ground.sides}
    dice = random.Random(seed)
    for number in range(ground.profile.relay_pairs):
        for side in dice.sample(ground.sides, len(ground.sides)):
            found[side].append(_relay_rate(ground, side, ground.profile.relay_rows))
            say(f"relay {number + 1}: {side} {found[side][-1]:,.0f} events/s")
    return found


def _relay_rate(ground: Ground, side: str, rows: int) -> float:
    topic, principal = RELAY_TOPIC, PRINCIPAL
    if side == OURS:
        topic, principal = portal_outcomes(PORTAL), portal_principal(PORTAL)
    reader = ground.infrastructure.login(principal).for_aiokafka()
    ground.client.ask("count", topic=topic.name, partitions=CASE_PARTITIONS, rows=rows, reader=reader)
    database = ("intake",) if side == OURS else (database_of(1),)
    finish(_fill(ground.infrastructure.databases.url(*database), side, rows))
    result = ground.client.answer()
    if result["heard"] < rows:
        raise Lost(f"{side}'s relay: {result['heard']} of {rows} events arrived within the client's patience")
    return float(result["per_s"])


async def _fill(url: str, side: str, rows: int) -> None:
    """All rows in one transaction, so that the relay finds them at once."""
    outbox = _a_full_outbox(rows)
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            if side == OURS:
                await outbox.write(connection)
            else:
                keys = [message[1] for message in outbox.messages]
                values = [message[3] for message in outbox.messages]
                await connection.execute(_RIVAL, RELAY_TOPIC.name, keys, values)
    finally:
        await connection.close()


def _a_full_outbox(rows: int) -> Outbox:
    now: Any = datetime.now(UTC)
    outbox = Outbox("intake")
    for _ in range(rows):
        case_id = uuid4()
        cause = Envelope(str(uuid4()), SubmitCase.TYPE, PORTAL, now, str(case_id))
        told = CommandAccepted(
            portal_id=PORTAL, at=now, case_id=case_id, command_id=cause.id, command_type=cause.type
        )
        outbox.add([told], cause=cause, handler="bench", now=now)
    return outbox
