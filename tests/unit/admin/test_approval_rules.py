"""Templates need a second person, unless region or clinic say otherwise; what the region has locked counts."""

from typing import Any

import pytest

from services.admin.application.documents.commands import PublishDraft
from services.admin.application.templates.approval import publish_template
from services.admin.application.templates.commands import SetApprovalRule
from services.admin.application.templates.rules import ApprovalRuleView, set_approval_rule
from services.admin.domain.account import Account
from services.admin.domain.approval_rule import ApprovalRule, rule_id, what_counts
from services.admin.domain.template import Template
from shared.contracts.case_types import NATIONALLY, Owner
from shared.contracts.events.admin import Role
from shared.errors import Conflict, Forbidden, NotFound, Refused
from tests.unit.admin.builders import HILL, NOW, FakeRows, a_clinic, an_account
from tests.unit.admin.documents import CLINICAL, NATIONAL, OF_HILL, OF_REGION, REGIONAL
from tests.unit.admin.test_templates import a_wish


def a_rule(place: Owner, needed: bool | None, *, locked: bool = False) -> ApprovalRule:
    return ApprovalRule(rule_id(place), place, needed, locked, version=1)


class Place:
    """A clinic of a region, what both say, and a template with a draft."""

    def __init__(self, *rules: ApprovalRule, owner: Owner = OF_HILL, author: Account = CLINICAL) -> None:
        self.rules = FakeRows[Any, Any](*rules)
        self.clinics = FakeRows[Any, Any](a_clinic(HILL, region="01"))
        self.template = Template("call", owner, approved_by="SE2321000016-EARLIER")
        self.template.save_draft(a_wish().content(), author.id, NOW)

    def publishes(self, actor: Account = CLINICAL) -> None:
        command = PublishDraft(actor=actor.id, id="call", seen=self.template.revision)
        publish_template(command, actor, self.template, self.clinics, self.rules, NOW)

    def says(
        self,
        needed: bool | None,
        actor: Account = CLINICAL,
        place: Owner = OF_HILL,
        seen: int = 0,
        **more: Any,
    ) -> ApprovalRuleView:
        command = SetApprovalRule(actor=actor.id, place=place, expected_version=seen, needed=needed, **more)
        return set_approval_rule(command, actor, self.clinics, self.rules, NOW)


@pytest.mark.parametrize(
    ("region", "clinic", "needed", "origin"),
    (
        (None, None, True, NATIONALLY),
        (None, a_rule(OF_HILL, False), False, OF_HILL),
        (a_rule(OF_REGION, False), None, False, OF_REGION),
        (a_rule(OF_REGION, False), a_rule(OF_HILL, True), True, OF_HILL),
        (a_rule(OF_REGION, True), a_rule(OF_HILL, False), False, OF_HILL),
        (a_rule(OF_REGION, False), a_rule(OF_HILL, None), False, OF_REGION),
        (a_rule(OF_REGION, True, locked=True), a_rule(OF_HILL, False), True, OF_REGION),
        (a_rule(OF_REGION, False, locked=True), a_rule(OF_HILL, True), False, OF_REGION),
        (a_rule(OF_REGION, None, locked=True), a_rule(OF_HILL, False), True, OF_REGION),
    ),
)
def test_the_nearest_word_counts_unless_the_region_has_locked_it(
    region: ApprovalRule | None, clinic: ApprovalRule | None, needed: bool, origin: Owner
) -> None:
    counts = what_counts((region, clinic))
    assert (counts.needed, counts.origin) == (needed, origin)
    assert counts.locked == (region is not None and region.locked)


def test_nobody_publishes_alone_where_nobody_has_said_otherwise() -> None:
    place = Place()
    with pytest.raises(Refused, match="approval_needed"):
        place.publishes()
    assert (place.template.version, place.template.draft is None) == (0, False)


def test_where_it_is_off_its_author_alone_publishes_and_the_event_says_so() -> None:
    place = Place()
    assert not place.says(needed=False).counts.needed

    place.publishes()

    [event] = place.template.events
    assert (event.version, event.approved_by, place.template.changed_by) == (1, "", CLINICAL.id)


def test_a_region_decides_about_its_own_templates_and_the_nation_has_no_choice() -> None:
    off = a_rule(OF_REGION, False)
    Place(off, owner=OF_REGION, author=REGIONAL).publishes(REGIONAL)
    national = Place(off, a_rule(OF_HILL, False), owner=NATIONALLY, author=NATIONAL)
    with pytest.raises(Refused, match="approval_needed"):
        national.publishes(NATIONAL)


def test_what_the_region_has_locked_a_clinic_can_not_change_and_is_told_by_whom() -> None:
    place = Place()
    locked = place.says(True, REGIONAL, OF_REGION, locked=True)
    assert (locked.locked, locked.version) == (True, 1)

    with pytest.raises(Refused, match="locked") as refusal:
        place.says(needed=False)
    [fault] = refusal.value.faults
    assert fault.field == "needed"
    assert "Stockholm" in fault.sv
    with pytest.raises(Refused, match="approval_needed"):
        place.publishes()
    assert place.says(needed=None).counts.origin == OF_REGION, (
        "to say nothing of one's own is always possible"
    )


def test_a_lock_that_comes_later_counts_at_once() -> None:
    place = Place(a_rule(OF_HILL, False))
    place.says(True, REGIONAL, OF_REGION, locked=True)
    with pytest.raises(Refused, match="approval_needed"):
        place.publishes()
    place.says(True, REGIONAL, OF_REGION, seen=1, locked=False)
    place.publishes()


def test_each_level_speaks_for_itself_as_it_was_seen() -> None:
    place = Place()
    caregiver = an_account("CARL", hill=Role.CAREGIVER)
    for actor, where in (
        (caregiver, OF_HILL),
        (CLINICAL, OF_REGION),
        (REGIONAL, OF_REGION.model_copy(update={"place": "14"})),
    ):
        with pytest.raises(Forbidden):
            place.says(False, actor, where)
    place.says(needed=False)
    with pytest.raises(Conflict, match="version_conflict"):
        place.says(needed=True)
    with pytest.raises(NotFound):
        place.publishes(an_account("LISA", lake=Role.CLINIC_ADMIN))
    place.clinics = FakeRows()
    with pytest.raises(NotFound):
        place.says(False, NATIONAL, seen=1)
