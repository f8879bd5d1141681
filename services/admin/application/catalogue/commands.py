"""Commands about case types, beside those that every document has."""

from typing import ClassVar

from services.admin.application.catalogue.adaptation_wishes import ActivationWish, RegionalAdaptationWish
from services.admin.application.catalogue.wishes import CaseTypeWish
from services.admin.application.commands import AdminCommand
from services.admin.application.documents.commands import DocumentCommand
from shared.contracts.message import HsaId, Slug


class PublishCaseType(DocumentCommand):
    """The next version of a case type, without a draft. Version 0 is seen where there is none yet."""

    TYPE: ClassVar[str] = "admin.publish-case-type.v1"

    wish: CaseTypeWish


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
