"""Is the meaning of a flow and of a catalogue sound?"""

from huakai.cases.definitions import (
    ANSWER,
    FINISH,
    STAGE,
    AllOf,
    AnyOf,
    Catalogue,
    FieldIs,
    Flow,
    HasFields,
    HasOutcome,
    HasQuantity,
    Move,
    Need,
    Stage,
)
from huakai.cases.types import Effect, Who
from huakai.kernel.errors import N_
from huakai.packs.types import PackView, Problem


def problems_of(flow: Flow, view: PackView | None = None) -> list[Problem]:
    """What is wrong with the meaning of a flow: dead ends, unreachable or endless stages, missing clocks."""
    codes = [stage.code for stage in flow.stages]
    found = [Problem("stages", N_("阶段{code}定义了两次"), params={"code": c}) for c in _twice(codes)]
    if flow.start not in codes:
        return [*found, Problem("start", N_("起点{code}不是任何阶段"), params={"code": flow.start})]
    for at, stage in enumerate(flow.stages):
        found += _stage_problems(flow, stage, f"stages.{at}")
        for nth, move in enumerate(stage.moves):
            if move.to not in codes:
                found.append(
                    Problem(f"stages.{at}.moves.{nth}.to", N_("没有阶段{code}"), params={"code": move.to})
                )
    if any(move.to not in codes for stage in flow.stages for move in stage.moves):
        return found
    return found + _clock_problems(flow) + _graph_problems(flow)


def _twice(codes: list[str]) -> list[str]:
    return sorted({code for code in codes if codes.count(code) > 1})


def _stage_problems(flow: Flow, stage: Stage, path: str) -> list[Problem]:
    found = [
        Problem(f"{path}.moves", N_("动作{code}定义了两次"), params={"code": c})
        for c in _twice([m.code for m in stage.moves])
    ]
    if stage.step > len(flow.steps):
        found.append(Problem(f"{path}.step", N_("进度条没有第{step}步"), params={"step": stage.step}))
    found += [
        p for at, move in enumerate(stage.moves) for p in _move_problems(flow, move, f"{path}.moves.{at}")
    ]
    if flow.offers is None and any(m.effect in {Effect.OFFER, Effect.CLAIM} for m in stage.moves):
        found.append(Problem(f"{path}.moves", N_("要派单或接单，流程须写明offers")))
    if stage.status == "parked" and not stage.moves:
        found.append(Problem(path, N_("台账里的阶段{code}要能重新办理"), params={"code": stage.code}))
    if stage.status != "open":
        return found
    if not stage.moves:
        found.append(Problem(path, N_("未结束的阶段{code}没有出路"), params={"code": stage.code}))
    elif all(set(m.by) == {Who.PLATFORM} for m in stage.moves):
        found.append(Problem(path, N_("阶段{code}没有责任人，只有平台能推进"), params={"code": stage.code}))
    if stage.clock is None and not stage.no_clock_because:
        found.append(Problem(path, N_("阶段{code}既没有时限，也没写明为何不设"), params={"code": stage.code}))
    return found


def _move_problems(flow: Flow, move: Move, path: str) -> list[Problem]:
    """Words a move uses must stand in the flow: outcomes, quantities, fields, parts, the parked stage."""
    stages = {stage.code: stage for stage in flow.stages}
    found: list[Problem] = []
    for need in move.needs:
        unknown = _unknown_word(flow, need)
        if unknown:
            found.append(Problem(f"{path}.needs", N_("流程里没有定义{code}"), params={"code": unknown}))
    if move.effect in {Effect.CO_ASSIGN, Effect.PART_DONE} and flow.parts is None:
        found.append(Problem(path, N_("要分给协办单位，流程须写明parts")))
    target = stages.get(move.to)
    if (move.effect is Effect.PARK) != (target is not None and target.status == "parked"):
        found.append(Problem(path, N_("转入台账的动作（park）要通向status: parked的阶段，别的动作不能")))
    return found


