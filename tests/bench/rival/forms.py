"""The form of `tests.bench.form_checks` written out by hand as Pydantic models: what a program for this one form does.

Sound or not is all that it says; ours says what is wrong, where, in two languages, of any form that a clinic makes.
"""

from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

V = TypeVar("V")
Code = TypeVar("Code")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Coding(_Strict, Generic[Code]):
    code: Code


class _Text(_Strict, Generic[V]):
    value_string: V = Field(alias="valueString")


class _Boolean(_Strict):
    value_boolean: bool = Field(alias="valueBoolean", strict=True)


class _Integer(_Strict):
    value_integer: int = Field(alias="valueInteger", strict=True, ge=1, le=100)


class _Decimal(_Strict):
    value_decimal: float = Field(alias="valueDecimal", ge=2, le=400)


class _Date(_Strict):
    value_date: date = Field(alias="valueDate")


class _Chosen(_Strict, Generic[Code]):
    value_coding: _Coding[Code] = Field(alias="valueCoding")


_WORDS = r"\S"
_Words30 = Annotated[str, Field(min_length=1, max_length=30, pattern=_WORDS)]
_Words200 = Annotated[str, Field(min_length=1, max_length=200, pattern=_WORDS)]
_Words1000 = Annotated[str, Field(min_length=1, max_length=1_000, pattern=_WORDS)]
_Words2000 = Annotated[str, Field(min_length=1, max_length=2_000, pattern=_WORDS)]

_One = Annotated[list[V], Field(min_length=1, max_length=1)]


class _Medicine(_Strict):
    link_id: Literal["medicine"] = Field(alias="linkId")
    answer: _One[_Text[_Words200]]


class _Supply(_Strict):
    link_id: Literal["supply"] = Field(alias="linkId")
    answer: _One[_Chosen[Literal["week", "month", "longer"]]]


class _Effects(_Strict):
    link_id: Literal["effects"] = Field(alias="linkId")
    answer: _One[_Boolean]


class _Which(_Strict):
    link_id: Literal["which"] = Field(alias="linkId")
    answer: list[_Chosen[Literal["nausea", "rash", "dizzy", "other"]]] = Field(min_length=1, max_length=4)


class _Describe(_Strict):
    link_id: Literal["describe"] = Field(alias="linkId")
    answer: _One[_Text[_Words1000]]


class _Smokes(_Strict):
    link_id: Literal["smokes"] = Field(alias="linkId")
    answer: _One[_Boolean]


class _PerDay(_Strict):
    link_id: Literal["per-day"] = Field(alias="linkId")
    answer: _One[_Integer]


class _Habits(_Strict):
    link_id: Literal["habits"] = Field(alias="linkId")
    item: list[Annotated[_Smokes | _PerDay, Field(discriminator="link_id")]]


class _Since(_Strict):
    link_id: Literal["since"] = Field(alias="linkId")
    answer: _One[_Date]


class _Weight(_Strict):
    link_id: Literal["weight"] = Field(alias="linkId")
    answer: _One[_Decimal]


class _Contact(_Strict):
    link_id: Literal["contact"] = Field(alias="linkId")
    answer: _One[_Chosen[Literal["message", "telephone"]]]


class _Number(_Strict):
    link_id: Literal["number"] = Field(alias="linkId")
    answer: _One[_Text[_Words30]]


class _More(_Strict):
    link_id: Literal["more"] = Field(alias="linkId")
    answer: _One[_Text[_Words2000]]


_Item = (
    _Medicine
    | _Supply
    | _Effects
    | _Which
    | _Describe
    | _Habits
    | _Since
    | _Weight
    | _Contact
    | _Number
    | _More
)


class Response(_Strict):
    """The whole, with what is required and what is hidden."""

    resource_type: Literal["QuestionnaireResponse"] = Field(alias="resourceType")
    status: Literal["completed"]
    item: list[Annotated[_Item, Field(discriminator="link_id")]]

    @model_validator(mode="after")
    def _conditions(self) -> "Response":
        found: dict[str, Any] = {}
        for part in self.item:
            for one in (part, *part.item) if isinstance(part, _Habits) else (part,):
                if one.link_id in found:
                    raise ValueError("answered twice")
                found[one.link_id] = one
        if not {"medicine", "supply", "effects", "smokes", "contact"} <= found.keys():
            raise ValueError("not answered")
        which = {it.value_coding.code for it in found["which"].answer} if "which" in found else set()
        conditions = {
            "which": found["effects"].answer[0].value_boolean,
            "describe": "other" in which,
            "per-day": found["smokes"].answer[0].value_boolean,
            "number": found["contact"].answer[0].value_coding.code == "telephone",
        }
        if any((name in found) is not shown for name, shown in conditions.items()):
            raise ValueError("hidden, or not answered")
        return self


_RESPONSE = TypeAdapter(Response)


def is_sound(sent: Any) -> bool:
    """Whether this is a completed form."""
    try:
        _RESPONSE.validate_python(sent)
    except ValidationError:
        return False
    return True
