"""Staff cards: the certificate that a proxy took in TLS, judged again from the roots down.

The proxy proves itself by a secret of its own in a header, and hands the certificates on as RFC 9440 says. Chain, use,
validity and strength are `cryptography`'s to judge (RFC 5280); issuing policy and revocation are ours, and where
a revocation list is missing, stale or forged, nobody is let in.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from services.admin.domain.person import NotProven, Person, holder_of, hsa_ids_of, name_of
from shared.contracts.ids import StaffId

SECRET_HEADER = "x-proxy-secret"  # noqa: S105 -- the name of a header
CERTIFICATE_HEADER = "client-cert"
CHAIN_HEADER = "client-cert-chain"
_LARGEST = 16 * 1024
_MOST_INTERMEDIATES = 5
_SHORTEST_RSA = 2048
_CURVES = {"secp256r1", "secp384r1", "secp521r1"}


@dataclass(frozen=True, slots=True)
class Trust:
    """What cards are judged by. `policies` are the issuing policies (OIDs) that a card may have."""

    proxy_secret: str
    roots: Path
    """A file of root certificates, PEM."""
    revocations: Path
    """A folder of revocation lists, DER or PEM, that something outside keeps fresh."""
    policies: frozenset[str]


class Cards:
    """Judges what the proxy hands on."""

    def __init__(self, trust: Trust) -> None:
        self._trust = trust

    def person(self, headers: Mapping[str, str], now: datetime) -> Person:
        """Whose card it is. Raises NotProven with the reason. Reads files: not for the event loop."""
        shown = headers.get(SECRET_HEADER, "").encode(errors="replace")
        if not hmac.compare_digest(shown, self._trust.proxy_secret.encode()):
            raise NotProven("not_from_the_proxy")
        card, *more = _certificates(headers.get(CERTIFICATE_HEADER, ""))
        if more:
            raise NotProven("card_unreadable")
        chain = self._chain(card, _certificates(headers.get(CHAIN_HEADER, ""), most=_MOST_INTERMEDIATES), now)
        try:
            if not all(map(_is_strong, chain)):
                raise NotProven("card_weak_key")
            self._must_have_a_policy(card)
            self._must_not_be_revoked(chain, now)
        except NotProven as why:
            # That no fresh list is at hand is our trouble, and says nothing of the card.
            theirs = why.reason != "card_revocation_unknown"
            raise NotProven(why.reason, _holder(card) if theirs else None) from why
        return _person(card)

    def _chain(
        self, card: x509.Certificate, intermediates: list[x509.Certificate], now: datetime
    ) -> Sequence[x509.Certificate]:
        """From the card to one of the roots."""
        roots = x509.load_pem_x509_certificates(self._trust.roots.read_bytes())
        # Cards name their holder in the subject, and need no alternative name as web servers do.
        of_cards = ExtensionPolicy.webpki_defaults_ee().may_be_present(
            x509.SubjectAlternativeName, Criticality.AGNOSTIC, None
        )
        of_cards = of_cards.require_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _for_clients)
        verifier = (
            PolicyBuilder()
            .store(Store(roots))
            .time(now)
            .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=of_cards)
            .build_client_verifier()
        )
        try:
            return verifier.verify(card, intermediates).chain
        except (VerificationError, ValueError) as error:
            raise NotProven("card_untrusted") from error

    def _must_have_a_policy(self, card: x509.Certificate) -> None:
        try:
            named = card.extensions.get_extension_for_class(x509.CertificatePolicies).value
        except x509.ExtensionNotFound:
            raise NotProven("card_policy") from None
        if not self._trust.policies & {policy.policy_identifier.dotted_string for policy in named}:
            raise NotProven("card_policy")

    def _must_not_be_revoked(self, chain: Sequence[x509.Certificate], now: datetime) -> None:
        """Each certificate but the root must stand outside a list that its issuer signed and that is fresh."""
        lists = [
            _revocation_list(file) for file in sorted(self._trust.revocations.iterdir()) if file.is_file()
        ]
        for certificate, issuer in pairwise(chain):
            fresh = [
                found
                for found in lists
                if found is not None and found.issuer == certificate.issuer and _counts(found, issuer, now)
            ]
            if not fresh:
                raise NotProven("card_revocation_unknown")
            if any(
                found.get_revoked_certificate_by_serial_number(certificate.serial_number) for found in fresh
            ):
                raise NotProven("card_revoked")


def _is_strong(certificate: x509.Certificate) -> bool:
    """The verifier looks at how certificates are signed, and not at the key of the card itself."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= _SHORTEST_RSA
    return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES


def _for_clients(_: object, __: object, use: x509.ExtendedKeyUsage | None) -> None:
    if use is None or ExtendedKeyUsageOID.CLIENT_AUTH not in use:
        raise ValueError("not for clients")


def _certificates(header: str, *, most: int = 1) -> list[x509.Certificate]:
    """The certificates of a header: byte sequences in colons, with commas between them (RFC 9440, RFC 8941)."""
    if len(header) > _LARGEST * most:
        raise NotProven("card_unreadable")
    found = []
    for item in filter(None, (part.strip() for part in header.split(","))):
        if len(item) < 3 or item[0] != ":" or item[-1] != ":":
            raise NotProven("card_unreadable")
        try:
            found.append(x509.load_der_x509_certificate(base64.b64decode(item[1:-1], validate=True)))
        except (binascii.Error, ValueError) as error:
            raise NotProven("card_unreadable") from error
    if len(found) > most or (most == 1 and not found):
        raise NotProven("card_unreadable")
    return found


def _revocation_list(file: Path) -> x509.CertificateRevocationList | None:
    """The list in a file; None if it is none."""
    content = file.read_bytes()
    try:
        if content.startswith(b"-----"):
            return x509.load_pem_x509_crl(content)
        return x509.load_der_x509_crl(content)
    except ValueError:
        return None


def _counts(found: x509.CertificateRevocationList, issuer: x509.Certificate, now: datetime) -> bool:
    """Whether the issuer signed this list, for all its certificates, and it is fresh (RFC 5280, 5.2 and 6.3)."""
    if found.next_update_utc is None or not found.last_update_utc <= now < found.next_update_utc:
        return False
    if any(extension.critical for extension in found.extensions):
        return False  # a delta, or for some of its certificates only
    try:
        use = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
        signed = found.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (x509.ExtensionNotFound, InvalidSignature, TypeError, ValueError):
        return False
    return use.crl_sign and signed


def _holder(card: x509.Certificate) -> StaffId | None:
    ids = card.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return holder_of(ids[0].value) if len(ids) == 1 else None


def _person(card: x509.Certificate) -> Person:
    """The holder: the HSA-id stands in the subject's serial number, as on SITHS cards."""

    def texts(oid: x509.ObjectIdentifier) -> list[object]:
        return [attribute.value for attribute in card.subject.get_attributes_for_oid(oid)]

    ids = texts(NameOID.SERIAL_NUMBER)
    if len(ids) > 1:
        raise NotProven("card_names_several")
    names = [*texts(NameOID.GIVEN_NAME)[:1], *texts(NameOID.SURNAME)[:1]]
    name = name_of(*names) or name_of(*texts(NameOID.COMMON_NAME)[:1])
    policies = card.extensions.get_extension_for_oid(ExtensionOID.CERTIFICATE_POLICIES).value
    level = (
        policies[0].policy_identifier.dotted_string if isinstance(policies, x509.CertificatePolicies) else ""
    )
    return Person(hsa_ids_of(ids), name, name_of(*texts(NameOID.TITLE)[:1]), "card", level)
