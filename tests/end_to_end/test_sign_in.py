"""A member of staff signs in with a card at the identity provider, by the very commands of the help pages."""

import json
import subprocess
from typing import Any

from deploy.local.cards import NEWCOMER
from deploy.local.demo import documented
from deploy.local.home import REPOSITORY
from deploy.local.region import Region
from tests.end_to_end.people import CLINICS, FREJA


def carried_out(region: Region, card: str, *headings: str) -> list[Any]:
    """What the help pages' commands answer, one after the other."""
    given = f"ADMIN={region.url('admin')} CARD={card} CLINIC={CLINICS['manual']}"
    script = "\n".join((given, *map(documented, headings)))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=REPOSITORY, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    answers: list[Any] = []
    rest = done.stdout.strip()
    while rest:
        answer, end = json.JSONDecoder().raw_decode(rest)
        answers.append(answer)
        rest = rest[end:].strip()
    return answers


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
    assert session["session_id"] in {one["session_id"] for one in sessions}
    again = carried_out(region, FREJA, "Skaffa konto som personal")
    assert again[0]["step"] == "ready", "the terms are accepted once"
