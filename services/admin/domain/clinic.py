"""A clinic: what it is called, how its queue is shared out, which case types it has switched on."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.admin.domain.clinic_life import Step, after
from services.admin.domain.entity import NEVER, Entity
from services.admin.domain.regions import NOWHERE
from shared.aggregate import Aggregate
from shared.contracts.clinic_settings import ClinicSettings, ClinicState, LocalText, PublishedText
from shared.contracts.events.admin import ClinicPublished, Distribution
from shared.contracts.ids import ClinicId
from shared.errors import Refused
from shared.faults import Fault

NOTHING_SAID = ClinicSettings()
NO_TEXT = LocalText()

MOST_TEXTS = 4
"""Versions of one text that are published at once: the one that counts, and those to come."""
DAY_TOO_EARLY = Fault(
    "valid_from",
    "too_early",
    "Dagen har passerat, eller ligger före den senast publicerade textens. Välj en senare dag.",
    "The day has passed, or comes before that of the text published last. Choose a later day.",
)
TOO_MANY_TEXTS = Fault(
    "valid_from",
    "too_many",
    "Flera kommande versioner är redan publicerade. Vänta tills den närmaste har börjat gälla.",
    "Several versions to come are published already. Wait until the next one counts.",
)


class TextKind(StrEnum):
    """The texts that have versions."""

    INFORMATION = "information"
    TERMS = "terms"


@dataclass(slots=True, eq=False)
class Clinic(Entity):
    """One clinic. `administrators` counts those who are neither locked nor there for a time."""

    id: ClinicId
    name: str
    region: str = NOWHERE
    state: ClinicState = ClinicState.INACTIVE
    closing: LocalText = NO_TEXT
    distribution: Distribution = Distribution.MANUAL
    claim_allowed: bool = False
    case_types: frozenset[str] = frozenset()
    administrators: int = 0
    settings: ClinicSettings = NOTHING_SAID
    information: tuple[PublishedText, ...] = ()
    terms: tuple[PublishedText, ...] = ()
    version: int = 0
    changed_by: str = ""
    changed_at: datetime = NEVER

    def __post_init__(self) -> None:
        Aggregate.__init__(self)

    def count_administrators(self, gained: int) -> None:
        """So many became administrators here, or ceased to be. Nobody else needs to know."""
        if gained:
            self.administrators += gained
            self.changed = True

    @property
    def active(self) -> bool:
        """Whether it takes new cases."""
        return self.state is ClinicState.OPEN

    def take(self, step: Step, closing: LocalText = NO_TEXT) -> None:
        """A step of its life; `closing` is what citizens are told from now on. Raises Refused."""
        self.state = after(self.state, step)
        self.closing = closing

    def publish_text(self, kind: TextKind, text: LocalText, valid_from: date, today: date) -> None:
        """The next version of a text. What counted before `today` is history and is left to it.

        Raises Refused if the day has passed, or comes before one that is promised already.
        """
        versions = self.texts(kind)
        newest = versions[-1] if versions else None
        if valid_from < today or (newest is not None and valid_from < newest.valid_from):
            raise Refused(DAY_TOO_EARLY)
        next_one = PublishedText(
            version=newest.version + 1 if newest else 1, valid_from=valid_from, text=text
        )
        over = [old for old in versions if old.valid_from <= today]
        kept = (*over[-1:], *(old for old in versions if old.valid_from > today), next_one)
        if len(kept) > MOST_TEXTS:
            raise Refused(TOO_MANY_TEXTS)
        if kind is TextKind.INFORMATION:
            self.information = kept
        else:
            self.terms = kept

    def texts(self, kind: TextKind) -> tuple[PublishedText, ...]:
        """The version that counts, if there is one, and those that will, in their order."""
        return self.information if kind is TextKind.INFORMATION else self.terms

    def published(self) -> ClinicPublished:
        """The clinic as neighbours read it."""
        return ClinicPublished(
            clinic_id=self.id,
            version=self.version,
            at=self.changed_at,
            name=self.name,
            region=self.region,
            active=self.active,
            state=self.state,
            closing=self.closing,
            distribution=self.distribution,
            claim_allowed=self.claim_allowed,
            case_types=self.case_types,
            settings=self.settings,
            information=self.information,
            terms=self.terms,
        )
