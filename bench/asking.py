"""What is asked of the server: the options of a run, and each kind of request with what its rounds gave."""

import argparse
import json
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench import accounting, driver

if TYPE_CHECKING:
    from bench.stock import Stock


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line."""

    cases: int
    rounds: int
    seconds: float
    clients: int
    servers: list[str]
    streams: int
    home: Path
    only: list[str]
    json: Path | None
    keep: bool
    """Is the home the caller's own? Else it goes with the run."""

    def asks(self, name: str) -> bool:
        """Is this part wanted?"""
        return not self.only or name in self.only


def options(arguments: list[str]) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="huakai bench http", description="CPU and throughput beside raw PostgreSQL."
    )
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each kind; the median is told")
    parser.add_argument("--seconds", type=float, default=6.0, help="length of one round")
    parser.add_argument("--clients", type=int, default=4, help="kept-alive connections, and pgbench clients")
    parser.add_argument("--servers", default="uvicorn", help="of uvicorn, granian, granian-wsgi; commas")
    parser.add_argument("--streams", type=int, default=300, help="open server-sent-event streams; 0: none")
    parser.add_argument(
        "--only", default="", help="of create, list, detail, deep, raw, proposals, streams, plans"
    )
    parser.add_argument("--home", type=Path, help="keep the loaded database here for the next run")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    given = parser.parse_args(arguments)
    home = given.home or Path(tempfile.mkdtemp(prefix="huakai-bench-"))
    return Options(
        given.cases, given.rounds, given.seconds, given.clients, given.servers.split(","), given.streams,
        home.resolve(), [one for one in given.only.split(",") if one], given.json, given.home is not None,
    )  # fmt: skip


@dataclass
class Kind:
    """One kind of request: how to make it, and what its rounds gave."""

    name: str
    title: str
    make: Callable[[int, int], bytes]
    expect: int = 200
    cpu: list[accounting.Used] = field(default_factory=list)
    rounds: list[driver.Round] = field(default_factory=list)

    def per_request(self, of: Callable[[accounting.Used], float]) -> float:
        """Median over the rounds, in ms per request."""
        return statistics.median(
            1000 * of(used) / done.count for used, done in zip(self.cpu, self.rounds, strict=True)
        )

    @property
    def rate(self) -> float:
        return statistics.median(done.rate for done in self.rounds)

    def best(self) -> float:
        """The least CPU of a round: what the noise of other jobs disturbs least."""
        return min(1000 * used.request / done.count for used, done in zip(self.cpu, self.rounds, strict=True))


def kinds(stock: "Stock", port: int) -> list[Kind]:
    """What is asked of the server."""
    run = uuid.uuid4().hex[:8]
    order = {
        "area_code": stock.area, "service": stock.service, "detail": "电扇不转，请上午来看看",
        "address": "3栋4单元401", "lon": 117.55, "lat": 34.86,
    }  # fmt: skip

    def create(client: int, number: int) -> bytes:
        return driver.request(
            "POST",
            "/api/v1/cases",
            stock.residents[(client * 7 + number) % len(stock.residents)],
            body=order,
            key=f"{run}-{client}-{number}-{time.time_ns()}",
        )

    connection = driver.Connection(port)
    first = driver.request("GET", "/api/v1/cases?limit=50", stock.centre)
    status, body = connection.send(first)
    if status != 200:
        raise SystemExit(f"the list answered {status}: {body[:400]!r}")
    ids = [row["id"] for row in json.loads(body)["rows"]]
    deep = "/api/v1/cases?limit=50&cursor=last"
    back = json.loads(connection.send(driver.request("GET", deep, stock.centre))[1])
    ids += [row["id"] for row in back["rows"]]
    connection.close()
    details = [driver.request("GET", f"/api/v1/cases/{one}", stock.centre) for one in ids]
    fixed = {
        "list": ("list of 50, whole district", first),
        "deep": ("last page of 50, whole district", driver.request("GET", deep, stock.centre)),
        "street": ("list of 50, one street", driver.request("GET", "/api/v1/cases?limit=50", stock.street)),
        "due": ("open cases by due date, 50", driver.request(
            "GET", "/api/v1/cases?limit=50&order=due&status=open", stock.centre)),
    }  # fmt: skip
    made = [Kind("create", "create", create, 201)]
    made += [
        Kind(name, title, lambda client, number, message=message: message)  # type: ignore[misc]
        for name, (title, message) in fixed.items()
    ]
    made.append(
        Kind("detail", "detail", lambda client, number: details[(client * 31 + number) % len(details)])
    )
    return made
