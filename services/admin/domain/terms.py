"""The terms that staff accept at their first sign-in, and again when they change. Each version stays as it is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """One version. Version 1 is the first; before it there is nothing to accept."""

    version: int
    text_sv: str
    text_en: str
    published_by: str
    published_at: datetime

    @property
    def id(self) -> int:
        """What a version is found by."""
        return self.version
