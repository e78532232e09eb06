"""Everything `huakai check` asks, as commands: a line each when it holds, all its output when not."""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from huakai.config import terminal
from huakai.config.env import PROJECT_ROOT

PYTHON = sys.executable
DJANGO = [PYTHON, "-m", "django"]
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as main; main()"
CODE = ["src", "tests", "bench", "examples"]


@dataclass(frozen=True)
class Check:
    """A command that exits 0 when something holds."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True)
class Outcome:
    name: str
    holds: bool
    seconds: float
    output: str


def every_check(*, with_tests: bool = True) -> list[Check]:
    """Longest first, so that two at a time end together. Without tests when all of them follow anyway."""
    folders = [folder for folder in CODE if (PROJECT_ROOT / folder).is_dir()]
    templates = sorted(str(path) for path in PROJECT_ROOT.glob("src/huakai/*/templates/**/*.html"))
    checks = [
        Check("mypy: types", [PYTHON, "-m", "mypy", "--no-error-summary", "src", "tests"]),
        Check("makemigrations: models and tables agree", [*DJANGO, "makemigrations", "--check", "--dry-run"]),
        Check("packs: files are right", [PYTHON, "-m", "huakai.config.cli", "packs", "check"]),
        Check("import-linter: floors and rooms", [PYTHON, "-c", LINT_IMPORTS]),
        Check("ruff: style", [PYTHON, "-m", "ruff", "check", "--quiet", *folders]),
        Check("ruff: format", [PYTHON, "-m", "ruff", "format", "--check", "--quiet", *folders]),
    ]
    if with_tests:
        tests = [PYTHON, "-m", "pytest", "-q", "--no-header", "tests/architecture"]
        checks.insert(0, Check("pytest: architecture", tests))
    if templates:
        checks += [
            Check("djlint: templates", [PYTHON, "-m", "djlint", "--lint", "--quiet", "src"]),
            Check("djhtml: template indent", [PYTHON, "-m", "djhtml", "--check", *templates]),
        ]
    return checks


def run_all(checks: Sequence[Check]) -> bool:
    """Run them two at a time and tell each as it ends."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        waiting = [pool.submit(_run, check) for check in checks]
        outcomes = [_tell(done.result()) for done in as_completed(waiting)]
    return all(outcome.holds for outcome in outcomes)


def _run(check: Check) -> Outcome:
    started = time.monotonic()
    done = subprocess.run(
        check.command, cwd=PROJECT_ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    output = (done.stdout + done.stderr).strip()
    return Outcome(check.name, done.returncode == 0, time.monotonic() - started, output)


def _tell(outcome: Outcome) -> Outcome:
    terminal.say(f"{'✓' if outcome.holds else '✗'} {outcome.name} ({outcome.seconds:.1f} s)")
    if not outcome.holds:
        terminal.say(outcome.output)
    return outcome
