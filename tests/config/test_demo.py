"""`huakai demo` as a person runs it: an empty home, one command, everything gone at the end, the data kept."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from huakai.config import env as environment
from huakai.config import keeper, postgres
from huakai.config.commands import demo
from huakai.config.trouble import Trouble

COMMAND = [sys.executable, "-m", "huakai.config.cli"]
OPEN = "Sign in at"


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="hk-demo-"))
    yield folder
    keeper.stop_server(folder / "pg")
    shutil.rmtree(folder, ignore_errors=True)


def surroundings(home: Path, port: int) -> dict[str, str]:
    own = {"HUAKAI_HOME": str(home), "HUAKAI_PORT": str(port)}
    return {key: value for key, value in os.environ.items() if not key.startswith("HUAKAI_")} | own


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_demo(around: dict[str, str]) -> tuple[subprocess.Popen[str], str]:
    """The running demo and all it said until it was open."""
    process = subprocess.Popen(
        [*COMMAND, "demo"], env=around, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if OPEN in line:
            return process, said
    process.wait()
    raise AssertionError(said)


def status_of(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
        return int(response.status)


def test_one_command_opens_the_platform_and_closing_it_leaves_only_data(home: Path) -> None:
    port = free_port()
    around = surroundings(home, port)

    process, said = run_demo(around)
    family = psutil.Process(process.pid).children(recursive=True)
    assert "centre_staff" in said
    assert [status_of(port, path) for path in ("/healthz", "/m/", "/signin/")] == [200, 200, 200]
    doctor = subprocess.run([*COMMAND, "doctor"], env=around, capture_output=True, text=True, check=False)
    assert doctor.returncode == 0, doctor.stdout
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert keeper.postmaster_pid(home / "pg") is None
    assert not [each for each in family if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]

    again, said = run_demo(around)
    family = psutil.Process(again.pid).children(recursive=True)
    assert "making tables" not in said
    again.kill()
    again.communicate()
    _, alive = psutil.wait_procs(family, timeout=60)
    assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]


def test_a_taken_port_is_one_sentence(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        around = surroundings(home, int(other.getsockname()[1]))
        result = subprocess.run([*COMMAND, "demo"], env=around, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "is taken" in result.stderr
    assert "Traceback" not in result.stderr


def test_starting_over_removes_the_demos_data_and_nothing_else(home: Path) -> None:
    (home / "notes.txt").write_text("mine")
    (home / "field.key").write_text("old")
    (home / "pg").mkdir()
    demo.start_over(environment.load().model_copy(update={"home": home, "database_url": ""}))
    assert [path.name for path in home.iterdir()] == ["notes.txt"]


def test_starting_over_refuses_while_somebody_works_there(home: Path) -> None:
    own = environment.load().model_copy(update={"home": home, "database_url": ""})
    with postgres.running(home, durable=False), pytest.raises(Trouble, match="stop it first"):
        demo.start_over(own)


def test_starting_over_leaves_a_named_database_alone(home: Path) -> None:
    named = environment.load().model_copy(update={"home": home, "database_url": "postgresql:///mine"})
    with pytest.raises(Trouble, match="drop and create it"):
        demo.start_over(named)
