"""The help page *Skapa egen ärendetyp*: draft, preview, publish, compare, roll back, copy, exchange, retire."""

from typing import Any
from uuid import uuid4

import orjson

from deploy.local.choose import Infrastructure
from shared.contracts.topics import CATALOGUE_EVENTS
from tests.component.admin.running import Admin, Listener

HILL, BOSS, OTHER_BOSS, SECOND = (
    "SE2321000016-1A2B",
    "SE2321000016-P003",
    "SE2321000016-P012",
    "SE2321000016-P002",
)
FORM = {
    "resourceType": "Questionnaire",
    "language": "sv",
    "status": "active",
    "item": [{"linkId": "what", "text": "Vad gäller det?", "type": "string", "required": True}],
}
CONTENT = {"name_sv": "Vaccination", "name_en": "Vaccination", "question_form": FORM, "answer_form": FORM}
OWN = {"kind": "clinic", "clinic_id": HILL}


class Desk:
    """Somebody who writes case types."""

    def __init__(self, admin: Admin, token: str) -> None:
        self._admin = admin
        self._token = token
        self.id = f"own-{uuid4().hex[:8]}"

    async def ask(self, method: str, path: str = "", seen: int | None = None, **options: Any) -> Any:
        headers = {} if seen is None else {"If-Match": f'"{seen}"'}
        return await self._admin.call(
            method, f"/case-types{path}", self._token, headers=headers | options.pop("headers", {}), **options
        )

    async def drafted(self) -> None:
        made = await self.ask("POST", json={"id": self.id, "owner": OWN, "content": CONTENT})
        assert (made.status_code, made.headers["etag"]) == (201, '"1"'), made.text


async def test_a_clinic_s_own_type_from_draft_to_retirement(
    admin: Admin, infrastructure: Infrastructure
) -> None:
    desk = Desk(admin, await admin.signed_in(BOSS))
    id_ = desk.id
    await desk.drafted()
    preview = (await desk.ask("GET", f"/{id_}/preview", headers={"Accept-Language": "en"})).json()
    assert [line["text"] for line in preview["citizen"]] == ["Vad gäller det?"]
    assert {remark["code"] for remark in preview["remarks"]} >= {"missing_translation", "missing_help"}

    async with Listener(infrastructure, CATALOGUE_EVENTS) as listener:
        better = CONTENT | {"description": {"sv": "Fråga om vaccin", "en": "Ask about vaccines"}}
        saved = await desk.ask("PUT", f"/{id_}/draft", seen=1, json=better)
        first = await desk.ask("POST", f"/{id_}/draft/publication", seen=2)
        second = await desk.ask("POST", f"/{id_}/versions", seen=1, json=CONTENT | {"name_en": "Jabs"})
        compared = await desk.ask("GET", f"/{id_}/differences", params={"before": 1, "after": 2})
        third = await desk.ask("POST", f"/{id_}/rollback", seen=2, json={"to_version": 1})
        retired = await desk.ask("POST", f"/{id_}/retirement", seen=3)
        keys = {f"{id_}/{number}".encode() for number in range(1, 5)}
        heard = await listener.until(
            lambda all_: keys <= {record.key for record in all_}, "all versions, from all partitions"
        )

    assert [answer.status_code for answer in (saved, first, second, third, retired)] == [
        200,
        200,
        201,
        200,
        200,
    ]
    assert {(it["path"], it["kind"]) for it in compared.json()} == {
        ("name_en", "changed"),
        ("description.sv", "changed"),
        ("description.en", "changed"),
    }
    mine = [record for record in heard if record.key.startswith(f"{id_}/".encode())]
    told = [orjson.loads(record.value) for record in sorted(mine, key=lambda record: record.key)]
    assert [(body["version"], body["name_en"], body["active"]) for body in told] == [
        (1, "Vaccination", True),
        (2, "Jabs", True),
        (3, "Vaccination", True),
        (4, "Vaccination", False),
    ]
    versions = (await desk.ask("GET", f"/{id_}/versions", params={"after": 2, "limit": 1})).json()
    assert [(it["version"], it["content"]["name_en"]) for it in versions] == [(3, "Vaccination")]
    for answer, code in (
        (await desk.ask("GET", f"/{id_}/draft"), "no_draft"),
        (await desk.ask("GET", f"/{id_}/export", params={"version": 0}), "no_draft"),
        (await desk.ask("GET", f"/{id_}/export", params={"version": 9}), "unknown_version"),
        (await desk.ask("POST", f"/{id_}/rollback", seen=4, json={"to_version": 9}), "unknown_version"),
    ):
        assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (404, code)


