"""What notify is told by its environment, beside what every service is told."""

from datetime import timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, SecretStr, model_validator

from services.notify.domain.outcome import Patience
from shared.settings import Environment, ServiceSettings


class SmtpTls(StrEnum):
    """How the conversation with the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


class NotifySettings(ServiceSettings):
    """Knobs of notify."""

    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_user: str = Field(default="", description="Empty: no sign-in at the mail server")
    smtp_password: SecretStr = SecretStr("")
    smtp_tls: SmtpTls = Field(default=SmtpTls.NONE, description="none, starttls or implicit")
    smtp_hello: str = Field(
        default="", pattern=r"^[A-Za-z0-9.-]*$", description="Our name for the mail server; empty: the host's"
    )
    smtp_connections: int = Field(default=8, ge=1, le=64, description="Most conversations at the same time")
    smtp_timeout: float = Field(
        default=30, gt=0, description="Seconds to wait for a reply, but for the last one"
    )
    smtp_patience: float = Field(
        default=600, gt=0, description="Seconds to wait for the reply to the content (RFC 5321, 4.5.3.2.6)"
    )
    mail_sender: str = Field(
        default="noreply@vardvaxel.invalid",
        description="Address that mails come from",
        examples=["noreply@vardvaxel.example.org"],
    )
    mail_sender_name: str = "Vårdväxel"
    staff_url: str = Field(
        default="http://127.0.0.1:8106/",
        pattern=r"^https?://[!-~]{1,200}$",
        description="Where staff sign in; mails link to it",
    )
    gather_seconds: float = Field(
        default=2, ge=0, le=3600, description="How long a mail waits for further cases of the same person"
    )
    delivery_batch: int = Field(default=200, ge=1, le=2000, description="Mails taken at a time")
    delivery_poll_seconds: float = Field(default=0.2, gt=0, description="How often an idle sender looks")
    record_seconds: float = Field(
        default=0.01,
        ge=0,
        description="Pause between recordings: longer ones record more at once, a kill doubles more",
    )
    lease_seconds: float = Field(
        default=30,
        gt=0,
        description="A killed instance's mails are taken up after so long; renewed while it lives",
    )
    retry_attempts: int = Field(default=16, ge=1, description="Tries until a mail is given up")
    retry_first_seconds: float = Field(default=2, gt=0, description="Pause before the second try; it doubles")
    retry_longest_seconds: float = Field(default=3600, gt=0)
    keep_days: int = Field(default=31, ge=1, description="How long what is over is kept")

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        """A password is never sent in the clear, and mail has an address that answers can bounce to."""
        if self.environment is Environment.PRODUCTION:
            if self.smtp_user and self.smtp_tls is SmtpTls.NONE:
                raise ValueError("VARDVAXEL_SMTP_USER needs VARDVAXEL_SMTP_TLS=starttls or implicit")
            if self.mail_sender.endswith(".invalid"):
                raise ValueError("VARDVAXEL_MAIL_SENDER must be set to an address of yours")
        return self

    @property
    def patience(self) -> Patience:
        """How often and how soon mails are tried again."""
        return Patience(
            self.retry_attempts,
            timedelta(seconds=self.retry_first_seconds),
            timedelta(seconds=self.retry_longest_seconds),
        )
