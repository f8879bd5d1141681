"""The whole stack starts, is found again, survives accidents and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from deploy.local.errors import NotReady
from deploy.local.home import REPOSITORY, Home
from deploy.local.process import LocalProcess
from deploy.local.service import LocalService
from deploy.local.stack import Stack
from shared.testing.eventually import PATIENCE, eventually
from shared.testing.infrastructure import a_stack_folder

STAND_IN = Path(__file__).with_name("stand_in.py")
SERVICES = ("intake", "notify")
SUPERVISOR = """
import sys
from deploy.local.__main__ import watch
from tests.component.local_stack.test_stack import a_stack
with a_stack(sys.argv[1]) as stack:
    print("up", flush=True)
    watch(stack)
"""


def a_stack(directory: Path | str, instances: int = 1) -> Stack:
    return Stack(
        directory,
        portals=("karlstad",),
        services=SERVICES,
        instances=instances,
        program=lambda service, role: [sys.executable, str(STAND_IN), service, role],
    )


def settings_of(service: LocalService) -> dict[str, str]:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{service.url}/readyz") as answer:
        settings: dict[str, str] = json.load(answer)
    return settings


def processes_of(directory: Path) -> list[psutil.Process]:
    records = Home(directory).addresses.read().get("processes", {}).values()
    recorded = {record["pid"] for record in records}
    return [
        process
        for process in psutil.process_iter(["pid", "cmdline", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        if process.pid in recorded or str(directory) in " ".join(process.info["cmdline"] or [])
    ]


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    with a_stack_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def stack(directory: Path) -> Iterator[Stack]:
    with a_stack(directory, instances=2) as running:
        yield running


def test_each_service_is_told_its_own_addresses_and_not_its_owners(stack: Stack) -> None:
    settings = settings_of(stack.service("notify"))
    assert settings["VARDVAXEL_KAFKA_USER"] == "notify"
    assert "://notify:" in settings["VARDVAXEL_DATABASE_URL"]
    assert settings["VARDVAXEL_SMTP_PORT"] == str(stack.mailbox.smtp_port)
    assert "VARDVAXEL_OWNER_DATABASE_URL" not in settings
    assert "knows its owner" in stack.home.log_file("notify-migrate").read_text()


def test_two_instances_have_a_port_each(stack: Stack) -> None:
    ports = {stack.service("intake", number).port for number in (1, 2)}
    assert len(ports) == 2


def test_a_killed_service_starts_again_on_its_port(stack: Stack) -> None:
    service = stack.service("intake")
    port = service.port
    service.kill()
    assert not service.answers()
    service.start()
    assert service.answers()
    assert service.port == port


def test_a_paused_service_keeps_its_place(stack: Stack) -> None:
    service = stack.service("notify")
    service.pause()
    assert service.process.alive
    assert not service.answers()
    service.resume()
    assert service.answers()


def test_starting_again_brings_back_whatever_was_killed(stack: Stack) -> None:
    postgres = stack.infrastructure.local_postgres
    assert postgres is not None
    postgres.kill()
    stack.mailbox.kill()
    stack.service("intake").kill()
    stack.start()
    assert all(server.answers() for server in (postgres, *stack.servers))


def test_a_second_start_finds_the_first(stack: Stack, directory: Path) -> None:
    second = a_stack(directory).start()
    assert second.service("intake").found_running
    assert second.service("intake").process.pid == stack.service("intake").process.pid
    assert second.infrastructure.kafka == stack.infrastructure.kafka


def test_whoever_found_all_of_a_stack_running_leaves_it_running(stack: Stack, directory: Path) -> None:
    with a_stack(directory, instances=2) as second:
        assert second.found_running
    assert all(server.answers() for server in stack.servers)


def test_a_shell_reads_the_environment_of_a_service_and_its_owner(stack: Stack) -> None:
    file = stack.home.directory / "environment" / "notify"
    told = subprocess.run(
        ["sh", "-c", f". {file}; env -0"], capture_output=True, text=True, check=True
    ).stdout
    environment = dict(line.split("=", 1) for line in told.split("\0") if line)
    assert stack.settings_of("notify").items() <= environment.items()
    assert "VARDVAXEL_OWNER_DATABASE_URL" in environment
    assert file.stat().st_mode & 0o077 == 0


def test_a_service_that_ends_at_once_shows_its_log(directory: Path) -> None:
    program = [sys.executable, str(STAND_IN), "broken", "all"]
    with pytest.raises(NotReady, match="this service can't start"):
        LocalService(Home(directory), "broken-1", program, {}).start()


def test_whoever_finds_a_process_ends_and_collects_it(directory: Path) -> None:
    LocalProcess(Home(directory), "sleeper").start(["sleep", "600"], {})
    found = LocalProcess(Home(directory), "sleeper")
    pid = found.pid
    assert pid is not None
    found.kill()
    assert not psutil.pid_exists(pid)


@pytest.fixture
def another_directory() -> Iterator[Path]:
    with a_stack_folder() as folder:
        yield folder


@contextmanager
def a_supervisor(directory: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that has started a stack and watches it."""
    command = [sys.executable, "-c", SUPERVISOR, str(directory)]
    program = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout is not None
        assert program.stdout.readline() == "up\n"
        yield program
    finally:
        program.kill()
        program.communicate()


async def test_what_falls_is_started_again_and_what_is_ended_stays_ended(another_directory: Path) -> None:
    with a_supervisor(another_directory):
        assert len(processes_of(another_directory)) >= 5
    await eventually(lambda: processes_of(another_directory) == [], "what the killed supervisor left is gone")
    with a_supervisor(another_directory) as again:
        intake = LocalProcess(Home(another_directory), "intake-1")
        fallen = intake.pid
        assert fallen is not None
        os.kill(fallen, signal.SIGKILL)
        await eventually(lambda: intake.pid not in (None, fallen), "intake is started again")
        Stack(another_directory).stop()
        assert again.wait(PATIENCE) == 0
    assert processes_of(another_directory) == []
