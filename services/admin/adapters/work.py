"""The unit of work: first what says whom or what an act is about, then accounts and clinics, which say where."""

from dataclasses import dataclass, field

from services.admin.adapters.access_log import AccessLog
from services.admin.adapters.rows.access_log import SampleRows
from services.admin.adapters.rows.accounts import AccountRows, AlertRows
from services.admin.adapters.rows.adaptations import AdaptationRows
from services.admin.adapters.rows.approval_rules import ApprovalRuleRows
from services.admin.adapters.rows.catalogue import CaseTypeRows, TemplateRows, VersionRows
from services.admin.adapters.rows.clinics import ClinicRows
from services.admin.adapters.rows.groups import GroupRows
from services.admin.adapters.rows.portals import PortalRows
from services.admin.adapters.rows.published import HistoryRows
from services.admin.adapters.rows.reviews import ReviewRows, RollRows
from services.admin.adapters.rows.sign_in import TermsRows
from services.admin.adapters.rows.staffing import StaffingRows
from services.admin.domain.entity import Entity
from shared.contracts.message import Message
from shared.messaging.work import Work


@dataclass
class AdminWork(Work):
    """What a batch works on, in the order of loading, locking and writing."""

    reviews: ReviewRows = field(default_factory=ReviewRows)
    templates: TemplateRows = field(default_factory=TemplateRows)
    accounts: AccountRows = field(default_factory=AccountRows)
    clinics: ClinicRows = field(default_factory=ClinicRows)
    rolls: RollRows = field(default_factory=RollRows)
    staffing: StaffingRows = field(default_factory=StaffingRows)
    case_types: CaseTypeRows = field(default_factory=CaseTypeRows)
    approval_rules: ApprovalRuleRows = field(default_factory=ApprovalRuleRows)
    adaptations: AdaptationRows = field(default_factory=AdaptationRows)
    versions: VersionRows = field(default_factory=VersionRows)
    groups: GroupRows = field(default_factory=GroupRows)
    portals: PortalRows = field(default_factory=PortalRows)
    terms: TermsRows = field(default_factory=TermsRows)
    samples: SampleRows = field(default_factory=SampleRows)
    alerts: AlertRows = field(default_factory=AlertRows)
    history: HistoryRows = field(default_factory=HistoryRows)
    access_log: AccessLog = field(default_factory=AccessLog)

    def take_events(self) -> list[Message]:
        """What the decision published; the same goes into the history, with who decided."""
        events: list[Message] = []
        for entity in self._touched():
            if isinstance(entity, Entity) and entity.events:
                self._remember(entity)
                events.extend(entity.events)
                entity.events.clear()
        return events

    def _remember(self, entity: Entity) -> None:
        for event in entity.events:
            state = event.model_dump(mode="json")
            self.history.add(
                type(entity).__name__,
                event.key(),
                state["version"],
                entity.changed_by,
                entity.changed_at,
                state,
            )
