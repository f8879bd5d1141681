"""Commands about case types."""

from typing import ClassVar

from services.admin.application.catalogue.wishes import CaseTypeWish
from services.admin.application.commands import AdminCommand
from shared.contracts.message import Slug


class PublishCaseType(AdminCommand):
    """The next version of a case type. Version 0 is seen where there is none yet."""

    TYPE: ClassVar[str] = "admin.publish-case-type.v1"

    case_type: Slug
    expected_version: int
    wish: CaseTypeWish
