"""Commands about templates, and their use cases."""

from services.admin.adapters.work import AdminWork
from services.admin.application.templates.approval import (
    approve_template,
    publish_template,
    send_back_template,
    submit_template,
)
from services.admin.application.templates.commands import (
    ApproveTemplate,
    SendBackTemplate,
    SetApprovalRule,
    SubmitTemplate,
)
from services.admin.application.templates.kind import TEMPLATES as KIND
from services.admin.application.templates.rules import set_approval_rule
from services.admin.domain.approval_rule import places_of, rule_id
from services.admin.entrypoints.handling.documents import document_lines
from services.admin.entrypoints.handling.keys import ACTOR, body
from shared.contracts.case_types import CaseTypeOwner, Owner
from shared.contracts.ids import ClinicId
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import on, row, rows

_TEMPLATE = row("templates", "id")


def _its_clinic(arrival: Arrival, work: AdminWork) -> list[str]:
    """The clinic whose template it is, if it is one's: templates are loaded before clinics."""
    template = work.templates.get(body(arrival).id)
    return [template.owner.place] if template is not None and _is_a_clinics(template.owner) else []


def _its_rules(arrival: Arrival, work: AdminWork) -> list[str]:
    template = work.templates.get(body(arrival).id)
    return _rules_of(template.owner, work) if template is not None else []


def _rules_of(owner: Owner, work: AdminWork) -> list[str]:
    """What has a word about the templates of this owner."""
    clinic = work.clinics.get(ClinicId(owner.place)) if _is_a_clinics(owner) else None
    return [rule_id(place) for place in places_of(owner, clinic.region if clinic is not None else "")]


def _is_a_clinics(owner: Owner) -> bool:
    return owner.kind is CaseTypeOwner.CLINIC


TEMPLATES = (
    *document_lines(KIND),
    on(
        KIND.commands.publish,
        publish_template,
        actor=ACTOR,
        document=_TEMPLATE,
        clinics=rows("clinics", _its_clinic),
        rules=rows("approval_rules", _its_rules),
    ),
    on(
        SetApprovalRule,
        set_approval_rule,
        actor=ACTOR,
        clinics=rows("clinics", lambda a, _: body(a).clinic()),
        rules=rows("approval_rules", lambda a, work: _rules_of(body(a).place, work)),
    ),
    on(SubmitTemplate, submit_template, actor=ACTOR, document=_TEMPLATE),
    on(ApproveTemplate, approve_template, actor=ACTOR, document=_TEMPLATE),
    on(SendBackTemplate, send_back_template, actor=ACTOR, document=_TEMPLATE),
)
