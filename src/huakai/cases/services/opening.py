"""Opening a case, from whatever door."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.cases import events, rules
from huakai.cases.definitions import Category, Flow, Service
from huakai.cases.models import Case
from huakai.cases.queries import catalogue
from huakai.cases.queries.own import ADDRESS
from huakai.cases.services.slots import visit_held
from huakai.cases.types import CaseRef, NewOrder, Status
from huakai.kernel import crypto
from huakai.kernel.errors import N_, NotAllowed, RuleBroken
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs
from huakai.packs.types import EditionView
from huakai.registry import queries as registry
from huakai.registry.types import Actor, UnitCard


@dataclass(frozen=True)
class Plan:
    """What the pack says about one order."""

    view: EditionView
    flow: Flow
    category: Category
    service: Service | None
    unit: UnitCard


def open_case(*, order: NewOrder, by: Actor, now: datetime) -> CaseRef:
    """Open a case once per opener and client key; a retry returns the first one with `created=False`.

    Refuses (RuleBroken) unknown areas, services and empty wishes; NotAllowed outside the opener's areas.
    """
    known = _by_key(by, order.client_key)
    if known is not None:
        return known
    plan = _plan(order, by)
    try:
        with visit_held(order, catalogue.menu_of(plan.view), by):
            return _insert(order, plan, by, now)
    except IntegrityError:
        known = _by_key(by, order.client_key)
        if known is None:
            raise
        return known


def _by_key(by: Actor, key: str) -> CaseRef | None:
    if not key.strip() or len(key) > 64:
        raise RuleBroken("key_missing", N_("页面已过期，请刷新后再提交"))
    found = Case.objects.filter(opened_by_id=by.person_id, client_key=key)
    for id_, number, stage, due_at in found.values_list("id", "number", "stage", "due_at")[:1]:
        return CaseRef(id_, number, stage, due_at, created=False)
    return None


def _plan(order: NewOrder, by: Actor) -> Plan:
    unit = registry.unit_by_code(order.area_code)
    if unit is None:
        raise RuleBroken("area_unknown", N_("请选择所在的村（社区）"), field="area")
    return plan_at(unit, order, by)


def plan_at(unit: UnitCard, order: NewOrder, by: Actor) -> Plan:
    """What the pack of a place makes of an order there; refused in words when it cannot be."""
    if not (by.may("case.open", unit.code) or _for_family(order, by)):
        raise NotAllowed("not_allowed", N_("您的岗位不能在这个区域登记，请联系当地实践所（站）"))
    view = packs.current(packs.pack_of(unit.code))
    menu = catalogue.menu_of(view)
    service = menu.services.get(order.service) if order.service else None
    if order.service and service is None:
        raise RuleBroken("service_unknown", N_("这项服务已经下架，请换一项或直接说出需求"), field="service")
    category = menu.categories.get(service.category if service else order.category)
    if category is None:
        raise RuleBroken("category_unknown", N_("请选择需求类别"), field="category")
    if service is None and not order.detail.strip():
        raise RuleBroken("detail_missing", N_("请说说需要什么帮助"), field="detail")
    if len(order.detail) > 2000 or len(order.title) > 80 or len(order.address) > 200:
        raise RuleBroken("too_long", N_("内容太长了，请精简到2000字以内"), field="detail")
    flow = view.all("cases").get(order.flow or category.flow)
    if not isinstance(flow, Flow):
        raise RuleBroken("flow_unknown", N_("这个地方没有开通这类事项"), field="category")
    return Plan(view, flow, category, service, unit)


def _for_family(order: NewOrder, by: Actor) -> bool:
    """A resident orders for oneself from any door, for family and neighbours from the phone page."""
    for_oneself = order.requester_id in (None, by.person_id)
    return "case.open" in by.own and (for_oneself or order.channel == "phone_page")


@transaction.atomic
def _insert(order: NewOrder, plan: Plan, by: Actor, now: datetime) -> CaseRef:
    requester = order.requester_id or by.person_id
    if requester is None:
        raise RuleBroken("requester_missing", N_("请填写是谁需要帮助"), field="name")
    values = columns(order, plan, now) | {
        "requester_id": requester,
        "opened_by_id": by.person_id,
        "client_key": order.client_key,
    }
    case = Case.objects.create(number=_next_number(), **values)
    audit.record(opened(case, by))
    return CaseRef(case.id, case.number, case.stage, case.due_at, created=True)


def columns(order: NewOrder, plan: Plan, now: datetime) -> dict[str, Any]:
    """What the order and its flow make of the new case."""
    calendar = packs.work_calendar(plan.view)
    stage = plan.flow.stage(plan.flow.start)
    clocks = plan.flow.caller(order.caller_kind)
    due = rules.due_at(stage.clock, now, calendar) if stage.clock else None
    title = order.title.strip() or (
        plan.service.title if plan.service else _headline(order.detail, plan.category)
    )
    return {
        "id": new_id(now),
        "edition_id": plan.view.id,
        "flow": plan.flow.code,
        "stage": stage.code,
        "status": Status.OPEN.value,
        "category": plan.category.code,
        "service": plan.service.code if plan.service else "",
        "tag": (plan.service.tag if plan.service else "") or plan.category.tag,
        "caller_kind": clocks.caller,
        "channel": order.channel,
        "title": title,
        "detail": order.detail.strip(),
        "urgent": order.urgent,
        "area_id": plan.unit.id,
        "area_code": plan.unit.code,
        "lon": order.lon,
        "lat": order.lat,
        "address_enc": _sealed(order.address),
        "served_for": order.served_for,
        "opened_at": now,
        "stage_since": now,
        "due_at": due.at if due else None,
        "due_estimated": bool(due and due.estimated),
        "answer_due_at": rules.due_at(clocks.first_answer, now, calendar).at,
        "finish_due_at": rules.due_at(clocks.finish, now, calendar).at,
        "wanted_at": order.wanted_at,
    }


def opened(case: Case, by: Actor) -> Fact:
    """What the record says of a new case."""
    return Fact(
        name=events.OPENED,
        subject=Subject("case", str(case.id)),
        at=case.opened_at,
        actor_id=by.person_id,
        edition_id=case.edition_id,
        area_code=case.area_code,
        request_id=by.request_id,
        after={
            "number": case.number,
            "flow": case.flow,
            "stage": case.stage,
            "category": case.category,
            "service": case.service,
            "channel": case.channel,
            "requester": str(case.requester_id),
        },
    )


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('case_number')")
        row = cursor.fetchone()
    return int(row[0])


def _sealed(address: str) -> bytes | None:
    return crypto.field_cipher().encrypt(address.strip(), context=ADDRESS) if address.strip() else None


def _headline(detail: str, category: Category) -> str:
    """First clause of the wish, or the category when the text starts with nothing usable."""
    text = detail.strip().splitlines()[0] if detail.strip() else ""
    for mark in "。！？；!?;":
        text = text.split(mark)[0]
    return text[:24].strip() or category.title
