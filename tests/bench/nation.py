"""Regions to seed: clinics with their people, as many as there are in the nation."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CASE_TYPE = "ask"


@dataclass(frozen=True, slots=True)
class Region:
    """One of them. Each person has roles at one clinic; the first of a clinic administers it."""

    number: int
    clinics: int
    people: int

    @property
    def accounts(self) -> int:
        """How many there are."""
        return self.clinics * self.people

    def clinic_id(self, clinic: int) -> str:
        """The HSA-id of a clinic."""
        return f"SE2321000016-R{self.number}{clinic:04X}"

    def person(self, clinic: int, place: int) -> dict[str, Any]:
        """Somebody at a clinic."""
        return {
            "staff_id": f"SE2321000016-Q{self.number}{clinic:04X}{place:02X}",
            "name": f"Person {clinic}.{place}",
            "title": "Sjuksköterska",
            "email": f"person.{self.number}.{clinic}.{place}@example.org",
            "permissions": [{"clinic_id": self.clinic_id(clinic), "roles": _roles(place)}],
        }

    def write(self, file: Path) -> Path:
        """As the operator's `seed` reads it."""
        text = json.dumps(
            {
                "region": f"Region {self.number}",
                "case_types": [_case_type()],
                "clinics": [self._clinic(number) for number in range(self.clinics)],
                "accounts": [*self._accounts()],
            }
        )
        file.write_text(text)
        return file

    def _accounts(self) -> Iterator[dict[str, Any]]:
        for clinic in range(self.clinics):
            for place in range(self.people):
                yield self.person(clinic, place)

    def _clinic(self, number: int) -> dict[str, Any]:
        return {
            "clinic_id": self.clinic_id(number),
            "name": f"Mottagning {self.number}.{number}",
            "region": "01",
            "active": True,
            "distribution": "round_robin",
            "case_types": [CASE_TYPE],
        }


def _roles(place: int) -> list[str]:
    return (
        [["clinic_admin"], ["permission_admin", "receiver"], ["receiver"]][place]
        if place < 3
        else ["caregiver"]
    )


def _case_type() -> dict[str, Any]:
    def form(link_id: str) -> dict[str, Any]:
        item = {"linkId": link_id, "text": "Text", "type": "text", "required": True}
        return {"resourceType": "Questionnaire", "language": "sv", "status": "active", "item": [item]}

    forms = {"question_form": form("question"), "answer_form": form("answer")}
    return {"case_type": CASE_TYPE, "name_sv": "Fråga", "name_en": "Ask", **forms}
