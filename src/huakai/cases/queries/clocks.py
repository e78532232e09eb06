"""The ledger of clock events as the rules read it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from huakai.cases import rules
from huakai.cases.models import ClockEvent
from huakai.kernel.calendar import Span, WorkCalendar
from huakai.packs import queries as packs

COLUMNS = ("case_id", "clock", "act", "run", "at", "amount", "unit", "calendar_id", "reason")


def ledger(case_id: UUID, *, until: datetime | None = None) -> tuple[rules.ClockEvent, ...]:
    """The lines of one case in order; up to `until` to see it as it stood then."""
    return ledgers([case_id], until=until).get(case_id, ())


def ledgers(
    case_ids: Iterable[UUID], *, until: datetime | None = None
) -> Mapping[UUID, tuple[rules.ClockEvent, ...]]:
    """The lines of many cases, in one query."""
    lines = ClockEvent.objects.filter(case_id__in=list(case_ids))
    if until is not None:
        lines = lines.filter(at__lte=until)
    found: dict[UUID, list[rules.ClockEvent]] = {}
    editions: dict[tuple[UUID, str, int], UUID] = {}
    for case_id, clock, act, run, at, amount, unit, calendar, reason in lines.order_by("id").values_list(
        *COLUMNS
    ):
        key = (case_id, clock, run)
        known = editions.setdefault(key, calendar) if calendar else editions[key]
        span = Span(amount=amount, unit=unit) if amount is not None else None
        event = rules.ClockEvent(clock, rules.ClockAct(act), at, span, known, run, reason)
        found.setdefault(case_id, []).append(event)
    return {case_id: tuple(events) for case_id, events in found.items()}


def states(events: Iterable[rules.ClockEvent], *, now: datetime) -> tuple[rules.ClockState, ...]:
    """Every run of every clock, counted with the calendars the ledger names."""
    known = tuple(events)
    return rules.states(known, now=now, calendars=calendars_of(known))


def running(events: Iterable[rules.ClockEvent], *, now: datetime) -> tuple[rules.ClockState, ...]:
    """The runs that have not stopped."""
    return tuple(state for state in states(events, now=now) if state.stopped_at is None)


def calendars_of(events: Iterable[rules.ClockEvent]) -> Mapping[UUID, WorkCalendar]:
    """The working calendars of the editions a ledger names."""
    return {edition: packs.work_calendar(packs.edition(edition)) for edition in {e.calendar for e in events}}
