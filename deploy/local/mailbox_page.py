"""The page on which a person reads what the mail sink holds, and the same as JSON at /mails.json."""

from collections.abc import Sequence
from html import escape
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse, PlainTextResponse

from deploy.local.mailbox import Mail, Mailbox
from deploy.local.ports import LOOPBACK

# A mail's HTML is somebody else's: it may style itself and nothing more.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: #212b32 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .5rem; vertical-align: top }
tr { border-bottom: 1px solid #aeb7bd } pre { white-space: pre-wrap; background: #f0f4f5; padding: 1rem }
iframe { width: 100%; height: 36rem; border: 1px solid #aeb7bd } a { color: #005eb8 } dt { font-weight: bold }
"""


def page_of(mailbox: Mailbox) -> FastAPI:
    """The web application; it reads the mailbox at each request."""
    app = FastAPI(title="Mailbox", docs_url=None, redoc_url=None, openapi_url=None)

    def mail(number: int) -> Mail:
        for candidate in mailbox.mails:
            if candidate.number == number:
                return candidate
        raise HTTPException(404, f"There is no mail {number}.")

    @app.get("/")
    async def every_mail() -> HTMLResponse:
        return HTMLResponse(_page("Mailbox", _list(mailbox.mails)))

    @app.get("/mails.json")
    async def every_mail_as_json() -> list[dict[str, Any]]:
        return [_as_json(mail) for mail in mailbox.mails]

    @app.get("/mails/{number}")
    async def one_mail(number: int) -> HTMLResponse:
        return HTMLResponse(_page(mail(number).subject, _detail(mail(number))))

    @app.get("/mails/{number}/html")
    async def html_part(number: int) -> HTMLResponse:
        return HTMLResponse(mail(number).html or "", headers={"Content-Security-Policy": POLICY})

    @app.get("/mails/{number}/source")
    async def source(number: int) -> PlainTextResponse:
        return PlainTextResponse(mail(number).message.as_bytes())

    return app


async def serve_page(mailbox: Mailbox, port: int) -> None:
    """Serve until the program is asked to end."""
    config = uvicorn.Config(page_of(mailbox), host=LOOPBACK, port=port, log_level="warning", lifespan="off")
    await uvicorn.Server(config).serve()


def _page(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><main>{content}</main></body></html>"
    )


def _list(mails: Sequence[Mail]) -> str:
    if not mails:
        return "<h1>Mailbox</h1><p>No mail yet. Whatever the system sends is caught here.</p>"
    rows = "".join(
        f"<tr><td>{_when(mail)}</td><td>{escape(', '.join(mail.recipients))}</td>"
        f'<td><a href="/mails/{mail.number}">{escape(mail.subject or "(no subject)")}</a></td></tr>'
        for mail in reversed(mails)
    )
    head = '<tr><th scope="col">Received</th><th scope="col">To</th><th scope="col">Subject</th></tr>'
    return f"<h1>Mailbox</h1><p>{len(mails)} caught, newest first.</p><table>{head}{rows}</table>"


def _detail(mail: Mail) -> str:
    facts = {"Received": _when(mail), "From": mail.sender, "To": ", ".join(mail.recipients)}
    listed = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    text = f"<h2>Text</h2><pre>{escape(mail.text)}</pre>" if mail.text else ""
    address = f"/mails/{mail.number}"
    html = (
        f'<h2>HTML</h2><iframe title="HTML part" sandbox src="{address}/html"></iframe>' if mail.html else ""
    )
    links = f'<p><a href="/">All mails</a> · <a href="{address}/source">Source</a></p>'
    return f"{links}<h1>{escape(mail.subject)}</h1><dl>{listed}</dl>{text}{html}"


def _when(mail: Mail) -> str:
    return f"{mail.received_at:%Y-%m-%d %H:%M:%S} UTC"


def _as_json(mail: Mail) -> dict[str, Any]:
    return {
        "number": mail.number,
        "received_at": mail.received_at.isoformat(),
        "sender": mail.sender,
        "recipients": mail.recipients,
        "subject": mail.subject,
        "headers": [(name, str(value)) for name, value in mail.message.items()],
        "text": mail.text,
        "html": mail.html,
    }
