"""What notify tells: the fate of each notification, never to whom and never about whom."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Event


class NotificationEvent(Event):
    """One step in the life of a notification."""

    KEY: ClassVar[str] = "notification_id"
    TOPIC: ClassVar[str] = "notify.notification.events"

    notification_id: UUID = Field(description="The notification")
    staff_id: str = Field(description="HSA-id of the receiver of the mail")
    at: datetime = Field(description="When, UTC")


class NotificationSent(NotificationEvent):
    """The mail server took responsibility for the mail."""

    TYPE: ClassVar[str] = "notify.notification-sent.v1"


class NotificationFailed(NotificationEvent):
    """The mail could not be handed over, and is not tried again."""

    TYPE: ClassVar[str] = "notify.notification-failed.v1"

    code: str = Field(description="SMTP status or a code of ours")


class AddressSuspended(NotificationEvent):
    """The address refuses mail for good; nothing more is sent to it until it is changed."""

    TYPE: ClassVar[str] = "notify.address-suspended.v1"
