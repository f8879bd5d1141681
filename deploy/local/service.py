"""Our own programs as local servers: an instance of a service, the mailbox, the development identity provider."""

import http.client
import json
import sys
from collections.abc import Mapping, Sequence
from typing import ClassVar

from deploy.local.home import Home
from deploy.local.ports import LOOPBACK, keep_port
from deploy.local.server import LocalServer

PROBE_WITHIN = 1.0


class HttpServer(LocalServer):
    """A program that is ready when a GET of `probe` is answered by 200."""

    probe: ClassVar[str] = "/"

    def __init__(self, home: Home, name: str, port: int | None = None, *, tied: bool = True) -> None:
        super().__init__(home, name, tied=tied)
        self._preferred_port = port

    @property
    def port(self) -> int:
        """Where it listens; chosen at the first start."""
        return int(self.home.addresses.read()["ports"][self.name])

    @property
    def url(self) -> str:
        """Its address for a browser."""
        return f"http://{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        keep_port(self.home, self.name, self._preferred_port)

    def answers(self) -> bool:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=PROBE_WITHIN)
        try:
            connection.request("GET", self.probe)
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class LocalService(HttpServer):
    """One instance of a service, on a port of its own."""

    probe = "/readyz"

    def __init__(
        self,
        home: Home,
        name: str,
        program: list[str],
        settings: Mapping[str, str],
        port: int | None = None,
        *,
        tied: bool = True,
    ) -> None:
        super().__init__(home, name, port, tied=tied)
        self._program = program
        self._settings = settings

    def command(self) -> list[str]:
        return self._program

    def environment(self) -> dict[str, str]:
        own = {"VARDVAXEL_HTTP_HOST": LOOPBACK, "VARDVAXEL_HTTP_PORT": str(self.port)}
        seen = {"VARDVAXEL_PUBLIC_URL": self.url}
        return {**super().environment(), **seen, **self._settings, **own}


class LocalMailbox(HttpServer):
    """The mail sink and its page."""

    def __init__(
        self, home: Home, port: int | None = None, smtp_port: int | None = None, *, tied: bool = True
    ):
        super().__init__(home, "mailbox", port, tied=tied)
        self._preferred_smtp_port = smtp_port

    @property
    def smtp_port(self) -> int:
        """Where it takes mail."""
        return int(self.home.addresses.read()["ports"]["mailbox-smtp"])

    def prepare(self) -> None:
        super().prepare()
        keep_port(self.home, "mailbox-smtp", self._preferred_smtp_port)

    def command(self) -> list[str]:
        ports = ["--smtp-port", str(self.smtp_port), "--http-port", str(self.port)]
        folder = ["--directory", str(self.home.folder("mailbox"))]
        return [sys.executable, "-m", "deploy.local.mailbox", *ports, *folder]


class LocalIdentityProvider(HttpServer):
    """An OpenID Connect provider that believes whoever says that they hold one of these made-up cards."""

    probe = "/.well-known/openid-configuration"

    def __init__(
        self, home: Home, cards: Sequence[Mapping[str, str]], port: int | None = None, *, tied: bool = True
    ) -> None:
        super().__init__(home, "identity-provider", port, tied=tied)
        self._cards = cards

    def command(self) -> list[str]:
        program = [
            sys.executable,
            "-m",
            "oidc_provider_mock",
            "--port",
            str(self.port),
            "--require-nonce",
            "true",
        ]
        return program + [word for card in self._cards for word in ("--user-claims", json.dumps(card))]
