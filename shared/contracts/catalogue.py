"""Every type of message there is: its class, its owner and where it travels."""

from shared.contracts.commands import admin as admin_commands
from shared.contracts.commands import intake as intake_commands
from shared.contracts.events import admin, intake, notify, routing
from shared.contracts.message import Command, Event, Message

EVENTS: tuple[type[Event], ...] = (
    intake.CaseReceived,
    intake.CaseStarted,
    intake.CounterQuestionSent,
    intake.CitizenReplied,
    intake.CaseAnswered,
    intake.CaseClosed,
    intake.CaseWithdrawn,
    intake.MessageRead,
    intake.CommandAccepted,
    intake.CommandRefused,
    intake.CaseProgressed,
    routing.CaseQueued,
    routing.CaseAssigned,
    routing.CaseReassigned,
    routing.CaseReturned,
    routing.CaseEnded,
    notify.NotificationSent,
    notify.NotificationFailed,
    notify.AddressSuspended,
    admin.ClinicPublished,
    admin.StaffAccountPublished,
    admin.CaregiverGroupPublished,
    admin.PortalPublished,
    admin.SigningKeyPublished,
    admin.HeartbeatSent,
    admin.CatalogueHeartbeatSent,
    admin.CaseTypePublished,
    admin.CaseTypeAdaptationPublished,
    admin.TemplatePublished,
)
COMMANDS: tuple[type[Command], ...] = (
    intake_commands.SubmitCase,
    intake_commands.ReplyToCase,
    intake_commands.WithdrawCase,
    intake_commands.MarkMessageRead,
    admin_commands.RecordAccess,
)
MESSAGES: tuple[type[Message], ...] = EVENTS + COMMANDS
BY_TYPE: dict[str, type[Message]] = {message.TYPE: message for message in MESSAGES}


def owner_of(message: type[Message]) -> str:
    """The service that publishes this event or receives this command: the first word of its type."""
    return message.TYPE.split(".", 1)[0]


def version_of(type_: str) -> tuple[str, str]:
    """A type's name without its version, and the version: `intake.case-received`, `v1`."""
    name, _, version = type_.rpartition(".")
    return name, version
