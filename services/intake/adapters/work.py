"""The unit of work of intake: rows in the order in which they are loaded, locked and written."""

from dataclasses import dataclass, field

from services.intake.adapters.access_log import AccessJournal
from services.intake.adapters.cases import CaseRows, ShownCases
from services.intake.adapters.forms import FormRows
from services.intake.adapters.grants import GrantPages, GrantRows
from services.intake.adapters.messages import MessageRows
from services.intake.adapters.projections import (
    AdaptationRows,
    CaseTypeRows,
    ClinicPageRows,
    ClinicRows,
    PortalRows,
    StaffRows,
)
from services.intake.adapters.remembered import Recall
from shared.messaging.work import Work
from shared.security.keys import LearnedKeys


@dataclass(kw_only=True)
class IntakeWork(Work):
    """Only `cases`, and `grants` to act on, are locked. Which clinics, grants, forms and staff are needed is known from
    what comes before, so they come later."""

    recall: Recall = field(default_factory=Recall)
    portals: PortalRows = field(default_factory=PortalRows)
    cases: CaseRows = field(default_factory=CaseRows)
    shown: ShownCases = field(default_factory=ShownCases)
    clinics: ClinicRows = field(default_factory=ClinicRows)
    clinic_pages: ClinicPageRows = field(default_factory=ClinicPageRows)
    adaptations: AdaptationRows = field(default_factory=AdaptationRows)
    grants: GrantRows = field(default_factory=GrantRows)
    grant_pages: GrantPages = field(default_factory=GrantPages)
    case_types: CaseTypeRows = field(default_factory=CaseTypeRows)
    forms: FormRows
    staff: StaffRows = field(default_factory=StaffRows)
    messages: MessageRows = field(default_factory=MessageRows)
    keys: LearnedKeys = field(default_factory=LearnedKeys)
    access_log: AccessJournal

    def __post_init__(self) -> None:
        super().__post_init__()
        for rows in (self.portals, self.clinics, self.adaptations, self.case_types):
            rows.remember_by(self.recall)
