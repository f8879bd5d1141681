"""What the use cases need of the outside."""

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from services.routing.domain.case import Case
from services.routing.domain.directory import Clinic, Person


class Cases(Protocol):
    """The cases of a batch."""

    def get(self, key: UUID, /) -> Case | None:
        """The case, or None."""

    def add(self, entity: Case, /) -> None:
        """A new case."""


class Clinics(Protocol):
    """The clinics of a batch."""

    def get(self, key: str, /) -> Clinic | None:
        """The clinic, or None."""

    def add(self, entity: Clinic, /) -> None:
        """A new clinic."""


class People(Protocol):
    """The staff accounts of a batch."""

    def get(self, key: str, /) -> Person | None:
        """The person, or None."""

    def add(self, entity: Person, /) -> None:
        """A new person."""


class Keys(Protocol):
    """Keys that tokens are verified with."""

    def deny(self, key: str, /) -> bool:
        """Nothing signed with it counts any more. True if it was known."""


class Wanted(Protocol):
    """What shall be looked at after this transaction."""

    def arrived(self, case: Case, /) -> None:
        """This new case waits, and its clinic wants a distribution round."""

    def want_round(self, clinic_id: str, /) -> None:
        """This clinic wants a distribution round."""

    def want_rounds(self, clinic_ids: Iterable[str], /) -> None:
        """Each of these clinics wants one."""

    def want_release(self, staff_id: str, clinic_ids: Iterable[str], /) -> None:
        """This person may not be able to begin what they hold at these clinics."""
