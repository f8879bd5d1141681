"""The identity provider, spoken to by OpenID Connect: authorization code with PKCE (RFC 6749, RFC 7636, OIDC Core 1.0).

What it says is believed only as far as its signature, and every claim that ties it to this very sign-in, reach.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from ssl import SSLContext
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError
from joserfc.jwk import Key, KeySet
from joserfc.jws import extract_compact

from services.admin.domain.person import NotProven
from shared.clock import Clock
from shared.errors import Unavailable

SKEW_SECONDS = 30
"""How far the provider's clock may be from ours."""
_METADATA_FOR = timedelta(hours=1)
_KEYS_EVERY = timedelta(seconds=30)
"""Whoever makes up key ids makes us ask for the keys no more often than this."""
_TIMEOUT_SECONDS = 5.0
_LARGEST_ANSWER = 256 * 1024


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider as it is configured. `issuer` and `algorithms` are pinned, whatever the provider says."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    scope: str
    algorithms: Sequence[str]
    acr_values: Sequence[str]
    plain_http: bool = False
    """Development only: a provider on this machine."""


class IdentityProvider:
    """Begins sign-ins and finishes them. `transport` is for tests."""

    def __init__(
        self, provider: Provider, clock: Clock, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self._provider = provider
        self._clock = clock
        self._transport = transport
        self._metadata: dict[str, Any] = {}
        self._metadata_at: datetime | None = None
        self._keys = KeySet([])
        self._keys_at: datetime | None = None

    async def begin(self, state: str, nonce: str, verifier: str) -> str:
        """Where to send the browser. Raises NotProven if the provider can't do PKCE, Unavailable if it is away."""
        metadata = await self._discover()
        if "S256" not in metadata.get("code_challenge_methods_supported", ["S256"]):
            raise NotProven("provider_without_pkce")
        wished = {"acr_values": " ".join(self._provider.acr_values)} if self._provider.acr_values else {}
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier, **wished
            )
        return str(url)

    async def finish(self, code: str, *, issuer: str, nonce: str, verifier: str) -> Mapping[str, Any]:
        """The claims about who came back with this code. `issuer` is what the callback names (RFC 9207), if it does.

        Raises NotProven with the reason, Unavailable if the provider is away.
        """
        metadata = await self._discover()
        promised = metadata.get("authorization_response_iss_parameter_supported") is True
        if issuer != self._provider.issuer and (issuer or promised):
            raise NotProven("wrong_iss")
        async with self._client() as client:
            token = await self._exchange(client, metadata["token_endpoint"], code, verifier)
            id_token, access_token = token.get("id_token"), token.get("access_token")
            if not isinstance(id_token, str):
                raise NotProven("no_id_token")
            claims = await self._checked(id_token, nonce, access_token)
            return await self._completed(client, claims)

    async def _exchange(
        self, client: AsyncOAuth2Client, endpoint: str, code: str, verifier: str
    ) -> Mapping[str, Any]:
        try:
            token: Mapping[str, Any] = await client.fetch_token(
                endpoint, code=code, code_verifier=verifier, grant_type="authorization_code"
            )
        except OAuthError as error:
            raise NotProven("code_refused") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise Unavailable(f"identity provider: {type(error).__name__}") from error
        return token

    async def _checked(self, id_token: str, nonce: str, access_token: object) -> dict[str, Any]:
        """The claims of an ID token that was signed by the provider, for us, in this sign-in, just now."""
        try:
            header = extract_compact(id_token.encode()).headers()
            if header.get("alg") not in self._provider.algorithms:
                raise NotProven("wrong_alg")
            key = await self._key(header.get("kid"))
            token = jwt.decode(id_token, key, algorithms=list(self._provider.algorithms))
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self._provider.issuer},
                    "aud": {"essential": True, "value": self._provider.client_id},
                    "nonce": {"essential": True, "value": nonce},
                },
                {"nonce": nonce, "client_id": self._provider.client_id, "access_token": access_token},
            )
            claims.validate(now=int(self._clock().timestamp()), leeway=SKEW_SECONDS)
        except ExpiredTokenError as error:
            raise NotProven("expired") from error
        except MissingClaimError as error:
            raise NotProven(f"no_{error.claim}") from error
        except InvalidClaimError as error:
            raise NotProven(f"wrong_{error.claim}") from error
        except (JoseError, ValueError, TypeError) as error:
            raise NotProven("bad_id_token") from error
        return dict(claims)

    async def _completed(self, client: AsyncOAuth2Client, claims: dict[str, Any]) -> Mapping[str, Any]:
        """Some providers give the HSA-ids at the userinfo endpoint only. What the ID token says counts before it."""
        endpoint = (await self._discover()).get("userinfo_endpoint")
        if claims.get("employeeHsaId") or claims.get("allEmployeeHsaIds") or not endpoint:
            return claims
        more = await self._get(client, str(endpoint))
        if more.get("sub") != claims["sub"]:
            raise NotProven("wrong_sub")
        return {**more, **claims}

    async def _key(self, kid: object) -> Key:
        """The provider's key of this id, asked for again if we don't know it; without an id, its only key."""
        for fresh in (False, True):
            if fresh or self._keys_at is None:
                await self._read_keys()
            keys = [key for key in self._keys.keys if key.get("use", "sig") == "sig"]
            found = keys if kid is None else [key for key in keys if key.kid == kid]
            if len(found) == 1:
                return found[0]
        raise NotProven("unknown_key")

    async def _read_keys(self) -> None:
        now = self._clock()
        if self._keys_at is not None and now - self._keys_at < _KEYS_EVERY:
            return
        metadata = await self._discover()
        async with self._client() as client:
            found = await self._get(client, metadata["jwks_uri"], withhold_token=True)
        try:
            self._keys = KeySet.import_key_set(
                {"keys": [key for key in found["keys"] if key["kty"] != "oct"]}
            )
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise Unavailable("identity provider: its keys can't be read") from error
        self._keys_at = now

    async def _discover(self) -> dict[str, Any]:
        """The provider's metadata (OpenID Connect Discovery 1.0), which must be about the configured issuer."""
        now = self._clock()
        if self._metadata_at is not None and now - self._metadata_at < _METADATA_FOR:
            return self._metadata
        async with self._client() as client:
            url = f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration"
            found = await self._get(client, url, withhold_token=True)
        if found.get("issuer") != self._provider.issuer:
            raise NotProven("wrong_issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
            address = found.get(name, "" if name == "userinfo_endpoint" else None)
            if not isinstance(address, str) or (address and not self._may_be_called(address)):
                raise NotProven("insecure_provider")
        self._metadata, self._metadata_at = found, now
        return found

    def _may_be_called(self, address: str) -> bool:
        return address.startswith("https://") or (
            self._provider.plain_http and address.startswith(self._provider.issuer)
        )

    async def _get(
        self, client: AsyncOAuth2Client, url: str, *, withhold_token: bool = False
    ) -> dict[str, Any]:
        try:
            answer = await client.request("GET", url, withhold_token=withhold_token)
            answer.raise_for_status()
            found = json.loads(answer.content) if len(answer.content) <= _LARGEST_ANSWER else None
        except (httpx2.HTTPError, ValueError) as error:
            raise Unavailable(f"identity provider: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise Unavailable("identity provider: an answer that can't be read")
        return found

    def _client(self) -> AsyncOAuth2Client:
        provider = self._provider
        return AsyncOAuth2Client(
            provider.client_id,
            provider.client_secret,
            redirect_uri=provider.redirect_uri,
            scope=provider.scope,
            code_challenge_method="S256",
            timeout=_TIMEOUT_SECONDS,
            follow_redirects=False,
            transport=self._transport,
            verify=self._trusted,
        )

    @cached_property
    def _trusted(self) -> SSLContext:
        """The authorities that are trusted, read once: for each client anew they would cost 16 ms of everybody's."""
        return httpx2.create_ssl_context()
