"""Reads of the reviews of permissions, newest first, by keyset, and of the people in one as they are now."""

from services.admin.adapters.rows.accounts import AccountRows
from services.admin.adapters.rows.reviews import ReviewRows
from services.admin.domain.account import Account
from services.admin.domain.permission_review import PermissionReview
from shared.database.pool import Database

_REVIEWS = f"""
SELECT {", ".join(ReviewRows.columns)} FROM permission_reviews
WHERE clinic_id = $1 AND ($2::integer IS NULL OR number < $2) AND (NOT $3::boolean OR signed_off_at IS NULL)
ORDER BY number DESC LIMIT $4
"""  # noqa: S608 -- our own names
_REVIEW = f"SELECT {', '.join(ReviewRows.columns)} FROM permission_reviews WHERE id = $1"  # noqa: S608 -- our own names
_PEOPLE = f"SELECT {', '.join(AccountRows.columns)} FROM accounts WHERE id = ANY($1::text[])"  # noqa: S608 -- our own names


class ReviewReading:
    """One query each, no locks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reviews(
        self, clinic_id: str, before: int | None, *, open_only: bool, limit: int
    ) -> list[PermissionReview]:
        """A clinic's reviews, the newest first."""
        rows = await self._database.fetch(_REVIEWS, clinic_id, before, open_only, limit)
        return [ReviewRows().from_row(row) for row in rows]

    async def review(self, id_: str) -> PermissionReview | None:
        """One review."""
        rows = await self._database.fetch(_REVIEW, id_)
        return ReviewRows().from_row(rows[0]) if rows else None

    async def people_of(self, review: PermissionReview) -> dict[str, Account]:
        """Those whom a review is about, by id."""
        rows = await self._database.fetch(_PEOPLE, [item.staff_id for item in review.items])
        return {account.id: account for account in map(AccountRows().from_row, rows)}
