"""The same on real rows: admin's states in batches, shuffled and repeated, come to what admin said last."""

import random
from importlib import import_module

import pytest

from shared.contracts.message import Message
from shared.testing.records import a_record
from tests.component.databases.reader import (
    CLINIC,
    ELSEWHERE,
    READERS,
    Reader,
    a_case_type,
    a_clinic,
    a_key,
    a_portal,
    an_account,
    an_adaptation,
)

PICTURES = {
    "intake": ("portals", "clinics", "clinic_pages", "staff", "adaptations", "case_types", "signing_keys"),
    "routing": (
        "clinics",
        "staff",
        "(SELECT * FROM members WHERE receiver OR caregiver)",
        "signing_keys",
    ),
    "notify": ("staff", "signing_keys"),
}
ORDERS = 12


def history() -> tuple[list[Message], list[Message]]:
    """Admin's last words, and all of its words."""
    bo = "SE2321000016-BO"
    entities: list[list[Message]] = [
        [a_clinic(1), a_clinic(2, active=False), a_clinic(3)],
        [a_clinic(1, ELSEWHERE), a_clinic(2, ELSEWHERE, active=False)],
        [an_account(1), an_account(2, clinics=(CLINIC, ELSEWHERE)), an_account(3, clinics=(ELSEWHERE,))],
        [an_account(1, bo), an_account(2, bo, ()), an_account(3, bo, (CLINIC,), present=False)],
        [a_portal(1), a_portal(2, active=False)],
        [a_case_type(1), a_case_type(2, active=False), a_case_type(3)],
        [an_adaptation(1), an_adaptation(2, restricted=True), an_adaptation(3)],
        [an_adaptation(1, ELSEWHERE), an_adaptation(2, ELSEWHERE, restricted=True)],
        [a_key(1), a_key(2, revoked=True)],
    ]
    return [words[-1] for words in entities], [word for words in entities for word in words]


async def picture(reader: Reader) -> dict[str, list[str]]:
    return {
        rows: [row[0] for row in await reader.database.fetch(f"SELECT t::text FROM {rows} t ORDER BY 1")]
        for rows in PICTURES[reader.service]
    }


@pytest.mark.parametrize("service", READERS)
async def test_rows_are_what_admin_said_last(reader: Reader, service: str) -> None:
    newest, said = history()
    await reader.take(*map(a_record, newest))
    expected = await picture(reader)
    forget = import_module(f"services.{service}.adapters.rebuilding").FORGET
    for seed in range(ORDERS):
        for statement in forget:
            await reader.database.fetch(statement)
        chance = random.Random(seed)
        words = [*said, *chance.choices(said, k=10)]
        chance.shuffle(words)
        while words:
            batch, words = words[: (size := chance.randint(1, 9))], words[size:]
            await reader.take(*map(a_record, batch))
        assert await picture(reader) == expected, f"order {seed}"
