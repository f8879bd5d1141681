"""The forms of case types: a version never changes, so each is read and compiled once per process."""

from collections.abc import Mapping
from typing import Any

from services.intake.adapters.tables import forms
from shared.contracts.case_types import AdaptableField
from shared.contracts.events.admin import CaseTypePublished
from shared.database.pool import Connection
from shared.database.statements import columns_as_arrays, insert_many
from shared.forms import Form, FormFaults, parse_form

Key = tuple[str, int]
Compiled = dict[Key, tuple[Form | None, Form | None, dict[str, Any]]]
"""Question form, answer form and what else is said, by case type and version; None where the form can't be read."""

_SELECT = """
SELECT case_type, version, question_form, answer_form, said FROM forms
JOIN unnest($1::text[], $2::bigint[]) AS asked(case_type, version) USING (case_type, version)
"""
_INSERT = insert_many(forms, [column.name for column in forms.columns], "ON CONFLICT DO NOTHING")
_MOST = 2_000
"""Compiled versions that a process keeps; then it starts afresh."""
_NONE: tuple[None, None, dict[str, Any]] = (None, None, {})
SAID = frozenset({"owner", "age", "locked", "attachments", *AdaptableField})
"""What is shown of a version beside its forms, some of it as regions and clinics adapt it."""


class FormRows:
    """Forms by case type and version. `compiled` outlives the batch."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._wanted: set[Key] = set()
        self._new: dict[Key, CaseTypePublished] = {}

    def want(self, key: Key) -> None:
        """Say that the batch needs these forms."""
        if key not in self._compiled:
            self._wanted.add(key)

    async def load(self, connection: Connection) -> None:
        """Read and compile what is not yet compiled."""
        if not self._wanted:
            return
        wanted, self._wanted = list(self._wanted), set()
        if len(self._compiled) > _MOST:
            self._compiled.clear()
        for row in await connection.fetch(_SELECT, *columns_as_arrays(wanted)):
            self._compiled[row[0], row[1]] = (_compiled(row[2]), _compiled(row[3]), row[4])

    def question_form(self, case_type: str, version: int) -> Form | None:
        """What the citizen fills in."""
        return self._compiled.get((case_type, version), _NONE)[0]

    def answer_form(self, case_type: str, version: int) -> Form | None:
        """What the caregiver fills in."""
        return self._compiled.get((case_type, version), _NONE)[1]

    def said(self, case_type: str, version: int) -> Mapping[str, Any]:
        """What it says beside its forms."""
        return self._compiled.get((case_type, version), _NONE)[2]

    def publish(self, fact: CaseTypePublished) -> None:
        """A new version. The first word about a version counts: it is immutable."""
        self._new.setdefault((fact.case_type, fact.version), fact)

    async def write(self, connection: Connection) -> None:
        """Keep the new versions."""
        if self._new:
            rows = [
                (*key, fact.question_form, fact.answer_form, _said(fact)) for key, fact in self._new.items()
            ]
            await connection.execute(_INSERT, *columns_as_arrays(rows, json=(2, 3, 4)))


def _said(fact: CaseTypePublished) -> dict[str, Any]:
    return fact.model_dump(mode="json", include=set(SAID))


def _compiled(questionnaire: dict[str, Any]) -> Form | None:
    """None for a form that can't be read: cases of that type are refused until a readable version comes."""
    try:
        return parse_form(questionnaire)
    except FormFaults:
        return None
