"""Stops the embedded database once nobody holds it any more, even when its users were killed.

Runs as a detached process of its own, so it uses the standard library alone:
`python keeper.py USERS_LOCK DATA_FOLDER`.
"""

import fcntl
import os
import signal
import sys
import time
from pathlib import Path


def postmaster_pid(data: Path) -> int | None:
    """The server's process id as its own lock file tells it, when that process exists."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return None if _is_zombie(pid) else pid


def _is_zombie(pid: int) -> bool:
    """Killed, and not yet noticed by whoever adopted it: as good as gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False  # no /proc on this system


def stop_server(data: Path, *, patience: float = 20.0) -> None:
    """Fast shutdown: running transactions roll back, the data is checkpointed."""
    pid = postmaster_pid(data)
    for sign in (signal.SIGINT, signal.SIGQUIT):
        if pid is None:
            return
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and postmaster_pid(data) == pid:
            time.sleep(0.02)
        pid = postmaster_pid(data)


def main(users_lock: str, data: str) -> None:
    """Go into the background, wait until no user is left, stop the server."""
    if os.fork():
        return
    os.setsid()
    os.chdir("/")
    if os.fork():
        os._exit(0)
    handle = os.open(users_lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    stop_server(Path(data))


if __name__ == "__main__":
    main(*sys.argv[1:])
