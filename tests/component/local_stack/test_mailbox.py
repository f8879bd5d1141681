"""The mail sink keeps what it accepts, shows it, and misbehaves as told."""

import asyncio
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from deploy.local.mailbox import Fault, Mailbox, Phase
from deploy.local.mailbox_page import page_of
from shared.testing.mailbox import answer_at, greylist


def a_mail(subject: str = "Ärenden väntar", to: str = "anna@example.org") -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "vardvaxel@example.org", to, subject
    mail.set_content("Två ärenden väntar på dig.")
    mail.add_alternative("<p>Två ärenden väntar på dig.</p><script>alert(1)</script>", subtype="html")
    return mail


async def send(mailbox: Mailbox, mail: EmailMessage, timeout: float = 5) -> None:  # noqa: ASYNC109
    await aiosmtplib.send(mail, hostname="127.0.0.1", port=mailbox.port, timeout=timeout)


async def test_mails_are_kept_on_disk_in_order(tmp_path: Path) -> None:
    mailbox = await Mailbox(tmp_path).start()
    await send(mailbox, a_mail("first"))
    await send(mailbox, a_mail("second"))
    await mailbox.stop()
    reopened = Mailbox(tmp_path)
    assert [mail.subject for mail in reopened.mails] == ["first", "second"]
    assert reopened.mails[0].recipients == ("anna@example.org",)
    assert reopened.mails[0].text == "Två ärenden väntar på dig.\n"


async def test_the_page_shows_text_and_html_and_the_html_can_do_nothing() -> None:
    mailbox = await Mailbox().start()
    await send(mailbox, a_mail("<b>Ärenden</b>"))
    await mailbox.stop()
    transport = httpx.ASGITransport(page_of(mailbox))
    async with httpx.AsyncClient(transport=transport, base_url="http://mailbox") as browser:
        assert "&lt;b&gt;Ärenden&lt;/b&gt;" in (await browser.get("/")).text
        assert "Två ärenden väntar" in (await browser.get("/mails/1")).text
        html = await browser.get("/mails/1/html")
        assert html.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert (await browser.get("/mails.json")).json()[0]["subject"] == "<b>Ärenden</b>"
        assert (await browser.get("/mails/2")).status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize("phase", (Phase.SENDER, Phase.RECIPIENT, Phase.CONTENT))
async def test_a_refusal_in_any_phase_keeps_nothing(phase: Phase) -> None:
    mailbox = await Mailbox(script=answer_at(phase, "550 5.1.1 No such mailbox", times=1)).start()
    with pytest.raises((aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused)):
        await send(mailbox, a_mail())
    assert mailbox.mails == []
    await send(mailbox, a_mail())
    assert len(mailbox.mails) == 1
    await mailbox.stop()


async def test_a_greylisted_recipient_is_taken_the_second_time() -> None:
    mailbox = await Mailbox(script=greylist()).start()
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await send(mailbox, a_mail())
    await send(mailbox, a_mail())
    assert len(mailbox.mails) == 1
    await mailbox.stop()


@pytest.mark.parametrize(("fault", "kept"), ((Fault.HANG_UP, 0), (Fault.HANG_UP_AFTER_KEEPING, 1)))
async def test_a_cut_line_does_not_tell_what_became_of_the_mail(fault: Fault, kept: int) -> None:
    mailbox = await Mailbox(script=answer_at(Phase.CONTENT, fault)).start()
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(mailbox, a_mail())
    assert len(mailbox.mails) == kept
    await mailbox.stop()


async def test_silence_lasts_until_the_sender_gives_up() -> None:
    mailbox = await Mailbox(script=answer_at(Phase.CONTENT, Fault.SILENCE)).start()
    with pytest.raises((aiosmtplib.SMTPTimeoutError, TimeoutError)):
        async with asyncio.timeout(5):
            await send(mailbox, a_mail(), timeout=0.2)
    assert mailbox.mails == []
    await mailbox.stop()
