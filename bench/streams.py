"""Server-sent events: many open streams on one process, and what the other pages do meanwhile."""

from dataclasses import dataclass, field

from bench import accounting, driver
from bench.stock import Stock

from huakai.config import terminal


@dataclass
class Streams:
    """What was seen while the streams were open."""

    count: int
    events: int = 0
    pages: dict[str, driver.Round] = field(default_factory=dict)
    memory_before: float = 0.0
    memory: float = 0.0

    def tell(self, server: str) -> None:
        """A few lines."""


def measure(port: int, count: int, goods: Stock, web: int) -> Streams:
    """Open the streams, read them, ask for pages beside them."""
    return Streams(count, memory=accounting.resident_mb(web))
