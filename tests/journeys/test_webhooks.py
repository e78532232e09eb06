"""A worker is killed among its letters: the next one goes on, in order, and every letter arrives."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from huakai.kernel.clock import SystemClock
from huakai.publishing.types import NewPeer
from huakai.registry.types import Actor
from tests.cast import DISTRICT
from tests.factories.cases import open_one
from tests.factories.publishing import add_peer

FIRST, REST = 10, 5
Received = list[tuple[str, int]]


@contextmanager
def _receiver() -> Iterator[tuple[int, Received]]:
    """A peer on this machine: its port, and (webhook-id, seq) of what it has taken."""
    received: Received = []

    class Peer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            received.append((self.headers["webhook-id"], body["seq"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_address[1], received
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def _worker() -> Iterator[subprocess.Popen[bytes]]:
    """A real worker on the test's database; killed in the end, without a chance to tidy up."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    allowed = {"HUAKAI_WEBHOOK_HTTP_HOSTS": "localhost", "HUAKAI_WEBHOOK_PRIVATE_HOSTS": "localhost"}
    process = subprocess.Popen(
        [sys.executable, "-m", "huakai.config.cli", "worker"],
        env=os.environ | allowed | {"HUAKAI_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.kill()
    process.wait()


def _wait_for(received: Received, letters: int) -> None:
    deadline = time.monotonic() + 90
    while len(set(received)) < letters and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(set(received)) >= letters


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_no_letter_and_keeps_the_order(
    cast: object, actor: Callable[[str], Actor], settings: Settings
) -> None:
    settings.WEBHOOK_HTTP_HOSTS = frozenset({"localhost"})
    now = SystemClock().now()
    with _receiver() as (port, received):
        add_peer(actor("admin"), now, NewPeer("p", f"http://localhost:{port}/", DISTRICT, ("case.opened",)))
        for n in range(FIRST):
            open_one(actor("resident"), now, key=f"first-{n}")
        with _worker():
            _wait_for(received, 3)
        for n in range(REST):
            open_one(actor("resident"), now, key=f"rest-{n}")
        with _worker():
            _wait_for(received, FIRST + REST)
    seqs = [seq for _, seq in received]
    assert seqs == sorted(seqs)
    assert set(seqs) == set(range(1, FIRST + REST + 1))
    assert len({letter for letter, _ in received}) == FIRST + REST
