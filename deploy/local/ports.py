"""Ports of this machine: the preferred one, else a free one, and the same one again next time."""

import random
import socket

from deploy.local.home import Home

BELOW_EPHEMERAL = range(20_000, 32_000)
"""Ports that Linux doesn't hand out to outgoing connections: a killed server gets its own back."""
LOOPBACK = "127.0.0.1"


def keep_port(home: Home, name: str, preferred: int | None = None) -> int:
    """The port kept under this name, chosen anew only where something else has taken it meanwhile."""
    with home.addresses.changing() as addresses:
        ports = addresses.setdefault("ports", {})
        kept = ports.get(name)
        wanted = [int(kept)] if kept else [preferred] if preferred else []
        taken = {int(port) for owner, port in ports.items() if owner != name}
        candidates = [*wanted, *random.sample(BELOW_EPHEMERAL, 50)]
        port = next(port for port in candidates if port not in taken and is_free(port))
        ports[name] = port
    return port


def free_port() -> int:
    """A port that is free now, for what nobody needs to find again."""
    return next(port for port in random.sample(BELOW_EPHEMERAL, 50) if is_free(port))


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
