"""A service small enough to test the machinery with: it counts how often each case was received and tells so."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import Column, Integer, MetaData, Table, Text, Uuid

from shared.aggregate import Aggregate
from shared.contracts.events.intake import CaseReceived, CaseStarted, CaseWithdrawn, CommandRefused, Reason
from shared.contracts.message import Event, Message
from shared.database.ddl import MESSAGE_TABLES_V1, PACKED_OUTBOX
from shared.database.rows import Rows
from shared.errors import NotYetKnown, Refused
from shared.faults import Fault
from shared.messaging.arrival import Arrival
from shared.messaging.batch import Parts
from shared.messaging.handlers import Handlers, on, row, rows
from shared.messaging.work import Work

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Text),
    Column("times", Integer),
)
SCHEMA = (
    MESSAGE_TABLES_V1
    + PACKED_OUTBOX
    + "CREATE TABLE things (id uuid PRIMARY KEY, clinic_id text, times integer);"
)
POISON = "SE0000000000-POISON"
UNWELCOME = "SE0000000000-UNWELCOME"


class Noted(Event):
    """A thing was counted."""

    TYPE: ClassVar[str] = "intake.noted.v1"
    KEY: ClassVar[str] = "thing_id"
    TOPIC: ClassVar[str] = "filled in by tests"

    thing_id: UUID = Field(description="The thing")
    times: int = Field(description="How often")


class Thing(Aggregate):
    """Something that is counted."""

    __slots__ = ("clinic_id", "id", "times")

    def __init__(self, id_: UUID, clinic_id: str, times: int) -> None:
        super().__init__()
        self.id, self.clinic_id, self.times = id_, clinic_id, times

    def count(self) -> None:
        """Once more."""
        self.times += 1
        self.record(Noted(thing_id=self.id, times=self.times))


class Things(Rows[UUID, Thing]):
    """The table of things."""

    table = things
    columns = ("id", "clinic_id", "times")

    def from_row(self, row: Any) -> Thing:
        return Thing(*row)

    def to_row(self, entity: Thing) -> tuple[Any, ...]:
        return entity.id, entity.clinic_id, entity.times


@dataclass
class ToyWork(Work):
    """One table."""

    things: Things = field(default_factory=Things)


def count_thing(fact: CaseReceived, things: Things, now: datetime) -> None:
    """Use case: a thing arrives, once more."""
    if fact.clinic_id == POISON:
        raise ZeroDivisionError("poison")
    thing = things.get(fact.case_id)
    if thing is None:
        thing = Thing(fact.case_id, fact.clinic_id, 0)
        things.add(thing)
    thing.count()


def count_again(fact: CaseStarted, thing: Thing | None, now: datetime) -> dict[str, int]:
    """Use case: counts only what is known."""
    if thing is None:
        raise NotYetKnown(Fault("case_id", "case_unknown", "Okänt ärende.", "Unknown case."))
    if fact.by == UNWELCOME:
        raise Refused(Fault("by", "unwelcome", "Inte du.", "Not you."))
    thing.count()
    return {"times": thing.times}


HANDLERS = Handlers(
    (
        on(CaseReceived, count_thing, things=rows("things", "case_id")),
        on(CaseStarted, count_again, thing=row("things", "case_id")),
    )
)
KNOWN_BUT_UNUSED = CaseWithdrawn


class TellPortal:
    """Refusals go to a portal."""

    def accepted(self, arrival: Arrival, now: datetime) -> Message | None:
        return None

    def refused(self, arrival: Arrival, faults: tuple[Fault, ...], now: datetime) -> Message | None:
        reasons = tuple(Reason(field=f.field, code=f.code, sv=f.sv, en=f.en) for f in faults)
        return CommandRefused(
            portal_id="toy",
            at=now,
            case_id=None,
            command_id=arrival.envelope.id,
            command_type="",
            reasons=reasons,
        )


def parts() -> Parts:
    """What the toy's batches are made with. It publishes as intake."""
    return Parts("intake", HANDLERS, ToyWork, TellPortal(), "1")


def received(case_id: UUID | None = None, clinic_id: str = "SE2321000016-1A2B") -> CaseReceived:
    """A fact that counts a thing."""
    return CaseReceived(
        case_id=case_id or uuid4(),
        version=1,
        clinic_id=clinic_id,
        at=datetime.now(UTC),
        case_type="ask",
        case_type_version=1,
        portal_id="toy",
    )


def started(case_id: UUID, by: str = "x") -> CaseStarted:
    """A fact that counts a known thing."""
    return CaseStarted(
        case_id=case_id, version=2, clinic_id="SE2321000016-1A2B", at=datetime.now(UTC), by=by, epoch=1
    )
