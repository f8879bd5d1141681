"""What the use cases need from outside."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from services.intake.domain.case import Case
from services.intake.domain.grant import Grant
from services.intake.domain.message import CaseMessage
from services.intake.domain.neighbours import CaseType, Clinic, Portal, Staff
from services.intake.domain.offering import Adapted
from services.intake.domain.page import ClinicPage
from shared.contracts.commands.admin import AccessAct
from shared.contracts.commands.intake import PersonId
from shared.contracts.events.admin import CaseTypePublished
from shared.forms import Form


class Deniable(Protocol):
    """Entities of a neighbour, by the key that their states have."""

    def deny(self, key: str) -> bool:
        """It may nothing from now on, until a state comes that can be read. True if it was known."""


class Cases(Protocol):
    """Cases by id."""

    def get(self, key: UUID) -> Case | None:
        """The case, or None."""

    def add(self, entity: Case) -> None:
        """A new case."""


class Messages(Protocol):
    """The messages of the cases at hand."""

    def open(self, case_id: UUID, form: str, at: datetime) -> None:
        """The citizen's form, as JSON text: the first message, with the case's own id."""

    def add(self, message: CaseMessage) -> None:
        """A new message."""

    def find(self, case_id: UUID, message_id: UUID) -> CaseMessage | None:
        """One message of a case."""

    def of(self, case_id: UUID) -> list[CaseMessage]:
        """All messages of a case, oldest first."""


class Forms(Protocol):
    """The forms of case types, by version. None: there is none that can be used."""

    def question_form(self, case_type: str, version: int) -> Form | None:
        """What the citizen fills in."""

    def answer_form(self, case_type: str, version: int) -> Form | None:
        """What the caregiver fills in."""

    def said(self, case_type: str, version: int) -> Mapping[str, Any]:
        """What a version says beside its forms; nothing where it is not known."""

    def publish(self, fact: CaseTypePublished) -> None:
        """A new version."""


class Colleagues(Deniable, Protocol):
    """Staff accounts by HSA-id."""

    def find(self, staff_id: str) -> Staff | None:
        """The account, or None."""

    def name_of(self, staff_id: str) -> str:
        """What people call them: the name, or the HSA-id where the name is not known."""

    def add(self, entity: Staff) -> None:
        """The account as it is now; an older state is ignored."""


class Clinics(Deniable, Protocol):
    """Clinics by HSA-id."""

    def add(self, entity: Clinic) -> None:
        """The clinic as it is now; an older state is ignored."""


class ClinicPages(Protocol):
    """What citizens are shown of clinics."""

    def add(self, entity: ClinicPage) -> None:
        """The page as it is now; an older state is ignored."""


class Portals(Deniable, Protocol):
    """Portals by id."""

    def add(self, entity: Portal) -> None:
        """The portal as it is now; an older state is ignored."""


class CaseTypes(Deniable, Protocol):
    """The newest version of each case type."""

    def find(self, case_type: str) -> CaseType | None:
        """The case type, or None."""

    def add(self, entity: CaseType) -> None:
        """The newest version; an older one is ignored."""


class Adaptations(Deniable, Protocol):
    """How regions and clinics adapt case types, by place and type."""

    def find(self, key: str) -> Adapted | None:
        """The adaptation, or None."""

    def add(self, entity: Adapted) -> None:
        """The adaptation as it is now; an older state is ignored."""


class Grants(Protocol):
    """What clinics have given to citizens."""

    def find(self, clinic_id: str, citizen: PersonId, case_type: str) -> Grant | None:
        """The grant of this citizen, if there ever was one."""

    def held_by(self, clinic_id: str, citizen: PersonId, now: datetime) -> Collection[str]:
        """The case types that this citizen has been granted, as of now."""

    def add(self, entity: Grant) -> None:
        """A new grant."""


class GrantLists(Protocol):
    """Grants page by page."""

    def page(self, clinic_id: str, after: UUID, size: int) -> list[Grant]:
        """Those that have not been taken back, by id."""


class Keys(Deniable, Protocol):
    """Keys that tokens are verified with."""


class AccessLog(Protocol):
    """Who saw which patient's data. What can't be logged is not shown: it is written in the same transaction."""

    def log(self, access_id: UUID, kind: str, actor: str, case: Case, act: AccessAct, now: datetime) -> None:
        """One access."""

    def look_up(
        self,
        access_id: UUID,
        actor: str,
        clinic_id: str,
        kind: str,
        value: str,
        act: AccessAct,
        now: datetime,
    ) -> list[str]:
        """The references of a person. To ask for them, or to act on the person otherwise, is an access too."""
