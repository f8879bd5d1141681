"""The grid of tick boxes: administrators set the permissions of everybody at their clinics, at a calm rate."""

import random
from collections.abc import Sequence
from functools import partial
from typing import Any

import httpx

from deploy.local.stack import Stack
from tests.bench.nation import Region
from tests.bench.open_loop import on_time, p50_and_p99

CHANGED = 4
"""So many people of each clinic become receivers too; the other rows stay as they are, and are sent all the same."""


async def update_grids(
    stack: Stack, places: Sequence[tuple[Region, int]], rate: float, dice: random.Random
) -> dict[str, float]:
    """Milliseconds at the median and the 99th percentile of one update each at these clinics, all rows at once."""
    async with httpx.AsyncClient(base_url=stack.service("admin").url, timeout=30) as client:
        updates = [await _read(client, region, clinic) for region, clinic in places]
        return p50_and_p99(
            await on_time([partial(_update, client, *update) for update in updates], rate, dice)
        )


async def _read(client: httpx.AsyncClient, region: Region, clinic: int) -> tuple[str, dict[str, str], Any]:
    """The grid as its administrator reads it, with other tick boxes."""
    boss = {"hsa_id": region.person(clinic, 0)["staff_id"]}
    token = (await client.post("/development/sign-in", json=boss)).json()["access_token"]
    headers, address = (
        {"Authorization": f"Bearer {token}"},
        f"/clinics/{region.clinic_id(clinic)}/permissions",
    )
    grid = (await client.get(address, params={"limit": 200}, headers=headers)).raise_for_status().json()
    rows = [{name: row[name] for name in ("staff_id", "version", "roles", "last_on")} for row in grid["rows"]]
    for row in [row for row in rows if row["roles"] == ["caregiver"]][:CHANGED]:
        row["roles"] = ["caregiver", "receiver"]
    return address, headers, {"rows": rows}


async def _update(client: httpx.AsyncClient, address: str, headers: dict[str, str], wish: Any) -> None:
    (await client.put(address, json=wish, headers=headers)).raise_for_status()
