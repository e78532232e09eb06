"""When a visit may be ordered for: not before dispatch can be done, not where an area's visits are booked out."""

from datetime import datetime

from django.db.models import QuerySet

from huakai.cases import rules
from huakai.cases.models import Case
from huakai.cases.queries.catalogue import Menu, menu_of
from huakai.cases.types import Status, VisitSlot
from huakai.packs import queries as packs


def earliest_visit(pack_code: str, flow_code: str, *, now: datetime) -> datetime:
    """From when on a visit of this flow can be promised to somebody who orders now."""
    view = packs.current(pack_code)
    menu = menu_of(view)
    calendar, flow = packs.work_calendar(view), menu.flows[flow_code]
    return rules.earliest_visit(flow, now, calendar, notice_minutes=menu.visit_notice_minutes)


def visit_slots(pack_code: str, flow_code: str, *, area_code: str, now: datetime) -> tuple[VisitSlot, ...]:
    """Times a visit may be ordered for next; full ones are marked once the area is known."""
    menu = menu_of(packs.current(pack_code))
    slots = rules.visit_slots(earliest_visit(pack_code, flow_code, now=now), menu.visit_times)
    full = _full(menu, area_code, slots) if area_code and menu.visit_capacity else set()
    return tuple(VisitSlot(slot, full=slot in full) for slot in slots)


def visits_wanted(area_code: str, starts: datetime, ends: datetime) -> QuerySet[Case]:
    """Open orders of an area that want a visit in a span of time."""
    return Case.objects.filter(
        area_code=area_code, status=Status.OPEN, wanted_at__gte=starts, wanted_at__lt=ends
    )


def _full(menu: Menu, area_code: str, slots: list[datetime]) -> set[datetime]:
    """One query for all of them."""
    if not slots:
        return set()
    spans = [span for slot in slots if (span := rules.visit_span(slot, menu.visit_times))]
    wanted = visits_wanted(area_code, spans[0][0], spans[-1][1])
    times = [at for at in wanted.values_list("wanted_at", flat=True) if at]
    taken = {starts: sum(starts <= at < ends for at in times) for starts, ends in spans}
    return {starts for starts, number in taken.items() if number >= (menu.visit_capacity or 0)}
