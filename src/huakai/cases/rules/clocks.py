"""When a clock runs out."""

from datetime import datetime

from huakai.cases.definitions import SpanDef
from huakai.kernel.calendar import Deadline, Span, WorkCalendar, deadline_after


def due_at(span: SpanDef, start: datetime, calendar: WorkCalendar) -> Deadline:
    """When a clock of `span` that starts at `start` runs out; `estimated` beyond published calendar years."""
    return deadline_after(start, Span(amount=span.amount, unit=span.unit), calendar)
