"""Made-up cards for the development identity provider: of everybody whom a seed describes, and of somebody new."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LEVEL = "http://id.sambi.se/loa/loa3"
"""What a card and its code are worth in Swedish health care's federation."""
NEWCOMER = {"staff_id": "SE2321000016-P100", "name": "Nyfiken Nybäck", "title": "Sjuksköterska"}
"""Has a card and no account: the first sign-in makes it."""


def cards_of(seed: Path) -> list[dict[str, str]]:
    """What the provider says of each of them; they are found by their HSA-id there."""
    return [card_of(person) for person in (*json.loads(seed.read_text())["accounts"], NEWCOMER)]


def card_of(person: Mapping[str, Any]) -> dict[str, str]:
    """The card of one person of a seed."""
    given, _, family = str(person["name"]).partition(" ")
    return {
        "sub": person["staff_id"],
        "acr": LEVEL,
        "employeeHsaId": person["staff_id"],
        "given_name": given,
        "family_name": family,
        "title": person["title"],
    }
