"""What a service costs at rest: time to start and memory, beside the bare imports of what it is built on."""

import subprocess
import sys
import time
from dataclasses import dataclass

from deploy.local.home import REPOSITORY
from deploy.local.progress import say
from deploy.local.service import LocalService
from tests.bench.cpu import memory_mb
from tests.bench.figures import Figure, figure

REST_SECONDS = 2.0

_NAMES = """
import sys, importlib, json
importlib.import_module("services.{name}.app")
print(json.dumps([n for n in sys.modules if n.split(".")[0] not in ("services", "shared", "__main__")]))
"""
_BARE = """
import sys, importlib, json
for name in json.load(sys.stdin):
    try:
        importlib.import_module(name)
    except ImportError:
        pass
print(int(open("/proc/self/statm").read().split()[1]) * __import__("resource").getpagesize() / 1e6)
"""


@dataclass(frozen=True, slots=True)
class Footprint:
    """Seconds and megabytes: of the service, and of an interpreter that has only imported the same libraries."""

    start: Figure
    bare_start: Figure
    memory: Figure
    bare_memory: Figure


def measure_footprint(service: LocalService, name: str, starts: int) -> Footprint:
    """Start it again and again; the last one keeps running."""
    libraries = _python(_NAMES.format(name=name), b"")[0]
    seconds, megabytes, bare_seconds, bare_megabytes = [], [], [], []
    for _ in range(starts):
        service.stop()
        started = time.monotonic()
        service.start()
        seconds.append(time.monotonic() - started)
        time.sleep(REST_SECONDS)
        megabytes.append(memory_mb(service.process.pid or 0))
        memory, elapsed = _python(_BARE, libraries)
        bare_seconds.append(elapsed)
        bare_megabytes.append(float(memory))
    found = Footprint(figure(seconds), figure(bare_seconds), figure(megabytes), figure(bare_megabytes))
    say(
        f"{name}: start {found.start.text(2)} s (imports {found.bare_start.text(2)}), "
        f"memory {found.memory.text()} MB (imports {found.bare_memory.text()})"
    )
    return found


def _python(program: str, told: bytes) -> tuple[bytes, float]:
    started = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-c", program], input=told, stdout=subprocess.PIPE, cwd=REPOSITORY, check=True
    )
    return ran.stdout, time.monotonic() - started
