"""Transitions through the service, and pgbench with the same statements on the same database."""

import os
import resource
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import connection

from bench import accounting, measure, million
from huakai.cases import services
from huakai.cases.types import MoveInput, Taker, TakerKind
from huakai.config import postgres, terminal
from huakai.kernel.clock import SystemClock
from huakai.packs import queries as packs
from huakai.registry.types import Actor

TARGET = 250
STEPS_OF_RAW = 4
Act = tuple[str, str, Actor, MoveInput]
"""Title, move, by whom, with what."""


@dataclass
class Cost:
    """What one kind of transition took, round by round: ms of CPU each."""

    app: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    """Transitions a second by the clock on the wall, one after the other, waiting for the disk included."""

    def add(self, app: float, database: float, seconds: float, count: int) -> None:
        """One round in seconds."""
        self.app.append(1000 * app / count)
        self.database.append(1000 * database / count)
        self.rate.append(count / seconds)

    @property
    def total(self) -> list[float]:
        return [app + database for app, database in zip(self.app, self.database, strict=True)]


@dataclass
class Found:
    """Everything that was measured."""

    demand: dict[str, Cost] = field(default_factory=dict)
    order: dict[str, Cost] = field(default_factory=dict)
    raw: Cost = field(default_factory=Cost)
    probes: list[float] = field(default_factory=list)


def demand_loop(place: million.Place) -> list[Act]:
    """A demand from its collection to its end."""
    return [
        ("assign", "assign", place.centre, MoveInput(unit_code=million.UNIT)),
        ("accept", "accept", place.handler, MoveInput(result="已收到，明天上午到现场")),
        ("answer", "answer", place.handler, MoveInput(result="现场看过，需要更换配件")),
        ("finish", "finish", place.handler, MoveInput(result="已经更换，恢复正常")),
    ]


