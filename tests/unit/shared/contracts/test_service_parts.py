"""Services are put together for documents with settings that lead nowhere, and only where they exist."""

import base64

import pytest
from pydantic import Field, SecretStr, field_validator

from shared.contracts.service_parts import exists, handled_by, made_up, openapi_of
from shared.settings import Environment, ServiceSettings


class ToySettings(ServiceSettings):
    """Knobs of a service with a secret and something that only an example can stand for."""

    key: SecretStr = Field(description="32 bytes, base64")
    depth: int = Field(description="Of the well", examples=[7])
    within: int = 3

    @field_validator("key")
    @classmethod
    def _has_32_bytes(cls, key: SecretStr) -> SecretStr:
        assert len(base64.b64decode(key.get_secret_value())) == 32
        return key


def test_settings_are_made_up_for_production_and_lead_nowhere() -> None:
    settings = made_up(ToySettings)

    assert isinstance(settings, ToySettings)
    assert settings.environment is Environment.PRODUCTION
    assert "127.0.0.1:1/" in settings.database_url.get_secret_value()
    assert (settings.depth, settings.within) == (7, 3)


def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VARDVAXEL_WITHIN", "99")
    monkeypatch.setenv("VARDVAXEL_DATABASE_URL", "postgresql://real")
    monkeypatch.setenv("VARDVAXEL_ENVIRONMENT", "development")

    assert made_up(ToySettings) == made_up(ToySettings)
    settings = made_up(ToySettings)
    assert isinstance(settings, ToySettings)
    assert (settings.within, settings.environment) == (3, Environment.PRODUCTION)
    assert "real" not in settings.database_url.get_secret_value()


@pytest.mark.parametrize("name", ("nobody", "portal-{portal_id}", "staff-backend"))
def test_who_is_no_service_has_no_table_and_no_app(name: str) -> None:
    assert not exists(name)
    assert handled_by(name) is None
    assert openapi_of(name) is None
