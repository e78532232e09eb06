"""One worker of the sweep, a process of its own: wait for the word, sweep, tell (rungs taken, CPU seconds)."""

import importlib
import sys
import time
from datetime import datetime

from huakai.config import session

READY = "ready"


def main(now: datetime) -> int:
    """Everything is imported before the word comes."""
    session.set_up_django()
    services = importlib.import_module("huakai.cases.services")
    importlib.import_module("django.db").connection.ensure_connection()
    sys.stdout.write(READY + "\n")
    sys.stdout.flush()
    sys.stdin.readline()
    begun = time.process_time()
    taken = services.climb(now=now)
    sys.stdout.write(f"{taken} {time.process_time() - begun:.3f}\n")
    session.close_connections()
    return 0


if __name__ == "__main__":
    sys.exit(main(datetime.fromisoformat(sys.argv[1])))
