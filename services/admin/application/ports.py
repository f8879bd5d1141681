"""What the use cases need of a batch's rows."""

from datetime import datetime
from typing import Any, Protocol, TypeVar

from services.admin.domain.access_chain import Access
from services.admin.domain.access_sample import AccessSample
from services.admin.domain.account import Account
from services.admin.domain.adaptation import CaseTypeAdaptation
from services.admin.domain.approval_rule import ApprovalRule
from services.admin.domain.case_type import CaseType
from services.admin.domain.clinic import Clinic
from services.admin.domain.document import Document, Version
from services.admin.domain.group import Group
from services.admin.domain.permission_review import PermissionReview
from services.admin.domain.portal import Portal
from services.admin.domain.template import Template
from services.admin.domain.terms import Terms
from shared.contracts.ids import CaseTypeId, ClinicId, PortalId, StaffId

Key_contra = TypeVar("Key_contra", contravariant=True)
E = TypeVar("E")


class Loaded(Protocol[Key_contra, E]):
    """Rows that a batch has loaded by their keys."""

    def get(self, key: Key_contra, /) -> E | None:
        """The object, or None where there is none."""

    def add(self, entity: E, /) -> None:
        """A new object."""


Clinics = Loaded[ClinicId, Clinic]
Accounts = Loaded[StaffId, Account]
Groups = Loaded[str, Group]
Portals = Loaded[PortalId, Portal]
CaseTypes = Loaded[CaseTypeId, CaseType]
Adaptations = Loaded[str, CaseTypeAdaptation]
ApprovalRules = Loaded[str, ApprovalRule]
Templates = Loaded[str, Template]
Documents = Loaded[str, Document[Any]]
AllTerms = Loaded[int, Terms]
Samples = Loaded[str, AccessSample]
Reviews = Loaded[str, PermissionReview]


class Alerts(Protocol):
    """What the region must be told."""

    def add(self, clinic_id: ClinicId, staff_id: StaffId, reason: str, at: datetime, /) -> None:
        """An automatic lock left this clinic without an administrator to rely on."""


class Versions(Protocol):
    """Versions of case types and templates that were published, by their keys."""

    def get(self, key: str, /) -> Version | None:
        """The version, or None where there is none."""


class Accesses(Protocol):
    """The access log, to be added to."""

    def add(self, access: Access, /) -> None:
        """One more entry; one that is there already is not written again."""
