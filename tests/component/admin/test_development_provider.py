"""The provider that developers run on their own machine, `oidc_provider_mock`: a real one, with made-up cards."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from deploy.local.home import Home
from deploy.local.service import LocalIdentityProvider
from services.admin.adapters.identity_provider import IdentityProvider, Provider
from services.admin.domain.person import person_of_claims
from services.admin.entrypoints.browser import Attempt
from services.admin.settings import LEVELS
from shared.clock import utc_now
from tests.component.admin.identity import US

ANNA = {
    "sub": "anna",
    "acr": LEVELS[1],
    "employeeHsaId": "SE2321000016-Made1",
    "given_name": "Anna",
    "family_name": "Andersson",
}


@pytest.fixture
def issuer(tmp_path: Path) -> Iterator[str]:
    provider = LocalIdentityProvider(Home(tmp_path), [ANNA])
    yield provider.start().url
    provider.stop()
    assert not provider.process.alive


async def test_a_made_up_card_signs_in_with_a_real_provider(issuer: str) -> None:
    provider = Provider(
        issuer, "us", "made-up", f"{US}/sign-in/callback", "openid profile", ("RS256",), LEVELS[1:], True
    )
    identity = IdentityProvider(provider, utc_now)
    attempt = Attempt.new("/session", utc_now())

    url = await identity.begin(attempt.state, attempt.nonce, attempt.verifier)
    async with httpx.AsyncClient() as person:
        back = await person.post(url, data={"sub": "anna"})
    parameters = dict(parse_qsl(urlsplit(back.headers["location"]).query))
    claims = await identity.finish(
        parameters["code"], issuer="", nonce=attempt.nonce, verifier=attempt.verifier
    )

    assert back.headers["location"].startswith(f"{US}/sign-in/callback?")
    assert parameters["state"] == attempt.state
    found = person_of_claims(claims, LEVELS, LEVELS[1])
    assert (found.hsa_ids, found.name) == (("SE2321000016-Made1",), "Anna Andersson")
