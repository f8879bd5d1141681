"""What a mail says. Rendered once for each language, kind and count; each mail only fills in ids, address and date.

A mail is made of what is listed in `Wording.mail` and nothing else: no name, no clinic, no case.
"""

import re
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notify.domain.staff_member import Kind

MOST = 100
"""From here on a mail says `more than 99`."""
_PLACE = "0d15ea5e0d15ea5e0d15ea5e0d15ea5e"
"""Stands in a rendered mail where a notification's id goes: of the same length, so that no line changes."""
_PLACE_BROKEN = re.compile("(?:=\r\n)?".join(_PLACE).encode())
"""Quoted-printable may break a line in the middle of it."""
_PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9.-]+")
_LONGEST_ADDRESS = 254
_LONGEST_LOCAL_PART = 64

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates", encoding="utf-8"),
    autoescape=select_autoescape(("html.jinja",)),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


class BadAddress(ValueError):
    """This can't be an address that mail is sent to (RFC 5321, without SMTPUTF8 in the local part)."""


class Wording:
    """Makes mails. `staff_url` is what they link to."""

    def __init__(self, sender: str, sender_name: str, staff_url: str) -> None:
        self._from = Address(display_name=sender_name, addr_spec=sender)
        self._domain = self._from.domain.encode("idna").decode()
        self._link = f"{staff_url}{'&' if '?' in staff_url else '?'}n="
        self._rendered = lru_cache(maxsize=1024)(self._render)
        self._date = lru_cache(maxsize=4)(format_datetime)

    def mail(
        self, notification_id: UUID, to: str, language: str, kind: Kind, cases: int, now: datetime
    ) -> bytes:
        """A whole mail, ready for the line. `to` is what `deliverable` gave."""
        id_ = notification_id.hex
        date = self._date(now.replace(microsecond=0))
        head = f"To: {to}\r\nDate: {date}\r\nMessage-ID: <{id_}@{self._domain}>\r\n"
        return head.encode() + _filled(self._rendered(language, kind, min(cases, MOST)), id_.encode())

    def _render(self, language: str, kind: Kind, cases: int) -> list[bytes | tuple[int, int]]:
        """The bytes of such a mail, and between them which part of the id goes there."""
        words = _templates.get_template(f"words_{language}.jinja")
        known = {
            "language": language,
            "kind": kind.value,
            "cases": cases,
            "link": self._link + _PLACE,
            "words": words,
        }
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self._from
        mail["Subject"] = str(words.make_module().headline(kind.value, cases))  # type: ignore[attr-defined]
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(_templates.get_template("mail.txt.jinja").render(known), cte="quoted-printable")
        html = _templates.get_template("mail.html.jinja").render(known)
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
        mail["Content-Language"] = language
        return _cut(mail.as_bytes())


def _cut(rendered: bytes) -> list[bytes | tuple[int, int]]:
    """Cut at the places where the id goes; a place that a line break runs through becomes two."""
    pieces: list[bytes | tuple[int, int]] = []
    end = 0
    for match in _PLACE_BROKEN.finditer(rendered):
        pieces.append(rendered[end : match.start()])
        first, *second = match.group().split(b"=\r\n")
        pieces.append((0, len(first)))
        for rest in second:
            pieces += [b"=\r\n", (len(_PLACE) - len(rest), len(_PLACE))]
        end = match.end()
    return [*pieces, rendered[end:]]


def _filled(pieces: list[bytes | tuple[int, int]], id_: bytes) -> bytes:
    return b"".join([piece if isinstance(piece, bytes) else id_[piece[0] : piece[1]] for piece in pieces])


def deliverable(address: str) -> str:
    """The address as it may stand in a header and in a command: ASCII, and nothing in it that could end a line.

    Raises BadAddress.
    """
    plain = _PLAIN.fullmatch(address)
    if plain is None:
        address = _parsed(address)
    local, _, domain = address.rpartition("@")
    if len(address) > _LONGEST_ADDRESS or len(local) > _LONGEST_LOCAL_PART or not _is_domain(domain):
        raise BadAddress("too long, or no domain")
    return address


def _parsed(address: str) -> str:
    """An address with quotes or an international domain."""
    try:
        parsed = Address(addr_spec=address)
        text = f"{Address(username=parsed.username, domain='x').addr_spec[:-1]}{parsed.domain.encode('idna').decode()}"
    except (HeaderParseError, ValueError, IndexError, AttributeError) as error:
        raise BadAddress(type(error).__name__) from None
    if not text.isascii() or not text.isprintable() or "<" in text or ">" in text:
        raise BadAddress("characters that no address has")
    return text


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    return all(label and len(label) <= 63 and label[0] != "-" and label[-1] != "-" for label in labels)
