"""One run: stock, then every kind of request in turn, round by round, so that noise falls on all alike."""

import json
import statistics
import time
from dataclasses import dataclass, field

from django.db import connection

from bench import accounting, asking, driver, plans, raw, stage, stock, streams
from huakai.config import keeper, postgres, session, terminal
from huakai.kernel.clock import SystemClock

SETTLE = 1.0


@dataclass
class Results:
    """Everything that is told at the end."""

    kinds: dict[str, list[asking.Kind]] = field(default_factory=dict)
    rawly: list[raw.Raw] = field(default_factory=list)
    proposals: list[float] = field(default_factory=list)
    drain: list[tuple[int, float]] = field(default_factory=list)
    probes: list[float] = field(default_factory=list)
    open_streams: dict[str, streams.Streams] = field(default_factory=dict)


def run(here: session.Here, wanted: asking.Options) -> int:
    """Measure what was asked for and print the tables."""
    results = Results()
    assert here.server is not None
    goods = stock.prepare(count=wanted.cases, now=SystemClock().now())
    postmaster = keeper.postmaster_pid(here.server.data)
    assert postmaster is not None

    if wanted.asks("plans"):
        plans.tell(goods)
    for server in wanted.servers if wanted.rounds else ():
        port = stage.free_port()
        with (
            stage.running("web", stage.web_command(server, port)) as web,
            stage.running("worker", [*stage.HUAKAI, "worker"]) as worker,
        ):
            stage.wait_for(port)
            time.sleep(SETTLE)
            meter = accounting.Meter(here.server.url(), web, worker, postmaster)
            _measure(wanted, results, Scene(server, port, goods, meter, here.server))
    tell(wanted, results, goods)
    return 0


@dataclass(frozen=True)
class Scene:
    """What is under measurement: one server on the loaded database."""

    name: str
    port: int
    goods: stock.Stock
    meter: accounting.Meter
    database: postgres.Server


def _measure(wanted: asking.Options, results: Results, scene: Scene) -> None:
    chosen = [kind for kind in asking.kinds(scene.goods, scene.port) if wanted.asks(kind.name)]
    results.kinds[scene.name] = chosen
    for kind in chosen:
        driver.drive(scene.port, kind.make, clients=wanted.clients, seconds=1.0, expect=kind.expect)  # warm
    drained()
    idle = _idle(scene.meter)
    for at in range(wanted.rounds):
        results.probes.append(probe())
        for kind in chosen:
            _round(wanted, scene, kind, idle)
            if kind.name == "create":
                results.drain.append(drained())
        if wanted.asks("raw"):
            results.rawly.append(
                raw.run(scene.database, scene.meter, clients=wanted.clients, seconds=int(wanted.seconds))
            )
        terminal.say(f"  {scene.name}: round {at + 1} of {wanted.rounds}")
    if wanted.asks("proposals"):
        results.proposals += proposals(scene.goods, scene.port)
    if wanted.asks("streams") and wanted.streams:
        token = streams.screen_token(SystemClock().now())
        results.open_streams[scene.name] = streams.measure(
            scene.port, wanted.streams, scene.goods, scene.meter.web, token
        )


def _round(wanted: asking.Options, scene: Scene, kind: asking.Kind, idle: accounting.Used) -> None:
    begun = time.perf_counter()
    before = scene.meter.read()
    done = driver.drive(
        scene.port, kind.make, clients=wanted.clients, seconds=wanted.seconds, expect=kind.expect
    )
    passed = time.perf_counter() - begun
    kind.cpu.append(_less(scene.meter.read().since(before), idle, passed))
    kind.rounds.append(done)


def probe() -> float:
    """CPU ms of a fixed piece of Python: how fast this machine is now, with all its other jobs."""
    begun = time.thread_time()
    total = 0
    for number in range(1_000_000):
        total += number % 7
    return 1000 * (time.thread_time() - begun)


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


def drained(patience: float = 300.0) -> tuple[int, float]:
    """Wait until the worker has caught up: (jobs that were waiting, seconds it took)."""
    waiting, started = waiting_jobs(), time.monotonic()
    while waiting_jobs():
        if time.monotonic() - started > patience:
            raise SystemExit("the worker does not catch up")
        time.sleep(0.2)
    return waiting, time.monotonic() - started


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
    terminal.plain(
        f"\n{goods.cases} cases, {wanted.clients} connections, {wanted.rounds} rounds of {wanted.seconds:g} s; "
        "medians over the rounds (CPU of the least disturbed round in brackets), CPU in ms per request\n"
    )
    for server, chosen in results.kinds.items():
        terminal.plain(
            f"{server:37} {'per s':>8} {'CPU':>7} {'least':>8} {'web':>7} {'database':>9} {'worker':>7} "
            f"{'p50 ms':>8} {'p95 ms':>8}"
        )
        for kind in chosen:
            terminal.plain(_line(kind))
    if results.probes:
        shown = ", ".join(f"{each:.0f}" for each in results.probes)
        terminal.plain(f"\na fixed loop of Python took, round by round: {shown} ms CPU")
    _tell_ratio(results)
    for waiting, seconds in results.drain:
        terminal.plain(
            f"after a round of create {waiting} proposals were waiting; made {seconds:.1f} s later"
        )
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


def _line(kind: asking.Kind) -> str:
    p50, p95 = (statistics.median(r.share(part) for r in kind.rounds) for part in (0.5, 0.95))
    return (
        f"  {kind.title:35} {kind.rate:8.1f} {kind.per_request(lambda used: used.request):7.2f}"
        f" ({kind.best():6.2f}) {kind.per_request(lambda used: used.web):7.2f}"
        f" {kind.per_request(lambda used: used.web_database):9.2f}"
        f" {kind.per_request(lambda used: used.worker + used.worker_database):7.2f} {p50:8.1f} {p95:8.1f}"
    )


def _tell_ratio(results: Results) -> None:
    if not results.rawly:
        return
    rate = statistics.median(one.rate for one in results.rawly)
    cpu = statistics.median(one.cpu_ms for one in results.rawly)
    terminal.plain(f"\nraw PostgreSQL, the same inserts: {rate:.1f} transactions/s, {cpu:.2f} ms CPU each")
    for server, chosen in results.kinds.items():
        for kind in chosen:
            if kind.name == "create":
                pairs = zip(kind.rounds, results.rawly, strict=False)
                shares = ", ".join(f"{100 * done.rate / one.rate:.0f}" for done, one in pairs)
                terminal.plain(
                    f"create with {server}: {100 * kind.rate / rate:.1f} % of it (round by round: {shares})"
                )
