"""The index of words cases are found by."""

from huakai.cases import services as cases
from huakai.config import terminal
from huakai.config.session import Here


def reindex(here: Here, *, missing: bool) -> int:
    """Batch by batch; each is committed, so stopping and starting again loses nothing."""
    with terminal.progress("indexing") as report:
        count = cases.index_all(missing_only=missing, report=report)
    terminal.say(f"✓ {count} cases")
    return 0