async def test_what_a_clinic_writes_is_its_own(admin: Admin) -> None:
    desk, stranger = (
        Desk(admin, await admin.signed_in(BOSS)),
        Desk(admin, await admin.signed_in(OTHER_BOSS)),
    )
    await desk.drafted()
    await desk.ask("POST", f"/{desk.id}/draft/publication", seen=1)

    listed = [line["id"] for line in (await stranger.ask("GET", params={"limit": 200})).json()]
    assert desk.id not in listed
    assert "ask-nurse" in listed
    assert (await stranger.ask("GET", f"/{desk.id}")).status_code == 404
    central = await desk.ask("POST", "/ask-nurse/versions", seen=1, json=CONTENT)
    assert (central.status_code, central.json()["reasons"][0]["code"]) == (403, "not_permitted")
    page = (await desk.ask("GET", params={"after": "ask-nurse", "limit": 1})).json()
    assert [line["id"] for line in page] == ["book-appointment"]


async def test_a_copy_and_a_file_become_drafts_and_say_what_was_taken(admin: Admin) -> None:
    desk = Desk(admin, await admin.signed_in(BOSS))
    copied = await desk.ask("POST", "/ask-nurse/copies", json={"id": desk.id, "owner": OWN})
    assert copied.status_code == 201, copied.text
    file = (await desk.ask("GET", f"/{desk.id}/export", params={"version": 0})).json()
    file["content"] |= {"colour": "red", "name_en": " Ours "}
    wish, path = {"owner": OWN, "file": file}, f"/{desk.id}/import"

    dry = await desk.ask("POST", path, seen=1, json=wish)
    stored = await desk.ask("POST", f"{path}?dry_run=false", seen=1, json=wish)
    draft = await desk.ask("GET", f"/{desk.id}/draft")

    assert (dry.json()["stored"], stored.json()["stored"]) == (False, True)
    outcomes = {field["field"]: field["outcome"] for field in stored.json()["fields"]}
    assert (outcomes["colour"], outcomes["name_en"], outcomes["name_sv"]) == ("refused", "changed", "taken")
    assert (draft.headers["etag"], draft.json()["content"]["name_en"]) == ('"2"', "Ours")


async def test_a_repeated_request_makes_one_version_and_a_late_one_is_told_who_was_first(
    admin: Admin,
) -> None:
    desk = Desk(admin, await admin.signed_in(BOSS))
    await desk.drafted()
    key = {"Idempotency-Key": str(uuid4())}
    first, again = [
        await desk.ask("POST", f"/{desk.id}/draft/publication", seen=1, headers=key) for _ in range(2)
    ]
    late = await desk.ask("PUT", f"/{desk.id}/draft", seen=1, json=CONTENT)

    assert first.json() == again.json()
    assert first.json()["version"] == 1
    assert (late.status_code, late.json()["reasons"][0]["code"]) == (409, "draft_conflict")
    assert BOSS in late.json()["detail"]


async def test_a_clinic_adapts_a_type_as_far_as_its_region_lets_it(
    admin: Admin, infrastructure: Infrastructure
) -> None:
    boss, national = await admin.signed_in(BOSS), await admin.signed_in()
    place, region = f"/clinics/{HILL}/case-types/complaint", "/regions/01/case-types/complaint"
    seen = {"If-Match": (await admin.call("GET", place, boss)).headers["etag"]}
    seen_above = {"If-Match": (await admin.call("GET", region, national)).headers["etag"]}
    pause = {"message": {"sv": "Vi har stängt.", "en": "We are closed."}}
    async with Listener(infrastructure, CATALOGUE_EVENTS) as listener:
        locked = await admin.call(
            "PUT", region, national, headers=seen_above, json={"priority": "high", "locked": ["priority"]}
        )
        refused = await admin.call("PUT", place, boss, headers=seen, json={"on": True, "priority": "low"})
        paused = await admin.call("PUT", place, boss, headers=seen, json={"on": True, "pause": pause})
        keys = {f"{HILL}/complaint".encode(), b"region:01/complaint"}
        heard = await listener.until(lambda all_: keys <= {record.key for record in all_}, "both adaptations")
    effective = (await admin.call("GET", f"{place}/effective", boss)).json()
    lifted = await admin.call(
        "PUT", place, boss, headers={"If-Match": paused.headers["etag"]}, json={"on": True}
    )

    assert [answer.status_code for answer in (locked, refused, paused, lifted)] == [200, 422, 200, 200]
    assert [(it["field"], it["code"]) for it in refused.json()["reasons"]] == [("priority", "locked")]
    assert effective["fields"]["priority"] == {
        "value": "high",
        "origin": {"kind": "region", "place": "01"},
        "locked_by": {"kind": "region", "place": "01"},
        "why_sv": "Låst av regionen (Stockholms län).",
        "why_en": "Locked by the region (Stockholms län).",
    }
    told = next(orjson.loads(record.value) for record in heard if record.key == f"{HILL}/complaint".encode())
    assert told["adaptation"]["pause"]["message"]["en"] == "We are closed."


