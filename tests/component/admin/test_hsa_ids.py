"""HSA-ids of accounts: blanks are trimmed, case does not count, and what was given is what is shown."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from shared.database.pool import Database
from shared.messaging.runner import BatchRunner
from shared.testing.outbox import waiting_messages
from tests.component.admin.identity import Desk
from tests.component.admin.running import Admin
from tests.component.admin.test_sign_in import an_id, registered, session_of, signed_in

CLINIC = "SE2321000016-1A2B"
WAYS: dict[str, Callable[[str], str]] = {
    "lower case": str.lower,
    "upper case": str.upper,
    "mixed case": str.swapcase,
    "blanks around": lambda id_: f" \t{id_}\n ",
}


async def register(admin: Admin, boss: str, hsa_id: str) -> tuple[int, dict[str, str]]:
    roles = [{"clinic_id": CLINIC, "roles": ["caregiver"]}]
    wish = {"staff_id": hsa_id, "name": "Ida Ek", "permissions": roles}
    answer = await admin.call("POST", "/staff-accounts", boss, json=wish)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("way", WAYS)
async def test_an_account_is_shown_as_it_was_given_and_found_in_every_way(admin: Admin, way: str) -> None:
    boss, given = await admin.signed_in(), WAYS[way](f"SE2321000016-aB{uuid4().hex[:8]}")
    key = given.strip().upper()

    status, made = await register(admin, boss, given)

    assert (status, made["staff_id"], made["hsa_id"]) == (201, key, given.strip())
    for other in WAYS.values():
        answer = await admin.call("GET", f"/staff-accounts/{other(key).strip()}", boss)
        assert (answer.status_code, answer.json()["hsa_id"]) == (200, given.strip())
        status, refusal = await register(admin, boss, other(key))
        assert (status, refusal["type"]) == (409, "urn:vardvaxel:problem:already_exists")
    path, rows = f"/clinics/{CLINIC}/permissions", list[dict[str, str]]()
    after: str | None = ""
    while after is not None:
        page = (await admin.call("GET", f"{path}?limit=200&after={after}", boss)).json()
        rows, after = [*rows, *page["rows"]], page["next"]
    assert [row["hsa_id"] for row in rows if row["staff_id"] == key] == [given.strip()]


@pytest.mark.parametrize(
    "wrong",
    ("SE2321000016", "SE2321000016-", "SE٢٣٢١٠٠٠٠١٦-A1", "SE2321000016-Å1", "SE2321000016-A 1", "", " "),
)
async def test_what_is_no_hsa_id_is_refused_with_the_field(admin: Admin, wrong: str) -> None:
    status, refusal = await register(admin, await admin.signed_in(), wrong)

    assert status == 422
    assert [reason["field"] for reason in refusal["reasons"]] == ["staff_id"]  # type: ignore[index]


@pytest.mark.parametrize("way", WAYS)
async def test_the_card_finds_the_account_in_whatever_way_it_writes_the_id(
    runner: BatchRunner, database: Database, way: str
) -> None:
    desk, given = Desk(database, runner), an_id()
    await registered(runner, {}, given)
    on_the_card = WAYS[way](given)
    if not on_the_card.strip().startswith("SE"):
        on_the_card = f"SE{on_the_card[2:]}"

    session = await session_of(await signed_in(desk, on_the_card))

    found = await desk.directory.account(session["staff_id"])
    assert found is not None
    assert (found.id, found.hsa_id) == (given.upper(), given), "as it was registered"
    assert session["accounts"][0]["hsa_id"] == on_the_card.strip(), "as the card has it"


async def test_an_account_that_a_sign_in_made_is_as_the_card_writes_it_and_neighbours_are_told(
    runner: BatchRunner, database: Database
) -> None:
    desk, given = Desk(database, runner), an_id()

    await signed_in(desk, given)

    [told] = [message for message in await waiting_messages(database) if message.key == given.upper()]
    assert f'"hsa_id":"{given}"'.encode() in told.value
