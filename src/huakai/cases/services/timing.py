"""Lines of the clock ledger: written with every move, read by nobody who is in a hurry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any, Protocol
from uuid import UUID

from django.db import connection

from huakai.cases import rules
from huakai.cases.definitions import ANSWER, FINISH, STAGE, Clock, Flow, SpanDef
from huakai.cases.models import Case, ClockEvent
from huakai.kernel.calendar import Deadline, Span, WorkCalendar, deadline_after
from huakai.packs import queries as packs


class Clocked(Protocol):
    """The clock columns of a case, standing or about to be."""

    stage: str
    caller_kind: str
    due_at: datetime | None
    due_estimated: bool
    answer_due_at: datetime | None
    finish_due_at: datetime | None
    feedback_due_at: datetime | None
    clock_runs: dict[str, int]


@dataclass
class NewClocks:
    """Those of a case that is being opened."""

    stage: str
    caller_kind: str
    due_at: datetime | None = None
    due_estimated: bool = False
    answer_due_at: datetime | None = None
    finish_due_at: datetime | None = None
    feedback_due_at: datetime | None = None
    clock_runs: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One line to append."""

    clock: str
    act: str
    at: datetime
    run: int = 1
    span: SpanDef | Span | None = None
    due_at: datetime | None = None
    reason: str = ""


_LINES = """
    INSERT INTO cases_clockevent (case_id, clock, act, run, at, amount, unit, calendar_id, due_at, reason, by)
    SELECT %s, line.*, %s FROM {source} unnest(
        %s::varchar[], %s::varchar[], %s::smallint[], %s::timestamptz[], %s::numeric[], %s::varchar[], %s::uuid[],
        %s::timestamptz[], %s::varchar[]) AS line"""
_WRITE = _LINES.format(source="")
BESIDE = _LINES.format(source="written,")
"""The same beside the insert of the case itself, called `written`: no case, no clocks."""


def write(case_id: UUID, lines: Sequence[Line], calendar: UUID, by: UUID | None) -> None:
    """Append lines in one statement."""
    if lines:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, params(case_id, lines, calendar, by))


def params(case_id: UUID, lines: Sequence[Line], calendar: UUID, by: UUID | None) -> list[Any]:
    """What the statement is given, column by column."""
    return [
        case_id,
        by,
        [line.clock for line in lines],
        [line.act for line in lines],
        [line.run for line in lines],
        [line.at for line in lines],
        [line.span.amount if line.span else None for line in lines],
        [line.span.unit if line.span else "" for line in lines],
        [calendar if line.span else None for line in lines],
        [line.due_at for line in lines],
        [line.reason[:300] for line in lines],
    ]


def rows(case_id: UUID, lines: Sequence[Line], calendar: UUID, by: UUID | None) -> list[ClockEvent]:
    """The same as rows of the table, for many cases at once."""
    return [
        ClockEvent(
            case_id=case_id,
            clock=line.clock,
            act=line.act,
            run=line.run,
            at=line.at,
            amount=line.span.amount if line.span else None,
            unit=line.span.unit if line.span else "",
            calendar_id=calendar if line.span else None,
            due_at=line.due_at,
            reason=line.reason[:300],
            by=by,
        )
        for line in lines
    ]


def moment(case: Case, now: datetime) -> datetime:
    """When a line written now stands: never before the last one, though another machine's clock was ahead of ours.

    The case is under lock. Without this, two servers a second apart could write a history nobody can read.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at FROM cases_clockevent WHERE case_id = %s ORDER BY id DESC LIMIT 1", [case.id]
        )
        last = cursor.fetchone()
    return max(now, last[0]) if last else now


def calendar_of(case: Case) -> tuple[UUID, WorkCalendar]:
    """The edition the case's clocks count on, and its calendar."""
    edition = case.clock_edition_id or case.edition_id
    return edition, packs.work_calendar(packs.edition(edition))


def _start(case: Clocked, clock: str, span: SpanDef | Span, due_at: datetime, now: datetime) -> Line:
    run = case.clock_runs.get(clock, 0) + 1
    case.clock_runs = {**case.clock_runs, clock: run}
    return Line(clock, "start", now, run, span, due_at)


def _stop(case: Clocked, clock: str, now: datetime) -> Line:
    return Line(clock, "stop", now, case.clock_runs.get(clock, 1))


def first_lines(case: Clocked, flow: Flow, calendar: WorkCalendar, now: datetime) -> list[Line]:
    """The clocks that start when a case is opened; sets the deadlines on the case."""
    clocks = flow.caller(case.caller_kind)
    answer = rules.due_at(clocks.first_answer, now, calendar)
    finish = rules.due_at(clocks.finish, now, calendar)
    case.answer_due_at, case.finish_due_at = answer.at, finish.at
    return [
        *stage_lines(case, flow, calendar, now, leaving=None),
        _start(case, ANSWER, clocks.first_answer, answer.at, now),
        _start(case, FINISH, clocks.finish, finish.at, now),
    ]


