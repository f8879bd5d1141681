"""A mail sink: takes every mail for anyone, keeps it on disk, and never sends one on.

    python -m deploy.local.mailbox --smtp-port 2525 --http-port 8105 [--directory .local/stack/mailbox]

In tests it runs inside the test, and a script may answer as unfriendly servers do.
"""

import argparse
import asyncio
import email
import email.policy
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from enum import Enum, StrEnum
from itertools import count
from pathlib import Path
from typing import NoReturn, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.home import DEFAULT_DIRECTORY
from deploy.local.ports import LOOPBACK

PATIENT = 3600.0
"""Seconds until a silent client is cut off; it may wait 600 s for a reply (RFC 5321, 4.5.3.2.6)."""
SENDER_HEADER, RECIPIENT_HEADER = "X-Envelope-From", "X-Envelope-To"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it came, with the addresses of its envelope."""

    number: int
    received_at: datetime
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The subject line, decoded."""
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str | None:
        """The plain text part."""
        return self._part("plain")

    @property
    def html(self) -> str | None:
        """The HTML part."""
        return self._part("html")

    def _part(self, kind: str) -> str | None:
        part = self.message.get_body((kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part is not None else None


class Phase(StrEnum):
    """Where in the conversation a server answers."""

    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    CONTENT = "DATA"
    """After the final dot: only here is the mail complete."""


class Fault(Enum):
    """What is worse than a refusal."""

    HANG_UP = "cut the connection, the mail is not kept"
    HANG_UP_AFTER_KEEPING = "cut the connection after the final dot, the mail is kept: the sender can't know"
    SILENCE = "never answer; the mail is not kept"


Answer = str | Fault | None
"""A reply line like `451 4.7.1 Try later`, a fault, or nothing: accepted."""
Script = Callable[[Phase, str], Answer]
"""Decides for a phase and the address concerned (of the sender, or of the last recipient)."""


class Mailbox:
    """The sink. `mails` grows as they come; `script` may be exchanged at any time."""

    def __init__(self, directory: Path | None = None, script: Script | None = None) -> None:
        self.mails: list[Mail] = []
        self.script = script
        self.port = 0
        self._numbers = count(1)
        self._directory = directory
        self._server: asyncio.Server | None = None
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True)
            for file in sorted(directory.glob("*.eml")):
                self._keep(file.read_bytes(), datetime.fromtimestamp(file.stat().st_mtime, UTC))

    async def start(self, port: int = 0) -> Self:
        """Listen on this port of the loopback address, or on any free one."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._conversation, LOOPBACK, port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _conversation(self) -> SMTP:
        return SMTP(
            _Conversation(self),
            hostname="mailbox.localhost",
            ident="mailbox",
            enable_SMTPUTF8=True,
            timeout=PATIENT,
            loop=asyncio.get_running_loop(),
        )

    def take(self, sender: str, recipients: list[str], content: bytes) -> None:
        """Keep one mail, on disk first."""
        headers = [f"{SENDER_HEADER}: {sender}", *(f"{RECIPIENT_HEADER}: {to}" for to in recipients)]
        raw = "".join(f"{header}\r\n" for header in headers).encode() + content
        if self._directory is not None:
            file = self._directory / f"{time.time_ns():020}.eml"
            file.with_suffix(".draft").write_bytes(raw)
            file.with_suffix(".draft").replace(file)
        self._keep(raw, datetime.now(UTC))

    def _keep(self, raw: bytes, received_at: datetime) -> None:
        message = email.message_from_bytes(raw, policy=email.policy.SMTPUTF8)
        recipients = tuple(str(name) for name in message.get_all(RECIPIENT_HEADER, []))
        sender = str(message[SENDER_HEADER])
        self.mails.append(Mail(next(self._numbers), received_at, sender, recipients, message))


class _Conversation:
    """aiosmtpd's hooks, one method per phase; their names and arguments are the library's."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = await self._answer(server, Phase.SENDER, address)
        if refusal is None:
            envelope.mail_from = address
        return refusal or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = await self._answer(server, Phase.RECIPIENT, address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipients = [str(address) for address in envelope.rcpt_tos]
        answer = self._ask(Phase.CONTENT, recipients[-1])
        if answer is None or answer is Fault.HANG_UP_AFTER_KEEPING:
            self._mailbox.take(
                str(envelope.mail_from or ""), recipients, bytes(envelope.original_content or b"")
            )
        if isinstance(answer, Fault):
            await self._misbehave(server, answer)
        return answer or "250 2.0.0 Kept"

    async def _answer(self, server: SMTP, phase: Phase, address: str) -> str | None:
        answer = self._ask(phase, address)
        if isinstance(answer, Fault):
            await self._misbehave(server, answer)
        return answer

    def _ask(self, phase: Phase, address: str) -> Answer:
        return self._mailbox.script(phase, address) if self._mailbox.script else None

    async def _misbehave(self, server: SMTP, fault: Fault) -> NoReturn:
        if fault is not Fault.SILENCE and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        await asyncio.Event().wait()  # until the library cancels this, when the connection is gone
        raise AssertionError("nobody sets that event")


async def serve(smtp_port: int, http_port: int, directory: Path) -> None:
    """Run the sink and its page until cancelled."""
    from deploy.local.mailbox_page import serve_page

    mailbox = await Mailbox(directory).start(smtp_port)
    try:
        await serve_page(mailbox, http_port)
    finally:
        await mailbox.stop()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.local.mailbox", description="A mail sink with a page."
    )
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--directory", type=Path, default=DEFAULT_DIRECTORY / "mailbox")
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.smtp_port, chosen.http_port, chosen.directory))


if __name__ == "__main__":
    main()
