"""What every service is told by its environment. Names in the environment: `VARDVAXEL_` and the field in capitals."""

from enum import StrEnum

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(StrEnum):
    """Where we run. Conveniences that would be dangerous elsewhere exist in development only."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class ServiceSettings(BaseSettings):
    """Knobs that all services share."""

    model_config = SettingsConfigDict(env_prefix="VARDVAXEL_", extra="ignore", frozen=True)

    environment: Environment = Environment.PRODUCTION
    database_url: SecretStr = Field(description="postgresql://… of the application role, without DDL")
    owner_database_url: SecretStr = Field(
        default=SecretStr(""), description="Of the owner role; `migrate` alone uses it"
    )
    database_connections: int = Field(default=8, ge=2, le=100)
    kafka_servers: str = Field(description="host:port, comma-separated")
    kafka_user: str = Field(
        default="", description="Principal, for SASL SCRAM-SHA-512; empty: no authentication"
    )
    kafka_password: SecretStr = SecretStr("")
    kafka_tls: bool = Field(
        default=False, description="Speak TLS to the brokers, trusting the system's authorities"
    )
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8100, ge=1, le=65535)
    http_body_limit: int = Field(default=256 * 1024, description="Bytes")
    log_level: str = "INFO"
    release: str = Field(default="0.1.0", description="Parked messages are tried again when this changes")
    directory_stale_after: int = Field(
        default=300, description="Seconds without a heartbeat until acts are refused"
    )
    batch_records: int = Field(default=1_000, ge=1, description="Largest batch")
    batch_wait_ms: int = Field(
        default=5,
        ge=1,
        description="Shortest time from one batch to the next: under load batches grow instead",
    )
    crash_at: str = Field(default="", description="Development only: die at this point, `point` or `point:n`")
