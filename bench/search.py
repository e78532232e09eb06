"""`huakai bench search`: words beside plain substring on the same table, and what the index costs."""

import argparse
import os
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from huakai.config import session


def main(arguments: list[str]) -> int:
    """A home and a database of its own; then load, index, ask, tell."""
    parser = argparse.ArgumentParser(prog="huakai bench search", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3, help="how often each question is asked")
    parser.add_argument("--home", type=Path, help="keep the loaded database here for the next run")
    wanted = parser.parse_args(arguments)
    home = wanted.home or Path(tempfile.mkdtemp(prefix="huakai-bench-"))
    os.environ["HUAKAI_HOME"] = str(home.resolve())
    os.environ["HUAKAI_LOG_LEVEL"] = "warning"
    os.environ.pop("HUAKAI_DATABASE_URL", None)
    try:
        with session.platform():
            import_module("bench.questions").run(cases=wanted.cases, rounds=wanted.rounds)
        return 0
    finally:
        if wanted.home is None:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
