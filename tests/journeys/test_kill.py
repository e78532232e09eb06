"""Web server and worker are killed in the middle of a run of orders: nothing acknowledged is lost or credited twice."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from django.db import connection

from huakai.audit import queries as audit
from huakai.audit import services as delivery
from huakai.cases.models import Case
from huakai.kernel.clock import SystemClock
from huakai.ledger.models import Leg, Posting
from huakai.registry import services as registry
from huakai.registry.types import SYSTEM
from tests.cast import COMMUNITY, Cast

ORDERS, KILL_AT = 36, {8, 20}
MINUTES = 30


@dataclass
class Platform:
    """A real web server and worker on the test's database, that can be killed and started again."""

    port: int
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        """Start both and wait until the web server answers."""
        for command in (["serve", "--port", str(self.port)], ["worker"]):
            line = [sys.executable, "-m", "huakai.config.cli", *command]
            self.processes.append(
                subprocess.Popen(
                    line, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            )
        for _ in range(200):
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=2).status_code < 500:
                    return
            time.sleep(0.1)
        raise AssertionError("the web server did not come up")

    def kill(self) -> None:
        """kill -9, no chance to tidy up."""
        for process in self.processes:
            process.kill()
            process.wait()
        self.processes.clear()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def platform() -> Iterator[Platform]:
    """Server and worker beside the test, on its database."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    running = Platform(_free_port(), os.environ | {"HUAKAI_DATABASE_URL": url})
    running.start()
    yield running
    running.kill()


def _call(platform: Platform, token: str, path: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
    """Post until it is answered, as a phone on a bad line does: same key, same content."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    for _ in range(100):
        with contextlib.suppress(requests.ConnectionError, requests.Timeout):
            url = f"http://127.0.0.1:{platform.port}/api/v1{path}"
            answer = requests.post(url, json=body, headers=headers, timeout=5)
            if answer.status_code in (200, 201):
                return dict(answer.json())
            assert answer.status_code >= 500, answer.text
        time.sleep(0.1)
    raise AssertionError("never answered")


@pytest.mark.django_db(transaction=True)
def test_killing_web_and_worker_loses_no_order_and_credits_nothing_twice(
    cast: Cast, platform: Platform
) -> None:
    started = SystemClock().now()
    tokens = {
        role: registry.issue_token(
            account_id=cast[role].account_id,
            label="k",
            scopes=("cases:write",),
            days=1,
            by=SYSTEM,
            now=started,
        )
        for role in ("resident", "volunteer")
    }
    acknowledged = {}
    for n in range(ORDERS):
        order = {"area_code": COMMUNITY, "service": "appliance_repair"}
        case = _call(platform, tokens["resident"], "/cases", f"order-{n}", order)["id"]
        acknowledged[f"api:order-{n}"] = case
        moves = f"/cases/{case}/moves"
        _call(platform, tokens["volunteer"], moves, f"claim-{n}", {"move": "claim"})
        if n in KILL_AT:
            platform.kill()
            platform.start()
        done = {"move": "finish", "result": "修好了", "minutes": MINUTES}
        _call(platform, tokens["volunteer"], moves, f"finish-{n}", done)
    stored = {case.client_key: case for case in Case.objects.all()}
    assert {key: str(case.id) for key, case in stored.items()} == acknowledged
    assert {case.status for case in stored.values()} == {"closed"}
    assert Posting.objects.count() == ORDERS
    amounts = Leg.objects.filter(book__kind="minutes").values_list("amount", flat=True)
    assert sum(amount for amount in amounts if amount > 0) == ORDERS * MINUTES
    assert sum(amounts) == 0
    assert audit.verify() == []
    _wait_for_deliveries()


def _wait_for_deliveries() -> None:
    """The worker works off what is owed; what died with the killed one is swept, as it is every minute."""
    deadline = time.monotonic() + 15
    while audit.undelivered(limit=10) and time.monotonic() < deadline:
        time.sleep(0.5)
    delivery.deliver_due()
    assert audit.undelivered(limit=10) == []
