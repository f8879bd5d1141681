"""One child process that anyone can find again, by its number and the moment at which it started."""

import functools
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import psutil

from deploy.local.home import REPOSITORY, Home

T = TypeVar("T")

SAME_START_WITHIN = 2.0
"""Seconds: the boot time from which Linux counts moves a little when the clock is adjusted."""
DEATH_WITHIN = 10.0
_children: dict[int, subprocess.Popen[bytes]] = {}
"""Those that this program must collect when they end, by number: whoever finds one may end it."""


class LocalProcess:
    """A process and its children, in a session of their own.

    `tied`: it dies with the program that started it (Linux; elsewhere it is found by its record instead).
    """

    def __init__(self, home: Home, name: str, *, tied: bool = True) -> None:
        self._home = home
        self._name = name
        self._tied = tied
        self.log = home.log_file(name)

    def start(self, command: list[str], environment: Mapping[str, str], run_as: str | None = None) -> None:
        """Run the command, its output appended to the log, and record it before returning."""
        if self._tied and (setpriv := shutil.which("setpriv")):
            command = [setpriv, "--pdeathsig", "KILL", "--", *command]
        child = in_lasting_thread(lambda: self._fork(command, environment, run_as))
        if self._tied:
            _children[child.pid] = child
        else:
            child.returncode = 0  # it outlives us: nobody here waits for it
        started_at = psutil.Process(child.pid).create_time()
        with self._home.addresses.changing() as addresses:
            record = {"pid": child.pid, "started_at": started_at}
            addresses.setdefault("processes", {})[self._name] = record

    @property
    def pid(self) -> int | None:
        """The number of the living process."""
        process = self._find()
        return process.pid if process else None

    @property
    def alive(self) -> bool:
        """Whether it runs, paused or not, whoever started it."""
        return self._find() is not None

    @property
    def ended_by_itself(self) -> bool:
        """Whether it is gone though nobody ended it: `kill` and `end` take it off the record."""
        return self.recorded and not self.alive

    @property
    def recorded(self) -> bool:
        """Whether it was started, by whomever, and not ended on purpose since."""
        return self._name in self._home.addresses.read().get("processes", {})

    def pause(self) -> None:
        """Stop it in the middle of whatever it does (SIGSTOP); connections stay open."""
        self._send(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on (SIGCONT)."""
        self._send(signal.SIGCONT)

    def kill(self) -> None:
        """End it without any warning (SIGKILL), and wait until it is gone."""
        self._finish(self._send(signal.SIGKILL))

    def end(self, how: signal.Signals, within: float) -> None:
        """Ask it to end by this signal; kill it after `within` seconds. Waits until it is gone."""
        process = self._find()
        if process is None:
            return
        tree = _tree(process)
        self.resume()
        process.send_signal(how)
        for survivor in wait_until_gone(tree, within):
            survivor.kill()
        self._finish(tree)

    def _fork(
        self, command: list[str], environment: Mapping[str, str], run_as: str | None
    ) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd="/" if run_as else REPOSITORY,
                user=run_as,
                group=run_as,
                extra_groups=[] if run_as else None,
                start_new_session=True,
            )

    def _find(self) -> psutil.Process | None:
        record = self._home.addresses.read().get("processes", {}).get(self._name)
        if record is None:
            return None
        child = _children.get(record["pid"])
        if child is not None and child.poll() is not None:
            _children.pop(child.pid, None)
        try:
            process = psutil.Process(record["pid"])
            same = abs(process.create_time() - record["started_at"]) < SAME_START_WITHIN
            return process if same and _runs(process) else None
        except psutil.NoSuchProcess:
            return None

    def _send(self, what: signal.Signals) -> list[psutil.Process]:
        process = self._find()
        if process is None:
            return []
        if what is not signal.SIGCONT:
            process.suspend()  # no new children while the tree is walked
        tree = _tree(process)
        for member in tree:
            try:
                member.send_signal(what)
            except psutil.NoSuchProcess:
                continue
        return tree

    def _finish(self, tree: list[psutil.Process]) -> None:
        wait_until_gone(tree, DEATH_WITHIN)
        with self._home.addresses.changing() as addresses:
            record = addresses.get("processes", {}).pop(self._name, None)
        if record is not None and (child := _children.pop(record["pid"], None)) is not None:
            child.wait(DEATH_WITHIN)


def wait_until_gone(processes: list[psutil.Process], within: float) -> list[psutil.Process]:
    """Wait until they have ended; those that have not after `within` seconds.

    A dead one whose number nobody has collected yet counts as gone: in a container that may take seconds.
    """
    deadline = time.monotonic() + within
    left = [process for process in processes if _runs(process)]
    while left and time.monotonic() < deadline:
        time.sleep(0.01)
        left = [process for process in left if _runs(process)]
    return left


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _tree(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def in_lasting_thread(call: Callable[[], T]) -> T:
    """Call in a thread that lives as long as this program.

    Linux ties a child to the *thread* that forked it: a child of a pool's thread would die with the pool.
    """
    return _lasting_thread().submit(call).result()


@functools.cache
def _lasting_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="forks")
