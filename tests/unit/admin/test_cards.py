"""Certificates of cards: each decided right, and nothing believed that does not come from the proxy."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from services.admin.domain.person import NotProven
from tests.unit.admin.cards import (
    CARD_KEY,
    DAY,
    HSA_ID,
    MIDDLE,
    NOW,
    OTHER_POLICY,
    POLICY,
    ROOT,
    STRANGER,
    WEAK,
    Desk,
    Issuer,
    Wish,
    authority,
    certificate,
    headers,
    revocations,
)

GOOD = {"root": revocations(ROOT), "middle": revocations(MIDDLE)}


def a_card(issuer: Issuer | None = MIDDLE, **changed: Any) -> x509.Certificate:
    return certificate(replace(Wish(), **changed), issuer)


def named(*hsa_ids: str) -> tuple[tuple[x509.ObjectIdentifier, str], ...]:
    return tuple((NameOID.SERIAL_NUMBER, hsa_id) for hsa_id in hsa_ids)


def judged(
    tmp_path: Path, card: x509.Certificate, *chain: x509.Certificate, lists: dict[str, bytes] | None = None
) -> str:
    """The HSA-id, or why not."""
    cards = Desk(tmp_path, GOOD if lists is None else lists).cards()
    try:
        return cards.person(headers(card, *(chain or (MIDDLE.certificate,))), NOW).hsa_ids[0]
    except NotProven as why:
        return why.reason


UNTRUSTED, UNKNOWN = "card_untrusted", "card_revocation_unknown"
OLD = authority("Old issuer", ROOT, begins=NOW - 20 * DAY, ends=NOW - DAY)
FOR_OTHERS = authority(
    "Issuer for others", ROOT, names=x509.NameConstraints([x509.DNSName("example.org")], None)
)
WITHOUT_LISTS = authority("Issuer without lists", ROOT, signs_lists=False)
NO_DEPTH = authority("Issuer of cards alone", ROOT, path_length=0)
BELOW_NO_DEPTH = authority("Below", NO_DEPTH)
CARD_AS_ISSUER = Issuer(a_card(), CARD_KEY)


@pytest.mark.parametrize(
    ("card", "chain", "decision"),
    (
        (a_card(), (), HSA_ID),
        (a_card(alternative="karin.example.org"), (), HSA_ID),
        (a_card(policies=(OTHER_POLICY, POLICY)), (), HSA_ID),
        (a_card(uses=(ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.CLIENT_AUTH)), (), HSA_ID),
        (a_card(begins=NOW - 10 * DAY, ends=NOW - DAY), (), UNTRUSTED),
        (a_card(begins=NOW + DAY), (), UNTRUSTED),
        (a_card(uses=(ExtendedKeyUsageOID.SERVER_AUTH,)), (), UNTRUSTED),
        (a_card(uses=None), (), UNTRUSTED),
        (a_card(policies=(OTHER_POLICY,)), (), "card_policy"),
        (a_card(policies=None), (), "card_policy"),
        (a_card(None), (), UNTRUSTED),
        (a_card(STRANGER), (), UNTRUSTED),
        (a_card(authority("Issuer of cards", STRANGER)), (), UNTRUSTED),
        (a_card(OLD), (OLD.certificate,), UNTRUSTED),
        (a_card(), (STRANGER.certificate,), UNTRUSTED),
        (a_card(CARD_AS_ISSUER), (CARD_AS_ISSUER.certificate, MIDDLE.certificate), UNTRUSTED),
        (a_card(BELOW_NO_DEPTH), (BELOW_NO_DEPTH.certificate, NO_DEPTH.certificate), UNTRUSTED),
        (a_card(FOR_OTHERS, alternative="karin.example.com"), (FOR_OTHERS.certificate,), UNTRUSTED),
        (a_card(authority=True), (), UNTRUSTED),
        (MIDDLE.certificate, (), UNTRUSTED),
        (a_card(key=WEAK), (), "card_weak_key"),
        (a_card(key=ed25519.Ed25519PrivateKey.generate()), (), "card_weak_key"),
        (a_card(key=ec.generate_private_key(ec.SECP256K1())), (), "card_weak_key"),
        (a_card(key=ec.generate_private_key(ec.SECP384R1())), (), HSA_ID),
        (a_card(key=rsa.generate_private_key(65_537, 2_048)), (), HSA_ID),
        (a_card(critical=x509.ObjectIdentifier("1.2.3.4.5")), (), UNTRUSTED),
        (a_card(WITHOUT_LISTS), (WITHOUT_LISTS.certificate,), UNKNOWN),
        (a_card(subject=((NameOID.COMMON_NAME, "Karin"),)), (), "no_hsa_id"),
        (a_card(subject=named("191212121212")), (), "malformed_hsa_id"),
        (a_card(subject=named(f"{HSA_ID} {HSA_ID}")), (), "malformed_hsa_id"),
        (a_card(subject=named(HSA_ID, "SE2321000016-BOSS")), (), "card_names_several"),
    ),
)
def test_a_card_is_decided_right(
    tmp_path: Path, card: x509.Certificate, chain: tuple[x509.Certificate, ...], decision: str
) -> None:
    lists = GOOD | {"without": revocations(WITHOUT_LISTS)}

    assert judged(tmp_path, card, *chain, lists=lists) == decision


CARD = a_card()


@pytest.mark.parametrize(
    ("lists", "decision"),
    (
        (GOOD, HSA_ID),
        (GOOD | {"middle": revocations(MIDDLE, CARD)}, "card_revoked"),
        (GOOD | {"root": revocations(ROOT, MIDDLE.certificate)}, "card_revoked"),
        (GOOD | {"newer": revocations(MIDDLE, CARD)}, "card_revoked"),
        (GOOD | {"middle": revocations(MIDDLE, until=NOW - DAY / 2)}, UNKNOWN),
        (GOOD | {"middle": revocations(MIDDLE, since=NOW + DAY / 2)}, UNKNOWN),
        (GOOD | {"middle": revocations(MIDDLE, signed_by=STRANGER.key)}, UNKNOWN),
        (GOOD | {"middle": revocations(MIDDLE, critical=True)}, UNKNOWN),
        (GOOD | {"middle": b"no list at all"}, UNKNOWN),
        ({"middle": GOOD["middle"]}, UNKNOWN),
        ({"root": GOOD["root"]}, UNKNOWN),
        ({}, UNKNOWN),
    ),
)
def test_who_is_revoked_or_may_be_is_not_let_in(
    tmp_path: Path, lists: dict[str, bytes], decision: str
) -> None:
    assert judged(tmp_path, CARD, lists=lists) == decision


def test_a_card_names_its_holder(tmp_path: Path) -> None:
    person = Desk(tmp_path, GOOD).cards().person(headers(CARD, MIDDLE.certificate), NOW)

    assert (person.hsa_ids, person.name, person.title) == ((HSA_ID,), "Karin Kort", "sjuksköterska")
    assert (person.how, person.level) == ("card", POLICY)


@pytest.mark.parametrize("secret", ("", "wrong", "between-proxy-and-admin ", "å"))
def test_only_the_proxy_is_believed(tmp_path: Path, secret: str) -> None:
    with pytest.raises(NotProven, match="not_from_the_proxy"):
        Desk(tmp_path, GOOD).cards().person(headers(CARD, MIDDLE.certificate, secret=secret), NOW)


@pytest.mark.parametrize("shown", ("", "::", ":AAAA:", "AAAA", ":not base64:", ":" + "A" * 30_000 + ":"))
def test_what_is_no_certificate_proves_nothing(tmp_path: Path, shown: str) -> None:
    with pytest.raises(NotProven, match="card_unreadable"):
        Desk(tmp_path, GOOD).cards().person(headers(CARD) | {"client-cert": shown}, NOW)


def test_two_cards_at_once_prove_nothing(tmp_path: Path) -> None:
    both = headers(CARD)
    both["client-cert"] += f", {both['client-cert']}"

    with pytest.raises(NotProven, match="card_unreadable"):
        Desk(tmp_path, GOOD).cards().person(both, NOW)
