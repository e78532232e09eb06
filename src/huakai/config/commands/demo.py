"""The whole platform on one machine, for a look: everything it makes lies in HUAKAI_HOME."""

import fcntl
import importlib
import os
import shutil
import socket
import sys
from pathlib import Path

from huakai.config import env as environment
from huakai.config import session, terminal
from huakai.config.trouble import Trouble

OURS = ("pg", "pg.new", "files", "static", "static.stamp", "field.key", "secret.key")


def run(*, fresh: bool) -> None:
    """Until Ctrl-C or SIGTERM."""
    os.environ["HUAKAI_DEMO"] = "1"
    os.environ.setdefault("HUAKAI_LOG_LEVEL", "warning")
    env = environment.load()
    _refuse_taken_port(env.port)
    if fresh:
        start_over(env)
    try:
        with session.platform() as here:
            importlib.import_module("huakai.config.demo").play(here)
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    terminal.say("✓ stopped")


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            other = port + 1 if port < 65535 else 8000
            raise Trouble(
                f"port {port} is taken; choose another: HUAKAI_PORT={other} ./huakai demo"
            ) from None


def start_over(env: environment.Env) -> None:
    """Remove what a demo makes, and nothing else that may lie in the home."""
    if env.database_url:
        raise Trouble(
            "--fresh does not empty a database of yours: drop and create it, then run demo without it"
        )
    if _is_in_use(env.home / "run" / "postgres.users"):
        raise Trouble(f"a Huakai is running on {env.home}; stop it first")
    for name in OURS:
        path = env.home / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _is_in_use(lock: Path) -> bool:
    try:
        handle = os.open(lock, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
