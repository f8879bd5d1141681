"""Secrets of portals that end are counted before they do."""

from datetime import datetime, timedelta

from services.admin.adapters.portal_secrets import ENDING, EndingSecrets
from services.admin.application.seed import PortalSeed, SeedRegion
from services.admin.domain.portal import SECRET_LIFETIME, WARNED_BEFORE
from services.admin.entrypoints.performing import perform
from shared.database.pool import Database
from shared.messaging.runner import BatchRunner

MINUTE = timedelta(minutes=1)


async def test_a_secret_is_expiring_for_its_last_days_then_expired_until_there_is_a_new_one(
    runner: BatchRunner, database: Database
) -> None:
    portals = tuple(
        PortalSeed(portal_id=f"portal-{n}", name="P", active=n < 2, secret_hash="00" * 32) for n in range(3)
    )
    await perform(runner, SeedRegion(region="r", portals=portals), "operator")
    [(end,)] = await database.fetch("SELECT min(secret_expires_at) FROM portals")

    async def counted(at: datetime) -> tuple[float, float]:
        await EndingSecrets(database, lambda: at).measure()
        return ENDING.labels("expiring")._value.get(), ENDING.labels("expired")._value.get()

    assert await counted(end - WARNED_BEFORE - MINUTE) == (0, 0)
    assert await counted(end - WARNED_BEFORE) == (2, 0), "the third is switched off"
    assert await counted(end) == (0, 2)
    await database.fetch(
        "UPDATE portals SET secret_expires_at = $1 WHERE id = 'portal-0'", end + SECRET_LIFETIME
    )
    assert await counted(end) == (0, 1)
