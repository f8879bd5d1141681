"""Everything at once: Kafka, PostgreSQL, the mailbox and the services, for demo, tests and benchmarks."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.blocking import together
from deploy.local.choose import Infrastructure, choose_infrastructure
from deploy.local.errors import LocalStackError
from deploy.local.home import DEFAULT_DIRECTORY, REPOSITORY, Home, write_private
from deploy.local.kafka import LocalKafka
from deploy.local.ports import LOOPBACK
from deploy.local.postgres import LocalPostgres
from deploy.local.process import LocalProcess
from deploy.local.progress import end_of, say
from deploy.local.provision import provision_region
from deploy.local.service import HttpServer, LocalIdentityProvider, LocalMailbox, LocalService
from shared.contracts.topics import SERVICES

PORTS = {"intake": 8101, "routing": 8102, "notify": 8103, "admin": 8104, "mailbox": 8105, "provider": 8107}
PORTALS = ("minvard", "karlavagnen")
"""The portals of the made-up region."""
SMTP_PORT, KAFKA_PORT, POSTGRES_PORT = 12525, 19092, 15432
KEYS = {"intake": ("patient_reference_key", "sealing_key"), "admin": ("key_encryption_key",)}
"""Settings of services that are keys: made by chance, once per stack."""
UNDERNEATH = ("mailbox", "kafka", "postgres")
"""What the services stand on, and what ends after them."""
SERVICE_STOPS_WITHIN = 20.0
Program = Callable[[str, str], list[str]]
"""The command line for a service and one of its roles (`all`, `migrate`)."""


def our_program(service: str, role: str) -> list[str]:
    """How the services of this repository are run."""
    return [sys.executable, "-m", f"services.{service}", role]


class Stack:
    """One installation on this machine. Its data live under `directory` and survive restarts.

    A second `Stack` on the same directory, in this program or another, finds what the first one started, and
    as a context manager leaves it running when all of it was there.
    `tied=False` lets it outlive this program. `own_processes`: Kafka and PostgreSQL are processes of this machine,
    whatever the environment names. `settings` are added to the environment of each service. `cards` are those of the
    made-up people whom the development identity provider signs in; without any there is no provider.
    """

    def __init__(
        self,
        directory: Path | str = DEFAULT_DIRECTORY,
        *,
        portals: tuple[str, ...] = PORTALS,
        services: tuple[str, ...] = SERVICES,
        instances: int = 1,
        settings: Mapping[str, Mapping[str, str]] | None = None,
        cards: Sequence[Mapping[str, str]] = (),
        throughput: bool = False,
        tied: bool = True,
        own_processes: bool = False,
        program: Program = our_program,
    ) -> None:
        self.home = Home(directory)
        self.mailbox = LocalMailbox(self.home, PORTS["mailbox"], SMTP_PORT, tied=tied)
        self.provider = (
            LocalIdentityProvider(self.home, cards, PORTS["provider"], tied=tied) if cards else None
        )
        self._portals = portals
        self._names = services
        self._instances = instances
        self._settings = settings or {}
        self._throughput = throughput
        self._tied = tied
        self._own_processes = own_processes
        self._program = program
        self._services: dict[tuple[str, int], LocalService] = {}
        self._infrastructure: Infrastructure | None = None
        self._holding = ExitStack()
        self.found_running = False

    def start(self) -> Self:
        """Bring up what does not run yet and wait until all of it is ready.

        Raises LocalStackError that names what failed and ends with its log.
        """
        with self.home.lock("stack"):
            self._start()
        return self

    @property
    def infrastructure(self) -> Infrastructure:
        """Kafka and PostgreSQL; there after `start`."""
        if self._infrastructure is None:
            raise LocalStackError("The stack has not been started: call start() first.")
        return self._infrastructure

    def service(self, name: str, instance: int = 1) -> LocalService:
        """One instance of a service, to kill, pause, resume, stop or restart."""
        return self._services[name, instance]

    @property
    def servers(self) -> tuple[HttpServer, ...]:
        """Everything of ours that has an address for a browser."""
        provider = () if self.provider is None else (self.provider,)
        return (*self._services.values(), self.mailbox, *provider)

    def stop(self) -> None:
        """End everything that was started in this directory, by whomever; nothing is left behind."""
        with self.home.lock("stack"):
            self._stop()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        self.found_running = all(server.found_running for server in self.servers)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.found_running:
            self.stop()

    def _start(self) -> None:
        provider = () if self.provider is None else (self.provider.start,)
        together(self._start_infrastructure, self.mailbox.start, *provider)
        provision_region(self.infrastructure.kafka, self._portals, self.infrastructure.passwords)
        self._services = {
            (name, number): self._instance(name, number)
            for name in self._names
            for number in range(1, self._instances + 1)
        }
        for name in self._names:
            self._write_environment(name)
            if not self.service(name).process.alive:
                self._migrate(name)
        together(*(service.start for service in self._services.values()))

    def _start_infrastructure(self) -> None:
        if self._infrastructure is not None:
            known = self._infrastructure.local_kafka, self._infrastructure.local_postgres
            together(*(server.start for server in known if server is not None))
            return
        self._infrastructure = choose_infrastructure(
            self._holding,
            self.home.directory,
            keep_running=not self._tied,
            kafka_port=KAFKA_PORT,
            postgres_port=POSTGRES_PORT,
            throughput=self._throughput,
            own_processes=self._own_processes,
        )

    def _stop(self) -> None:
        ours = {server.name: server.process for server in self.servers}
        recorded = set(self.home.addresses.read().get("processes", {})).difference(UNDERNEATH)
        services = [ours.get(name) or LocalProcess(self.home, name) for name in recorded]
        together(*(partial(service.end, signal.SIGTERM, SERVICE_STOPS_WITHIN) for service in services))
        self.mailbox.stop()
        self._holding.close()
        together(LocalKafka(self.home.directory).stop, LocalPostgres(self.home.directory).stop)
        self._infrastructure = None

    def _instance(self, name: str, number: int) -> LocalService:
        known = self._services.get((name, number))
        preferred = PORTS.get(name) if number == 1 else None
        return known or LocalService(
            self.home,
            f"{name}-{number}",
            self._program(name, "all"),
            self.settings_of(name),
            preferred,
            tied=self._tied,
        )

    def settings_of(self, name: str) -> dict[str, str]:
        """The environment that one service is told everything by. Only `migrate` learns the owner's password."""
        settings = {
            "VARDVAXEL_ENVIRONMENT": "development",
            "VARDVAXEL_DATABASE_URL": self.infrastructure.databases.url(name),
            **self.infrastructure.login(name).environment(),
        }
        for key in KEYS.get(name, ()):
            settings[f"VARDVAXEL_{key.upper()}"] = self.home.passwords.key_of(f"{name}/{key}")
        if name == "notify":
            settings |= {"VARDVAXEL_SMTP_HOST": LOOPBACK, "VARDVAXEL_SMTP_PORT": str(self.mailbox.smtp_port)}
        if name == "admin" and self.provider is not None:
            settings |= {
                "VARDVAXEL_OIDC_ISSUER": self.provider.url,
                "VARDVAXEL_OIDC_CLIENT_ID": "vardvaxel",
                "VARDVAXEL_OIDC_CLIENT_SECRET": self.home.passwords.of("identity-provider/admin"),
            }
        return settings | dict(self._settings.get(name, {}))

    def _for_operators(self, name: str) -> dict[str, str]:
        """A service's environment with what only `migrate` may know."""
        owner = {"VARDVAXEL_OWNER_DATABASE_URL": self.infrastructure.databases.owner_url(name)}
        return self.settings_of(name) | owner

    def _write_environment(self, name: str) -> None:
        """A file to read into a shell, so that the commands of docs/runbooks can be tried here."""
        lines = (f"export {key}={shlex.quote(value)}\n" for key, value in self._for_operators(name).items())
        write_private(self.home.folder("environment") / name, "".join(lines))

    def _migrate(self, name: str) -> None:
        say(f"{name}: migrating its database")
        log = self.home.log_file(f"{name}-migrate")
        with log.open("ab") as output:
            migrated = subprocess.run(
                self._program(name, "migrate"),
                env=dict(os.environ) | self._for_operators(name),
                cwd=REPOSITORY,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        if migrated.returncode != 0:
            raise LocalStackError(f"{name}: the migration failed. {end_of(log)}")
