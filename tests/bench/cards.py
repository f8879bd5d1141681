"""Staff cards for people of the bench: an infrastructure that admin trusts, and what a proxy hands on of each card."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.unit.admin.cards import DAY, MIDDLE, POLICY, ROOT, Wish, certificate, headers, revocations

_SECRET = "between the proxy and admin of the bench"


def card_settings(folder: Path) -> dict[str, str]:
    """Put roots and revocation lists into this folder; gives what admin is told of them."""
    folder.mkdir(parents=True, exist_ok=True)
    now, roots, lists = datetime.now(UTC), folder / "roots.pem", folder / "lists"
    lists.mkdir(exist_ok=True)
    roots.write_bytes(ROOT.certificate.public_bytes(Encoding.PEM))
    for name, issuer in (("root.crl", ROOT), ("middle.crl", MIDDLE)):
        (lists / name).write_bytes(revocations(issuer, since=now - DAY, until=now + DAY))
    return {
        "VARDVAXEL_CARD_PROXY_SECRET": _SECRET,
        "VARDVAXEL_CARD_ROOTS": str(roots),
        "VARDVAXEL_CARD_REVOCATIONS": str(lists),
        "VARDVAXEL_CARD_POLICIES": json.dumps([POLICY]),
    }


def handed_on(staff_id: str) -> dict[str, str]:
    """The headers of whoever signs in with a card of this person."""
    now, sound = datetime.now(UTC), Wish()
    subject = tuple((oid, staff_id if oid == NameOID.SERIAL_NUMBER else text) for oid, text in sound.subject)
    card = certificate(replace(sound, subject=subject, begins=now - DAY, ends=now + DAY), MIDDLE)
    return headers(card, MIDDLE.certificate, secret=_SECRET)
