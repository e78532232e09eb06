"""The real processes under measurement: web server and worker, on the database of this run."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huakai.config.supervise import die_with_parent

HUAKAI = [sys.executable, "-m", "huakai.config.cli"]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def web_command(server: str, port: int) -> list[str]:
    """How each server is started: ours as `huakai serve` does, the comparison with like options."""
    if server == "uvicorn":
        return [*HUAKAI, "serve", "--port", str(port)]
    interface = {"granian": "asgi", "granian-wsgi": "wsgi"}[server]
    command = [sys.executable, "-m", "granian", "--interface", interface, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--no-ws", "--log-level", "warning"]
    if interface == "wsgi":
        command += ["--blocking-threads", "16"]
    return [*command, f"huakai.config.{interface}:application"]


@contextmanager
def running(name: str, command: list[str]) -> Iterator[int]:
    """The process id while the block runs. Its database connections carry its name."""
    environment = {**os.environ, "PGAPPNAME": f"huakai-{name}", "HUAKAI_LOG_LEVEL": "info"}
    log = (Path(environment["HUAKAI_HOME"]) / f"{name}.log").open("ab")
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        preexec_fn=die_with_parent,
    )  # fmt: skip
    log.close()
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(port: int, *, patience: float = 60.0) -> None:
    """Until the server answers."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            probe = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            probe.request("GET", "/healthz")
            if probe.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the web server did not answer")
