"""Whether templates need a second person's approval: a region's word, which it may lock, and a clinic's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.admin.domain.entity import NEVER, Entity
from shared.aggregate import Aggregate
from shared.contracts.case_types import NATIONALLY, CaseTypeOwner, Owner


@dataclass(slots=True, eq=False)
class ApprovalRule(Entity):
    """What one place says. Null: as the level above does. `id` is `rule_id` of the place."""

    id: str
    place: Owner
    needed: bool | None = None
    locked: bool = False
    version: int = 0
    changed_by: str = ""
    changed_at: datetime = NEVER

    def __post_init__(self) -> None:
        Aggregate.__init__(self)

    def say(self, needed: bool | None, locked: bool, by: str, at: datetime) -> None:
        """Another word, which nobody outside needs to know: each template says itself who approved it."""
        self.needed, self.locked = needed, locked
        self.version += 1
        self.changed, self.changed_by, self.changed_at = True, by, at


@dataclass(frozen=True, slots=True)
class Approval:
    """What counts, whose word it is, and whether no level below may change it."""

    needed: bool = True
    origin: Owner = NATIONALLY
    locked: bool = False


def what_counts(rules: Iterable[ApprovalRule | None]) -> Approval:
    """What counts of these words, from the highest level to the lowest. Nobody has spoken: it is needed."""
    counts = Approval()
    for rule in rules:
        if rule is None or counts.locked:
            continue
        if rule.needed is not None:
            counts = Approval(rule.needed, rule.place, rule.locked)
        elif rule.locked:
            counts = Approval(counts.needed, rule.place, locked=True)
    return counts


def places_of(owner: Owner, region: str) -> list[Owner]:
    """The places with a word about this owner's templates, from the highest. National ones are always approved."""
    if owner.kind is CaseTypeOwner.CLINIC and region:
        return [Owner(kind=CaseTypeOwner.REGION, place=region), owner]
    return [] if owner.kind is CaseTypeOwner.NATIONAL else [owner]


def rule_id(place: Owner) -> str:
    """What a place's rule is found by."""
    return f"{place.kind.value}:{place.place}"
