"""The whole proof: checks, then every test, browser included. pytest speaks last."""

import os
import subprocess
import sys

from huakai.config import assets, browser, checks, session, testing
from huakai.config.env import PROJECT_ROOT

TOGETHER = ["-n", "2", "--dist", "loadfile"]  # one file stays on one process: its live server and browser too


def run(*, arguments: list[str]) -> int:
    """With arguments: only pytest, with them. Without: everything."""
    with testing.throwaway():
        os.environ["CHROMIUM"] = browser.ensure()
        session.set_up_django()
        assets.ensure()
        held = True if arguments else checks.run_all(checks.every_check(with_tests=False))
        command = [sys.executable, "-m", "pytest", *(arguments or TOGETHER)]
        failed = subprocess.run(command, cwd=PROJECT_ROOT, stdin=subprocess.DEVNULL, check=False).returncode
    return failed or int(not held)
