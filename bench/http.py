"""`huakai bench http`: CPU and throughput of create, list, detail and deep page, beside raw PostgreSQL."""

import importlib
import os
import shutil
import sys

from bench import asking
from huakai.config import session


def main(arguments: list[str]) -> int:
    """A home and a database of its own; then prepare, measure, tell."""
    wanted = asking.options(arguments)
    os.environ["HUAKAI_HOME"] = str(wanted.home)
    os.environ["HUAKAI_LOG_LEVEL"] = "warning"
    os.environ["PGAPPNAME"] = "bench"
    os.environ.pop("HUAKAI_DATABASE_URL", None)
    try:
        with session.platform() as here:
            return int(importlib.import_module("bench.measure").run(here, wanted))
    finally:
        if not wanted.keep:
            shutil.rmtree(wanted.home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
