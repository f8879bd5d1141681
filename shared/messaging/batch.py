"""One attempt at one batch in one transaction: claim, load many, decide one by one, write many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel

from shared.contracts.message import Message
from shared.crash_points import reached
from shared.database.pool import Connection
from shared.errors import Conflict, NotYetKnown, Refused
from shared.faults import Fault
from shared.inbox.claim import Mark, body_hashes, claim
from shared.messaging import answered
from shared.messaging.arrival import COMMANDS, Arrival
from shared.messaging.faults import ID_REUSED, PARKED, unreadable
from shared.messaging.handlers import Handler, Handlers
from shared.messaging.parking import Parking
from shared.messaging.states import States, StateUnreadable, denial_of
from shared.messaging.work import Work
from shared.outbox.rows import Outbox


class Replies(Protocol):
    """How the sender of a command is told. None where there is nobody to tell."""

    def accepted(self, arrival: Arrival, now: datetime) -> Message | None:
        """The command took effect."""

    def refused(self, arrival: Arrival, faults: tuple[Fault, ...], now: datetime) -> Message | None:
        """The command took no effect."""


class NoReplies:
    """Nobody to tell: all senders are neighbours, and neighbours' facts are not refused."""

    def accepted(self, arrival: Arrival, now: datetime) -> Message | None:
        return None

    def refused(self, arrival: Arrival, faults: tuple[Fault, ...], now: datetime) -> Message | None:
        return None


class FactRefused(Exception):
    """A neighbour's fact was refused, which is a fault in our table: facts have a row for every state."""


@dataclass(slots=True)
class Parts:
    """What every batch of a service is made with."""

    service: str
    handlers: Handlers
    new_work: Callable[[], Work]
    replies: Replies
    release: str
    seal: Callable[[bytes], bytes] | None = None


@dataclass(slots=True)
class Tally:
    """What became of the messages of a batch: the numbers add up to `taken`, and what they let go on to more."""

    taken: int = 0
    done: int = 0
    refused: int = 0
    duplicate: int = 0
    ignored: int = 0
    waiting: int = 0
    parked: int = 0
    dead: int = 0
    events: int = 0


