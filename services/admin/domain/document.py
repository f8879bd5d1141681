"""What case types and templates have in common: drafts that change, versions that never do, and one owner."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, Self, TypeVar

from services.admin.domain.entity import NEVER, Entity
from shared.aggregate import Aggregate
from shared.contracts.case_types import NATIONALLY, CaseTypeOwner, Owner
from shared.errors import Conflict, Refused
from shared.faults import Fault

NO_DRAFT = Fault(
    "", "no_draft", "Det finns inget utkast. Spara ett först.", "There is no draft. Save one first."
)
_NOT_PUBLISHED = Fault(
    "",
    "not_published",
    "Ingen version är publicerad. Publicera utkastet först.",
    "No version is published. Publish the draft first.",
)
_RETIRED = Fault(
    "",
    "already_retired",
    "Den är redan avvecklad. Publicera en ny version om den ska användas igen.",
    "It is retired already. Publish a new version if it shall be used again.",
)


class Content(Protocol):
    """What one version says."""

    @property
    def name_sv(self) -> str:
        """Name in Swedish."""

    @property
    def name_en(self) -> str:
        """Name in English."""

    @property
    def active(self) -> bool:
        """False: it is retired."""

    def model_copy(self, *, update: dict[str, Any]) -> Self:
        """The same with other values."""

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        """As plain JSON."""


C = TypeVar("C", bound=Content)


class State(StrEnum):
    """How far it has come."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Draft(Generic[C]):
    """What may become the next version. `authors` have all had a hand in it; nobody has who only submitted it."""

    content: C
    saved_by: str
    saved_at: datetime
    authors: frozenset[str]
    submitted_by: str = ""
    submitted_at: datetime | None = None


@dataclass(slots=True, eq=False)
class Document(Entity, Generic[C]):
    """`version` counts what was published, and is 0 before; `revision` counts what was done to drafts."""

    id: str
    owner: Owner = NATIONALLY
    content: C | None = None
    draft: Draft[C] | None = None
    revision: int = 0
    version: int = 0
    changed_by: str = ""
    changed_at: datetime = NEVER

    def __post_init__(self) -> None:
        Aggregate.__init__(self)

    def version_key(self, version: int) -> str:
        """What one of its versions is published under."""
        return f"{self.id}/{version}"

    @property
    def state(self) -> State:
        """What its newest version is, if there is one."""
        if self.content is None:
            return State.DRAFT
        return State.PUBLISHED if self.content.active else State.RETIRED

    def is_for(self, clinic_id: str, region: str) -> bool:
        """Whether this clinic can use it."""
        if self.owner.kind is CaseTypeOwner.NATIONAL:
            return True
        return self.owner.place == (region if self.owner.kind is CaseTypeOwner.REGION else clinic_id)

    def expect_revision(self, seen: int) -> None:
        """Raises Conflict, saying who changed the draft and when, if the actor saw another one."""
        if seen == self.revision:
            return
        who, when = (
            (self.draft.saved_by, self.draft.saved_at) if self.draft else (self.changed_by, self.changed_at)
        )
        at = when.isoformat(timespec="seconds")
        raise Conflict(
            Fault(
                "If-Match",
                "draft_conflict",
                f"Utkastet ändrades av {who} {at}. Läs det igen; nu gäller utkast {self.revision}.",
                f"The draft was changed by {who} at {at}. Read it again; draft {self.revision} is current.",
            )
        )

    def save_draft(self, content: C, by: str, at: datetime) -> None:
        """Another draft, or the present one changed: whatever it was submitted for is off."""
        authors = self.draft.authors if self.draft else frozenset[str]()
        self._redraft(Draft(content, by, at, authors | {by}))
        if self.version == 0:
            self.changed_by, self.changed_at = by, at

    def discard_draft(self) -> None:
        """The published version stands. Raises Refused if there is no draft, or nothing else."""
        self.drafted()
        if self.content is None:
            raise Refused(_NOT_PUBLISHED)
        self._redraft(None)

    def submit_draft(self, by: str, at: datetime) -> None:
        """Somebody else shall look at it."""
        self._redraft(replace(self.drafted(), submitted_by=by, submitted_at=at))

    def send_back_draft(self) -> None:
        """It is not to be published like this."""
        self._redraft(replace(self.drafted(), submitted_by="", submitted_at=None))

    def drafted(self) -> Draft[C]:
        """The draft. Raises Refused if there is none."""
        if self.draft is None:
            raise Refused(NO_DRAFT)
        return self.draft

    def said(self) -> C:
        """What the newest published version says. Raises Refused if there is none."""
        if self.content is None:
            raise Refused(_NOT_PUBLISHED)
        return self.content

    def publish_draft(self, by: str, at: datetime) -> None:
        """The draft becomes the next version."""
        content = self.drafted().content
        self._redraft(None)
        self.publish_content(content, by, at)

    def publish_content(self, content: C, by: str, at: datetime) -> None:
        """This becomes the next version; a draft stays what it is."""
        self.content = content
        self.publish(by, at)

    def retire(self, by: str, at: datetime) -> None:
        """A last version, which says the same and ends it."""
        content = self.said()
        if not content.active:
            raise Refused(_RETIRED)
        self.publish_content(content.model_copy(update={"active": False}), by, at)

    def _redraft(self, draft: Draft[C] | None) -> None:
        self.draft = draft
        self.revision += 1
        self.changed = True


@dataclass(frozen=True, slots=True)
class Version:
    """What was published once. `id` is the version's key."""

    id: str
    version: int
    changed_by: str
    changed_at: datetime
    state: dict[str, Any]