async def test_a_template_is_published_by_a_second_person(
    admin: Admin, infrastructure: Infrastructure
) -> None:
    """The help page *Skapa mall för invånarärenden*. The region's administrator approves for a small clinic."""
    boss, second, id_ = await admin.signed_in(BOSS), await admin.signed_in(SECOND), f"call-{uuid4().hex[:8]}"
    content = {
        "name_sv": "Kallelse",
        "name_en": "Call",
        "kind": "information",
        "subject": {"sv": "Tid", "en": "Time"},
        "body": {"sv": "Hej {{citizen_first_name|du}}! Tid [[dag]].", "en": "Hi {{nobody}}"},
    }
    new, draft = {"id": id_, "owner": OWN, "content": content}, f"/templates/{id_}/draft"
    wrong = await admin.call("POST", "/templates", boss, json=new, headers={"Accept-Language": "en"})
    content["body"] = {"sv": "Hej {{citizen_first_name|du}}! Tid [[dag]]."}
    made = await admin.call("POST", "/templates", boss, json=new)
    handed = await admin.call("POST", f"{draft}/submission", boss, headers={"If-Match": made.headers["etag"]})
    seen = {"If-Match": handed.headers["etag"]}
    async with Listener(infrastructure, CATALOGUE_EVENTS) as listener:
        own = await admin.call("POST", f"{draft}/approval", boss, headers=seen)
        approved = await admin.call("POST", f"{draft}/approval", second, headers=seen)
        key = f"template:{id_}/1".encode()
        heard = await listener.until(lambda all_: any(it.key == key for it in all_), "the template")

    assert [(it["field"], it["code"]) for it in wrong.json()["reasons"]] == [("body.en", "unknown_variable")]
    assert "character 4" in wrong.json()["detail"]
    assert [answer.status_code for answer in (made, handed, own, approved)] == [201, 200, 403, 200]
    assert own.json()["reasons"][0]["code"] == "own_work"
    told = next(orjson.loads(it.value) for it in heard if it.key == key)
    assert (told["version"], told["approved_by"]) == (1, SECOND)


async def test_a_group_is_removed_once_no_cases_go_to_it_first(admin: Admin) -> None:
    boss, team = await admin.signed_in(BOSS), f"team-{uuid4().hex[:8]}"
    groups, place = f"/clinics/{HILL}/groups", f"/clinics/{HILL}/case-types/sick-note"
    made = await admin.call(
        "POST", groups, boss, json={"group_id": team, "name_sv": "Teamet", "name_en": "The team"}
    )
    seen, before = {"If-Match": made.headers["etag"]}, await admin.call("GET", place, boss)
    used = await admin.call(
        "PUT",
        place,
        boss,
        headers={"If-Match": before.headers["etag"]},
        json={"on": True, "routing": {"group": team}},
    )
    refused = await admin.call("DELETE", f"{groups}/{team}", boss, headers=seen)
    unused = await admin.call(
        "PUT", place, boss, headers={"If-Match": used.headers["etag"]}, json={"on": True}
    )
    removed = await admin.call("DELETE", f"{groups}/{team}", boss, headers=seen)

    assert [answer.status_code for answer in (made, used, unused, removed)] == [201, 200, 200, 200]
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (422, "group_in_use")
    assert "sick-note" in refused.json()["detail"]
    assert removed.json()["removed"]


async def test_where_the_clinic_asks_for_no_second_person_its_administrator_publishes_alone(
    admin: Admin,
) -> None:
    boss, region, id_ = await admin.signed_in(BOSS), await admin.signed_in(SECOND), f"alone-{uuid4().hex[:8]}"
    content = {
        "name_sv": "Kallelse",
        "name_en": "Call",
        "kind": "information",
        "subject": {"sv": "Tid", "en": "Time"},
        "body": {"sv": "Hej!", "en": "Hello!"},
    }
    made = await admin.call("POST", "/templates", boss, json={"id": id_, "owner": OWN, "content": content})
    seen, publication = {"If-Match": made.headers["etag"]}, f"/templates/{id_}/draft/publication"

    async def says(place: str, token: str, **word: Any) -> Any:
        path = f"{place}/template-approval"
        now = await admin.call("GET", path, token)
        return await admin.call("PUT", path, token, headers={"If-Match": now.headers["etag"]}, json=word)

    refused = await admin.call("POST", publication, boss, headers=seen)
    off = await says(f"/clinics/{HILL}", boss, needed=False)
    locked = await says("/regions/01", region, needed=True, locked=True)
    again = await admin.call("POST", publication, boss, headers=seen)
    lifted = await says("/regions/01", region)
    published = await admin.call("POST", publication, boss, headers=seen)
    back = await says(f"/clinics/{HILL}", boss)

    assert [it.status_code for it in (off, locked, lifted, published, back)] == [200] * 5
    for answer in (refused, again):
        assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (422, "approval_needed")
    assert published.json()["version"] == 1
    assert back.json()["counts"] == {
        "needed": True,
        "origin": {"kind": "national", "place": ""},
        "locked": False,
    }
