"""The ladder that follows a deadline: which cases have to be looked at, and what is done, exactly once a rung.

A move marks its case; the sweep reads the ledger of the marked and the due, takes the rungs that are due, and writes
down when to look again. Two workers share the cases by SKIP LOCKED, and a rung stands once by constraint, so neither a
crash nor a clock that runs ahead takes one twice (docs/algorithms/escalation.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db import connection, transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.cases import events, rules
from huakai.cases.definitions import Flow
from huakai.cases.definitions import Rung as RungDef
from huakai.cases.models import Case, Escalation, Supervision
from huakai.cases.queries import clocks
from huakai.cases.types import Status
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs

BATCH = 500
ASKED = ("id", "edition_id", "flow", "area_code", "lead_unit_id", "lead_unit_code")


def plan(case: Case, flow: Flow, now: datetime) -> None:
    """Mark a case whose clocks have changed: the next sweep reads its ledger and says when to look again."""
    watched = bool(flow.ladder) and case.status == Status.OPEN and case.paused_since is None
    case.next_act_at = now if watched else None


def climb(*, now: datetime, limit: int = 100_000) -> int:
    """Take every rung that is due; returns how many were taken. Stops when nothing is left or `limit` is reached."""
    taken = looked = 0
    while looked < limit:
        seen, done = _climb_some(now)
        looked, taken = looked + seen, taken + done
        if seen < BATCH:
            break
    return taken


@dataclass
class _Sweep:
    """What one batch leads to."""

    rungs: list[Escalation] = field(default_factory=list)
    beside: list[Supervision] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    next_at: dict[UUID, datetime | None] = field(default_factory=dict)


@transaction.atomic
def _climb_some(now: datetime) -> tuple[int, int]:
    """One batch under lock: (cases looked at, rungs taken)."""
    due = Case.objects.filter(next_act_at__lte=now).order_by("next_act_at")
    cases = list(due.select_for_update(skip_locked=True).only(*ASKED)[:BATCH])
    if not cases:
        return 0, 0
    ids = [case.id for case in cases]
    ledgers, taken = clocks.ledgers(ids), _taken(ids)
    sweep = _Sweep()
    for case in cases:
        _look(case, ledgers.get(case.id, ()), taken.get(case.id, {}), sweep, now)
    Escalation.objects.bulk_create(sweep.rungs)
    Supervision.objects.bulk_create(sweep.beside, ignore_conflicts=True)
    audit.record_all(sweep.facts)
    _look_again(sweep.next_at)
    return len(cases), len(sweep.rungs)


def _look(
    case: Case,
    ledger: Sequence[rules.ClockEvent],
    taken: Mapping[str, frozenset[tuple[int, str]]],
    sweep: _Sweep,
    now: datetime,
) -> None:
    """The rungs of one case that are due, and when the next is."""
    ladders, meaning = _ladders(case.edition_id, case.flow)
    calendars = clocks.calendars_of(ledger)
    states = rules.states(ledger, now=now, calendars=calendars)
    done = {clock: taken.get(clock, frozenset()) for clock in ladders}
    for state in states:
        ladder = ladders.get(state.clock, ())
        ready = rules.rungs_due(
            state, ladder, done.get(state.clock, frozenset()), now=now, calendar=calendars[state.calendar]
        )
        for rung in ready:
            _take(case, state, meaning[state.clock, rung.code], sweep, now)
            done[state.clock] = done[state.clock] | {(state.run, rung.code)}
    sweep.next_at[case.id] = rules.next_act_at(states, ladders, done, calendars, now=now)


def _take(case: Case, state: rules.ClockState, rung: RungDef, sweep: _Sweep, now: datetime) -> None:
    holder = case.lead_unit_code or case.area_code
    sweep.rungs.append(
        Escalation(
            case=case,
            clock=state.clock,
            run=state.run,
            rung=rung.code,
            act=rung.act,
            to=rung.to,
            unit_code=holder if rung.to in {"holder", "unit_head"} else case.area_code,
            due_at=state.due_at,
            at=now,
        )
    )
    after = {"clock": state.clock, "run": state.run, "rung": rung.code, "act": rung.act}
    sweep.facts.append(
        Fact(
            name=events.ESCALATED,
            subject=Subject("case", str(case.id)),
            at=now,
            actor_id=None,
            edition_id=case.edition_id,
            area_code=case.area_code,
            after=after,
        )
    )
    if rung.act != "remind" and case.lead_unit_id is not None:
        sweep.beside.append(_beside(case, case.lead_unit_id, rung, now))


def _beside(case: Case, unit_id: UUID, rung: RungDef, now: datetime) -> Supervision:
    """督办 by itself, 追责 only as a proposal: a person decides."""
    supervises = rung.act == "supervise"
    return Supervision(
        id=new_id(now),
        case=case,
        kind="supervise" if supervises else "account",
        state="open" if supervises else "proposed",
        unit_id=unit_id,
        unit_code=case.lead_unit_code,
        area_code=case.area_code,
        reason=rung.title,
        ordered_at=now,
    )


def _taken(ids: Iterable[UUID]) -> dict[UUID, dict[str, frozenset[tuple[int, str]]]]:
    found: dict[UUID, dict[str, frozenset[tuple[int, str]]]] = {}
    rows = Escalation.objects.filter(case_id__in=list(ids)).values_list("case_id", "clock", "run", "rung")
    for case_id, clock, run, rung in rows:
        of_case = found.setdefault(case_id, {})
        of_case[clock] = of_case.get(clock, frozenset()) | {(run, rung)}
    return found


def _look_again(next_at: Mapping[UUID, datetime | None]) -> None:
    """When to look at each case again, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE cases_case c SET next_act_at = known.at
                 FROM unnest(%s::uuid[], %s::timestamptz[]) AS known (id, at) WHERE c.id = known.id""",
            [list(next_at), list(next_at.values())],
        )


@lru_cache(maxsize=1024)
def _ladders(
    edition_id: UUID, flow_code: str
) -> tuple[dict[str, tuple[rules.Rung, ...]], dict[tuple[str, str], RungDef]]:
    """(clock → its rungs as the rules read them, (clock, rung) → the rung of the pack); an edition never changes."""
    flow = packs.edition(edition_id).get("cases", flow_code)
    assert isinstance(flow, Flow)
    ladders: dict[str, tuple[rules.Rung, ...]] = {}
    for rung in flow.ladder:
        span = rules.span_of(rung.span) if rung.span else None
        plain = rules.Rung(rung.code, rung.when, span, rung.emergency, rung.act)
        ladders[rung.clock] = (*ladders.get(rung.clock, ()), plain)
    return ladders, {(rung.clock, rung.code): rung for rung in flow.ladder}
