"""What mails say, what they never say, and that nothing can slip into a header."""

import email
import inspect
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.adapters.wording import BadAddress, Wording, deliverable
from services.notify.application.deliver import Mail
from services.notify.domain.staff_member import Kind
from tests.unit.notify.builders import NOW

URL = "https://staff.example.org/"
SENDER = "noreply@vardvaxel.example"


def mail(
    language: str = "sv",
    kind: Kind = Kind.ASSIGNED,
    cases: int = 1,
    *,
    url: str = URL,
    id_: UUID | None = None,
) -> EmailMessage:
    """A mail as its reader gets it."""
    wording = Wording(SENDER, "Vårdväxel", url)
    raw = wording.mail(id_ or uuid4(), "anna@example.org", language, kind, cases, NOW)
    parsed = email.message_from_bytes(raw, policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    assert not parsed.defects
    return parsed


def part(message: EmailMessage, kind: str) -> str:
    """The text of one part."""
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("language", "kind", "cases", "subject"),
    (
        ("sv", Kind.ASSIGNED, 1, "Ett ärende har fördelats till dig"),
        ("sv", Kind.ASSIGNED, 2, "2 ärenden har fördelats till dig"),
        ("sv", Kind.ASSIGNED, 500, "Fler än 99 ärenden har fördelats till dig"),
        ("sv", Kind.QUEUED, 1, "Ett ärende väntar på att fördelas"),
        ("sv", Kind.QUEUED, 99, "99 ärenden väntar på att fördelas"),
        ("sv", Kind.REACTIVATED, 1, "Ditt konto är öppet igen"),
        ("sv", Kind.INACTIVE, 1, "Ditt konto låses snart"),
        ("sv", Kind.VERIFY_ADDRESS, 1, "Bekräfta din e-postadress"),
        ("en", Kind.VERIFY_ADDRESS, 1, "Confirm your e-mail address"),
        ("en", Kind.REACTIVATED, 1, "Your account is open again"),
        ("en", Kind.INACTIVE, 1, "Your account will soon be locked"),
        ("en", Kind.ASSIGNED, 1, "A case has been assigned to you"),
        ("en", Kind.ASSIGNED, 2, "2 cases have been assigned to you"),
        ("en", Kind.QUEUED, 1, "A case is waiting to be assigned"),
        ("en", Kind.QUEUED, 100, "More than 99 cases are waiting to be assigned"),
    ),
)
def test_a_mail_says_what_waits_and_how_much(language: str, kind: Kind, cases: int, subject: str) -> None:
    message = mail(language, kind, cases)
    assert message["Subject"] == subject
    assert f"{subject}. " in part(message, "plain")
    assert f">{subject}</h1>" in part(message, "html")
    assert f'<html lang="{language}">' in part(message, "html")
    assert message["Content-Language"] == language


def test_headers_say_who_it_is_from_and_that_a_machine_sent_it() -> None:
    id_ = uuid4()
    message = mail(id_=id_)
    assert message["From"] == "Vårdväxel <noreply@vardvaxel.example>"
    assert message["To"] == "anna@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{id_.hex}@vardvaxel.example>"
    assert message["Date"].datetime == NOW
    assert message.get_content_type() == "multipart/alternative"


def test_the_same_notification_has_the_same_message_id_at_each_try() -> None:
    id_, wording = uuid4(), Wording(SENDER, "Vårdväxel", URL)
    later = NOW + timedelta(hours=1)
    tries = [wording.mail(id_, "a@example.org", "sv", Kind.QUEUED, n, at) for n, at in ((3, NOW), (2, later))]
    assert len({email.message_from_bytes(raw)["Message-ID"] for raw in tries}) == 1


@pytest.mark.parametrize("length", range(0, 90, 1))
def test_the_link_survives_line_breaks_of_any_url(length: int) -> None:
    id_ = uuid4()
    url = f"https://staff.example.org/{'x' * length}"
    message = mail(url=url, id_=id_)
    assert f"\n{url}?n={id_.hex}\n" in part(message, "plain")
    assert f'href="{url}?n={id_.hex}"' in part(message, "html")
    assert max(map(len, message.as_bytes().split(b"\r\n"))) <= 998


def test_a_url_with_a_query_is_continued() -> None:
    assert f"{URL}?a=b&n=" in part(mail(url=f"{URL}?a=b"), "plain")
    assert f"{URL}?a=b&amp;n=" in part(mail(url=f"{URL}?a=b"), "html")


def test_nothing_reaches_a_mail_but_what_can_hold_no_patient_data() -> None:
    assert list(inspect.signature(Wording.mail).parameters)[1:] == [
        "notification_id",
        "to",
        "language",
        "kind",
        "cases",
        "now",
    ]
    assert set(Mail.__annotations__) == {
        "notification_id",
        "attempt",
        "kind",
        "cases",
        "address",
        "language",
        "staff_id",
        "lease_until",
    }


class _Outline(HTMLParser):
    """Elements in their order, and which are still open."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        if tag not in ("meta", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ("sv", "en"))
def test_the_html_is_well_formed_loads_nothing_and_has_one_heading(language: str) -> None:
    outline = _Outline()
    outline.feed(part(mail(language), "html"))
    assert outline.open == []
    assert (
        outline.elements.count("h1") == outline.elements.count("main") == outline.elements.count("title") == 1
    )
    assert not {"img", "script", "link", "iframe", "table"} & set(outline.elements)


@pytest.mark.parametrize(
    ("given_", "address"),
    (
        ("anna@example.org", "anna@example.org"),
        ("anna.b+c@sub.example.org", "anna.b+c@sub.example.org"),
        ("anna@räksmörgås.se", "anna@xn--rksmrgs-5wao1o.se"),
        ('"anna b"@example.org', '"anna b"@example.org'),
    ),
)
def test_an_address_becomes_what_a_server_takes(given_: str, address: str) -> None:
    assert deliverable(given_) == address


@pytest.mark.parametrize(
    "address",
    (
        "",
        "@",
        "anna",
        "anna@",
        "@example.org",
        "anna@example.org\r\nBcc: all@example.org",
        "anna@example.org\nDATA",
        "anna@example.org\x00",
        "anna@example.org\u2028Bcc: all@example.org",
        "anna\x85@example.org",
        "anna@example..org",
        "anna@-example.org",
        "anna@example.org, bertil@example.org",
        "Anna <anna@example.org>",
        "anna@example.org> SIZE=1 <b@example.org",
        "ånna@example.org",
        f"{'a' * 65}@example.org",
        f"anna@{'a.' * 125}org",
        '"a>b"@example.org',
    ),
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        deliverable(address)


@given(st.text(max_size=40).map(lambda text: f"{text}@example.org") | st.text(max_size=60))
def test_no_text_whatever_becomes_more_than_one_header_line(text: str) -> None:
    try:
        address = deliverable(text)
    except BadAddress:
        return
    raw = Wording(SENDER, "Vårdväxel", URL).mail(UUID(int=7), address, "sv", Kind.ASSIGNED, 1, NOW)
    head = raw.split(b"\r\n\r\n")[0]
    assert head.split(b"\r\n")[0] == f"To: {address}".encode()
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert names.count(b"To") == 1
    assert b"Bcc" not in names
    assert address.isascii()
    assert not {"<", ">", "\r", "\n"} & set(address)
