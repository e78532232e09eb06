"""The launcher: good POSIX shell, and a sentence when the machine lacks something."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from huakai.config.env import PROJECT_ROOT

TOOLS = ("sh", "dirname", "basename", "readlink", "cksum", "cat", "rm", "mkdir", "sleep")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A bare copy in a path with spaces, and a PATH with nothing but everyday tools."""
    folder = tmp_path / "a clone"
    folder.mkdir()
    shutil.copy(PROJECT_ROOT / "huakai", folder)
    (folder / "requirements.lock").write_text("")
    (folder / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (folder / "bin" / tool).symlink_to(found)
    return folder


def start(clone: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(clone / "bin"), "HOME": str(clone)}
    return subprocess.run(
        [str(clone / "huakai"), "demo"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def put_python(clone: Path, script: str) -> None:
    fake = clone / "bin" / "python3"
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)


def test_the_launcher_is_posix_shell() -> None:
    subprocess.run(["sh", "-n", str(PROJECT_ROOT / "huakai")], check=True)
    assert os.access(PROJECT_ROOT / "huakai", os.X_OK)


def test_without_python_it_says_what_is_needed(clone: Path) -> None:
    result = start(clone)
    assert result.returncode == 1
    assert "Python 3.11 or newer is needed" in result.stderr


def test_a_python_too_old_counts_as_none(clone: Path) -> None:
    put_python(clone, "exit 1")
    assert "Python 3.11 or newer is needed" in start(clone).stderr


def test_without_venv_it_names_the_package_to_install(clone: Path) -> None:
    put_python(clone, "case $2 in *ensurepip*) exit 1;; *%d.%d*) echo 3.12;; esac; exit 0")
    result = start(clone)
    assert result.returncode == 1
    assert "apt-get install python3.12-venv" in result.stderr


def test_a_lock_left_by_a_dead_installer_is_taken_over(clone: Path) -> None:
    (clone / ".venv.lock").mkdir()
    (clone / ".venv.lock" / "pid").write_text("4194304999")
    assert "Python 3.11 or newer is needed" in start(clone).stderr
    assert not (clone / ".venv.lock").exists()


def test_ci_calls_the_command_people_call() -> None:
    assert "exec ./huakai test" in (PROJECT_ROOT / ".ci" / "run").read_text()
