"""What everything that admin shows has in common."""

from datetime import datetime

from pydantic import BaseModel, Field


class View(BaseModel):
    """One thing as it is now. `version` is also its ETag."""

    version: int
    changed_by: str = Field(description="HSA-id of who changed it last, or operator")
    changed_at: datetime
