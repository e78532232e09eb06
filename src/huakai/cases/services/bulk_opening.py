"""Opening many cases at once, for imports: the same plans and records as one by one, a few statements a batch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from huakai.audit import services as audit
from huakai.cases.models import Case, ClockEvent
from huakai.cases.queries.desk import cases_by_key
from huakai.cases.services import timing
from huakai.cases.services.opening import Plan, columns, opened, plan_at
from huakai.cases.types import Arrival
from huakai.kernel.errors import N_, NotAllowed, RuleBroken
from huakai.registry import queries as registry
from huakai.registry import services as people
from huakai.registry.types import Actor

BATCH = 1000


@dataclass(frozen=True)
class Intake:
    """What became of the arrivals. With any refusal (place in the list, why) nothing was written."""

    created: int = 0
    known: int = 0
    refusals: tuple[tuple[int, RuleBroken], ...] = ()


@dataclass(frozen=True)
class _Ready:
    """An arrival with all that can be refused behind it."""

    arrival: Arrival
    plan: Plan
    values: dict[str, Any]
    lines: list[timing.Line]


@transaction.atomic
def open_arrivals(
    *,
    arrivals: Sequence[Arrival],
    by: Actor,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Intake:
    """Open a case for every arrival whose client key is new, whoever brought it; all or nothing.

    One intake at a time, so that the same file handed in twice at once opens its cases once.
    """
    if not dry_run:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('cases.open_arrivals', 0))")
    known: set[str] = set()
    for start in range(0, len(arrivals), BATCH):
        known |= cases_by_key(arrival.order.client_key for arrival in arrivals[start : start + BATCH])
    planned, refusals = _planned(arrivals, known, by)
    if refusals:
        return Intake(refusals=tuple(refusals))
    if not dry_run:
        _write(planned, by, now, progress)
    return Intake(created=len(planned), known=len(arrivals) - len(planned))


def _planned(
    arrivals: Sequence[Arrival], known: set[str], by: Actor
) -> tuple[list[_Ready], list[tuple[int, RuleBroken]]]:
    units = registry.units_by_codes(arrival.order.area_code for arrival in arrivals)
    planned: list[_Ready] = []
    refusals: list[tuple[int, RuleBroken]] = []
    for place, arrival in enumerate(arrivals):
        order = arrival.order
        if order.client_key in known:
            continue
        unit = units.get(order.area_code)
        try:
            if unit is None:
                raise RuleBroken("area_unknown", N_("请选择所在的村（社区）"), field="area")
            # A file's rows are for others: no right of one's own serves.
            if not by.may("case.open", unit.code):
                raise NotAllowed("not_allowed", N_("您的岗位不能在这个区域登记，请联系当地实践所（站）"))
            plan = plan_at(unit, order, by)
            planned.append(_Ready(arrival, plan, *columns(order, plan, arrival.at)))
        except RuleBroken as refusal:
            refusals.append((place, refusal))
    return planned, refusals


def _write(planned: list[_Ready], by: Actor, now: datetime, progress: Callable[[int], None] | None) -> None:
    found = people.find_or_make_people(
        people=[
            people.Newcomer(r.arrival.name, r.arrival.phone, r.arrival.honorific, r.plan.unit.code)
            for r in planned
        ],
        by=by,
        now=now,
    )
    for start in range(0, len(planned), BATCH):
        batch = planned[start : start + BATCH]
        numbers = _numbers(len(batch))
        cases, facts, clocks = [], [], []
        for number, ready in zip(numbers, batch, strict=True):
            arrival, plan = ready.arrival, ready.plan
            values = ready.values | {
                "requester_id": found[arrival.phone],
                "opened_by_id": by.person_id,
                "client_key": arrival.order.client_key,
            }
            cases.append(Case(number=number, **values))
            facts.append(opened(values | {"number": number}, by, arrival.at))
            clocks += timing.rows(values["id"], ready.lines, plan.view.id, by.person_id)
        Case.objects.bulk_create(cases)
        ClockEvent.objects.bulk_create(clocks)
        audit.record_all(facts)
        if progress:
            progress(start + len(batch))


def _numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('case_number') FROM generate_series(1, %s)", [count])
        return [int(row[0]) for row in cursor.fetchall()]
