"""A public key infrastructure of its own: roots, issuers, cards and revocation lists, each wrong in one way or none."""

import base64
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from services.admin.adapters.cards import Cards, Trust

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY, OTHER_POLICY = "1.2.752.74.5.1", "1.2.752.74.5.9"
SECRET = "between-proxy-and-admin"
HSA_ID = "SE2321000016-Kort1"
CARD_KEY = ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Issuer:
    """Somebody who signs, with the certificate that says so."""

    certificate: x509.Certificate
    key: Any


@dataclass(frozen=True)
class Wish:
    """How a certificate shall be; the fields of a sound card unless told otherwise."""

    subject: tuple[tuple[x509.ObjectIdentifier, str], ...] = (
        (NameOID.SERIAL_NUMBER, HSA_ID),
        (NameOID.GIVEN_NAME, "Karin"),
        (NameOID.SURNAME, "Kort"),
        (NameOID.TITLE, "sjuksköterska"),
    )
    begins: datetime = NOW - 10 * DAY
    ends: datetime = NOW + 10 * DAY
    uses: tuple[x509.ObjectIdentifier, ...] | None = (ExtendedKeyUsageOID.CLIENT_AUTH,)
    policies: tuple[str, ...] | None = (POLICY,)
    authority: bool = False
    path_length: int | None = None
    signs_lists: bool = True
    critical: x509.ObjectIdentifier | None = None
    key: Any = CARD_KEY
    names: x509.NameConstraints | None = None
    alternative: str = ""
    hash: Any = field(default_factory=hashes.SHA256)


CA = Wish(uses=None, policies=None, authority=True, begins=NOW - 1_000 * DAY, ends=NOW + 20_000 * DAY)


def certificate(wish: Wish, issuer: Issuer | None) -> x509.Certificate:
    """A certificate; without an issuer it signs itself."""
    subject = x509.Name([x509.NameAttribute(oid, text) for oid, text in wish.subject])
    signer = issuer.key if issuer is not None else wish.key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer is not None else subject)
        .public_key(wish.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(wish.begins)
        .not_valid_after(wish.ends)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if wish.authority:
        constraints = x509.BasicConstraints(ca=True, path_length=wish.path_length)
        builder = builder.add_extension(constraints, critical=True)
        key_id = x509.SubjectKeyIdentifier.from_public_key(wish.key.public_key())
        builder = builder.add_extension(key_id, critical=False)
        builder = builder.add_extension(_key_usage(signs=True, lists=wish.signs_lists), critical=True)
    if wish.uses is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage(wish.uses), critical=False)
    if wish.policies is not None:
        named = [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in wish.policies]
        builder = builder.add_extension(x509.CertificatePolicies(named), critical=False)
    if wish.names is not None:
        builder = builder.add_extension(wish.names, critical=True)
    if wish.alternative:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(wish.alternative)]), critical=False
        )
    if wish.critical is not None:
        builder = builder.add_extension(x509.UnrecognizedExtension(wish.critical, b"\x05\x00"), critical=True)
    return builder.sign(signer, wish.hash)


def authority(name: str, issuer: Issuer | None = None, **changed: Any) -> Issuer:
    """A root, or somebody below it."""
    key = changed.pop("key", None) or ec.generate_private_key(ec.SECP256R1())
    wish = replace(CA, subject=((NameOID.COMMON_NAME, name),), key=key, **changed)
    return Issuer(certificate(wish, issuer), key)


def revocations(
    issuer: Issuer, *revoked: x509.Certificate, until: datetime = NOW + DAY, since: datetime = NOW - DAY,
    signed_by: Any = None, critical: bool = False,
) -> bytes:  # fmt: skip
    """A revocation list."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    builder = builder.last_update(since).next_update(until)
    for one in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.serial_number).revocation_date(since)
        builder = builder.add_revoked_certificate(entry.build())
    if critical:
        some = x509.IssuingDistributionPoint(None, None, True, False, None, False, False)
        builder = builder.add_extension(some, critical=True)
    return builder.sign(signed_by or issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _key_usage(*, signs: bool, lists: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=lists,
        encipher_only=False,
        decipher_only=False,
    )


ROOT = authority("Root")
MIDDLE = authority("Issuer of cards", ROOT)
STRANGER = authority("Root")
"""Another root of the same name."""
WEAK = rsa.generate_private_key(65537, 1024)


@dataclass
class Desk:
    """Where cards are judged: the roots, and the revocation lists that lie there."""

    folder: Path
    lists: dict[str, bytes]

    def cards(self) -> Cards:
        """As configured."""
        roots, lists = self.folder / "roots.pem", self.folder / "lists"
        roots.write_bytes(ROOT.certificate.public_bytes(Encoding.PEM))
        lists.mkdir()
        for name, content in self.lists.items():
            (lists / name).write_bytes(content)
        return Cards(Trust(SECRET, roots, lists, frozenset({POLICY})))


def headers(card: x509.Certificate, *chain: x509.Certificate, secret: str = SECRET) -> dict[str, str]:
    """What the proxy hands on."""
    shown = {"x-proxy-secret": secret, "client-cert": _item(card)}
    return shown | ({"client-cert-chain": ", ".join(map(_item, chain))} if chain else {})


def _item(one: x509.Certificate) -> str:
    return f":{base64.b64encode(one.public_bytes(Encoding.DER)).decode()}:"
