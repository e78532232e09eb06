"""Children: restarted when they die, gone when the parent is gone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from huakai.config import supervise
from huakai.config.env import PROJECT_ROOT

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)",
]


class Enough(Exception):
    """Ends a watch."""


def pid_of(child: supervise.Child) -> int:
    assert child.process is not None
    return child.process.pid


def test_a_child_that_dies_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "TICK", 0.05)
    child = supervise.Child("sleeper", SLEEP)
    family = supervise.Family([child])
    family.start()
    first = pid_of(child)
    os.kill(first, signal.SIGKILL)
    ticks = iter(range(40))

    def until_restarted() -> None:
        if child.starts > 1 or next(ticks, None) is None:
            raise Enough

    with pytest.raises(Enough):
        family.watch(every_tick=until_restarted)
    assert child.is_running
    assert pid_of(child) != first
    family.stop()
    assert not child.is_running


def test_a_child_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "GRACE", 0.5)
    child = supervise.Child("stubborn", STUBBORN)
    family = supervise.Family([child])
    family.start()
    time.sleep(0.3)
    started = time.monotonic()
    family.stop()
    assert not child.is_running
    assert time.monotonic() - started < 5


def test_children_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from huakai.config import supervise\n"
        "child = supervise.Child('sleeper', [sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "supervise.Family([child]).start(); print(child.process.pid, flush=True); time.sleep(60)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(PROJECT_ROOT / "src")}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    gone, _ = psutil.wait_procs([child], timeout=10)
    assert gone or child.status() == psutil.STATUS_ZOMBIE
