"""Publish case types: each change is a new version, and what was published never changes."""

from datetime import datetime

from services.admin.application.catalogue.commands import PublishCaseType
from services.admin.application.catalogue.views import CaseTypeView, case_type_view
from services.admin.application.catalogue.wishes import CaseTypeWish
from services.admin.application.faults import not_found
from services.admin.application.policy import Act, Subject, must
from services.admin.application.ports import CaseTypes
from services.admin.domain.account import Account
from services.admin.domain.case_type import CaseType, Content, Questionnaire
from shared.contracts.ids import CaseTypeId
from shared.errors import Refused
from shared.faults import Fault
from shared.forms import FormFaults, parse_form


def publish_case_type(
    command: PublishCaseType, actor: Account | None, case_types: CaseTypes, now: datetime
) -> CaseTypeView:
    """The next version, or the first."""
    must(actor, Act.PUBLISH_CASE_TYPE, Subject())
    id_ = CaseTypeId(command.case_type)
    present = case_types.get(id_)
    if present is None and command.expected_version:
        raise not_found("case_type")
    content = checked(command.wish)
    case_type = present or CaseType(id_, content)
    case_type.expect_version(command.expected_version)
    case_type.content = content
    case_type.publish(command.actor, now)
    if present is None:
        case_types.add(case_type)
    return case_type_view(case_type)


def checked(wish: CaseTypeWish) -> Content:
    """The content, its forms sound and written in their one canonical way. Raises Refused with every fault."""
    faults: list[Fault] = []
    question, answer = (
        _form(name, questionnaire, faults)
        for name, questionnaire in (("question_form", wish.question_form), ("answer_form", wish.answer_form))
    )
    if faults:
        raise Refused(*faults)
    return Content(wish.name_sv, wish.name_en, wish.active, question, answer)


def _form(name: str, questionnaire: Questionnaire, faults: list[Fault]) -> Questionnaire:
    try:
        return parse_form(questionnaire).to_questionnaire()
    except FormFaults as refusal:
        faults += (Fault(f"{name}.{fault.field}", fault.code, fault.sv, fault.en) for fault in refusal.faults)
        return {}
