"""What is wrong with a field is told with what would be right, and never with what was sent."""

from datetime import date
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.contracts.message import HsaId, Slug
from shared.faults import Fault, shaped
from shared.messaging.faults import faults_of, faults_of_request


class Row(BaseModel):
    """A row with one word."""

    model_config = ConfigDict(extra="forbid")

    word: Literal["hen", "egg"] = "egg"


class Letter(BaseModel):
    """What stands in a field that is named like a part of a request."""

    day: date = date(2026, 1, 1)


class Asked(BaseModel):
    """One field of each kind."""

    body: Letter = Letter()
    rows: tuple[Row, ...] = Field(default=(Row(),), min_length=1, max_length=2)
    day: date = Field(default=date(2026, 1, 1), le=date(2199, 12, 31))
    name: Annotated[str, Field(min_length=2, max_length=5)] = "Anna"
    count: int = Field(default=1, ge=1)
    sure: bool = True
    code: Annotated[
        str, Field(pattern=shaped("^[0-9]{4}$", "fyra siffror, såsom 0180", "four digits, such as 0180"))
    ] = "0180"
    unworded: Annotated[str, Field(pattern="^[a-z]$")] = "a"
    clinic: HsaId = "SE2321000016-1A2B"
    key: Slug = "ask"


def found(**sent: object) -> tuple[Fault, ...]:
    with pytest.raises(ValidationError) as refused:
        Asked.model_validate(sent)
    return faults_of(refused.value)


@pytest.mark.parametrize(
    ("sent", "field", "code", "right"),
    (
        ({"rows": []}, "rows", "too_short", "1"),
        ({"rows": [{}, {}, {}]}, "rows", "too_long", "2"),
        ({"rows": [{"word": "Tolvan"}]}, "rows.0.word", "not_an_option", "'hen', 'egg'"),
        ({"day": "Tolvan"}, "day", "bad_format", "-MM-DD"),
        ({"day": "2200-01-01"}, "day", "out_of_range", "2199-12-31"),
        ({"name": "T"}, "name", "too_short", "2"),
        ({"name": "Tolvansson"}, "name", "too_long", "5"),
        ({"count": 0}, "count", "out_of_range", "1"),
        ({"count": "Tolvan"}, "count", "wrong_type", "."),
        ({"body": {"day": "Tolvan"}}, "body.day", "bad_format", "-MM-DD"),
        ({"code": "Tolvan"}, "code", "bad_format", "0180"),
        ({"unworded": "Tolvan"}, "unworded", "bad_format", "API"),
        ({"clinic": "Tolvan"}, "clinic", "bad_format", "SE2321000016-1A2B"),
        ({"key": "Tolvan"}, "key", "bad_format", "63"),
    ),
)
def test_each_fault_says_what_would_be_right(
    sent: dict[str, object], field: str, code: str, right: str
) -> None:
    (fault,) = found(**sent)
    assert (fault.field, fault.code) == (field, code)
    assert right in fault.sv
    assert right in fault.en
    assert "Tolvan" not in fault.sv + fault.en


@pytest.mark.parametrize(
    ("sent", "sv", "en"),
    (
        ({"name": 1}, "en text", "a text"),
        ({"count": "Tolvan"}, "ett heltal", "a whole number"),
        ({"count": 1.5}, "ett heltal", "a whole number"),
        ({"sure": "Tolvan"}, "true eller false", "true or false"),
        ({"rows": "Tolvan"}, "en lista", "a list"),
        ({"rows": ["Tolvan"]}, "ett objekt", "an object"),
        ({"body": None}, "ett objekt", "an object"),
    ),
)
def test_a_value_of_the_wrong_kind_is_told_the_right_one(sent: dict[str, object], sv: str, en: str) -> None:
    (fault,) = found(**sent)
    assert fault.code == "wrong_type"
    assert sv in fault.sv
    assert en in fault.en


def test_of_a_request_s_place_only_the_part_is_left_out() -> None:
    errors = (
        {"type": "missing", "loc": ("body", "body", "sv")},
        {"type": "json_invalid", "loc": ("body", 17)},
    )
    assert [fault.field for fault in faults_of_request(errors)] == ["body.sv", ""]


def test_a_list_with_faults_inside_is_not_called_too_short() -> None:
    assert [fault.field for fault in found(rows=[{"egg": 1}])] == ["rows.0.egg"]
