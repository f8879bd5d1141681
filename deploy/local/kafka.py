"""One real Kafka broker (KRaft, one node) as a process of this machine, with passwords and ACLs always on."""

import base64
import os
import subprocess
from functools import cached_property
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from deploy.local.errors import LocalStackError
from deploy.local.home import Home, write_private
from deploy.local.kafka_files import java, kafka_files
from deploy.local.kafka_login import MECHANISM, KafkaLogin
from deploy.local.ports import LOOPBACK, keep_port
from deploy.local.progress import say
from deploy.local.server import LocalServer

BROKER = "broker"
PROVISIONER = "provisioner"
"""The super user that makes topics, users and ACLs."""
ANSWER_WITHIN = 1.0

# What these figures are for: a small heap (the log cleaner would take 128 MB alone), quick rebalances and
# quick returns after a kill, and one replica of everything.
SETTINGS = f"""
process.roles=broker,controller
node.id=1
controller.listener.names=CONTROLLER
inter.broker.listener.name=CLIENTS
listener.security.protocol.map=CONTROLLER:PLAINTEXT,CLIENTS:SASL_PLAINTEXT
sasl.enabled.mechanisms={MECHANISM}
sasl.mechanism.inter.broker.protocol={MECHANISM}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:{PROVISIONER};User:{BROKER};User:ANONYMOUS
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
log.cleaner.dedupe.buffer.size=16777216
"""
# ANONYMOUS is the controller listener: loopback only, and nobody else may speak on it without a name.


class LocalKafka(LocalServer):
    """A broker whose data, users and ACLs live under `directory` and survive restarts.

    `throughput=True` lets the JVM compile fully: for benchmarks; without it, it starts faster.
    """

    def __init__(
        self, directory: Path | str, port: int | None = None, *, throughput: bool = False, tied: bool = True
    ) -> None:
        super().__init__(Home(directory), "kafka", tied=tied)
        self._preferred_port = port
        self._throughput = throughput

    @property
    def servers(self) -> str:
        """The bootstrap address."""
        return f"{LOOPBACK}:{self.home.addresses.read()['ports']['kafka']}"

    def login(self, principal: str = PROVISIONER) -> KafkaLogin:
        """How this principal reaches the broker; others than the provisioner must have been provisioned."""
        return KafkaLogin(self.servers, principal, self.home.passwords.of(f"kafka/{principal}"))

    def prepare(self) -> None:
        port = keep_port(self.home, "kafka", self._preferred_port)
        controller = keep_port(self.home, "kafka-controller")
        write_private(self._settings_file, self._settings(port, controller))
        if not (self._data / "meta.properties").exists():
            self._format()

    def command(self) -> list[str]:
        compilation = [] if self._throughput else ["-XX:TieredStopAtLevel=1"]
        return [
            str(java()),
            *("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", *compilation),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            *("-cp", f"{kafka_files()}/*", "kafka.Kafka", str(self._settings_file)),
        ]

    def answers(self) -> bool:
        try:
            return bool(self._admin.list_topics(timeout=ANSWER_WITHIN).brokers)
        except KafkaException:
            return False

    @cached_property
    def _admin(self) -> AdminClient:
        quiet: dict[str, str | int | float | bool] = {"log_level": 0, "reconnect.backoff.max.ms": 200}
        return AdminClient(self.login().for_confluent() | quiet)

    @property
    def _data(self) -> Path:
        return self.home.folder("kafka") / "data"

    @property
    def _settings_file(self) -> Path:
        return self.home.folder("kafka") / "server.properties"

    def _settings(self, port: int, controller_port: int) -> str:
        clients, controller = f"{LOOPBACK}:{port}", f"{LOOPBACK}:{controller_port}"
        password = self.home.passwords.of(f"kafka/{BROKER}")
        return (
            SETTINGS
            + f"listeners=CLIENTS://{clients},CONTROLLER://{controller}\n"
            + f"advertised.listeners=CLIENTS://{clients}\n"
            + f"controller.quorum.bootstrap.servers={controller}\n"
            + f"log.dirs={self._data}\n"
            + f"listener.name.clients.{MECHANISM.lower()}.sasl.jaas.config="
            + "org.apache.kafka.common.security.scram.ScramLoginModule required "
            + f'username="{BROKER}" password="{password}";\n'
        )

    def _format(self) -> None:
        """The first two users are made here, the others by `provision`. Their passwords go by a file: a
        command line can be read by everybody."""
        say("kafka: formatting its data folder")
        cluster = base64.urlsafe_b64encode(os.urandom(16)).decode()[:22]
        options = ["format", "--standalone", f"--cluster-id={cluster}", f"--config={self._settings_file}"]
        for user in (BROKER, PROVISIONER):
            password = self.home.passwords.of(f"kafka/{user}")
            options.append(f"--add-scram={MECHANISM}=[name={user},password={password}]")
        arguments = self._settings_file.with_name("format.arguments")
        write_private(arguments, "\n".join(options) + "\n")
        small_java = [str(java()), "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", f"{kafka_files()}/*"]
        formatted = subprocess.run(
            [*small_java, "kafka.tools.StorageTool", f"@{arguments}"],
            capture_output=True,
            text=True,
        )
        arguments.unlink()
        if formatted.returncode != 0:
            raise LocalStackError(
                f"Kafka could not format its data folder:\n{formatted.stdout}{formatted.stderr}"
            )