def _unknown_word(flow: Flow, need: Need) -> str:
    match need:
        case HasOutcome(of=words):
            known = {outcome.code for outcome in flow.outcomes}
            return next((word for word in words if word not in known), "" if known else "outcomes")
        case HasQuantity(code=code):
            return "" if code in {quantity.code for quantity in flow.quantities} else code
        case HasFields(fields=codes):
            return next((code for code in codes if code not in {f.code for f in flow.form}), "")
        case FieldIs(field=code):
            return "" if code in {f.code for f in flow.form} else code
        case AllOf(of=parts) | AnyOf(of=parts):
            return next((word for part in parts if (word := _unknown_word(flow, part))), "")
        case _:
            return ""


def _clock_problems(flow: Flow) -> list[Problem]:
    """Clocks name stages of the flow; rungs name clocks; an unhappy rating leads to a stage with a clock."""
    codes = {stage.code: stage for stage in flow.stages}
    clocks = {STAGE, ANSWER, FINISH, *(clock.code for clock in flow.clocks)}
    found = [
        Problem(f"clocks.{at}.stages", N_("没有阶段{code}"), params={"code": code})
        for at, clock in enumerate(flow.clocks)
        for code in clock.stages
        if code not in codes
    ]
    found += [
        Problem(f"ladder.{at}.clock", N_("没有时钟{code}"), params={"code": rung.clock})
        for at, rung in enumerate(flow.ladder)
        if rung.clock not in clocks
    ]
    recheck = flow.rating.recheck if flow.rating else ""
    if recheck and (recheck not in codes or codes[recheck].clock is None or codes[recheck].status != "open"):
        found.append(Problem("rating.recheck", N_("不满意后的复查阶段要在办理中，并有自己的时限")))
    return found


def _graph_problems(flow: Flow) -> list[Problem]:
    ways = {s.code: {m.to for m in s.moves} for s in flow.stages}
    rechecked = {flow.rating.recheck} if flow.rating and flow.rating.recheck else set()
    reached = _closure({flow.start, *rechecked}, ways)
    back = {code: {other for other in ways if code in ways[other]} for code in ways}
    ends = {s.code for s in flow.stages if s.status == "closed"}
    closing = _closure(ends, back)
    found = [] if ends else [Problem("stages", N_("没有办结的阶段，闭环走不完"))]
    for at, stage in enumerate(flow.stages):
        if stage.code not in reached:
            message = N_("阶段{code}走不到")
            found.append(Problem(f"stages.{at}", message, level="warning", params={"code": stage.code}))
        elif stage.status in {"open", "parked"} and ends and stage.code not in closing:
            found.append(Problem(f"stages.{at}", N_("从阶段{code}走不到办结"), params={"code": stage.code}))
    return found


def _closure(start: set[str], ways: dict[str, set[str]]) -> set[str]:
    seen, edge = set(start), list(start)
    while edge:
        for code in ways.get(edge.pop(), set()):
            if code not in seen:
                seen.add(code)
                edge.append(code)
    return seen


def catalogue_problems(catalogue: Catalogue, view: PackView) -> list[Problem]:
    """Names in a catalogue that lead nowhere: unknown flow, unknown category, minutes out of order."""
    flows = set(view.all("cases"))
    known = {c.code for f in view.all("catalogue").values() for c in f.categories}
    found = []
    for at, category in enumerate(catalogue.categories):
        if category.flow not in flows:
            found.append(
                Problem(f"categories.{at}.flow", N_("没有流程{code}"), params={"code": category.flow})
            )
    for at, service in enumerate(catalogue.services):
        if service.category not in known:
            found.append(
                Problem(f"services.{at}.category", N_("没有类别{code}"), params={"code": service.category})
            )
        if service.planned_minutes > service.max_minutes:
            found.append(Problem(f"services.{at}.planned_minutes", N_("计划时长超过了最长时长")))
    for at, kind in enumerate(catalogue.visit_kinds):
        unknown = [code for code in kind.categories if code not in known]
        found += [
            Problem(f"visit_kinds.{at}.categories", N_("没有类别{code}"), params={"code": code})
            for code in unknown
        ]
    for at, route in enumerate(catalogue.routes):
        if route.category not in known:
            found.append(
                Problem(f"routes.{at}.category", N_("没有类别{code}"), params={"code": route.category})
            )
    return found
