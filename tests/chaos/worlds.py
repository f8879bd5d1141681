"""A small run in which every promise was kept, to plant violations in."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from shared.contracts.envelope import message_uuid
from tests.chaos.checker.access import FIRST, hash_of
from tests.chaos.checker.evidence import INTAKE_EVENTS, ROUTING_EVENTS, Evidence
from tests.chaos.entries import Act, Attempt, Conversation, Door, Ended, Published, Reply, Told, Wish
from tests.chaos.snapshot import Row, Snapshot

START = 1_700_000_000.0
PORTAL, CLINIC = "minvard", "SE2321000016-1A2B"
ANNA, BO, RUT, ADA = "SE2321000016-P1", "SE2321000016-P2", "SE2321000016-P3", "SE2321000016-P4"
COMMANDS, OUTCOMES = f"intake.{PORTAL}.commands", f"intake.{PORTAL}.outcomes"
_SPACE = UUID(int=7)


def an_id(*parts: object) -> str:
    """The same parts give the same id."""
    return str(uuid5(_SPACE, " ".join(map(str, parts))))


def iso(at: float) -> str:
    """As events tell a time."""
    return datetime.fromtimestamp(at, UTC).isoformat()


class World:
    """Grows case by case. `evidence()` is what a checker would be given in the end."""

    def __init__(self) -> None:
        self.it = Evidence()
        self.tables: dict[str, list[Row]] = {}
        self._number = 0
        self._offsets: dict[str, int] = {}
        for staff_id, role in (
            (ANNA, "caregiver"),
            (BO, "caregiver"),
            (RUT, "receiver"),
            (ADA, "clinic_admin"),
        ):
            self.account(staff_id, 1, START - 100, [role])
            self.row(
                "notify.staff",
                staff_id=staff_id,
                email=f"{staff_id}@example.org",
                locked=False,
                mail_on_assignment=True,
                mail_on_new_case=False,
                receives_at=[],
            )

    def evidence(self) -> Evidence:
        """Everything, the access log linked, each message marked by whoever consumes it."""
        self._link()
        self._mark()
        self.it.snapshot = Snapshot(self.tables)
        return self.it

    def number(self) -> int:
        """The next one."""
        self._number += 1
        return self._number

    def row(self, table: str, **fields: Any) -> Row:
        """One more row of a table."""
        self.tables.setdefault(table, []).append(fields)
        return fields

    def account(
        self, staff_id: str, version: int, at: float, roles: list[str], locked: str | None = None
    ) -> None:
        """A version of an account."""
        permissions = [{"clinic_id": CLINIC, "roles": roles}] if roles else []
        state = {"permissions": permissions, "locked": locked, "mail_on_new_case": False}
        self.row("admin.accounts", staff_id=staff_id, version=version, at=at, state=state)

    def publish(self, topic: str, type_: str, when: float, key: str, /, **body: Any) -> Published:
        """A record at the end of a topic."""
        offset = self._offsets[topic] = self._offsets.get(topic, -1) + 1
        record = Published(topic, 0, offset, when, an_id(topic, offset), type_, key, body)
        self.it.records.append(record)
        return record

    def submit(self, name: str, wish: Wish = Wish.VALID, content: int = 0, command: str = "") -> Attempt:
        """A command of a portal by Kafka, acknowledged."""
        number, case_id = self.number(), an_id(name)
        at, command_id = START + number, command or an_id("command", number)
        attempt = Attempt(
            number, at, PORTAL, Door.KAFKA, wish, "submit", case_id, command_id, content or number
        )
        record = self.publish(COMMANDS, "intake.submit-case.v1", at, case_id)
        if not any(it.id == command_id for it in self.it.records):
            self.it.records[-1] = replace(record, id=command_id)
        place = f"{COMMANDS}/0/{record.offset}"
        self.it.attempts.append(attempt)
        self.it.told.append(Told(number, at, 202, place, case_id))
        return attempt

    def outcome(self, attempt: Attempt, kind: str) -> None:
        """The portal is told."""
        self.publish(
            OUTCOMES,
            f"intake.command-{kind}.v1",
            attempt.at,
            attempt.case_id,
            portal_id=PORTAL,
            case_id=attempt.case_id,
            command_id=attempt.command_id,
        )

    def act(self, actor: str, act: str, case_id: str, status: int = 200, at: float = 0.0, **told: Any) -> Act:
        """Somebody asks by HTTP, and is answered within a tenth of a second."""
        number = self.number()
        done = Act(number, at or START + number, actor, act, case_id, target=told.pop("target", ""))
        self.it.acts.append(done)
        self.it.replies.append(Reply(number, done.at + 0.1, status, 1, told))
        return done

    def said(self, kind: str, case_id: str, version: int, **more: Any) -> Published:
        """An event of intake."""
        at = START + self._number
        return self.publish(
            INTAKE_EVENTS, f"intake.{kind}.v1", at, case_id, **_event(case_id, version, at), **more
        )

    def decided(self, kind: str, case_id: str, version: int, **more: Any) -> Published:
        """An event of routing."""
        at = START + self._number
        return self.publish(
            ROUTING_EVENTS, f"routing.{kind}.v1", at, case_id, **_event(case_id, version, at), **more
        )

    def stored(self, name: str) -> Attempt:
        """A case that was submitted, accepted, stored and queued, assigned to Anna, and mailed about."""
        attempt = self.submit(name)
        case_id = attempt.case_id
        self.outcome(attempt, "accepted")
        self.said("case-received", case_id, 1)
        self.decided("case-queued", case_id, 1, reason="received")
        self.act(RUT, "assign", case_id, target=ANNA)
        self.decided("case-assigned", case_id, 2, holder=ANNA, epoch=1, by=RUT)
        self.row("intake.contents", case_id=case_id, content=attempt.content)
        self.mail(an_id("mail", name), ANNA)
        self._write(case_id, "open", 1, "assigned", ANNA, 2)
        return attempt

    def answered(self, name: str) -> str:
        """The same, read and answered by Anna. Gives the case."""
        case_id = self.stored(name).case_id
        for kind in ("read", "answer"):
            told: dict[str, Any] = {"message_id": an_id("answer", name)} if kind == "answer" else {}
            self.act(ANNA, kind, case_id, **told)
            self.logged(ANNA, kind, case_id)
        self.said("case-started", case_id, 2, by=ANNA, epoch=1)
        self.said("case-answered", case_id, 3, message_id=an_id("answer", name), by=ANNA, epoch=1)
        self.decided("case-ended", case_id, 3, reason="answered", former_holder=ANNA)
        self.row("intake.answers", case_id=case_id, message_id=an_id("answer", name), said_by=ANNA)
        self._write(case_id, "answered", 3, "done", "", 3)
        return case_id

    def refused(self, name: str, wish: Wish = Wish.WRONG_ANSWERS) -> Attempt:
        """A command that the portal is told was refused."""
        attempt = self.submit(name, wish)
        self.outcome(attempt, "refused")
        return attempt

    def dead(self, name: str) -> Attempt:
        """A command that nobody can read."""
        attempt = self.submit(name, Wish.NOT_JSON)
        self.outcome(attempt, "refused")
        topic, partition, offset = self.it.told[-1].place.split("/")
        place = {"topic": topic, "partition": int(partition), "offset": int(offset)}
        self.row("intake.parked", state="dead", reason="not_json", **place)
        headers = {f"dead_{key}": str(value) for key, value in place.items()}
        self.publish("intake.dead-letters", "", attempt.at, "", **headers)
        return attempt

    def mail(self, notification_id: str, to: str, ended: Ended = Ended.TAKEN) -> Conversation:
        """A mail, and the row that says it was sent."""
        at = START + self._number + 0.5
        self.row(
            "notify.notifications",
            notification_id=notification_id,
            staff_id=to,
            kind="assigned",
            state="sent",
            created_at=at,
        )
        return self.copy(notification_id, to, at, ended)

    def copy(self, notification_id: str, to: str, at: float, ended: Ended = Ended.TAKEN) -> Conversation:
        """One copy of a mail as the mail server met it."""
        message_id = f"{UUID(notification_id).hex}@vardvaxel.invalid"
        mail = Conversation(at, "DATA", f"{to}@example.org", ended, message_id)
        self.it.mails.append(mail)
        return mail

    def logged(self, actor: str, act: str, case_id: str) -> Row:
        """An entry of the access log, and the command that asked for it."""
        access_id = an_id("access", self.number())
        at = datetime.fromtimestamp(START + self._number, UTC)
        self.publish(
            "admin.access-log.commands", "admin.record-access.v1", START, case_id, access_id=access_id
        )
        return self.row(
            "admin.access_log",
            access_id=access_id,
            actor_kind="staff",
            actor_id=actor,
            clinic_id=CLINIC,
            citizen_ref="1:00",
            case_id=case_id,
            act=act,
            accessed_at=at,
            recorded_at=at,
        )

    def of(self, table: str, case_id: str) -> Row:
        """The row of a case."""
        return next(row for row in self.tables[table] if row["case_id"] == case_id)

    def _write(self, case_id: str, state: str, version: int, status: str, holder: str, decided: int) -> None:
        """The rows of a case in all services, in place of those before."""
        for table in ("intake.cases", "routing.cases", "routing.held", "notify.cases"):
            rows = self.tables.setdefault(table, [])
            rows[:] = [row for row in rows if row["case_id"] != case_id]
        self.row(
            "intake.cases",
            case_id=case_id,
            state=state,
            version=version,
            holder=holder,
            epoch=1,
            routing_version=decided,
        )
        self.row(
            "routing.cases", case_id=case_id, status=status, holder=holder or None, epoch=1, version=decided
        )
        self.row("notify.cases", case_id=case_id, version=decided, holder=holder, ended=not holder)
        if holder:
            self.row("routing.held", case_id=case_id, holder=holder)

    def _link(self) -> None:
        previous = FIRST
        for number, row in enumerate(self.tables.get("admin.access_log", []), 1):
            row["number"] = number
            previous = row["hash"] = hash_of(previous, row)
        end = {"number": len(self.tables.get("admin.access_log", [])), "hash": previous}
        self.tables["admin.access_chain"] = [end]

    def _mark(self) -> None:
        consumers = {
            COMMANDS: ("intake",),
            INTAKE_EVENTS: ("routing",),
            ROUTING_EVENTS: ("intake", "notify"),
            "admin.access-log.commands": ("admin",),
        }
        for record in self.it.records:
            for service in consumers.get(record.topic, ()):
                self.row(f"{service}.inbox", source=record.topic, message_id=str(message_uuid(record.id)))


def _event(case_id: str, version: int, at: float) -> dict[str, Any]:
    return {"case_id": case_id, "version": version, "clinic_id": CLINIC, "at": iso(at)}


def a_world() -> World:
    """Two cases that were answered, one that Anna holds, one that was refused, one that nobody can read."""
    world = World()
    world.answered("first")
    world.answered("second")
    world.stored("third")
    world.refused("fourth")
    world.dead("fifth")
    return world
