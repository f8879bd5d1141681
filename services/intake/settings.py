"""The knobs of intake."""

import base64
import binascii
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from shared.settings import ServiceSettings

KEY_BYTES = 32


def _a_key(text: SecretStr) -> SecretStr:
    try:
        size = len(base64.b64decode(text.get_secret_value(), validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if size != KEY_BYTES:
        raise ValueError(
            f"must be {KEY_BYTES} random bytes in base64, such as from: openssl rand -base64 {KEY_BYTES}"
        )
    return text


Key = Annotated[SecretStr, AfterValidator(_a_key)]


class IntakeSettings(ServiceSettings):
    """What intake needs beside what all services need."""

    http_port: int = Field(default=8101, ge=1, le=65535)
    patient_reference_key: Key = Field(description="32 bytes, base64: names patients in the access log")
    patient_reference_key_version: int = Field(default=1, ge=1, description="Grows when the key is changed")
    patient_reference_former_keys: dict[int, Key] = Field(
        default={},
        description="Keys that were changed, by version: older entries of the access log know patients by them",
    )
    sealing_key: Key = Field(description="32 bytes, base64: dead letters are sealed with it")
    reply_within_days: int = Field(default=30, ge=1, description="For counter-questions that name no date")
    close_after_days: int = Field(
        default=30, ge=1, description="An answered case is closed after so many days"
    )
    ended_grants_days: int = Field(
        default=90, ge=1, description="So long after its end, a grant to a citizen is forgotten"
    )

    @property
    def reply_within(self) -> timedelta:
        """How long a citizen has to reply where the question says nothing."""
        return timedelta(days=self.reply_within_days)


def key_bytes(key: SecretStr) -> bytes:
    """The key itself."""
    return base64.b64decode(key.get_secret_value())
