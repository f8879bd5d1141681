"""What can be said of a Compose file and a Dockerfile without an engine. Each rule returns what is wrong, in words."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

VARIABLE = re.compile(r"\$\{\w+:-([^}]*)\}")
Compose = Mapping[str, Any]


def runs_once(service: Compose) -> bool:
    """A step that ends, and is waited for."""
    return service.get("restart") == "no"


def without_healthcheck(compose: Compose) -> list[str]:
    """Whatever keeps running says whether it is well."""
    return [
        f"{name} has no healthcheck"
        for name, service in compose["services"].items()
        if not runs_once(service) and not service.get("healthcheck", {}).get("test")
    ]


def wrong_dependencies(compose: Compose) -> list[str]:
    """A step is waited for until it succeeded, everything else until it is healthy."""
    services = compose["services"]
    return [
        f"{name} waits for {other} in the wrong way"
        for name, service in services.items()
        for other, how in service.get("depends_on", {}).items()
        if other not in services or how.get("condition") != _right_condition(services[other])
    ]


def _right_condition(service: Compose) -> str:
    return "service_completed_successfully" if runs_once(service) else "service_healthy"


def unpinned_images(compose: Compose) -> list[str]:
    """An image that is not built here has a version."""
    images = {name: service["image"] for name, service in compose["services"].items() if "image" in service}
    return [
        f"{name}: {image} has no version" for name, image in images.items() if not re.search(r":v?\d", image)
    ]


def open_ports(compose: Compose) -> list[str]:
    """What is published is published to this machine alone."""
    return [
        f"{name} publishes {port} to everybody"
        for name, service in compose["services"].items()
        for port in service.get("ports", [])
        if not port.startswith("127.0.0.1:")
    ]


def missing_files(compose: Compose, root: Path) -> list[str]:
    """Dockerfiles, build contexts and mounted files exist."""
    wanted: list[str] = []
    for service in compose["services"].values():
        if "build" in service:
            wanted += [service["build"]["context"], service["build"]["dockerfile"]]
        wanted += [
            source for mount in service.get("volumes", []) if (source := mount.split(":")[0])[0] in "./"
        ]
    return sorted({f"{path} does not exist" for path in wanted if not (root / path).exists()})


def unknown_settings(environment: Mapping[str, str], known: set[str]) -> list[str]:
    """Names of ours that the service would not read."""
    return sorted(name for name in environment if name.startswith("VARDVAXEL_") and name not in known)


def passwords_that_differ(compose: Compose) -> list[str]:
    """Who signs in uses the password that the provisioning step gives to that name."""
    given = json.loads(with_defaults(compose["configs"]["passwords"]["content"]))
    return [
        f"{name} signs in as {principal} with another password than it is given"
        for name, service in compose["services"].items()
        for principal, password in _logins(service.get("environment", {}))
        if principal in given and given[principal] != password
    ]


def principals_in(compose: Compose) -> set[str]:
    """Everybody who is given a password."""
    return set(json.loads(with_defaults(compose["configs"]["passwords"]["content"])))


def with_defaults(text: str) -> str:
    """What Compose makes of a text when nothing is set."""
    return VARIABLE.sub(r"\1", text)


def _logins(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if user := environment.get("VARDVAXEL_KAFKA_USER"):
        yield f"kafka/{user}", with_defaults(environment["VARDVAXEL_KAFKA_PASSWORD"])
    for name in ("VARDVAXEL_DATABASE_URL", "VARDVAXEL_OWNER_DATABASE_URL"):
        url = urlsplit(with_defaults(environment.get(name, "")))
        if url.username:
            yield f"postgres/{url.username}", url.password or ""


def wrong_in_dockerfile(text: str, root: Path, services: tuple[str, ...]) -> list[str]:
    """Bases have a version, installs check hashes, what is copied exists, and nobody ends up as root."""
    wrong = []
    stages = re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]
    names = {match[1] for stage in stages if (match := re.match(r"\S+ AS (\S+)", stage))}
    wrong += [f"{base} has no version" for stage in stages if not _is_pinned(base := stage.split()[0], names)]
    wrong += [f"“{line}” checks no hashes" for line in _installs(text) if "--require-hashes" not in line]
    for source in re.findall(r"^COPY (?!--from)(\S+)", text, re.MULTILINE):
        paths = {source.replace("${SERVICE}", service) for service in services}
        wrong += [f"{path} does not exist" for path in sorted(paths) if not (root / path).exists()]
    ends = [stage for stage in stages if "ENTRYPOINT" in stage]
    wrong += [
        "a stage that runs is run by root"
        for stage in ends
        if not re.search(r"^USER [1-9]", stage, re.MULTILINE)
    ]
    return wrong


def _is_pinned(base: str, stages: set[str]) -> bool:
    return base in stages or bool(re.search(r":\d", base))


def _installs(text: str) -> list[str]:
    return [line for line in text.replace("\\\n", " ").splitlines() if "pip install" in line]
