"""Is the meaning of a flow and of a catalogue sound?"""

from huakai.cases.definitions import Catalogue, Flow, Stage
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
    return found + _graph_problems(flow)


def _twice(codes: list[str]) -> list[str]:
    return sorted({code for code in codes if codes.count(code) > 1})


def _stage_problems(flow: Flow, stage: Stage, path: str) -> list[Problem]:
    found = [
        Problem(f"{path}.moves", N_("动作{code}定义了两次"), params={"code": c})
        for c in _twice([m.code for m in stage.moves])
    ]
    if stage.step > len(flow.steps):
        found.append(Problem(f"{path}.step", N_("进度条没有第{step}步"), params={"step": stage.step}))
    if flow.offers is None and any(m.effect in {Effect.OFFER, Effect.CLAIM} for m in stage.moves):
        found.append(Problem(f"{path}.moves", N_("要派单或接单，流程须写明offers")))
    if stage.status != "open":
        return found
    if not stage.moves:
        found.append(Problem(path, N_("未结束的阶段{code}没有出路"), params={"code": stage.code}))
    elif all(set(m.by) == {Who.PLATFORM} for m in stage.moves):
        found.append(Problem(path, N_("阶段{code}没有责任人，只有平台能推进"), params={"code": stage.code}))
    if stage.clock is None and not stage.no_clock_because:
        found.append(Problem(path, N_("阶段{code}既没有时限，也没写明为何不设"), params={"code": stage.code}))
    return found


def _graph_problems(flow: Flow) -> list[Problem]:
    ways = {s.code: {m.to for m in s.moves} for s in flow.stages}
    reached = _closure({flow.start}, ways)
    back = {code: {other for other in ways if code in ways[other]} for code in ways}
    ends = {s.code for s in flow.stages if s.status == "closed"}
    closing = _closure(ends, back)
    found = [] if ends else [Problem("stages", N_("没有办结的阶段，闭环走不完"))]
    for at, stage in enumerate(flow.stages):
        if stage.code not in reached:
            message = N_("阶段{code}走不到")
            found.append(Problem(f"stages.{at}", message, level="warning", params={"code": stage.code}))
        elif stage.status == "open" and ends and stage.code not in closing:
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
    for at, route in enumerate(catalogue.routes):
        if route.category not in known:
            found.append(
                Problem(f"routes.{at}.category", N_("没有类别{code}"), params={"code": route.category})
            )
    return found