def stage_lines(
    case: Clocked, flow: Flow, calendar: WorkCalendar, now: datetime, *, leaving: str | None
) -> list[Line]:
    """Lines of going from stage `leaving` to the stage the case now stands at; sets `due_at` and `feedback_due_at`.

    The clock of the stage starts anew in every stage; a clock over several stages goes on between them.
    """
    lines: list[Line] = []
    if leaving is not None and case.due_at is not None:
        lines.append(_stop(case, STAGE, now))
    stage = flow.stage(case.stage)
    due: Deadline | None = None
    if stage.clock is not None:
        due = rules.due_at(stage.clock, now, calendar)
        lines.append(_start(case, STAGE, stage.clock, due.at, now))
    case.due_at, case.due_estimated = (due.at, due.estimated) if due else (None, False)
    for clock in flow.clocks:
        was, runs = leaving in clock.stages, case.stage in clock.stages
        if was == runs:
            continue
        if was and not _runs(case, clock):
            continue
        at = rules.due_at(clock.span, now, calendar).at if runs else None
        lines.append(_start(case, clock.code, clock.span, at, now) if at else _stop(case, clock.code, now))
        if clock.kind == "feedback":
            case.feedback_due_at = at
    return lines


def answered_line(case: Case, now: datetime) -> Line:
    """The clock of the first answer stops with it."""
    return _stop(case, ANSWER, now)


def ended_lines(case: Case, now: datetime) -> list[Line]:
    """The clocks over the whole case stop with it."""
    unanswered = [_stop(case, ANSWER, now)] if case.first_answer_at is None else []
    return [*unanswered, _stop(case, FINISH, now)]


def merged_lines(case: Case, flow: Flow, now: datetime) -> list[Line]:
    """Every clock of a case that goes into another stops."""
    lines = [_stop(case, STAGE, now)] if case.due_at is not None else []
    lines += [
        _stop(case, clock.code, now)
        for clock in flow.clocks
        if case.stage in clock.stages and _runs(case, clock)
    ]
    return [*lines, *ended_lines(case, now)]


def reopened_lines(case: Case, flow: Flow, calendar: WorkCalendar, now: datetime) -> list[Line]:
    """A case that was over stands open again at its stage: the clock of the stage and of the end start anew."""
    finish = flow.caller(case.caller_kind).finish
    due = rules.due_at(finish, now, calendar)
    case.finish_due_at = due.at
    lines = [*stage_lines(case, flow, calendar, now, leaving=None), _start(case, FINISH, finish, due.at, now)]
    if case.first_answer_at is None:
        answer = flow.caller(case.caller_kind).first_answer
        at = rules.due_at(answer, now, calendar).at
        case.answer_due_at = at
        lines.append(_start(case, ANSWER, answer, at, now))
    return lines


def feedback_lines(case: Case, flow: Flow, calendar: WorkCalendar, now: datetime) -> list[Line]:
    """A round of feedback is given: that run stops, and the next starts where the duty repeats (row JG-04)."""
    for clock in flow.clocks:
        if clock.kind == "feedback" and case.stage in clock.stages and _runs(case, clock):
            stopped = _stop(case, clock.code, now)
            if not clock.repeats:
                case.feedback_due_at = None
                return [stopped]
            at = rules.due_at(clock.span, now, calendar).at
            case.feedback_due_at = at
            return [stopped, _start(case, clock.code, clock.span, at, now)]
    return []


def _runs(case: Clocked, clock: Clock) -> bool:
    """Does a clock of the present stage run? One for feedback that does not repeat stops with the feedback."""
    return clock.kind != "feedback" or case.feedback_due_at is not None


def edition_lines(
    case: Case, running: Iterable[str], flow: Flow, calendar: WorkCalendar, now: datetime
) -> list[Line]:
    """Lines of a case that goes on under a newer flow: clocks that flow no longer knows stop, new ones start."""
    known = {STAGE, ANSWER, FINISH}
    was = {code for code in running if code not in known}
    wanted = {clock.code: clock for clock in flow.clocks if case.stage in clock.stages}
    lines = [_stop(case, code, now) for code in sorted(was - wanted.keys())]
    for code in sorted(wanted.keys() - was):
        if code in case.clock_runs and wanted[code].kind == "feedback" and not wanted[code].repeats:
            continue  # given already
        at = rules.due_at(wanted[code].span, now, calendar).at
        lines.append(_start(case, code, wanted[code].span, at, now))
        if wanted[code].kind == "feedback":
            case.feedback_due_at = at
    if case.feedback_due_at is not None and not any(c.kind == "feedback" for c in wanted.values()):
        case.feedback_due_at = None
    return lines


SECOND = timedelta(seconds=1)
STEPS = Decimal("0.001")


def promised_lines(case: Case, due_at: datetime, now: datetime) -> list[Line]:
    """The end is promised for a date: the finish clock starts anew with what lies between (row QG-03).

    The ledger counts in thousandths of an hour, rounded up so that nothing is late before its promise.
    """
    hours = (Decimal((due_at - now) // SECOND) / 3600).quantize(STEPS, ROUND_CEILING)
    span = Span(max(STEPS, hours), "natural_hours")
    case.finish_due_at = deadline_after(now, span, calendar_of(case)[1]).at
    return [_stop(case, FINISH, now), _start(case, FINISH, span, case.finish_due_at, now)]
