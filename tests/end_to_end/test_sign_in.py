"""A member of staff signs in with a card at the identity provider, by the very commands of the help pages."""

from typing import Any

from deploy.local.cards import NEWCOMER
from deploy.local.demo import documented
from deploy.local.region import Region, until
from tests.end_to_end.conftest import StaffClient
from tests.end_to_end.help_page import answered
from tests.end_to_end.people import ADMINISTRATOR, CLINICS, FREJA, RECEIVER

CASE = "00000000-0000-0000-0000-000000000001"


def carried_out(region: Region, card: str, *headings: str) -> list[Any]:
    """What the help pages' commands answer, one after the other."""
    given = f"ADMIN={region.url('admin')} CARD={card} CLINIC={CLINICS['manual']}"
    return answered("\n".join((given, *map(documented, headings))))


def test_somebody_new_makes_an_account_as_the_help_page_says(region: Region) -> None:
    arrived, terms, accepted, account = carried_out(region, NEWCOMER["staff_id"], "Skaffa konto som personal")

    assert (arrived["step"], arrived["how"]) == ("accept_terms", "oidc")
    assert terms["text_sv"].startswith("Du använder Vårdväxel")
    assert accepted["step"] == "wait_for_permission"
    told = (account["staff_id"], account["name"], account["title"], account["permissions"])
    assert told == (NEWCOMER["staff_id"], NEWCOMER["name"], NEWCOMER["title"], [])


def test_a_caregiver_signs_in_chooses_a_clinic_and_signs_out_as_the_help_page_says(region: Region) -> None:
    answers = carried_out(region, FREJA, "Skaffa konto som personal", "Logga in")

    session, token, sessions = answers[-3:]
    assert (session["step"], session["clinic_id"]) == ("ready", CLINICS["manual"])
    assert session["roles"] == ["caregiver"]
    assert token["expires_in"] == 300
    with region.client("routing", token["access_token"]) as mine:
        assert mine.get("/cases/mine").status_code == 200
    with region.client("intake", token["access_token"]) as elsewhere:
        assert elsewhere.get("/cases", params={"ids": [CASE]}).status_code == 401, "it is good at one service"
    assert session["session_id"] in {one["session_id"] for one in sessions}
    again = carried_out(region, FREJA, "Skaffa konto som personal")
    assert again[0]["step"] == "ready", "the terms are accepted once"


def test_who_has_made_an_account_is_found_by_hsa_id_and_works_as_soon_as_somebody_gives_a_role(
    region: Region, staff: StaffClient
) -> None:
    newcomer, path = NEWCOMER["staff_id"], f"/clinics/{CLINICS['manual']}"
    carried_out(region, newcomer, "Skaffa konto som personal")
    administrator, receiver = staff("admin", ADMINISTRATOR), staff("routing", RECEIVER)

    def given(*roles: str) -> None:
        version = administrator.get(f"/staff-accounts/ {newcomer.lower()}").json()["version"]
        row = {"staff_id": newcomer, "version": version, "roles": roles}
        administrator.put(f"{path}/permissions", json={"rows": [row]}).raise_for_status()

    def can_be_assigned() -> bool:
        return newcomer in receiver.get(f"{path}/caregivers").text

    given("caregiver")
    until(can_be_assigned, "the newcomer can be given cases")
    session, _, _ = carried_out(region, newcomer, "Skaffa konto som personal", "Logga in")[-3:]
    assert (session["step"], session["roles"]) == ("ready", ["caregiver"])
    given()
    until(lambda: not can_be_assigned(), "whoever has left can be given none")
