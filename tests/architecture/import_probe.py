"""Import modules in a process of its own and tell what they did or built that only a running service should.

Usage: python -m tests.architecture.import_probe MODULE …   prints a JSON object: module → what is wrong.
"""

import contextlib
import importlib
import json
import sys
from collections.abc import Iterator
from typing import Any

REACHING_OUT = frozenset(
    {"socket.bind", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.fork"}
)
"""Audit events (Python's library reference, “Audit events table”) of talking to the world."""
BUILT = frozenset(
    {
        "AIOKafkaConsumer",
        "AIOKafkaProducer",
        "AsyncEngine",
        "BatchRunner",
        "Consumer",
        "Database",
        "Engine",
        "FastAPI",
        "FastStream",
        "KafkaBroker",
        "Pool",
        "Relay",
        "Service",
    }
)
"""What only a composition root builds, when it is called."""


def probe(modules: list[str]) -> dict[str, list[str]]:
    """Import each module; what went out meanwhile, and what stands ready at its top level or below it."""
    reached: list[str] = []
    sys.addaudithook(lambda event, arguments: reached.append(event) if event in REACHING_OUT else None)
    wrong: dict[str, list[str]] = {}
    for name in modules:
        reached.clear()
        before = set(sys.modules)
        with contextlib.redirect_stdout(sys.stderr):
            importlib.import_module(name)
        ours = [module for module in {*sys.modules} - before if module.startswith(("services.", "shared."))]
        wrong[name] = [f"{event} at import" for event in reached]
        wrong[name] += [
            what for module in sorted(ours) for what in _built_in(module, vars(sys.modules[module]))
        ]
    return wrong


def _built_in(module: str, names: dict[str, Any]) -> Iterator[str]:
    for name, value in names.items():
        if type(value).__name__ in BUILT:
            yield f"{module}.{name} is a {type(value).__name__}, built at import"


if __name__ == "__main__":
    print(json.dumps(probe(sys.argv[1:])))
