"""Stops the embedded database once nobody holds it any more, even when its users were killed.

Runs as a detached process of its own, so it uses the standard library alone:
`python keeper.py USERS_LOCK DATA_FOLDER`.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def postmaster_pid(data: Path) -> int | None:
    """The process id in the server's own lock file, when that process is the server of this data.

    After a crash the number may belong to another program by now, which must never be signalled.
    """
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    words = _command_line(pid)
    return pid if b"postgres" in words and os.fsencode(data) in words else None


def _command_line(pid: int) -> bytes:
    """Empty for a process that is gone, also when nobody has collected its remains yet."""
    if not Path("/proc/self/cmdline").exists():
        return subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False
        ).stdout
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


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
