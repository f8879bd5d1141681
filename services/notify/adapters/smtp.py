"""The conversation with the mail server, over lines that are kept open and used again."""

import socket
from dataclasses import dataclass
from time import monotonic

import aiosmtplib
import structlog

from services.notify.adapters.smtp_faults import Phase, outcome_of_reply, outcome_of_silence
from services.notify.domain.outcome import Outcome, Verdict
from services.notify.settings import NotifySettings, SmtpTls
from shared.crash_points import reached

IDLE_SECONDS = 20.0
"""A line that was silent for longer is opened anew: servers close idle ones, and not always audibly."""
_OK = frozenset({250, 251})
_CLOSING = 421

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how mail is handed over."""

    host: str
    port: int
    user: str
    password: str
    tls: SmtpTls
    timeout: float
    patience: float
    sender: str
    hello: str

    @classmethod
    def of(cls, settings: NotifySettings) -> "Server":
        """The server that the settings name."""
        return cls(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_user,
            settings.smtp_password.get_secret_value(),
            settings.smtp_tls,
            settings.smtp_timeout,
            settings.smtp_patience,
            settings.mail_sender,
            settings.smtp_hello or socket.gethostname(),
        )


class _Stale(Exception):
    """The server had closed a kept line before the mail began: no fault of the mail."""


class SmtpLine:
    """One line. It carries one mail at a time, and is opened when it is needed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client: aiosmtplib.SMTP | None = None
        self._used_at = 0.0
        self._mail_from = b"FROM:<" + server.sender.encode("ascii") + b">"

    async def send(self, address: str, content: bytes) -> Outcome:
        """Hand one mail over; never raises but for cancellation. After that the outcome is unknown."""
        try:
            return await self._send(address, content)
        except _Stale:
            await self.close()
        try:
            return await self._send(address, content)
        except _Stale:
            return outcome_of_silence(Phase.SENDER, timed_out=False)

    async def close(self) -> None:
        """Hang up; never raises."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def _send(self, address: str, content: bytes) -> Outcome:
        phase = Phase.CONNECT
        try:
            client, fresh = await self._open()
            phase = Phase.SENDER
            reached("smtp_before_send")
            reply = await client.execute_command(b"MAIL", self._mail_from)
            if reply.code not in _OK:
                if reply.code == _CLOSING and not fresh:
                    raise _Stale
                return await self._refused(phase, reply.code, reply.message)
            phase = Phase.RECIPIENT
            reply = await client.execute_command(b"RCPT", b"TO:<" + address.encode("ascii") + b">")
            if reply.code not in _OK:
                return await self._refused(phase, reply.code, reply.message)
            phase = Phase.CONTENT
            reply = await client.data(content, timeout=self._server.patience)
            reached("smtp_after_data")
            self._used_at = monotonic()
            return Outcome(Verdict.ACCEPTED, str(reply.code))
        except aiosmtplib.SMTPResponseException as error:
            return await self._refused(phase, error.code, error.message)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            kept = self._used_at > 0 and phase is Phase.SENDER
            await self.close()
            if kept and isinstance(error, aiosmtplib.SMTPServerDisconnected):
                self._used_at = 0.0
                raise _Stale from None
            log.warning("mail server", reason=f"{type(error).__name__} at {phase}", host=self._server.host)
            return outcome_of_silence(phase, timed_out=isinstance(error, TimeoutError))

    async def _open(self) -> tuple[aiosmtplib.SMTP, bool]:
        """The line, and whether it is new."""
        client = self._client
        if client is not None and client.is_connected and monotonic() - self._used_at < IDLE_SECONDS:
            return client, False
        await self.close()
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.tls is SmtpTls.IMPLICIT,
            start_tls=server.tls is SmtpTls.STARTTLS,
            timeout=server.timeout,
            local_hostname=server.hello,
        )
        self._used_at = 0.0
        self._client = client
        await client.connect()
        await client.ehlo()
        return client, True

    async def _refused(self, phase: Phase, code: int, text: str) -> Outcome:
        """The server said no; the line is fit for the next mail, or closed."""
        outcome = outcome_of_reply(phase, code, text)
        log.warning("mail refused", outcome=outcome.verdict.value, reason=f"{outcome.code} at {phase}")
        client = self._client
        if client is not None and (code < 400 or code == _CLOSING):
            await self.close()
        elif client is not None:
            try:
                await client.rset()
                self._used_at = monotonic()
            except (aiosmtplib.SMTPException, OSError):
                await self.close()
        return outcome
