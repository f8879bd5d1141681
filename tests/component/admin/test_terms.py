"""The terms are published over HTTP, and the record of sign-ins is read there page by page."""

from services.admin.adapters.sessions import Client, Sessions
from shared.clock import utc_now
from shared.database.pool import Database
from tests.component.admin.running import NATIONAL, Admin


async def test_new_terms_are_the_current_ones_and_the_old_ones_stay_readable(admin: Admin) -> None:
    boss = await admin.signed_in()

    async def published(version: int, text: str) -> tuple[int, str, str]:
        wish, seen = (
            {"text_sv": f"Svenska {text}", "text_en": f"English {text}"},
            {"If-Match": f'"{version}"'},
        )
        answer = await admin.call("POST", "/terms", boss, json=wish, headers=seen)
        return answer.status_code, answer.headers.get("location", ""), answer.text

    before = await admin.call("GET", "/terms")
    version = before.json()["version"] if before.status_code == 200 else 0

    status, location, _ = await published(version, "one")
    assert (status, location) == (201, f"/terms/{version + 1}")
    first = (await admin.call("GET", location)).json()
    assert (first["text_sv"], first["text_en"]) == ("Svenska one", "English one")
    assert first["published_by"] == NATIONAL
    assert (await published(version, "by somebody who was late"))[0] == 409
    assert (await published(version + 1, "two"))[0] == 201
    current = await admin.call("GET", "/terms")
    assert (current.json()["text_en"], current.headers["etag"]) == ("English two", f'"{version + 2}"')
    assert (await admin.call("GET", location)).json() == first


async def test_people_read_the_record_of_their_own_sign_ins_the_newest_first(admin: Admin) -> None:
    database = Database(admin.infrastructure.databases.url("admin", admin.database), name="admin")
    await database.open()
    for reason in ("card_revoked", "account_locked"):
        await Sessions(database, utc_now).refused(NATIONAL, "card", reason, Client("192.0.2.7", "A browser"))
    await database.close()
    path, own = f"/sign-ins?staff_id={NATIONAL}&limit=1", await admin.signed_in()

    [newest] = (await admin.call("GET", path, own)).json()
    [older] = (await admin.call("GET", f"{path}&before={newest['number']}", own)).json()

    assert [newest["result"], older["result"]] == ["account_locked", "card_revoked"]
    assert (newest["staff_id"], newest["act"], newest["how"]) == (NATIONAL, "sign_in", "card")
    assert (newest["source"], newest["agent"]) == ("192.0.2.7", "A browser")
