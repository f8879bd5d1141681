"""How the terms for staff become rows and back."""

from typing import Any

from services.admin.adapters.tables.sign_in import TERMS
from services.admin.domain.terms import Terms
from shared.database.rows import Rows


class TermsRows(Rows[int, Terms]):
    """Versions of the terms. They are only ever added, so there is nothing to lock."""

    table = TERMS
    columns = ("version", "text_sv", "text_en", "published_by", "published_at")
    lock = ""

    def from_row(self, row: Any) -> Terms:
        return Terms(*row)

    def to_row(self, entity: Terms) -> tuple[Any, ...]:
        return (entity.version, entity.text_sv, entity.text_en, entity.published_by, entity.published_at)
