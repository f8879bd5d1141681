"""Commands about case types."""

from typing import Any, ClassVar

from services.admin.application.catalogue.adaptation_wishes import ActivationWish, RegionalAdaptationWish
from services.admin.application.catalogue.wishes import CaseTypeWish
from services.admin.application.commands import AdminCommand
from services.admin.application.documents.commands import (
    CopyDocument,
    CreateDocument,
    DiscardDraft,
    ImportDocument,
    PublishDocument,
    PublishDraft,
    RetireDocument,
    RollBackDocument,
    SaveDraft,
)
from services.admin.domain.case_type import CaseType
from services.admin.domain.document import Document
from shared.contracts.message import HsaId, Slug


class CreateCaseType(CreateDocument):
    """A first draft of a case type."""

    TYPE: ClassVar[str] = "admin.create-case-type.v1"
    DOCUMENT: ClassVar[type[Document[Any]]] = CaseType

    wish: CaseTypeWish


class CopyCaseType(CopyDocument):
    """A first draft that says what another type says."""

    TYPE: ClassVar[str] = "admin.copy-case-type.v1"
    DOCUMENT: ClassVar[type[Document[Any]]] = CaseType


class ImportCaseType(ImportDocument):
    """A draft from a file."""

    TYPE: ClassVar[str] = "admin.import-case-type.v1"
    DOCUMENT: ClassVar[type[Document[Any]]] = CaseType

    wish: CaseTypeWish | None


class SaveCaseTypeDraft(SaveDraft):
    """What the draft of a case type shall say."""

    TYPE: ClassVar[str] = "admin.save-case-type-draft.v1"

    wish: CaseTypeWish


class DiscardCaseTypeDraft(DiscardDraft):
    """The draft of a case type is not wanted any more."""

    TYPE: ClassVar[str] = "admin.discard-case-type-draft.v1"


class PublishCaseTypeDraft(PublishDraft):
    """The draft of a case type becomes its next version."""

    TYPE: ClassVar[str] = "admin.publish-case-type-draft.v1"


class PublishCaseType(PublishDocument):
    """The next version of a case type. Version 0 is seen where there is none yet."""

    TYPE: ClassVar[str] = "admin.publish-case-type.v1"
    DOCUMENT: ClassVar[type[Document[Any]]] = CaseType

    wish: CaseTypeWish


class RetireCaseType(RetireDocument):
    """No more new cases of a type."""

    TYPE: ClassVar[str] = "admin.retire-case-type.v1"


class RollBackCaseType(RollBackDocument):
    """An earlier version of a case type is in force again, as a new one."""

    TYPE: ClassVar[str] = "admin.roll-back-case-type.v1"


class AdaptCaseType(AdminCommand):
    """How a region wants a national type to be."""

    TYPE: ClassVar[str] = "admin.adapt-case-type.v1"

    region: str
    case_type: Slug
    expected_version: int
    wish: RegionalAdaptationWish


class ActivateCaseType(AdminCommand):
    """How a clinic wants a type to be, and whether it is switched on."""

    TYPE: ClassVar[str] = "admin.activate-case-type.v1"

    clinic_id: HsaId
    case_type: Slug
    expected_version: int
    wish: ActivationWish
