"""Who is who in the made-up region, read from the seed that the stack is planted with."""

import json
from dataclasses import dataclass
from typing import Any

from deploy.local.region import SEED


@dataclass(frozen=True, slots=True)
class Clinic:
    """A clinic that takes cases, and who works there."""

    clinic_id: str
    manual: bool
    claim_allowed: bool
    case_types: tuple[str, ...]
    receivers: tuple[str, ...]
    caregivers: tuple[str, ...]
    for_children: bool
    administrators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """The region."""

    clinics: tuple[Clinic, ...]
    question_forms: dict[str, dict[str, Any]]
    answer_forms: dict[str, dict[str, Any]]
    emails: dict[str, str]
    portals: dict[str, str]
    """Secrets by id."""

    @property
    def caregivers(self) -> tuple[str, ...]:
        """Everybody who answers somewhere, each once."""
        return tuple(sorted({who for clinic in self.clinics for who in clinic.caregivers}))

    def clinic(self, clinic_id: str) -> Clinic:
        """One of them."""
        return next(clinic for clinic in self.clinics if clinic.clinic_id == clinic_id)


def people_of_the_seed() -> People:
    """Read services/admin/seed/demo.json."""
    seed: dict[str, Any] = json.loads(SEED.read_text())
    return People(
        tuple(_clinic(it, seed["accounts"]) for it in seed["clinics"] if it.get("active", True)),
        {it["case_type"]: it["question_form"] for it in seed["case_types"]},
        {it["case_type"]: it["answer_form"] for it in seed["case_types"]},
        {it["staff_id"]: it["email"] for it in seed["accounts"]},
        {it["portal_id"]: it["development_secret"] for it in seed["portals"]},
    )


def _clinic(described: dict[str, Any], accounts: list[dict[str, Any]]) -> Clinic:
    clinic_id = described["clinic_id"]

    def with_role(role: str) -> tuple[str, ...]:
        return tuple(
            account["staff_id"]
            for account in accounts
            for part in account["permissions"]
            if part["clinic_id"] == clinic_id and role in part["roles"]
        )

    return Clinic(
        clinic_id,
        described.get("distribution", "manual") == "manual",
        described.get("claim_allowed", False),
        tuple(described["case_types"]),
        with_role("receiver"),
        with_role("caregiver"),
        "age_to" in described["settings"].get("service_area", {}),
        with_role("clinic_admin"),
    )
