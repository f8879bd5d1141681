"""Cases by HTTP: how many durable 202 per second, and how long one takes at a calm rate."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from joserfc.jwk import OKPKey

from deploy.local.home import REPOSITORY
from deploy.local.ports import LOOPBACK
from deploy.local.progress import say
from shared.contracts.events.admin import SigningKeyPublished
from shared.security.tokens import Actor, issue
from tests.bench.ground import Ground
from tests.bench.load import PORTAL

MOST_PER_SECOND = 6_000
"""More requests than this per second are not prepared."""


class Refusals(Exception):
    """Something else than 202 came back."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A key of our own, which the directory publishes beside admin's."""

    key: OKPKey

    @classmethod
    def new(cls) -> "Signer":
        """With a new key."""
        return cls(OKPKey.generate_key("Ed25519", {"kid": "bench"}))

    def published(self) -> SigningKeyPublished:
        """What the services must hear of it."""
        version = int(datetime.now(UTC).timestamp())
        jwk: Any = self.key.as_dict(private=False)
        return SigningKeyPublished(key_id="bench", version=version, at=datetime.now(UTC), public_jwk=jwk)

    def token(self) -> str:
        """A portal's token, good for five minutes."""
        return issue(Actor("portal", PORTAL), self.key, datetime.now(UTC), audience=("intake",))


def measure_http(ground: Ground, signer: Signer, seed: int) -> dict[str, float]:
    """202 per second with all connections busy; median and 99th percentile in milliseconds at the calm rate."""
    profile = ground.profile
    _run(ground, signer, seed, requests=500, seconds=2.0)
    fast = _run(
        ground,
        signer,
        seed + 1,
        requests=int(MOST_PER_SECOND * profile.http_seconds),
        seconds=profile.http_seconds,
    )
    calm = _run(
        ground,
        signer,
        seed + 2,
        requests=int(profile.http_rate * profile.http_seconds),
        rate=profile.http_rate,
    )
    found = {"per_s": fast["per_s"], "p50_ms": calm["p50"] * 1000, "p99_ms": calm["p99"] * 1000}
    say("http: {per_s:,.0f} durable 202/s; calm: p50 {p50_ms:.1f} ms, p99 {p99_ms:.1f} ms".format(**found))
    return found


def _run(
    ground: Ground, signer: Signer, seed: int, *, requests: int, seconds: float = 0, rate: int = 0
) -> dict[str, Any]:
    job = {
        "host": LOOPBACK,
        "port": ground.stack.service("intake").port,
        "token": signer.token(),
        "seed": seed,
        "clinics": ground.profile.clinics,
        "connections": ground.profile.http_connections if not rate else 8,
        "requests": requests,
        "seconds": seconds,
        "rate": rate,
    }
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.http_load"],
        input=orjson.dumps(job) + b"\n",
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
        check=True,
    )
    result: dict[str, Any] = orjson.loads(told.stdout)
    if result["others"]:
        raise Refusals(f"beside 202 came {result['others']}")
    return result
