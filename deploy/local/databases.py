"""One database and two roles per service on any PostgreSQL server, no rights across.

`<service>_owner` owns the database and runs migrations; `<service>`, the application, reads and writes rows
and can't change the schema.
"""

from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from deploy.local.home import Passwords
from shared.contracts.topics import SERVICES


class ServiceDatabases:
    """The databases of the services, and copies of them for tests."""

    def __init__(self, admin_url: str, passwords: Passwords) -> None:
        self.admin_url = admin_url
        self._passwords = passwords

    async def prepare(self, services: tuple[str, ...] = SERVICES) -> None:
        """Make each service's roles and its database; what exists stays, passwords are set again."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            known = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
            await connection.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
            for service in services:
                for role in (f"{service}_owner", service):
                    await self._set_role(connection, role)
        finally:
            await connection.close()
        for service in services:
            if service not in known:
                await self.create(service, service)

    async def create(self, database: str, service: str, template: str | None = None) -> None:
        """A database of this service, empty or a copy. Nobody may be connected to the template."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            copy = f' TEMPLATE "{template}"' if template else ""
            await connection.execute(f'CREATE DATABASE "{database}" OWNER "{service}_owner"{copy}')
            await connection.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
            await connection.execute(f'GRANT CONNECT ON DATABASE "{database}" TO "{service}"')
        finally:
            await connection.close()
        if template is None:
            await self._grant_rows(database, service)

    async def drop(self, database: str) -> None:
        """Remove a database, whoever is connected to it."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            await connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        finally:
            await connection.close()

    def url(self, service: str, database: str | None = None) -> str:
        """Where the application of this service connects: rows only."""
        return self._url(service, database or service)

    def owner_url(self, service: str, database: str | None = None) -> str:
        """Where the migrations of this service connect: the schema too."""
        return self._url(f"{service}_owner", database or service)

    async def _grant_rows(self, database: str, service: str) -> None:
        connection = await asyncpg.connect(_replace(self.admin_url, path=database))
        whatever_the_owner_makes = f'ALTER DEFAULT PRIVILEGES FOR ROLE "{service}_owner" GRANT'
        try:
            await connection.execute(
                f'{whatever_the_owner_makes} SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{service}";'
                f'{whatever_the_owner_makes} USAGE, SELECT ON SEQUENCES TO "{service}"'
            )
        finally:
            await connection.close()

    async def _set_role(self, connection: "asyncpg.Connection[asyncpg.Record]", role: str) -> None:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
            await connection.execute(f'CREATE ROLE "{role}" LOGIN')
        # A utility statement takes no parameters; the password has letters, digits, "-" and "_" only.
        await connection.execute(f"ALTER ROLE \"{role}\" PASSWORD '{self._password(role)}'")

    def _url(self, role: str, database: str) -> str:
        return _replace(self.admin_url, path=database, user=role, password=self._password(role))

    def _password(self, role: str) -> str:
        return self._passwords.of(f"postgres/{role}")


def _replace(url: str, *, path: str, user: str | None = None, password: str | None = None) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    who = f"{user}:{quote(password or '', safe='')}@" if user else parts.netloc[: -len(host)]
    return urlunsplit(parts._replace(netloc=f"{who}{host}", path=f"/{path}"))