@dataclass(slots=True)
class Batch:
    """One attempt. Raises whatever is unexpected; the caller rolls back."""

    parts: Parts
    connection: Connection
    now: datetime
    alone: bool = False
    """After a fault: nothing is done but what the message itself asks for."""
    tally: Tally = field(default_factory=Tally)
    work: Work = field(init=False)
    outbox: Outbox = field(init=False)
    parking: Parking = field(init=False)
    states: States = field(init=False, default_factory=States)
    lines_wait: bool = False
    """Whether any line of this database has something parked or waiting, as the claim saw it."""

    def __post_init__(self) -> None:
        self.work = self.parts.new_work()
        self.outbox = Outbox(self.parts.service)
        self.parking = Parking(self.parts.service, self.parts.release, self.outbox, self.parts.seal)

    async def run(self, arrivals: Sequence[Arrival]) -> Tally:
        """Everything but the commit."""
        self.tally.taken = len(arrivals)
        fresh = await self._claim(arrivals)
        reached("inbox_written")
        unclaimed = any(arrival.mark is None for arrival in fresh)
        if unclaimed:
            fresh = await self._sift(fresh)
        asked = fresh if self.lines_wait or unclaimed else ()
        blocked, waiting = await self.parking.lines(self.connection, asked)
        ready = [arrival for arrival in fresh if arrival.line not in blocked or arrival.parked_id is not None]
        for arrival in fresh:
            if arrival.line in blocked and arrival.parked_id is None:
                self._stand_in_line(arrival)
        await self._load([*ready, *(late for line in waiting.values() for late in line)])
        for arrival in ready:
            if self._decide(arrival) and arrival.line in waiting:
                self._drain(waiting.pop(arrival.line))
        if not self.alone and (cause := self.work.conclude(self.now)) is not None:
            self.outbox.add(self.work.take_events(), cause=cause, handler=cause.type, now=self.now)
        await self.work.write(self.connection)
        await self.states.write(self.connection)
        await self.parking.write(self.connection, self.now)
        await answered.write(self.connection, ready)
        self.tally.events = len(self.outbox.messages)
        await self.outbox.write(self.connection)
        return self.tally

    async def deny(self, arrival: Arrival) -> None:
        """A whole state that could not be applied denies its entity; for anything else nothing happens."""
        denial = denial_of(arrival)
        if denial is None or (handler := self.parts.handlers.get(StateUnreadable)) is None:
            return
        arrival = Arrival(arrival.envelope, arrival.line, denial, arrival.record)
        await self._load([arrival])
        if handler.decide(arrival, self.work, self.now):
            self.states.note(arrival)
        self.outbox.add(self.work.take_events(), cause=arrival.envelope, handler=handler.name, now=self.now)
        await self.work.write(self.connection)
        await self.states.write(self.connection)

    async def _sift(self, fresh: list[Arrival]) -> list[Arrival]:
        """Without the states that one which can't be read has overtaken."""
        sifted = await self.states.sift(self.connection, fresh)
        self.tally.ignored += len(fresh) - len(sifted)
        return sifted

    async def _claim(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """The arrivals that were not handled before."""
        fresh = await answered.look_up(self.connection, [a for a in arrivals if a.mark is None])
        self.tally.duplicate += sum(a.mark is None for a in arrivals) - len(fresh)
        first: dict[tuple[Any, str], Arrival] = {}
        repeated: list[tuple[Arrival, Mark]] = []
        for arrival in arrivals:
            if arrival.mark is not None:
                key = (arrival.mark.message_id, arrival.mark.source)
                if first.setdefault(key, arrival) is not arrival:
                    repeated.append((arrival, arrival.mark))
        if not first:
            return fresh
        marks = [arrival.mark for arrival in first.values() if arrival.mark is not None]
        claimed, self.lines_wait = await claim(self.connection, marks)
        for key, arrival in first.items():
            if key in claimed:
                fresh.append(arrival)
            elif arrival.mark is not None:
                repeated.append((arrival, arrival.mark))
        if repeated:
            await self._repeats(repeated)
        return fresh

    async def _repeats(self, repeated: list[tuple[Arrival, Mark]]) -> None:
        """A repeat with the same body is done already; with another body it is somebody's mistake."""
        hashes = await body_hashes(self.connection, [mark for _, mark in repeated])
        for arrival, mark in repeated:
            if hashes.get((mark.message_id, mark.source)) == mark.body_hash:
                self.tally.duplicate += 1
            else:
                self._refuse(arrival, Refused(ID_REUSED))

    async def _load(self, arrivals: Sequence[Arrival]) -> None:
        by_handler: dict[str, tuple[Handler, list[Arrival]]] = {}
        for arrival in arrivals:
            if (handler := self._handler(arrival)) is not None:
                by_handler.setdefault(handler.name, (handler, []))[1].append(arrival)
        for stage in self.work.loadable:
            for handler, group in by_handler.values():
                handler.want(group, self.work, stage)
            await getattr(self.work, stage).load(self.connection)

    def _handler(self, arrival: Arrival) -> Handler | None:
        return None if arrival.body is None else self.parts.handlers.get(type(arrival.body))

    def _decide(self, arrival: Arrival) -> bool:
        """True if the message took effect."""
        handler = self._handler(arrival)
        if handler is None:
            return self._without_handler(arrival)
        try:
            answer = handler.decide(arrival, self.work, self.now)
        except Refused as refusal:
            kept = self.work.forget_events()
            self.outbox.add(kept, cause=arrival.envelope, handler=handler.name, now=self.now)
            self._refuse(arrival, refusal)
            return False
        except NotYetKnown as wait:
            kept = self.work.forget_events()
            if arrival.overdue:  # this wait ends as a refusal, and keeps what refusals keep
                self.outbox.add(kept, cause=arrival.envelope, handler=handler.name, now=self.now)
            self._wait(arrival, wait, handler)
            return False
        arrival.answer = answer.model_dump(mode="json") if isinstance(answer, BaseModel) else answer
        self.outbox.add(self.work.take_events(), cause=arrival.envelope, handler=handler.name, now=self.now)
        if isinstance(arrival.body, StateUnreadable):
            return self._without_state(arrival, known=bool(answer))
        self._tell(arrival, self.parts.replies.accepted(arrival, self.now))
        self.tally.done += 1
        return True

    def _without_handler(self, arrival: Arrival) -> bool:
        if arrival.faults:
            self._refuse(arrival, Refused(*arrival.faults))
        elif arrival.unknown_version:
            self.parking.park(arrival, "unknown_version", handler="", attempts=1)
            self.tally.parked += 1
        elif arrival.unreadable or arrival.topic.endswith(COMMANDS):
            self._bury(arrival, arrival.unreadable or "unknown type")
        else:
            self.tally.ignored += 1
        return False

    def _without_state(self, arrival: Arrival, *, known: bool) -> bool:
        """The entity is denied; the message goes the way of everything that can't be read."""
        if known:
            self.states.note(arrival)
        arrival.body = arrival.answer = None
        return self._without_handler(arrival)

    def _bury(self, arrival: Arrival, reason: str) -> None:
        """Nobody will ever handle this; whoever sent it is told, where that is possible."""
        self._tell(arrival, self.parts.replies.refused(arrival, (unreadable(reason),), self.now), "refused")
        self.parking.bury(arrival, reason)
        self.tally.dead += 1

    def _refuse(self, arrival: Arrival, refusal: Refused) -> None:
        if arrival.record is None:
            arrival.answer = refusal
        else:
            reply = self.parts.replies.refused(arrival, refusal.faults, self.now)
            readable = arrival.body is not None and refusal.faults != (ID_REUSED,)
            if reply is None and readable and self._handler(arrival):
                raise FactRefused(str(refusal)) from refusal
            if reply is None:
                self.parking.bury(arrival, str(refusal))
                self.tally.dead += 1
                return
            self._tell(arrival, reply, "refused")
        self.tally.refused += 1

    def _wait(self, arrival: Arrival, wait: NotYetKnown, handler: Handler) -> None:
        if arrival.record is None:
            arrival.answer = wait
        elif arrival.overdue:
            self._refuse(arrival, Refused(*wait.faults))
        else:
            self.parking.wait(arrival, str(wait), handler.name, self.now)
            self.tally.waiting += 1

    def _stand_in_line(self, arrival: Arrival) -> None:
        """An earlier message of this case is parked: order is kept behind it."""
        if arrival.record is None:
            arrival.answer = Conflict(PARKED)
            self.tally.refused += 1
        else:
            self.parking.park(arrival, "behind a parked message", handler="", attempts=0)
            self.tally.parked += 1

    def _drain(self, waiting: list[Arrival]) -> None:
        """What waited for this case is decided at once, in its order; what still has to wait stays."""
        still = self.tally.waiting
        for arrival in waiting:
            self._decide(arrival)
            if self.tally.waiting == still:
                self.parking.leave(arrival)
            self.tally.waiting = still

    def _tell(self, arrival: Arrival, reply: Message | None, handler: str = "accepted") -> None:
        if reply is not None:
            self.outbox.add([reply], cause=arrival.envelope, handler=handler, now=self.now)
