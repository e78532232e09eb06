"""What sheets of the desk read beside the case itself: caps, numbers, groups to choose, units one acts for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from huakai.cases.definitions import SpanDef
from huakai.cases.models import Assignment, Case, CaseGroup, ClockRequest, Escalation
from huakai.cases.queries import catalogue, facts
from huakai.cases.queries.rows import mentions, visible
from huakai.kernel.calendar import next_close_of_business
from huakai.kernel.clock import CHINA
from huakai.packs import queries as packs
from huakai.registry import queries as registry
from huakai.registry.access import scope_q
from huakai.registry.types import Actor, UnitCard

NEAR = 10
"""So many similar cases are proposed for a merge."""


def office_end(pack_code: str, day: date) -> datetime:
    """The end of the office day of a date; of the next working day when that one is off."""
    calendar = packs.work_calendar(packs.current(pack_code))
    return next_close_of_business(datetime(day.year, day.month, day.day, tzinfo=CHINA), calendar).at


def extension_cap(case_id: UUID) -> SpanDef | None:
    """How far the flow of a case lets a deadline be moved at a time; None when not at all."""
    known = Case.objects.filter(pk=case_id).values_list("edition_id", "flow").first()
    if known is None:
        return None
    extension = catalogue.menu_of_edition(known[0]).flows[known[1]].extension
    return extension.cap if extension else None


def ids_of_numbers(actor: Actor, numbers: Iterable[int]) -> dict[int, UUID]:
    """Cases the actor dispatches, by the numbers people read out."""
    rows = visible(actor, "case.dispatch").filter(number__in=list(numbers))
    return dict(rows.values_list("number", "id"))


@dataclass(frozen=True)
class Similar:
    """A case that may be about the same matter."""

    number: int
    title: str
    stage: str
    opened_at: datetime


def merge_candidates(actor: Actor, case_id: UUID) -> tuple[Similar, ...]:
    """Cases still running of the same category and area that nobody has been given yet, newest first."""
    case = Case.objects.filter(pk=case_id).only("category", "area_code", "restricted").first()
    if case is None:
        return ()
    rows = visible(actor, "case.dispatch").filter(
        category=case.category, area_code=case.area_code, restricted=case.restricted, lead_unit=None
    )
    rows = rows.filter(status__in=["open", "parked"], taker_person=None, taker_team=None).exclude(pk=case_id)
    opened = dict(rows.order_by("-id").values_list("id", "opened_at")[:NEAR])
    named = mentions(Case.objects.filter(pk__in=opened))
    return tuple(
        Similar(named[key].number, named[key].title, named[key].stage, at)
        for key, at in opened.items()
        if key in named
    )


def open_groups(actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """(key, title) of groups not answered yet in the areas one dispatches, newest first."""
    rows = CaseGroup.objects.filter(scope_q(actor, "case.dispatch"), state="open").order_by("-id")
    return tuple(rows.values_list("id", "title")[:50])


def group_units(actor: Actor) -> tuple[UnitCard, ...]:
    """Groups, departments and other units of a branch the actor moves cases for: they may find things (found_by)."""
    found: dict[str, UnitCard] = {}
    for prefix in actor.prefixes("case.move"):
        if prefix and not prefix.isdigit():
            found |= {unit.code: unit for unit in registry.units_under(prefix)[:50]}
    return tuple(found.values())


def may_decide(actor: Actor, requests: Iterable[UUID]) -> frozenset[UUID]:
    """Which of these open requests the actor may allow or refuse: by the hat the flow names, never their own."""
    rows = ClockRequest.objects.filter(pk__in=list(requests), state="asked").select_related("case")
    asked = [row for row in rows if row.asked_by != actor.person_id]
    chains: dict[UUID, list[Assignment]] = {}
    for link in Assignment.objects.filter(case__in=[row.case_id for row in asked]):
        chains.setdefault(link.case_id, []).append(link)
    found = set()
    for row in asked:
        flow = catalogue.menu_of_edition(row.case.edition_id).flows[row.case.flow]
        rule = flow.pause if row.kind == "pause" else flow.extension
        who = facts.facts_of(row.case, chains.get(row.case_id, ()), actor).who
        if rule is not None and who & set(rule.allow):
            found.add(row.id)
    return frozenset(found)


def case_of_request(request_id: UUID) -> UUID | None:
    """Which case a request is about."""
    return ClockRequest.objects.filter(pk=request_id).values_list("case_id", flat=True).first()


def unseen_reminders(actor: Actor) -> int:
    """How many rungs wait to be seen by units one acts or dispatches for, counted up to 100."""
    addressed = scope_q(actor, "case.move", area_field="unit_code") | scope_q(
        actor, "case.dispatch", area_field="unit_code"
    )
    return len(Escalation.objects.filter(addressed, seen_at=None).values_list("pk")[:100])
