"""Visits and patrols: who went where; every finding is a case that names the visit (rows JL-04, TJ-06, ZK-03)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.cases import events
from huakai.cases.models import Case, Visit
from huakai.cases.queries import catalogue
from huakai.cases.services.opening import open_case
from huakai.cases.types import CaseRef, NewOrder, Origin
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, RuleBroken
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs
from huakai.registry import queries as registry
from huakai.registry.access import require
from huakai.registry.types import Actor


@dataclass(frozen=True)
class NewVisit:
    """A visit as it is handed in; `unit_code` is the unit one went for, empty for oneself."""

    client_key: str
    kind: str
    area_code: str
    visited_on: date
    words: str = ""
    unit_code: str = ""


@dataclass(frozen=True)
class VisitRef:
    """The visit, and the cases its findings became, in their order."""

    id: UUID
    cases: tuple[CaseRef, ...]
    created: bool


@transaction.atomic
def record_visit(*, visit: NewVisit, findings: Sequence[NewOrder], by: Actor, now: datetime) -> VisitRef:
    """Write a visit down and open a case for every finding; once per client key, all or nothing."""
    if by.person_id is None or not visit.client_key.strip() or len(visit.client_key) > 40:
        raise RuleBroken("key_missing", N_("页面已过期，请刷新后再提交"))
    require(by, "case.open", visit.area_code)
    known = Visit.objects.filter(visitor_id=by.person_id, client_key=visit.client_key).first()
    if known is not None:
        return _again(known)
    area = registry.unit_by_code(visit.area_code)
    if area is None:
        raise RuleBroken("area_unknown", N_("请选择所在的村（社区）"), field="area")
    kind = catalogue.menu(packs.pack_of(area.code)).visit_kinds.get(visit.kind)
    if kind is None:
        raise RuleBroken("visit_kind", N_("请选择走访或巡查的种类"), field="kind")
    if visit.visited_on > now.astimezone(CHINA).date():
        raise RuleBroken("visit_ahead", N_("走访日期不能晚于今天"), field="visited_on")
    if visit.unit_code and not by.may("case.move", visit.unit_code):
        raise RuleBroken("not_your_group", N_("您不在这个单位，不能以它的名义登记"), field="unit")
    made = Visit(
        id=new_id(now),
        kind=kind.code,
        visitor_id=by.person_id,
        area_id=area.id,
        area_code=area.code,
        unit_code=visit.unit_code,
        visited_on=visit.visited_on,
        words=visit.words.strip()[:2000],
        client_key=visit.client_key,
        at=now,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return _again(Visit.objects.get(visitor_id=by.person_id, client_key=visit.client_key))
    cases = tuple(
        _found(made, number, finding, kind.categories, by, now) for number, finding in enumerate(findings)
    )
    audit.record(_fact(made, cases, by, now))
    return VisitRef(made.id, cases, created=True)


def _found(
    visit: Visit, number: int, finding: NewOrder, categories: tuple[str, ...], by: Actor, now: datetime
) -> CaseRef:
    if finding.category not in categories:
        raise RuleBroken("finding_category", N_("请给每个发现选择类别"), field=f"finding_{number}")
    order = replace(
        finding,
        client_key=f"visit:{visit.id}:{number}",
        area_code=finding.area_code or visit.area_code,
        channel="visit",
        origin=Origin("visit", visit.id),
        found_by_code=visit.unit_code,
    )
    return open_case(order=order, by=by, now=now)


def _again(visit: Visit) -> VisitRef:
    found = Case.objects.filter(origin_id=visit.id).order_by("number")
    refs = found.values_list("id", "number", "stage", "due_at")
    return VisitRef(visit.id, tuple(CaseRef(*ref, created=False) for ref in refs), created=False)


def _fact(visit: Visit, cases: Sequence[CaseRef], by: Actor, now: datetime) -> Fact:
    return Fact(
        name=events.VISITED,
        subject=Subject("visit", str(visit.id)),
        at=now,
        actor_id=by.person_id,
        area_code=visit.area_code,
        request_id=by.request_id,
        after={"kind": visit.kind, "cases": [str(ref.id) for ref in cases]},
    )