def order_loop(place: million.Place) -> list[Act]:
    """A volunteer order: the last move credits minutes in the ledger."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM registry_volunteer ORDER BY person_id LIMIT 1")
        person: UUID = cursor.fetchone()[0]
    taker = Actor(person_id=person, is_volunteer=True, pack_code=million.PLACE)
    return [
        ("offer", "offer", place.centre, MoveInput(taker=Taker(TakerKind.PERSON, person))),
        ("accept the offer", "accept", taker, MoveInput()),
        ("finish and credit", "finish", taker, MoveInput(result="修好了", minutes=45)),
    ]


def measure_all(
    place: million.Place, server: postgres.Server, postmaster: int, *, rounds: int, loops: int
) -> Found:
    """Rounds of transitions and of raw PostgreSQL in turn, so that noise falls on both alike."""
    found, warm = Found(), Found()
    _stock_up("collected", 2 * (rounds + 1) * loops)
    _stock_up("ordered", (rounds + 1) * loops)
    for at in range(rounds + 1):
        into = found if at else warm
        into.probes.append(measure.probe())
        _loop(postmaster, _ids("collected", loops), demand_loop(place), into.demand)
        _loop(postmaster, _ids("ordered", loops), order_loop(place), into.order)
        _raw(place, server, postmaster, loops, into.raw)
        terminal.say(f"  transitions: round {at} of {rounds}")
    return found


def _loop(postmaster: int, ids: list[UUID], acts: list[Act], found: dict[str, Cost]) -> None:
    """Every case makes its first move, then every case its second: each kind is accounted by itself."""
    clock = SystemClock()
    for title, name, by, given in acts:
        database, app, begun = spent(postmaster), time.process_time(), time.perf_counter()
        for case_id in ids:
            services.move_case(case_id=case_id, move=name, given=given, by=by, now=clock.now())
        used = time.process_time() - app, spent(postmaster) - database, time.perf_counter() - begun
        found.setdefault(title, Cost()).add(*used, len(ids))


def spent(postmaster: int) -> float:
    """CPU seconds of the whole server: nothing else works on it."""
    family = [postmaster, *accounting.children_of(postmaster)]
    return sum(accounting.cpu_of(pid) for pid in family) + accounting.reaped(postmaster)


def _stock_up(stage: str, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case WHERE stage = %s AND status = 'open'", [stage])
        missing = count - cursor.fetchone()[0]
    if missing > 0:
        million.add("open", 5 * missing, days=12, at=SystemClock().now() - timedelta(minutes=5))


def _ids(stage: str, count: int) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM cases_case WHERE stage = %s AND status = 'open' ORDER BY id LIMIT %s",
            [stage, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _raw(place: million.Place, server: postgres.Server, postmaster: int, loops: int, into: Cost) -> None:
    """pgbench, one client, prepared statements: the same four transitions of as many cases."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_queue")
        cursor.execute("CREATE TABLE bench_queue (n int PRIMARY KEY, id uuid NOT NULL)")
        cursor.executemany(
            "INSERT INTO bench_queue VALUES (%s, %s)", list(enumerate(_ids("collected", loops), start=1))
        )
        cursor.execute("ANALYZE bench_queue")
        cursor.execute("SELECT id FROM registry_unit WHERE code = %s", [million.UNIT])
        unit = cursor.fetchone()[0]
    words = {"edition": packs.current(million.PLACE).id, "unit": unit, "by": place.centre.person_id}
    words["code"] = million.UNIT
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(million.SQL["raw"].format(**words))
        file.flush()
        environment = {**os.environ, **server.client_environment(), "PGAPPNAME": "raw"}
        command = [str(postgres.binaries() / "pgbench"), "--no-vacuum", "--protocol", "prepared", "--file"]
        command += [file.name, "--client", "1", "--define", "n=0", "--transactions", str(loops)]
        database, begun = spent(postmaster), time.perf_counter()
        app = _of_children()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        used = _of_children() - app, spent(postmaster) - database, time.perf_counter() - begun
    if done.returncode or f"actually processed: {loops}/{loops}" not in done.stdout:
        raise SystemExit(f"pgbench failed:\n{done.stdout}{done.stderr}")
    into.add(*used, STEPS_OF_RAW * loops)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tell(found: Found, cases: int) -> None:
    """The table, and whether it is fast enough."""
    rounds = len(found.raw.rate)
    terminal.plain(
        f"\ntransitions, {cases:,} cases, {rounds} rounds, one after the other; CPU in ms each, medians (least)\n"
    )
    terminal.plain(f"{'':26} {'CPU':>14} {'app':>7} {'database':>9} {'per s a core':>13} {'by the wall':>12}")
    for title, cost in {**found.demand, "a demand's mean": _mean(found.demand), **found.order,
                        "an order's mean": _mean(found.order), "raw PostgreSQL": found.raw}.items():  # fmt: skip
        _line(title, cost)
    ratio = [service / raw for service, raw in zip(_mean(found.demand).total, found.raw.total, strict=True)]
    shown = ", ".join(f"{each:.1f}" for each in ratio)
    terminal.plain(
        f"\na demand's transition costs {statistics.median(ratio):.1f} times what raw PostgreSQL takes ({shown})"
    )
    terminal.plain(f"target: {TARGET} per second of one core, {1000 / TARGET:g} ms")
    probes = ", ".join(f"{each:.0f}" for each in found.probes)
    terminal.plain(f"a fixed loop of Python took, round by round: {probes} ms CPU")


def _mean(costs: dict[str, Cost]) -> Cost:
    """All kinds of one loop taken together, round by round."""
    each = list(costs.values())

    def mean(rows: list[list[float]]) -> list[float]:
        return [statistics.mean(column) for column in zip(*rows, strict=True)]

    rates = [statistics.harmonic_mean(column) for column in zip(*(c.rate for c in each), strict=True)]
    return Cost(mean([c.app for c in each]), mean([c.database for c in each]), rates)


def _line(title: str, cost: Cost) -> None:
    total = statistics.median(cost.total)
    terminal.plain(
        f"  {title:24} {total:6.2f} ({min(cost.total):5.2f}) {statistics.median(cost.app):7.2f}"
        f" {statistics.median(cost.database):9.2f} {1000 / total:13.0f} {statistics.median(cost.rate):12.0f}"
    )
