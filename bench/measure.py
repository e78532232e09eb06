"""One run: stock, then every kind of request in turn, round by round, so that noise falls on all alike."""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench import accounting, asking, driver, plans, raw, stage, stock, streams
from django.db import connection

from huakai.config import keeper, session, terminal
from huakai.kernel.clock import SystemClock

SETTLE = 1.0


@dataclass
class Results:
    """Everything that is told at the end."""

    kinds: dict[str, list[asking.Kind]] = field(default_factory=dict)
    rawly: list[raw.Raw] = field(default_factory=list)
    proposals: list[float] = field(default_factory=list)
    drain: list[tuple[int, float]] = field(default_factory=list)
    open_streams: dict[str, streams.Streams] = field(default_factory=dict)
    idle: dict[str, accounting.Used] = field(default_factory=dict)


def run(here: session.Here, wanted: asking.Options) -> int:
    """Measure what was asked for and print the tables."""
    results = Results()
    assert here.server is not None
    goods = stock.prepare(count=wanted.cases, now=SystemClock().now())
    postmaster = keeper.postmaster_pid(here.server.data)
    assert postmaster is not None

    def asked(name: str) -> bool:
        return not wanted.only or name in wanted.only

    if asked("plans"):
        plans.tell(goods)
    for server in wanted.servers:
        port = stage.free_port()
        with (
            stage.running("web", stage.web_command(server, port)) as web,
            stage.running("worker", [*stage.HUAKAI, "worker"]) as worker,
        ):
            stage.wait_for(port)
            time.sleep(SETTLE)
            meter = accounting.Meter(here.server.url(), web, worker, postmaster)
            _rounds(wanted, results, server, goods, port, meter, here.server, asked)
            if asked("proposals"):
                results.proposals += proposals(goods, port)
            if asked("streams") and wanted.streams:
                results.open_streams[server] = streams.measure(port, wanted.streams, goods, web)
    tell(wanted, results, goods)
    return 0


def _rounds(
    wanted: asking.Options,
    results: Results,
    server: str,
    goods: stock.Stock,
    port: int,
    meter: accounting.Meter,
    database: Any,
    asked: Callable[[str], bool],
) -> None:
    chosen = [kind for kind in asking.kinds(goods, port) if asked(kind.name)]
    results.kinds[server] = chosen
    for kind in chosen:
        driver.drive(port, kind.make, clients=wanted.clients, seconds=1.0, expect=kind.expect)  # warm
    drained()
    idle = _idle(meter)
    results.idle[server] = idle
    for at in range(wanted.rounds):
        for kind in chosen:
            begun = time.perf_counter()
            before = meter.read()
            done = driver.drive(
                port, kind.make, clients=wanted.clients, seconds=wanted.seconds, expect=kind.expect
            )
            passed = time.perf_counter() - begun
            kind.cpu.append(_less(meter.read().since(before), idle, passed))
            kind.rounds.append(done)
        if asked("raw"):
            results.rawly.append(
                raw.run(database, meter, clients=wanted.clients, seconds=int(wanted.seconds))
            )
        terminal.say(f"  {server}: round {at + 1} of {wanted.rounds}")
    count, started = waiting_jobs(), time.perf_counter()
    drained()
    results.drain.append((count, time.perf_counter() - started))


def _idle(meter: accounting.Meter, seconds: float = 4.0) -> accounting.Used:
    """CPU per second while nothing is asked."""
    before = meter.read()
    time.sleep(seconds)
    used = meter.read().since(before)
    return accounting.Used(*(getattr(used, name) / seconds for name in used.__dataclass_fields__))


def _less(used: accounting.Used, idle: accounting.Used, seconds: float) -> accounting.Used:
    names = used.__dataclass_fields__
    return accounting.Used(*(max(0.0, getattr(used, n) - seconds * getattr(idle, n)) for n in names))


def waiting_jobs() -> int:
    """Jobs the worker has not finished."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
        return int(cursor.fetchone()[0])


def drained(patience: float = 300.0) -> None:
    """Until the worker has caught up."""
    deadline = time.monotonic() + patience
    while waiting_jobs():
        if time.monotonic() > deadline:
            raise SystemExit("the worker does not catch up")
        time.sleep(0.2)


def proposals(goods: stock.Stock, port: int, *, count: int = 100, pause: float = 0.1) -> list[float]:
    """Seconds from the answer of a create until its proposals stand in the database, one order at a time."""
    create = next(kind for kind in asking.kinds(goods, port) if kind.name == "create")
    line = driver.Connection(port)
    delays = []
    with connection.cursor() as cursor:
        for number in range(count):
            _status, body = line.send(create.make(99, number))
            answered = time.perf_counter()
            case = json.loads(body)["id"]
            while time.perf_counter() - answered < 20:
                cursor.execute("SELECT 1 FROM matching_round WHERE case_id = %s", [case])
                if cursor.fetchone():
                    break
                time.sleep(0.003)
            delays.append(time.perf_counter() - answered)
            time.sleep(pause)
    line.close()
    return delays


def tell(wanted: asking.Options, results: Results, goods: stock.Stock) -> None:
    """The tables, for people and for the page in docs/."""
    terminal.plain(f"\n{goods.cases} cases, {wanted.clients} connections, {wanted.rounds} rounds of "
                   f"{wanted.seconds:g} s; medians, CPU in ms per request\n")  # fmt: skip
    for server, chosen in results.kinds.items():
        terminal.plain(
            f"{server:14} {'':22} requests/s   CPU  (least)    web     db  worker   p50 ms  p95 ms"
        )
        for kind in chosen:
            shares = [statistics.median(r.share(part) for r in kind.rounds) for part in (0.5, 0.95)]
            worker = kind.per_request(lambda used: used.worker + used.worker_database)
            terminal.plain(
                f"  {kind.title:35} {kind.rate:10.1f} {kind.per_request(lambda used: used.request):6.2f}"
                f" ({kind.best():5.2f}) {kind.per_request(lambda used: used.web):6.2f}"
                f" {kind.per_request(lambda used: used.web_database):6.2f} {worker:7.2f}"
                f" {shares[0]:8.1f} {shares[1]:7.1f}"
            )
    if results.rawly:
        rate = statistics.median(one.rate for one in results.rawly)
        cpu = statistics.median(one.cpu_ms for one in results.rawly)
        terminal.plain(
            f"\nraw PostgreSQL, the same inserts: {rate:.1f} transactions/s, {cpu:.2f} ms CPU each"
        )
        for server, chosen in results.kinds.items():
            for kind in chosen:
                if kind.name == "create":
                    terminal.plain(f"create with {server}: {100 * kind.rate / rate:.1f} % of it")
    for most, seconds in results.drain:
        terminal.plain(f"after all rounds {most} proposals were waiting; done {seconds:.1f} s later")
    if results.proposals:
        delays = sorted(1000 * each for each in results.proposals)
        terminal.plain(
            f"proposal ready after create: p50 {delays[len(delays) // 2]:.0f} ms, "
            f"p95 {delays[int(0.95 * len(delays))]:.0f} ms, most {delays[-1]:.0f} ms ({len(delays)} orders)"
        )
    for server, found in results.open_streams.items():
        found.tell(server)
    if wanted.json:
        figures = {
            server: {k.name: {"rate": k.rate, "cpu_ms": k.per_request(lambda u: u.request)} for k in chosen}
            for server, chosen in results.kinds.items()
        }
        wanted.json.write_text(json.dumps(figures, indent=1))
