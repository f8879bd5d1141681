"""Who stands behind a sign-in, as the identity provider or the card says."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from shared.contracts.ids import StaffId

How: TypeAlias = Literal["oidc", "card", "development"]
_HSA_ID = re.compile(r"SE\d{10}-[A-Za-z0-9]{1,18}", re.ASCII)
_MOST_HSA_IDS = 50
_LONGEST_NAME = 100


class NotProven(Exception):
    """What was shown is not enough. `reason` is a stable code; `holder` is whose it is, where it is genuine all the
    same: a revoked card, or a sign-in on too low a level."""

    def __init__(self, reason: str, holder: StaffId | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.holder = holder


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who proved who they are. `hsa_ids` are as given but for blanks: several, if they have several posts."""

    hsa_ids: tuple[str, ...]
    name: str
    title: str
    how: How
    level: str

    def own(self, staff_id: str) -> str | None:
        """The HSA-id that this account goes by, as it was given; None if it is not theirs."""
        return next((given for given in self.hsa_ids if key_of(given) == staff_id), None)


def key_of(hsa_id: str) -> StaffId:
    """How HSA-ids are compared: without case."""
    return StaffId(hsa_id.upper())


def hsa_ids_of(values: Iterable[object]) -> tuple[str, ...]:
    """The HSA-ids among these, each once, as given. Raises NotProven if there is none, or one that is no HSA-id."""
    found: dict[str, str] = {}
    for value in values:
        if not isinstance(value, str) or not _HSA_ID.fullmatch(value.strip()):
            raise NotProven("malformed_hsa_id")
        found.setdefault(key_of(value.strip()), value.strip())
    if not found:
        raise NotProven("no_hsa_id")
    if len(found) > _MOST_HSA_IDS:
        raise NotProven("too_many_hsa_ids")
    return tuple(found.values())


def holder_of(value: object) -> StaffId | None:
    """The key of one HSA-id; None if it is none."""
    return key_of(value.strip()) if isinstance(value, str) and _HSA_ID.fullmatch(value.strip()) else None


def person_of_claims(claims: Mapping[str, Any], levels: Sequence[str], least: str) -> Person:
    """The person that checked claims tell of; `levels` go from the weakest to the strongest.

    Raises NotProven if the level is missing, unknown or too low, or if there is no HSA-id.
    """
    level = claims.get("acr")
    if not isinstance(level, str):
        raise NotProven("no_level")
    if level not in levels or levels.index(level) < levels.index(least):
        raise NotProven("level_too_low", holder_of(claims.get("employeeHsaId")))
    chosen, every = claims.get("employeeHsaId"), claims.get("allEmployeeHsaIds") or []
    every = [every] if isinstance(every, str) else every
    if not isinstance(every, list):
        raise NotProven("malformed_hsa_id")
    return Person(
        hsa_ids_of([*([chosen] if chosen else []), *every]),
        name_of(claims.get("given_name"), claims.get("family_name")),
        name_of(claims.get("title")),
        "oidc",
        level,
    )


def name_of(*parts: object) -> str:
    """Parts of a name in one line, without what no name has."""
    text = " ".join(part for part in parts if isinstance(part, str))
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST_NAME]
