"""Cases, people and rows to build tests from: the real rows, in memory."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.intake.adapters.access_log import AccessJournal, References
from services.intake.adapters.cases import CaseRows
from services.intake.adapters.forms import FormRows
from services.intake.adapters.grants import GrantRows
from services.intake.adapters.messages import MessageRows
from services.intake.adapters.projections import AdaptationRows, StaffRows
from services.intake.application.commands import AnswerCase, AskCitizen, StartCase
from services.intake.application.submit_case import submit_case
from services.intake.domain.case import Case, Seen
from services.intake.domain.neighbours import CaseType, Clinic, Portal, Staff
from shared.contracts.commands.intake import PersonId, SubmitCase
from shared.forms import parse_form

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CLINIC, ELSEWHERE = "SE2321000016-1A2B", "SE2321000016-9Z9Z"
ANNA, BO, RUT, EVA = "SE1-ANNA", "SE1-BO", "SE1-RUT", "SE1-EVA"
SECRET = "Hemligheten Planterad"
"""Planted wherever a citizen can write: must be seen nowhere else."""


def a_form(link_id: str) -> dict[str, Any]:
    question = {"linkId": link_id, "text": "Vad?", "type": "text", "required": True}
    return {"resourceType": "Questionnaire", "language": "sv", "item": [question]}


def filled(link_id: str, text: str = SECRET) -> dict[str, Any]:
    return {"item": [{"linkId": link_id, "answer": [{"valueString": text}]}]}


def a_submission(**fields: Any) -> SubmitCase:
    stated: dict[str, Any] = {
        "case_id": uuid4(),
        "clinic_id": CLINIC,
        "case_type": "renewal",
        "citizen": PersonId(kind="personnummer", value="198112289874"),
        "citizen_name": SECRET,
        "form": filled("medicine"),
    }
    return SubmitCase(**(stated | fields))


class CasesInMemory(CaseRows):
    """What is not there is None, wanted or not."""

    def get(self, key: UUID) -> Case | None:
        return super().get(key) if key in self._loaded else None


class Desk:
    """Everything that a use case can be given."""

    def __init__(self) -> None:
        self.forms = FormRows(
            {("renewal", 2): (parse_form(a_form("medicine")), parse_form(a_form("message")), {})}
        )
        self.portal = Portal("karlstad", 1, True)
        self.other = Portal("arvika", 1, True)
        self.clinic: Clinic | None = Clinic(CLINIC, 1, True, ["renewal"])
        self.case_type: CaseType | None = CaseType("renewal", 2, NOW, True, "Förnya recept", "Renew")
        self.adaptations = AdaptationRows()
        self.grants = GrantRows()
        self.cases = CasesInMemory()
        self.messages = MessageRows()
        self.staff = StaffRows()
        self.access_log = AccessJournal(References(b"k" * 32, 1))
        people = ((ANNA, "Anna Ask", "caregiver"), (BO, "Bo Bok", "caregiver"), (RUT, "Rut Rönn", "receiver"))
        for id_, name, role in people:
            self.staff.add(Staff(id_, 1, name, "Läkare", "", False, {CLINIC: [role]}))
        self.staff.add(Staff(EVA, 1, "Eva Ek", "", "", False, {ELSEWHERE: ["receiver", "caregiver"]}))

    def submit(
        self, command: SubmitCase | None = None, portal: Portal | None = None, now: datetime = NOW
    ) -> Any:
        return submit_case(
            command or a_submission(),
            portal or self.portal,
            self.clinic,
            self.case_type,
            self.adaptations,
            self.grants,
            self.forms,
            self.cases,
            self.messages,
            now,
        )

    def stored(self) -> Case:
        command = a_submission()
        self.submit(command)
        case = self.cases.get(command.case_id)
        assert case is not None
        return case

    def held(self, by: str = ANNA, epoch: int = 1) -> Case:
        case = self.stored()
        case.held_by(by, "", epoch, epoch + 1, NOW)
        return case


def seen(by: str = ANNA, epoch: int = 1, version: int | None = None) -> Seen:
    return Seen(by, epoch, version, str)


def start(case: Case, actor: str = ANNA, epoch: int = 1) -> StartCase:
    return StartCase(actor=actor, case_id=case.id, epoch=epoch)


def question(case: Case, actor: str = ANNA, **fields: Any) -> AskCitizen:
    stated: dict[str, Any] = {"epoch": 1, "version": case.version, "text": "Hur länge?"}
    return AskCitizen(actor=actor, case_id=case.id, **(stated | fields))


def answer(case: Case, actor: str = ANNA, **fields: Any) -> AnswerCase:
    stated: dict[str, Any] = {"epoch": 1, "version": case.version, "form": filled("message"), "text": SECRET}
    return AnswerCase(actor=actor, case_id=case.id, **(stated | fields))


def names_of(case: Case) -> list[str]:
    return [type(event).__name__ for event in case.events]


def a_case_of(clinic_id: str, holder: str) -> Case:
    """A case of this clinic that this person holds and has answered; nobody, where that is empty."""
    case = Case(uuid4(), "karlstad", clinic_id, "renewal", 1, "personnummer", "1", SECRET, b"", NOW)
    case.holder = case.answered_by = holder
    return case
