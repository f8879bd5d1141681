"""A region from a description: made once, untouched the second time."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.admin.adapters.secrets import PortalSecrets
from services.admin.application.catalogue.review import remarks_on_case_type
from services.admin.application.seed import Seeded, SeedRegion, seed_region
from services.admin.application.templates.review import remarks_on_template
from services.admin.entrypoints.region import RegionFile
from shared.contracts.events.admin import Role
from shared.contracts.ids import ClinicId
from shared.errors import Refused
from shared.settings import Environment
from tests.unit.admin.builders import NOW, FakeRows

DEMO = Path(__file__).parents[3] / "services/admin/seed/demo.json"
SECRETS = PortalSecrets(bytes(32))


class Region:
    """The rows of a whole region."""

    def __init__(self) -> None:
        self.clinics: FakeRows[Any, Any] = FakeRows()
        self.accounts: FakeRows[Any, Any] = FakeRows()
        self.portals: FakeRows[Any, Any] = FakeRows()
        self.case_types: FakeRows[Any, Any] = FakeRows()
        self.templates: FakeRows[Any, Any] = FakeRows()
        self.terms: FakeRows[Any, Any] = FakeRows()

    def seed(self, command: SeedRegion) -> Seeded:
        return seed_region(command, **vars(self), now=NOW)


def the_demo() -> SeedRegion:
    return RegionFile.model_validate_json(DEMO.read_bytes()).command(SECRETS, Environment.DEVELOPMENT)[0]


def test_the_demo_s_region_is_made_once() -> None:
    region = Region()

    first, second = region.seed(the_demo()), region.seed(the_demo())

    assert len(first.changed) > 30
    assert first.new_portals == ["minvard", "karlavagnen", "regionwebben"]
    assert second == Seeded(changed=[], new_portals=[])


def test_the_demo_s_types_and_templates_leave_little_to_remark() -> None:
    demo = the_demo()
    remarks = [it for wish in demo.case_types for it in remarks_on_case_type(wish.content())]
    remarks += [it for wish in demo.templates for it in remarks_on_template(wish.content())]

    assert (len(demo.case_types), len(demo.templates)) == (6, 2)
    assert {it.code for it in remarks} <= {"missing_help"}
    assert all(wish.standard_answers and wish.description.en for wish in demo.case_types)


def test_only_what_differs_is_published_again() -> None:
    region = Region()
    region.seed(the_demo())
    changed = json.loads(DEMO.read_text())
    changed["clinics"][1]["name"] = "Björkens vårdcentral"
    changed["case_types"][0]["name_en"] = "Renew a medicine"
    command, _ = RegionFile.model_validate(changed).command(SECRETS, Environment.DEVELOPMENT)

    assert region.seed(command).changed == ["renew-prescription", "SE2321000016-1A2B"]
    assert region.case_types.the("renew-prescription").version == 2


def test_a_large_description_comes_in_parts_that_make_the_same_region() -> None:
    whole, in_parts = Region(), Region()
    parts = [*the_demo().in_parts(most=2)]

    told = whole.seed(the_demo())
    said = [in_parts.seed(part) for part in parts]

    assert max(len(part.accounts) for part in parts) == max(len(part.clinics) for part in parts) == 2
    assert sorted(id_ for one in said for id_ in one.changed) == sorted(told.changed)
    assert [id_ for one in said for id_ in one.new_portals] == told.new_portals
    for clinic in the_demo().clinics:
        id_ = ClinicId(clinic.clinic_id)
        assert in_parts.clinics.the(id_).administrators == whole.clinics.the(id_).administrators


def test_a_small_description_is_one_part_and_so_all_or_nothing() -> None:
    assert [*the_demo().in_parts()] == [the_demo()]


def test_administrators_are_counted() -> None:
    region = Region()
    command = the_demo()
    region.seed(command)
    region.seed(command)

    for clinic in command.clinics:
        administrators = [
            account
            for account in command.accounts
            for part in account.permissions
            if part.clinic_id == clinic.clinic_id and Role.CLINIC_ADMIN in part.roles
        ]
        assert region.clinics.the(ClinicId(clinic.clinic_id)).administrators == len(administrators) > 0


def test_every_clinic_of_the_demo_can_receive_and_answer() -> None:
    command = the_demo()
    for clinic in command.clinics:
        roles = {
            role
            for a in command.accounts
            for p in a.permissions
            if p.clinic_id == clinic.clinic_id
            for role in p.roles
        }
        assert not clinic.active or {Role.RECEIVER, Role.CAREGIVER} <= roles


def test_a_fixed_secret_is_for_development_only() -> None:
    with pytest.raises(Refused, match="development_only"):
        RegionFile.model_validate_json(DEMO.read_bytes()).command(SECRETS, Environment.PRODUCTION)


def test_a_description_that_names_what_does_not_exist_changes_nothing() -> None:
    incomplete = json.loads(DEMO.read_text())
    incomplete["case_types"] = []
    region = Region()
    command, _ = RegionFile.model_validate(incomplete).command(SECRETS, Environment.DEVELOPMENT)

    with pytest.raises(Refused, match="unknown_case_type"):
        region.seed(command)
    assert region.clinics.get("SE2321000016-1A2B") is None
