"""The sweep of the ladder: two workers at once on many due clocks, and whether each rung happened once."""

import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from bench import measure, million, moves, sweeper
from huakai.cases import rules, services
from huakai.cases.models import Case
from huakai.cases.queries import catalogue, clocks
from huakai.config import terminal
from huakai.config.env import PROJECT_ROOT

WORKERS = 2
TARGET_S = 60
SAMPLE = 2000


@dataclass
class Swept:
    """What the workers did."""

    cases: int
    seconds: float
    by_worker: list[int]
    """Rungs each said to have taken."""
    app: float
    database: float
    probe: float
    rungs: dict[str, int]
    problems: list[str]


def measure_sweep(postmaster: int, *, count: int, now: datetime) -> Swept:
    """Make due cases, let two workers sweep them, hold the outcome against the rules, and close them."""
    _only_ours()
    million.add("due", count, days=4, at=now - timedelta(hours=5))
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM cases_escalation")
        before = cursor.fetchone()[0]
    probe = measure.probe()
    database = moves.spent(postmaster)
    seconds, app, taken = _race(now)
    database = moves.spent(postmaster) - database
    rungs, problems = _checked(before, taken, now)
    _close()
    return Swept(count, seconds, taken, app, database, probe, rungs, problems)


def _only_ours() -> None:
    """What the other parts of the run have left due stands still, so that only the new clocks are swept."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET next_act_at = NULL WHERE next_act_at IS NOT NULL")


def _race(now: datetime) -> tuple[float, float, list[int]]:
    """(seconds until the last was done, CPU seconds of all workers, rungs each took)."""
    command = [sys.executable, "-m", "bench.sweeper", now.isoformat()]
    workers = [
        subprocess.Popen(command, cwd=PROJECT_ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout is not None
        if worker.stdout.readline().strip() != sweeper.READY:
            raise SystemExit("a worker did not start")
    begun = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    answers = [worker.communicate()[0].split() for worker in workers]
    passed = time.perf_counter() - begun
    if any(worker.returncode for worker in workers):
        raise SystemExit("a worker failed")
    return passed, sum(float(cpu) for _, cpu in answers), [int(taken) for taken, _ in answers]


def _checked(before: int, taken: list[int], now: datetime) -> tuple[dict[str, int], list[str]]:
    """Rungs by code, and what does not agree: the table, the record, the supervisions, the rules."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rung, count(*) FROM cases_escalation WHERE id > %s GROUP BY rung ORDER BY 2 DESC",
            [before],
        )
        rungs: dict[str, int] = dict(cursor.fetchall())
        cursor.execute(_COMPARE, {"before": before, "now": now})
        ours, recorded, supervised, ordered, waiting = cursor.fetchone()
    problems = []
    if sum(taken) != ours:
        problems.append(f"the workers say {sum(taken)} rungs, the table has {ours}")
    if recorded != ours:
        problems.append(f"{ours} rungs, but {recorded} facts of the record")
    if supervised != ordered:
        problems.append(f"{ordered} rungs supervise, but {supervised} supervisions stand")
    if waiting:
        problems.append(f"{waiting} cases are still due")
    if services.climb(now=now):
        problems.append("a second sweep took rungs again")
    return rungs, problems + _by_the_rules(before, now)


_COMPARE = """
    WITH ours AS (SELECT case_id, clock, run, rung, act FROM cases_escalation WHERE id > %(before)s)
    SELECT (SELECT count(*) FROM ours),
           (SELECT count(*) FROM audit_event e JOIN ours o ON e.subject_kind = 'case'
               AND e.subject_id = o.case_id::text AND e.name = 'case.escalated'
               AND e.after->>'clock' = o.clock AND e.after->>'rung' = o.rung AND (e.after->>'run')::int = o.run),
           (SELECT count(*) FROM cases_supervision WHERE case_id IN (SELECT case_id FROM ours)),
           (SELECT count(*) FROM ours WHERE act = 'supervise'),
           (SELECT count(*) FROM cases_case WHERE next_act_at <= %(now)s)"""


def _by_the_rules(before: int, now: datetime) -> list[str]:
    """Work a sample out again from the ledger alone and compare."""
    sample = list(Case.objects.filter(client_key__startswith="due:", status="open").order_by("id")[:SAMPLE])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id, clock, run, rung FROM cases_escalation WHERE id > %s AND case_id = ANY(%s)",
            [before, [case.id for case in sample]],
        )
        stand = set(cursor.fetchall())
    wanted = {row for case in sample for row in _owed(case, now)}
    return (
        [] if stand == wanted else [f"the rules want {len(wanted)} rungs of the sample, {len(stand)} stand"]
    )


def _owed(case: Case, now: datetime) -> list[tuple[UUID, str, int, str]]:
    flow = catalogue.menu_of_edition(case.edition_id).flows[case.flow]
    ladders: dict[str, list[rules.Rung]] = {}
    for rung in flow.ladder:
        span = rules.span_of(rung.span) if rung.span else None
        plain = rules.Rung(rung.code, rung.when, span, rung.emergency, rung.act)
        ladders.setdefault(rung.clock, []).append(plain)
    events = clocks.ledger(case.id)
    calendars = clocks.calendars_of(events)
    return [
        (case.id, state.clock, state.run, rung.code)
        for state in rules.states(events, now=now, calendars=calendars)
        for rung in rules.rungs_due(
            state, ladders.get(state.clock, ()), frozenset(), now=now, calendar=calendars[state.calendar]
        )
    ]


def _close() -> None:
    """The record cannot be taken back, so the swept cases stay, among the closed ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET status = 'closed', stage = 'closed', closed_at = opened_at, due_at = NULL,"
            " next_act_at = NULL WHERE client_key LIKE 'due:%' AND status = 'open'"
        )


def tell(found: Swept) -> None:
    """Time, pace, and whether each rung happened once."""
    rungs = sum(found.rungs.values())
    terminal.plain(
        f"\nsweep of {found.cases:,} due cases by {WORKERS} workers at once; target {TARGET_S} s\n"
    )
    terminal.plain(
        f"  {found.seconds:.1f} s, {rungs:,} rungs ({', '.join(f'{k} {v:,}' for k, v in found.rungs.items())});"
        f" by worker {found.by_worker}"
    )
    each = 1000 / found.cases
    terminal.plain(
        f"  CPU {found.app + found.database:.1f} s: workers {found.app:.1f}, database {found.database:.1f};"
        f" {each * found.app:.3f} + {each * found.database:.3f} ms a case (fixed loop: {found.probe:.0f} ms)"
    )
    terminal.plain("  " + ("; ".join(found.problems) if found.problems else "each rung exactly once: table, record,"
                           " supervisions and rules agree, a second sweep takes none"))  # fmt: skip
