"""The provider that developers run on their own machine, `oidc_provider_mock`: a real one, with made-up cards."""

import json
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from deploy.local.ports import free_port
from services.admin.adapters.identity_provider import IdentityProvider, Provider
from services.admin.domain.person import person_of_claims
from services.admin.entrypoints.browser import Attempt
from services.admin.settings import LEVELS
from shared.clock import utc_now
from shared.testing.eventually import eventually
from tests.component.admin.identity import US

ANNA = {
    "sub": "anna",
    "acr": LEVELS[1],
    "employeeHsaId": "SE2321000016-Made1",
    "given_name": "Anna",
    "family_name": "Andersson",
}


@pytest.fixture
def issuer() -> Iterator[str]:
    port = free_port()
    program = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    process = subprocess.Popen(
        [*program, "--user-claims", json.dumps(ANNA)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(15)


async def _answers(issuer: str) -> bool:
    try:
        async with httpx.AsyncClient() as client:
            return (await client.get(f"{issuer}/.well-known/openid-configuration")).status_code == 200
    except httpx.HTTPError:
        return False


async def test_a_made_up_card_signs_in_with_a_real_provider(issuer: str) -> None:
    await eventually(lambda: _answers(issuer), "the provider answers", within=60)
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
