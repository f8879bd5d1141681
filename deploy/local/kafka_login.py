"""How one principal reaches Kafka, in the words of each client library."""

from dataclasses import dataclass, field
from typing import Any

MECHANISM = "SCRAM-SHA-512"


@dataclass(frozen=True, slots=True)
class KafkaLogin:
    """Servers and credentials of one principal. Without a user: a broker that asks for no name."""

    servers: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def for_confluent(self) -> dict[str, str | int | float | bool]:
        """Settings for confluent-kafka's clients."""
        settings: dict[str, str | int | float | bool] = {"bootstrap.servers": self.servers}
        if self.user is not None:
            settings |= {
                "security.protocol": "SASL_PLAINTEXT",
                "sasl.mechanism": MECHANISM,
                "sasl.username": self.user,
                "sasl.password": self.password or "",
            }
        return settings

    def for_aiokafka(self) -> dict[str, Any]:
        """Keyword arguments for aiokafka's producers and consumers."""
        settings: dict[str, Any] = {"bootstrap_servers": self.servers}
        if self.user is not None:
            settings |= {
                "security_protocol": "SASL_PLAINTEXT",
                "sasl_mechanism": MECHANISM,
                "sasl_plain_username": self.user,
                "sasl_plain_password": self.password,
            }
        return settings

    def environment(self) -> dict[str, str]:
        """The settings of one of our services."""
        settings = {"VARDVAXEL_KAFKA_SERVERS": self.servers}
        if self.user is not None:
            settings |= {"VARDVAXEL_KAFKA_USER": self.user, "VARDVAXEL_KAFKA_PASSWORD": self.password or ""}
        return settings
