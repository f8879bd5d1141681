"""The operator's command `rebuild`: projections forgotten, and built again from the compacted topics alone."""

from collections.abc import Sequence
from datetime import UTC, datetime

from shared.messaging.commands import set_back
from shared.process import Service
from shared.settings import ServiceSettings

_BEGINNING = datetime.fromtimestamp(0, UTC)
_FORGET = ("DELETE FROM unreadable_states", "DELETE FROM heard")
"""What goes with the projections. Until all is read again the service is not ready and refuses acts with 503."""


async def rebuild(service: Service, settings: ServiceSettings, forget: Sequence[str]) -> None:
    """Read everything that admin has ever said and that still holds, as if this service were new.

    `forget` empties the service's projections and leaves what is its own. The workers must be stopped; an interruption
    leaves a service that goes on reading when it is started. Raises CannotRewind, and then nothing was changed.
    """
    if service.freshness is None:
        raise ValueError(f"{service.name} keeps no projections")
    await service.database.open()
    try:
        projections, _ = service.subscribe(await service.slot.claim())
        for subscription in projections:
            await set_back(settings, subscription.group, sorted(service.freshness.topics), _BEGINNING)
        async with service.database.transaction() as connection:
            for statement in (*forget, *_FORGET):
                await connection.execute(statement)
        try:
            for subscription in projections:
                await subscription.start()
            await service.freshness.wait_until_complete()
        finally:
            for subscription in projections:
                await subscription.stop()
            for close in service.closed:
                await close()
    finally:
        service.slot.release()
        await service.database.close()
