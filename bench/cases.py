"""`huakai bench cases`: transitions, the inbox and the sweep of the ladder on a million cases."""

import argparse
import importlib
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from huakai.config import session


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line."""

    cases: int
    due: int
    rounds: int
    loops: int
    only: list[str]
    home: Path
    keep: bool

    def asks(self, name: str) -> bool:
        """Is this part wanted?"""
        return not self.only or name in self.only


def options(arguments: list[str]) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="huakai bench cases", description="Transitions, inbox and sweep.")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=100_000, help="clocks that are due in the sweep")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of transitions; the median is told")
    parser.add_argument("--loops", type=int, default=200, help="cases moved through their flow in one round")
    parser.add_argument("--only", default="", help="of inbox, moves, sweep; commas")
    parser.add_argument("--home", type=Path, help="keep the loaded database here for the next run")
    given = parser.parse_args(arguments)
    home = given.home or Path(tempfile.mkdtemp(prefix="huakai-bench-"))
    return Options(
        given.cases, given.due, given.rounds, given.loops, [one for one in given.only.split(",") if one],
        home.resolve(), given.home is not None,
    )  # fmt: skip


def main(arguments: list[str]) -> int:
    """A home and a database of its own; then load, measure, tell."""
    wanted = options(arguments)
    os.environ["HUAKAI_HOME"] = str(wanted.home)
    os.environ["HUAKAI_LOG_LEVEL"] = "warning"
    os.environ["PGAPPNAME"] = "bench"
    os.environ.pop("HUAKAI_DATABASE_URL", None)
    try:
        with session.platform() as here:
            return int(importlib.import_module("bench.loops").run(here, wanted))
    finally:
        if not wanted.keep:
            shutil.rmtree(wanted.home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
