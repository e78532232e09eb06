"""Children of one command: started together, restarted when they die, gone when the parent is gone."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog

PR_SET_PDEATHSIG = 1
GRACE = 8.0  # seconds a child gets to finish what it does before it is killed
TICK = 0.5
SLOW_DOWN = 10.0  # seconds between starts of a child that keeps dying

log = structlog.get_logger(__name__)
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Runs in the child before it becomes the program: the kernel ends it when the parent ends."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process that should always run."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    started: float = 0.0

    def start(self, environment: Mapping[str, str], hold: tuple[int, ...]) -> None:
        self.starts += 1
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            pass_fds=hold,
            preexec_fn=die_with_parent,
            start_new_session=True,  # Ctrl-C reaches the parent alone, which then stops us in order
        )

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Family:
    """The children, in the order they start; they stop in the opposite order."""

    children: list[Child]
    hold: tuple[int, ...] = ()
    """Open files the children keep open, whatever becomes of us."""
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def start(self) -> None:
        for child in self.children:
            child.start(self.environment, self.hold)

    def watch(self, *, every_tick: Callable[[], None]) -> None:
        """Restart what dies, until a signal ends the process; one that keeps dying is restarted slowly."""
        while True:
            time.sleep(TICK)
            every_tick()
            for child in self.children:
                if child.process is None or child.is_running:
                    continue
                if child.starts > 3 and time.monotonic() - child.started < SLOW_DOWN:
                    continue
                log.warning("child_restarted", child=child.name, exit_code=child.process.returncode)
                child.start(self.environment, self.hold)

    def stop(self) -> None:
        """Ask all, wait together, then insist."""
        running = [child.process for child in reversed(self.children) if child.process and child.is_running]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
