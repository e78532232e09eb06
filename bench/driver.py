"""A small HTTP client that costs little: blocking sockets, kept alive, one thread each."""

import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LIMIT = 65536


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._open()
        self.left = b""

    def _open(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def send(self, request: bytes) -> tuple[int, bytes]:
        """(status, body) of one request."""
        self.socket.sendall(request)
        data = self.left
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].lower()
        at = head.find(b"content-length:")
        if at < 0:
            raise SystemExit(f"an answer without a length: {data[:300]!r}")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0])
        whole = end + 4 + length
        while len(data) < whole:
            data += self._more()
        self.left = data[whole:]
        return int(data[9:12]), data[end + 4 : whole]

    def _more(self) -> bytes:
        part = self.socket.recv(LIMIT)
        if not part:
            raise ConnectionError("the server closed the connection")
        return part

    def close(self) -> None:
        self.socket.close()


def request(method: str, path: str, token: str = "", *, body: Any = None, key: str = "") -> bytes:
    """The bytes of a request, as a program would send it."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if key:
        lines.append(f"Idempotency-Key: {key}")
    content = json.dumps(body).encode() if body is not None else b""
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


@dataclass
class Round:
    """What one round of one kind of request gave."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.latencies)

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    def share(self, part: float) -> float:
        """A percentile of the latencies in milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def drive(
    port: int, make: Callable[[int, int], bytes], *, clients: int, seconds: float, expect: int
) -> Round:
    """`clients` connections, each asking again as soon as it is answered; any other status ends the benchmark."""
    done = Round(seconds)
    failures: list[str] = []
    until = time.perf_counter() + seconds
    started = time.perf_counter()

    def one(client: int) -> None:
        connection = Connection(port)
        number = 0
        while time.perf_counter() < until and not failures:
            message = make(client, number)
            begun = time.perf_counter()
            status, body = connection.send(message)
            done.latencies.append(time.perf_counter() - begun)
            if status != expect:
                failures.append(f"{status}: {body[:400].decode(errors='replace')}")
            number += 1
        connection.close()

    threads = [threading.Thread(target=one, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"the server answered {failures[0]}")
    done.seconds = time.perf_counter() - started
    return done
