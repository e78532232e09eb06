"""Server-sent events: many open streams on one process, and what the other pages do meanwhile."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bench import accounting, asking, driver
from bench.stock import PLACE, Stock
from huakai.config import terminal
from huakai.publishing import services as publishing
from huakai.publishing.types import NewScreen
from huakai.registry.types import SYSTEM

WALL = "live_counters"
SECONDS = 6.0


@dataclass
class Streams:
    """What was seen while the streams were open."""

    count: int
    listening: int = 0
    """Streams that had been sent at least one state when the measurement ended."""
    idle: float = 0.0
    """CPU of the web process per second while only the streams are served."""
    memory: tuple[float, float] = (0.0, 0.0)
    pages: dict[str, tuple[driver.Round, driver.Round]] = field(default_factory=dict)
    """Title → (without, with the streams)."""

    def tell(self, server: str) -> None:
        """A few lines."""
        terminal.plain(
            f"\n{self.count} open streams on one {server} process: {self.listening} were told the state; "
            f"memory {self.memory[0]:.0f} → {self.memory[1]:.0f} MB, {100 * self.idle:.1f} % of a core"
        )
        for title, (without, beside) in self.pages.items():
            terminal.plain(
                f"  {title:35} alone p50 {without.share(0.5):6.1f} p95 {without.share(0.95):6.1f} ms,"
                f" beside the streams p50 {beside.share(0.5):6.1f} p95 {beside.share(0.95):6.1f} ms"
            )


def screen_token(now: datetime) -> str:
    """The address of a wall of live figures."""
    new = NewScreen(label="bench", wall=WALL)
    _id, token = publishing.create_screen(new=new, pack_code=PLACE, by=SYSTEM, now=now)
    return token


def measure(port: int, count: int, goods: Stock, web: int, token: str) -> Streams:
    """Ask for pages without the streams; open them; ask again. One client each, so latency is not queueing."""
    found = Streams(count)
    kinds = [kind for kind in asking.kinds(goods, port) if kind.name in {"create", "list", "detail"}]
    alone = [driver.drive(port, k.make, clients=1, seconds=SECONDS / 2, expect=k.expect) for k in kinds]
    before = accounting.resident_mb(web)
    with _open(port, count, f"/screen/{token}/events/") as told:
        for _ in range(100):
            if len(told) == count:
                break
            threading.Event().wait(0.1)
        spent = accounting.cpu_of(web)
        threading.Event().wait(5.0)
        found.idle = (accounting.cpu_of(web) - spent) / 5.0
        for kind, without in zip(kinds, alone, strict=True):
            beside = driver.drive(port, kind.make, clients=1, seconds=SECONDS, expect=kind.expect)
            found.pages[kind.title] = (without, beside)
        found.memory = (before, accounting.resident_mb(web))
        found.listening = len(told)
    return found


@contextmanager
def _open(port: int, count: int, path: str) -> Iterator[set[int]]:
    """The streams, read by one thread; yields the set of those that were told something."""
    told: set[int] = set()
    wanted = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n".encode()
    watch = selectors.DefaultSelector()
    for _ in range(count):
        line = socket.create_connection(("127.0.0.1", port), timeout=30)
        line.sendall(wanted)
        watch.register(line, selectors.EVENT_READ)
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            for key, _events in watch.select(timeout=0.2):
                data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                if b"data:" in data:
                    told.add(key.fd)
                elif not data:
                    watch.unregister(key.fileobj)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield told
    finally:
        stop.set()
        reader.join()
        for key in list(watch.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
