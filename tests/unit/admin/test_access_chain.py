"""The chain of the access log: whatever is changed, removed or swapped is found, and named."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.admin.domain.access_chain import FIRST, Access, Head, broken_link, entry_hash, link
from tests.unit.admin.builders import NOW

Stored = tuple[int, Access, bytes]


def an_access(number: int) -> Access:
    ids = UUID(int=number), UUID(int=1000 + number)
    return Access(ids[0], "staff", "SE2321000016-ANNA", "SE2321000016-HILL", "1:ab", ids[1], "read", NOW, NOW)


def a_chain(length: int) -> list[Stored]:
    head, stored = Head(), []
    for number in range(1, length + 1):
        head = link(head, an_access(number))
        stored.append((head.number, an_access(number), head.hash))
    return stored


def first_fault(stored: list[Stored]) -> str:
    head = Head()
    for number, access, hash_ in stored:
        if wrong := broken_link(head, number, access, hash_):
            return wrong
        head = Head(number, hash_)
    return ""


def test_an_untouched_chain_is_whole() -> None:
    assert first_fault(a_chain(20)) == ""


@pytest.mark.parametrize(
    "change",
    (
        {"actor_id": "SE2321000016-EVE"},
        {"citizen_ref": "1:cd"},
        {"act": "list"},
        {"case_id": UUID(int=7)},
        {"access_id": UUID(int=7)},
        {"clinic_id": ""},
        {"actor_kind": "portal"},
        {"accessed_at": NOW + timedelta(microseconds=1)},
        {"recorded_at": NOW - timedelta(seconds=1)},
    ),
)
def test_any_changed_field_is_found(change: dict[str, object]) -> None:
    stored = a_chain(5)
    number, access, hash_ = stored[2]
    stored[2] = (number, replace(access, **change), hash_)  # type: ignore[arg-type]

    assert first_fault(stored).startswith("entry 3 was changed")


@given(st.integers(2, 12), st.data())
def test_a_removed_or_swapped_entry_is_found_where_it_was(length: int, data: st.DataObject) -> None:
    stored = a_chain(length)
    at = data.draw(st.integers(0, length - 2))

    assert first_fault(stored[:at] + stored[at + 1 :]).startswith(f"entry {at + 1} is missing")
    (first, a, b), (second, c, d) = stored[at], stored[at + 1]
    swapped = [*stored[:at], (first, c, d), (second, a, b), *stored[at + 2 :]]
    assert first_fault(swapped).startswith(f"entry {at + 1} was changed or swapped")


def test_the_hash_is_the_documented_one() -> None:
    first, case = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-0000000003e9"
    written = (
        f'[1,"{first}","staff","SE2321000016-ANNA","SE2321000016-HILL","1:ab","{case}","read",'
        "1772438400000000,1772438400000000]"
    )

    assert entry_hash(FIRST, 1, an_access(1)) == sha256(bytes(32) + written.encode()).digest()


@given(st.text(), st.text())
def test_fields_do_not_run_into_each_other(left: str, right: str) -> None:
    one = replace(an_access(1), actor_id=left + right, clinic_id="")
    other = replace(an_access(1), actor_id=left, clinic_id=right)

    assert (one == other) == (entry_hash(FIRST, 1, one) == entry_hash(FIRST, 1, other))
