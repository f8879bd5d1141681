"""The directory: what is decided by HTTP is published whole, once, on the compacted topics; heartbeats never stop."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import orjson

from deploy.local.choose import Infrastructure
from services.admin.invariants import INVARIANTS
from shared.contracts.topics import CATALOGUE_EVENTS, DIRECTORY_EVENTS
from shared.testing.eventually import eventually
from tests.component.admin.running import DEMO, Admin, Listener


def a_clinic() -> dict[str, Any]:
    return {
        "clinic_id": f"SE2321000016-{uuid4().hex[:12].upper()}",
        "name": "Nya kliniken",
        "case_types": ["ask-nurse"],
    }


def of(heard: list[Any], key: str) -> list[Any]:
    return [record for record in heard if record.key == key.encode()]


async def test_a_clinic_created_by_http_is_on_the_compacted_topic_once(
    admin: Admin, infrastructure: Infrastructure
) -> None:
    token, clinic = await admin.signed_in(), a_clinic()
    id_, repeat = clinic["clinic_id"], {"Idempotency-Key": str(uuid4())}
    async with Listener(infrastructure, DIRECTORY_EVENTS) as listener:
        first = await admin.call("POST", "/clinics", token, json=clinic, headers=repeat)
        again = await admin.call("POST", "/clinics", token, json=clinic, headers=repeat)
        change = {"name": "Gamla kliniken", "active": False}
        changed = await admin.call(
            "PUT", f"/clinics/{id_}", token, json=change, headers={"If-Match": first.headers["etag"]}
        )
        heard = await listener.until(lambda all_: len(of(all_, id_)) >= 2, "two versions of the clinic")

    assert (first.status_code, again.status_code, changed.status_code) == (201, 201, 200)
    assert first.json() == again.json()
    bodies = [orjson.loads(record.value) for record in of(heard, id_)]
    assert [(body["version"], body["name"], body["active"]) for body in bodies] == [
        (1, "Nya kliniken", False),
        (2, "Gamla kliniken", False),
    ]
    headers = dict(of(heard, id_)[0].headers)
    assert headers["ce_type"] == b"admin.clinic-published.v1"
    assert headers["ce_subject"] == id_.encode()


async def test_a_lost_race_says_who_won(admin: Admin) -> None:
    token, clinic = await admin.signed_in(), a_clinic()
    await admin.call("POST", "/clinics", token, json=clinic)
    path, seen = f"/clinics/{clinic['clinic_id']}", {"If-Match": '"1"', "Accept-Language": "en"}
    await admin.call("PUT", path, token, json={"name": "A"}, headers=seen)

    lost = await admin.call("PUT", path, token, json={"name": "B"}, headers=seen)

    assert (lost.status_code, lost.headers["content-type"]) == (409, "application/problem+json")
    assert "SE2321000016-P001" in lost.json()["detail"]


async def test_a_locked_account_is_published_and_its_token_is_worth_nothing(
    admin: Admin, infrastructure: Infrastructure
) -> None:
    boss, victim = await admin.signed_in(), "SE2321000016-P008"
    token = await admin.signed_in(victim)
    assert (await admin.call("GET", "/staff-accounts/me", token)).status_code == 200
    async with Listener(infrastructure, DIRECTORY_EVENTS) as listener:
        path, seen = f"/staff-accounts/{victim}", {"If-Match": '"1"'}
        locked = await admin.call("POST", f"{path}/lock", boss, json={"reason": "security"}, headers=seen)
        heard = await listener.until(lambda all_: of(all_, victim), "the locked account")
        read = await admin.call("GET", "/staff-accounts/me", token)
        act = await admin.call(
            "PUT", f"{path}/presence", token, json={"present": False}, headers={"If-Match": '"2"'}
        )
        signed = await admin.call("POST", "/development/sign-in", json={"hsa_id": victim})
        await admin.call("POST", f"{path}/reactivation", boss, headers={"If-Match": '"2"'})

    assert locked.status_code == 200
    assert orjson.loads(of(heard, victim)[0].value)["locked"] == "security"
    assert [answer.status_code for answer in (read, act, signed)] == [403, 403, 403]
    assert act.json()["reasons"][0]["code"] == "account_locked"


async def test_accounts_are_shown_as_far_as_the_reader_may_see(admin: Admin) -> None:
    caregiver, boss = await admin.signed_in("SE2321000016-P007"), await admin.signed_in("SE2321000016-P003")
    hill, lake = "SE2321000016-1A2B", "SE2321000016-2C3D"

    cards = (await admin.call("GET", f"/staff-accounts?clinic_id={hill}", caregiver)).json()
    page = (
        await admin.call(
            "GET", f"/staff-accounts?clinic_id={hill}&after={cards[1]['staff_id']}&limit=2", boss
        )
    ).json()

    assert len(cards) == 11
    assert {"email" in card for card in cards if card["staff_id"] != "SE2321000016-P007"} == {False}
    assert [account["staff_id"] for account in page] == [card["staff_id"] for card in cards[2:4]]
    assert all("email" in account for account in page)
    assert (await admin.call("GET", f"/staff-accounts?clinic_id={lake}", boss)).status_code == 403
    assert (await admin.call("GET", "/staff-accounts", boss)).status_code == 403
    assert (await admin.call("GET", "/staff-accounts/SE2321000016-P012", caregiver)).status_code == 404


async def test_clinics_are_listed_page_by_page(admin: Admin) -> None:
    boss = await admin.signed_in("SE2321000016-P003")

    first = (await admin.call("GET", "/clinics?limit=2", boss)).json()
    second = (await admin.call("GET", f"/clinics?limit=2&after={first[-1]['clinic_id']}", boss)).json()

    ids = [clinic["clinic_id"] for clinic in first + second]
    assert len(first) == 2
    assert ids == sorted(set(ids))
    assert len(ids) > 2
    assert (await admin.call("GET", "/clinics?limit=1000", boss)).status_code == 422


async def test_the_grid_shows_everybody_at_the_clinic_page_by_page(admin: Admin) -> None:
    boss, path = await admin.signed_in("SE2321000016-P003"), "/clinics/SE2321000016-1A2B/permissions"

    whole = (await admin.call("GET", path, boss)).json()
    first = (await admin.call("GET", f"{path}?limit=2", boss)).json()
    second = (await admin.call("GET", f"{path}?limit=2&after={first['next']}", boss)).json()

    assert (len(whole["rows"]), whole["next"]) == (11, None)
    assert whole["rows"][0]["staff_id"] == "SE2321000016-P003"
    assert {"clinic_admin", "receiver"} == set(whole["rows"][0]["roles"])
    assert first["rows"] + second["rows"] == whole["rows"][:4]


async def test_a_new_version_of_a_case_type_is_in_the_catalogue(
    admin: Admin, infrastructure: Infrastructure
) -> None:
    token = await admin.signed_in()
    present = await admin.call("GET", "/case-types/complaint", token)
    wish = present.json()["content"] | {"name_en": "Complaints"}
    async with Listener(infrastructure, CATALOGUE_EVENTS) as listener:
        seen = {"If-Match": present.headers["etag"]}
        published = await admin.call("POST", "/case-types/complaint/versions", token, json=wish, headers=seen)
        version = published.json()["version"]
        heard = await listener.until(lambda all_: of(all_, f"complaint/{version}"), "the new version")
    versions = (await admin.call("GET", "/case-types/complaint/versions", token)).json()

    assert orjson.loads(of(heard, f"complaint/{version}")[0].value)["name_en"] == "Complaints"
    assert [entry["version"] for entry in versions] == list(range(1, version + 1))


async def test_heartbeats_reach_every_partition_of_both_topics(
    admin: Admin, infrastructure: Infrastructure
) -> None:
    def places(heard: list[Any]) -> set[tuple[str, int]]:
        beats = [record for record in heard if record.key.startswith(b"heartbeat-")]
        return {(record.topic, record.partition) for record in beats}

    everywhere = {
        (topic.name, number)
        for topic in (DIRECTORY_EVENTS, CATALOGUE_EVENTS)
        for number in range(topic.partitions)
    }
    async with Listener(infrastructure, DIRECTORY_EVENTS, CATALOGUE_EVENTS) as listener:
        await listener.until(lambda heard: places(heard) == everywhere, "a heartbeat on every partition")


async def test_the_same_seed_again_changes_nothing(admin: Admin) -> None:
    before = (await admin.call("GET", "/clinics/SE2321000016-1A2B", await admin.signed_in())).json()

    again = admin.operate("seed", DEMO)

    assert again.returncode == 0
    assert "SE2321000016-1A2B" not in again.stdout
    assert "secret" not in again.stdout
    after = (await admin.call("GET", "/clinics/SE2321000016-1A2B", await admin.signed_in())).json()
    assert before == after


async def test_everything_can_be_published_again_for_a_reader_that_lost_it(
    admin: Admin, infrastructure: Infrastructure
) -> None:
    async with Listener(infrastructure, DIRECTORY_EVENTS, CATALOGUE_EVENTS) as listener:
        assert admin.operate("republish").returncode == 0
        wanted = {b"SE2321000016-1A2B", b"SE2321000016-P021", b"minvard", b"ask-nurse/1"}
        await listener.until(lambda heard: wanted <= {record.key for record in heard}, "all states once more")


async def test_of_two_administrators_who_lock_each_other_one_stays(admin: Admin) -> None:
    boss, clinic = await admin.signed_in(), a_clinic()
    id_ = clinic["clinic_id"]
    await admin.call("POST", "/clinics", boss, json=clinic)
    pair = [f"SE2321000016-{uuid4().hex[:12].upper()}" for _ in range(2)]
    for staff_id in pair:
        permissions = [{"clinic_id": id_, "roles": ["clinic_admin"]}]
        body = {"staff_id": staff_id, "name": "Tvilling Tvillingsson", "permissions": permissions}
        assert (await admin.call("POST", "/staff-accounts", boss, json=body)).status_code == 201
    tokens = [await admin.signed_in(staff_id) for staff_id in pair]

    answers = await asyncio.gather(
        *(
            admin.call(
                "POST",
                f"/staff-accounts/{other}/lock",
                token,
                json={"reason": "manual"},
                headers={"If-Match": '"1"'},
            )
            for token, other in zip(tokens, reversed(pair), strict=True)
        )
    )

    assert sorted(answer.status_code for answer in answers)[0] == 200
    assert sorted(answer.status_code for answer in answers)[1] in (403, 422), (
        "locked by then, or the last one"
    )
    assert (await admin.call("GET", f"/clinics/{id_}", boss)).json()["administrators"] == 1


async def test_what_must_always_be_true_is_true(admin: Admin, infrastructure: Infrastructure) -> None:
    connection = await asyncpg.connect(infrastructure.databases.url("admin", admin.database))
    try:
        broken = {name: rows for name, query in INVARIANTS.items() if (rows := await connection.fetch(query))}
    finally:
        await connection.close()

    assert broken == {}


async def test_the_documentation_of_the_api_is_complete(admin: Admin) -> None:
    document = (await admin.call("GET", "/openapi.json")).json()
    without = [
        path
        for path, acts in document["paths"].items()
        for act in acts.values()
        if not act.get("description")
    ]

    assert without == []
    assert await eventually(
        lambda: admin.process is not None and admin.process.poll() is None, "it still runs"
    )
