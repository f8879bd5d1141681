"""What admin is told by its environment, beside what every service is told."""

import base64
import binascii
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from shared.settings import Environment, ServiceSettings

LEVELS = ("http://id.sambi.se/loa/loa2", "http://id.sambi.se/loa/loa3", "http://id.sambi.se/loa/loa4")
"""The levels of assurance of Swedish health care's federation."""
_SAFE_ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}
_SHORTEST_PROXY_SECRET = 32
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


class AdminSettings(ServiceSettings):
    """Admin's own knobs."""

    key_encryption_key: SecretStr = Field(
        description="32 bytes in base64: seals the private signing keys, and keys the hashes of the portals' secrets"
    )
    development_sign_in: bool | None = Field(
        default=None,
        description="Sign-in by HSA-id alone; on in development unless this is false, nowhere else",
    )
    access_log_years: int = Field(
        default=10, ge=5, le=100, description="How long the access log is kept; the law asks for five years"
    )
    access_sample_size: int = Field(
        default=10, ge=1, le=1_000, description="How many accesses a week a clinic's reviewers check"
    )
    permission_review_months: int = Field(
        default=6,
        ge=1,
        le=24,
        description="How long after a review of a clinic's permissions the next one is opened",
    )
    inactivity_warning_days: int = Field(
        default=150, ge=1, le=3_650, description="So long after the last sign-in a person is warned"
    )
    inactivity_lock_days: int = Field(
        default=180, ge=1, le=3_650, description="So long after it the account is locked"
    )
    inactivity_notice_days: int = Field(
        default=14, ge=1, le=365, description="And never sooner than this after the warning"
    )
    national_directory: Path | None = Field(
        default=None, description="A file with the people of the national directory; none: it is not asked"
    )
    national_directory_hours: int = Field(
        default=24, ge=1, le=24 * 31, description="How often it is asked about everybody, beside each sign-in"
    )
    sign_in_record_days: int = Field(
        default=730, ge=90, le=36_500, description="How long the record of sign-ins is kept"
    )
    public_url: str = Field(
        default="http://127.0.0.1:8104",
        description="Where browsers see admin, without a path; https in production",
    )
    return_paths: tuple[str, ...] = Field(
        default=("/session",),
        min_length=1,
        description="Paths that a sign-in may go on to; one that ends with a slash allows what is below. JSON",
    )
    oidc_issuer: str = Field(default="", description="Issuer of the identity provider; empty: none")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_scope: str = "openid profile"
    oidc_algorithms: tuple[str, ...] = Field(
        default=("RS256", "PS256", "ES256"), min_length=1, description="Signatures that are believed. JSON"
    )
    oidc_levels: tuple[str, ...] = Field(
        default=LEVELS, min_length=1, description="Values of `acr`, the weakest first. JSON"
    )
    oidc_least_level: str = Field(default=LEVELS[1], description="The weakest of them that will do")
    card_proxy_secret: SecretStr = Field(
        default=SecretStr(""),
        description="What the proxy that takes cards in TLS proves itself with; empty: no cards",
    )
    card_roots: Path | None = Field(default=None, description="PEM file of the roots that cards end at")
    card_revocations: Path | None = Field(
        default=None, description="Folder of revocation lists that something outside keeps fresh"
    )
    card_policies: frozenset[str] = Field(
        default=frozenset(), description="Issuing policies (OIDs) that a card may have. JSON"
    )
    http_port: int = Field(default=8104, ge=1, le=65535)

    @field_validator("key_encryption_key")
    @classmethod
    def _has_32_bytes(cls, key: SecretStr) -> SecretStr:
        try:
            length = len(base64.b64decode(key.get_secret_value(), validate=True))
        except binascii.Error:
            length = 0
        if length != 32:
            raise ValueError("must be 32 random bytes in base64, such as `openssl rand -base64 32` gives")
        return key

    @model_validator(mode="after")
    def _never_in_production(self) -> "AdminSettings":
        if self.development_sign_in and self.environment is not Environment.DEVELOPMENT:
            raise ValueError("VARDVAXEL_DEVELOPMENT_SIGN_IN: sign-in without proof is for development only")
        return self

    @model_validator(mode="after")
    def _believes_no_weak_provider(self) -> "AdminSettings":
        if unsafe := sorted(set(self.oidc_algorithms) - _SAFE_ALGORITHMS):
            raise ValueError(
                f"VARDVAXEL_OIDC_ALGORITHMS: {', '.join(unsafe)} is not among the safe signatures"
            )
        if self.oidc_least_level not in self.oidc_levels:
            raise ValueError("VARDVAXEL_OIDC_LEAST_LEVEL must be one of VARDVAXEL_OIDC_LEVELS")
        if bad := [path for path in self.return_paths if not path.startswith("/") or path.startswith("//")]:
            raise ValueError(f"VARDVAXEL_RETURN_PATHS: {bad[0]} is no path of ours")
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret.get_secret_value()):
            raise ValueError("VARDVAXEL_OIDC_ISSUER needs VARDVAXEL_OIDC_CLIENT_ID and _CLIENT_SECRET too")
        if self.environment is not Environment.DEVELOPMENT and self.oidc_issuer:
            for name, url in (("OIDC_ISSUER", self.oidc_issuer), ("PUBLIC_URL", self.public_url)):
                if not url.startswith("https://") or (urlsplit(url).hostname or "") in _THIS_MACHINE:
                    raise ValueError(
                        f"VARDVAXEL_{name}: outside development it is https, and not this machine"
                    )
        return self

    @model_validator(mode="after")
    def _judges_cards_fully_or_not_at_all(self) -> "AdminSettings":
        secret = self.card_proxy_secret.get_secret_value()
        if secret and len(secret) < _SHORTEST_PROXY_SECRET:
            raise ValueError("VARDVAXEL_CARD_PROXY_SECRET has at least 32 characters")
        given = (secret, self.card_roots, self.card_revocations, self.card_policies)
        if any(given) and not all(given):
            raise ValueError(
                "VARDVAXEL_CARD_: _PROXY_SECRET, _ROOTS, _REVOCATIONS and _POLICIES are given together or not at all"
            )
        return self

    @property
    def signs_in_without_proof(self) -> bool:
        """Whether the development sign-in exists."""
        return self.environment is Environment.DEVELOPMENT and self.development_sign_in is not False

    @property
    def inactivity_days(self) -> tuple[int, int, int]:
        """Days until the warning, until the lock, and at the least between the two."""
        return self.inactivity_warning_days, self.inactivity_lock_days, self.inactivity_notice_days

    def master_key(self) -> bytes:
        """The 32 bytes that the other keys come from."""
        return base64.b64decode(self.key_encryption_key.get_secret_value())
