"""What admin is told by its environment, beside what every service is told."""

import base64
import binascii
from pathlib import Path

from pydantic import Field, SecretStr, field_validator, model_validator

from shared.settings import Environment, ServiceSettings


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
