"""Heartbeat keys, secrets, and settings that refuse what is dangerous."""

import base64
import zlib

import pytest
from pydantic import ValidationError

from services.admin.adapters.heartbeat import keys
from services.admin.adapters.secrets import PortalSecrets
from services.admin.app import build
from services.admin.settings import AdminSettings

KEY = base64.b64encode(bytes(32)).decode()


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VARDVAXEL_DATABASE_URL", "postgresql://nowhere")
    monkeypatch.setenv("VARDVAXEL_KAFKA_SERVERS", "nowhere:1")
    monkeypatch.setenv("VARDVAXEL_KEY_ENCRYPTION_KEY", KEY)


@pytest.mark.parametrize("partitions", (1, 3, 12))
def test_there_is_a_heartbeat_for_each_partition(partitions: int) -> None:
    assert [zlib.crc32(key.encode()) % partitions for key in keys(partitions)] == list(range(partitions))


def test_sign_in_without_proof_exists_in_development_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not AdminSettings().signs_in_without_proof
    monkeypatch.setenv("VARDVAXEL_DEVELOPMENT_SIGN_IN", "true")
    with pytest.raises(ValidationError, match="for development only"):
        AdminSettings()
    monkeypatch.setenv("VARDVAXEL_ENVIRONMENT", "development")
    assert AdminSettings().signs_in_without_proof
    monkeypatch.setenv("VARDVAXEL_DEVELOPMENT_SIGN_IN", "false")
    assert not AdminSettings().signs_in_without_proof


async def test_outside_development_the_sign_in_without_proof_is_not_even_a_route(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def paths() -> set[str]:
        return set(build(AdminSettings()).app.openapi()["paths"])

    monkeypatch.setenv("VARDVAXEL_ENVIRONMENT", "development")
    in_development = paths()
    monkeypatch.setenv("VARDVAXEL_ENVIRONMENT", "production")

    assert in_development - paths() == {"/development/sign-in", "/development/people"}


@pytest.mark.parametrize("key", ("", "abc", base64.b64encode(bytes(31)).decode(), "x" * 44))
def test_the_master_key_has_32_bytes(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("VARDVAXEL_KEY_ENCRYPTION_KEY", key)

    with pytest.raises(ValidationError, match="32 random bytes"):
        AdminSettings()


def test_a_secret_is_random_and_the_repeat_of_a_request_gives_the_same() -> None:
    secrets, others = PortalSecrets(bytes(32)), PortalSecrets(bytes([1]) * 32)

    assert secrets.new() != secrets.new()
    assert secrets.new("anna", "key", "minvard", "0") == secrets.new("anna", "key", "minvard", "0")
    assert secrets.new("anna", "key", "minvard", "0") != secrets.new("anna", "key", "minvard", "1")
    assert secrets.new("anna", "key", "minvard", "0") != others.new("anna", "key", "minvard", "0")


def test_a_hash_is_worth_nothing_without_the_key_and_belongs_to_one_portal() -> None:
    secrets, others = PortalSecrets(bytes(32)), PortalSecrets(bytes([1]) * 32)

    assert secrets.hash_of("minvard", "s") == secrets.hash_of("minvard", "s")
    assert secrets.hash_of("minvard", "s") != secrets.hash_of("karlavagnen", "s")
    assert secrets.hash_of("minvard", "s") != others.hash_of("minvard", "s")


PROVIDER = {
    "VARDVAXEL_OIDC_ISSUER": "https://idp.example.org",
    "VARDVAXEL_OIDC_CLIENT_ID": "vardvaxel",
    "VARDVAXEL_OIDC_CLIENT_SECRET": "x",
    "VARDVAXEL_PUBLIC_URL": "https://vardvaxel.example.org",
}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    (
        ({"VARDVAXEL_OIDC_ISSUER": "http://idp.example.org"}, "it is https"),
        ({"VARDVAXEL_OIDC_ISSUER": "https://127.0.0.1:9400"}, "not this machine"),
        ({"VARDVAXEL_PUBLIC_URL": "http://vardvaxel.example.org"}, "it is https"),
        ({"VARDVAXEL_OIDC_CLIENT_SECRET": ""}, "needs VARDVAXEL_OIDC_CLIENT_ID"),
        ({"VARDVAXEL_OIDC_ALGORITHMS": '["RS256", "none"]'}, "none is not among the safe"),
        ({"VARDVAXEL_OIDC_ALGORITHMS": '["HS256"]'}, "HS256 is not among the safe"),
        ({"VARDVAXEL_OIDC_LEAST_LEVEL": "loa1"}, "must be one of"),
        ({"VARDVAXEL_RETURN_PATHS": '["//evil.example.org/"]'}, "no path of ours"),
        ({"VARDVAXEL_CARD_PROXY_SECRET": "x" * 32}, "together or not at all"),
        ({"VARDVAXEL_CARD_PROXY_SECRET": "short"}, "at least 32 characters"),
    ),
)
def test_a_sign_in_that_would_not_be_safe_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], sentence: str
) -> None:
    for name, value in PROVIDER.items():
        monkeypatch.setenv(name, value)
    AdminSettings()
    for name, value in changed.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError, match=sentence):
        AdminSettings()


def test_a_provider_on_this_machine_is_for_development_only(monkeypatch: pytest.MonkeyPatch) -> None:
    local = {"VARDVAXEL_OIDC_ISSUER": "http://127.0.0.1:9400", "VARDVAXEL_ENVIRONMENT": "development"}
    for name, value in (PROVIDER | local).items():
        monkeypatch.setenv(name, value)

    assert AdminSettings().oidc_issuer == local["VARDVAXEL_OIDC_ISSUER"]
