"""Opening a case, from whatever door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from psycopg.sql import Literal
from psycopg.types.json import Jsonb

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.cases import events, rules
from huakai.cases.definitions import Category, Flow, Service
from huakai.cases.models import Case
from huakai.cases.queries import catalogue
from huakai.cases.queries.own import ADDRESS
from huakai.cases.services import answers, timing
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
    key = order.client_key
    if not key.strip() or len(key) > 64:
        raise RuleBroken("key_missing", N_("页面已过期，请刷新后再提交"))
    try:
        plan = _plan(order, by)
    except RuleBroken:
        # what was opened once stays opened, whatever the pack and the rights have become since
        known = _by_key(by, key)
        if known is None:
            raise
        return known
    with visit_held(order, catalogue.menu_of(plan.view), by):
        made = _insert(order, plan, by, now) or _by_key(by, key)
    assert made is not None
    return made


def _by_key(by: Actor, key: str) -> CaseRef | None:
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
    if order.found_by_code and not by.may("case.move", order.found_by_code):
        raise NotAllowed("not_your_group", N_("您不在这个组里，不能以它的名义上报"))
    flow = view.all("cases").get(order.flow or category.flow)
    if not isinstance(flow, Flow):
        raise RuleBroken("flow_unknown", N_("这个地方没有开通这类事项"), field="category")
    return Plan(view, flow, category, service, unit)


def _for_family(order: NewOrder, by: Actor) -> bool:
    """A resident orders for oneself from any door, for family and neighbours from the phone page."""
    for_oneself = order.requester_id in (None, by.person_id)
    return "case.open" in by.own and (for_oneself or order.channel == "phone_page")


def _insert(order: NewOrder, plan: Plan, by: Actor, now: datetime) -> CaseRef | None:
    """Case, record and job in one statement; None when the key is known already."""
    requester = order.requester_id or by.person_id
    if requester is None:
        raise RuleBroken("requester_missing", N_("请填写是谁需要帮助"), field="name")
    values, lines = columns(order, plan, now)
    values |= {"requester_id": requester, "opened_by_id": by.person_id, "client_key": order.client_key}
    written = audit.record_with(
        _statement(tuple(values)),
        [Jsonb(value) if isinstance(value, dict) else value for value in values.values()],
        opened(values, by, now),
        beside=timing.BESIDE,
        beside_params=timing.params(values["id"], lines, plan.view.id, by.person_id),
    )
    if written is None:
        return None
    return CaseRef(values["id"], written[0], values["stage"], values["due_at"], created=True)


def columns(order: NewOrder, plan: Plan, now: datetime) -> tuple[dict[str, Any], list[timing.Line]]:
    """What the order and its flow make of the new case: its columns, and the clocks that start with it."""
    clocks = timing.NewClocks(plan.flow.start, plan.flow.caller(order.caller_kind).caller)
    lines = timing.first_lines(clocks, plan.flow, packs.work_calendar(plan.view), now)
    return _plain_columns(order, plan, now) | _clock_columns(clocks) | _asked(order, plan), lines


def _plain_columns(order: NewOrder, plan: Plan, now: datetime) -> dict[str, Any]:
    stage = plan.flow.stage(plan.flow.start)
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
        "wanted_at": order.wanted_at,
        "found_by_code": order.found_by_code,
        "origin_kind": order.origin.kind if order.origin else "",
        "origin_id": order.origin.id if order.origin else None,
        "restricted": plan.flow.restricted,
        "next_act_at": now if plan.flow.ladder else None,
    }


def _clock_columns(clocks: timing.NewClocks) -> dict[str, Any]:
    return {
        "caller_kind": clocks.caller_kind,
        "due_at": clocks.due_at,
        "due_estimated": clocks.due_estimated,
        "answer_due_at": clocks.answer_due_at,
        "finish_due_at": clocks.finish_due_at,
        "feedback_due_at": clocks.feedback_due_at,
        "clock_runs": clocks.clock_runs,
    }


def _asked(order: NewOrder, plan: Plan) -> dict[str, Any]:
    """The answers to the category's questions; RuleBroken where one lacks, does not fit, or stops (call 119)."""
    problem = rules.field_problem(plan.category.form, order.answers)
    if problem is not None:
        raise problem
    fields = rules.form_fields(plan.flow, plan.category)
    kept = answers.parted(fields, order.answers)
    return {"answers": kept.open, "private_enc": kept.sealed}


@lru_cache(maxsize=4)
def _statement(given: tuple[str, ...]) -> str:
    """The INSERT of a case, number and all. Columns an opening does not set get what the model says: the ORM would
    spend more on putting the statement together than PostgreSQL on running it (docs/benchmarks.md)."""
    rest = [
        field
        for field in Case._meta.concrete_fields
        if field.attname not in {*given, "number"} and not field.has_db_default()
    ]
    names = ", ".join(["number", *given, *(field.attname for field in rest)])
    marks = ["nextval('case_number')"] + ["%s"] * len(given)
    marks += [Literal(field.get_default()).as_string() for field in rest]
    return f"""INSERT INTO cases_case ({names}) VALUES ({", ".join(marks)})
        ON CONFLICT (opened_by_id, client_key) DO NOTHING RETURNING number"""  # noqa: S608 - names of our own


def opened(case: Mapping[str, Any], by: Actor, now: datetime) -> Fact:
    """The fact of an opening; where the number is known only once the row stands, the statement adds it."""
    return Fact(
        name=events.OPENED,
        subject=Subject("case", str(case["id"])),
        at=now,
        actor_id=by.person_id,
        edition_id=case["edition_id"],
        area_code=case["area_code"],
        request_id=by.request_id,
        after={
            "flow": case["flow"],
            "stage": case["stage"],
            "category": case["category"],
            "service": case["service"],
            "channel": case["channel"],
            "requester": str(case["requester_id"]),
            **({"number": case["number"]} if "number" in case else {}),
        },
    )


def _sealed(address: str) -> bytes | None:
    return crypto.field_cipher().encrypt(address.strip(), context=ADDRESS) if address.strip() else None


def _headline(detail: str, category: Category) -> str:
    """First clause of the wish, or the category when the text starts with nothing usable."""
    text = detail.strip().splitlines()[0] if detail.strip() else ""
    for mark in "。！？；!?;":
        text = text.split(mark)[0]
    return text[:24].strip() or category.title
