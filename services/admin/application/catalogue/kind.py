"""Case types as one kind of document."""

from services.admin.application.catalogue.review import preview_case_type
from services.admin.application.catalogue.wishes import CaseTypeWish, Look, NewCaseType
from services.admin.application.documents.commands import commands_about
from services.admin.application.documents.kind import DocumentKind
from services.admin.domain.case_type import CaseType

CASE_TYPES = DocumentKind(
    noun="case-type",
    rows="case_types",
    commands=commands_about("case-type", CaseType),
    wish=CaseTypeWish,
    new=NewCaseType,
    look=Look,
    review=preview_case_type,
)
