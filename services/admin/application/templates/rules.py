"""Regions and clinics say whether their templates need a second person's approval."""

from datetime import datetime

from pydantic import BaseModel, Field

from services.admin.application.catalogue.adapting import locked_by
from services.admin.application.documents.owners import must_write
from services.admin.application.faults import not_found
from services.admin.application.ports import ApprovalRules, Clinics
from services.admin.application.templates.approval import approval_for
from services.admin.application.templates.commands import SetApprovalRule
from services.admin.application.views import View
from services.admin.domain.account import Account
from services.admin.domain.approval_rule import Approval, ApprovalRule, rule_id
from shared.contracts.case_types import CaseTypeOwner, Owner
from shared.contracts.ids import ClinicId
from shared.errors import Refused


class CountsView(BaseModel):
    """What counts at a place."""

    needed: bool = Field(description="A second person must approve before a template is published")
    origin: Owner = Field(description="Whose word it is; national: nobody has said otherwise")
    locked: bool = Field(description="No level below may change it")


class ApprovalRuleView(View):
    """What a place says, and what counts there."""

    place: Owner
    needed: bool | None = Field(description="The place's own word; null: as the level above says")
    locked: bool = Field(description="A region's: its clinics can't say otherwise")
    counts: CountsView


def set_approval_rule(
    command: SetApprovalRule, actor: Account | None, clinics: Clinics, rules: ApprovalRules, now: datetime
) -> ApprovalRuleView:
    """Whether a second person must approve. Refused where the region has locked it, and at a version not seen."""
    place = command.place
    must_write(actor, place)
    if place.kind is CaseTypeOwner.CLINIC and clinics.get(ClinicId(place.place)) is None:
        raise not_found("clinic_id")
    present = rules.get(rule_id(place))
    rule = present or ApprovalRule(rule_id(place), place)
    rule.expect_version(command.expected_version)
    above = approval_for(place, clinics, rules)
    if above.locked and above.origin != place and command.needed not in (None, rule.needed):
        raise Refused(locked_by("needed", above.origin))
    rule.say(command.needed, command.locked, command.actor, now)
    if present is None:
        rules.add(rule)
    return rule_view(rule, approval_for(place, clinics, rules))


def rule_view(rule: ApprovalRule, counts: Approval) -> ApprovalRuleView:
    """Show what a place says."""
    return ApprovalRuleView(
        version=rule.version,
        changed_by=rule.changed_by,
        changed_at=rule.changed_at,
        place=rule.place,
        needed=rule.needed,
        locked=rule.locked,
        counts=CountsView(needed=counts.needed, origin=counts.origin, locked=counts.locked),
    )
