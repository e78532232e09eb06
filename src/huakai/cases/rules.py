"""Pure decisions of the case engine: what is open, what is missing, when it is due, whether a flow closes."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from huakai.cases.definitions import (
    AllOf,
    AnyOf,
    Catalogue,
    Flow,
    HasMinutes,
    HasReason,
    HasResult,
    HasTaker,
    HasUnit,
    MinPhotos,
    Move,
    Need,
    Rater,
    Service,
    SpanDef,
    Stage,
)
from huakai.cases.types import CaseFacts, Effect, MoveInput, Who
from huakai.kernel.calendar import Deadline, Span, WorkCalendar, deadline_after
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, RuleBroken
from huakai.packs.types import PackView, Problem

ASKS = {"has_result": "result", "has_reason": "reason", "has_minutes": "minutes", "min_photos": "photos"}
ASKS |= {"has_unit": "unit", "has_taker": "taker"}


def open_moves(flow: Flow, facts: CaseFacts) -> tuple[Move, ...]:
    """The moves of the present stage that somebody in `facts.who` may make."""
    return tuple(move for move in flow.stage(facts.stage).moves if facts.who & set(move.by))


def chosen_move(flow: Flow, facts: CaseFacts, code: str) -> Move:
    """The open move of that code, or a refusal that says why not."""
    for move in flow.stage(facts.stage).moves:
        if move.code == code:
            if facts.who & set(move.by):
                return move
            raise RuleBroken(
                "not_your_move", N_("“{move}”要由别的岗位来做，您现在不能做这一步"), move=move.title
            )
    title = flow.stage(facts.stage).title
    raise RuleBroken(
        "move_not_open", N_("这件事现在是“{stage}”，已经不能做这一步了，请刷新查看"), stage=title
    )


def missing(needs: Iterable[Need], given: MoveInput, *, max_minutes: int | None) -> RuleBroken | None:
    """The first unmet need as a sentence beside its field; None when everything is there."""
    for need in needs:
        problem = _unmet(need, given, max_minutes)
        if problem is not None:
            return problem
    return None


def _unmet(need: Need, given: MoveInput, cap: int | None) -> RuleBroken | None:
    match need:
        case AllOf(of=parts):
            return missing(parts, given, max_minutes=cap)
        case AnyOf(of=parts):
            problems = [_unmet(part, given, cap) for part in parts]
            return None if None in problems else problems[0]
        case HasMinutes():
            return _minutes_problem(given, cap)
        case HasResult() | HasReason() | HasUnit() | HasTaker() | MinPhotos():
            return _absent(need, given)


def _absent(
    need: HasResult | HasReason | HasUnit | HasTaker | MinPhotos, given: MoveInput
) -> RuleBroken | None:
    match need:
        case HasResult() if not given.result.strip():
            return RuleBroken("result_missing", N_("请写一句办理结果"), field="result")
        case HasReason() if not given.reason.strip():
            return RuleBroken("reason_missing", N_("请写明原因"), field="reason")
        case HasUnit() if not given.unit_code:
            return RuleBroken("unit_missing", N_("请选择承办单位"), field="unit")
        case HasTaker() if given.taker is None:
            return RuleBroken("taker_missing", N_("请选择派给谁"), field="taker")
        case MinPhotos(count=count) if given.photos < count:
            return RuleBroken("photos_missing", N_("请至少上传{count}张照片"), field="photos", count=count)
        case _:
            return None


def _minutes_problem(given: MoveInput, cap: int | None) -> RuleBroken | None:
    if given.minutes is None or given.minutes <= 0:
        return RuleBroken("minutes_missing", N_("请填写服务了多少分钟"), field="minutes")
    if cap is not None and given.minutes > cap:
        return RuleBroken("minutes_too_many", N_("这项服务最多记{cap}分钟，请核对"), field="minutes", cap=cap)
    return None


def asks_of(move: Move) -> tuple[str, ...]:
    """Names of the inputs a move asks for, for the form."""
    names: list[str] = []
    for need in move.needs:
        parts = need.of if isinstance(need, AllOf | AnyOf) else (need,)
        names += [ASKS[part.check] for part in parts if part.check in ASKS]
    return tuple(dict.fromkeys(names))


def due_at(span: SpanDef, start: datetime, calendar: WorkCalendar) -> Deadline:
    """When a clock of `span` that starts at `start` runs out; `estimated` beyond published calendar years."""
    return deadline_after(start, Span(amount=span.amount, unit=span.unit), calendar)


def target_stage(move: Move, *, other_offers: int) -> str | None:
    """The stage after a move; None to stay, when a refused or lapsed offer leaves other offers standing."""
    lapsing = move.effect in {Effect.DECLINE, Effect.EXPIRE, Effect.WITHDRAW}
    return None if lapsing and other_offers > 0 else move.to


def combined_score(stars: dict[str, list[int]], raters: Iterable[Rater]) -> Decimal | None:
    """Weighted mean of the roles that rated (PC-02), two decimals half-up; absent roles drop out, not zero.

    Several ratings of one role are averaged first. None when nobody rated.
    """
    total, weights = Decimal(0), 0
    for rater in raters:
        given = stars.get(rater.role)
        if given:
            total += Decimal(sum(given)) / len(given) * rater.weight
            weights += rater.weight
    if weights == 0:
        return None
    return (total / weights).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def minutes_credited(served: int, service: Service | None) -> int:
    """Minutes the ledger gets: as served, capped by the service's maximum; travel is not part of it."""
    return min(served, service.max_minutes) if service else served


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


def diagram(flow: Flow, *, english: bool = False) -> str:
    """The flow as a Mermaid state diagram, drawn from the file: stages, moves and who makes them."""
    lines = ["stateDiagram-v2", f"    [*] --> {flow.start}"]
    for stage in flow.stages:
        lines.append(f'    state "{stage.title_en if english else stage.title}" as {stage.code}')
    for stage in flow.stages:
        for move in stage.moves:
            who = "/".join(w.value for w in move.by)
            lines.append(
                f"    {stage.code} --> {move.to}: {move.title_en if english else move.title} ({who})"
            )
        if stage.status != "open":
            lines.append(f"    {stage.code} --> [*]")
    return "\n".join(lines) + "\n"


def earliest_visit(flow: Flow, now: datetime, calendar: WorkCalendar, *, notice_minutes: int) -> datetime:
    """From when on a visit can be promised: dispatch may use up its whole working-hours clock, notice is natural."""
    clock, notice = flow.stage(flow.start).clock, now + timedelta(minutes=notice_minutes)
    return max(notice, due_at(clock, now, calendar).at) if clock else notice


def visit_slots(earliest: datetime, times: Iterable[str], *, limit: int = 5) -> list[datetime]:
    """The first times of day from `earliest` on at which a visit may be ordered; aware, in the place's zone."""
    clocks = _clocks(times)
    days = [earliest.astimezone(CHINA).date() + timedelta(days=ahead) for ahead in range(3)]
    slots = [datetime.combine(day, clock, tzinfo=CHINA) for day in days for clock in clocks]
    return [slot for slot in slots if slot >= earliest][:limit]


def visit_span(wanted: datetime, times: Iterable[str]) -> tuple[datetime, datetime] | None:
    """The offered time a wish falls into, up to the next one or midnight; None before the day's first."""
    here = wanted.astimezone(CHINA)
    clocks = _clocks(times)
    begun = [clock for clock in clocks if clock <= here.time()]
    if not begun:
        return None
    starts = datetime.combine(here.date(), begun[-1], tzinfo=CHINA)
    later = clocks[len(begun) :]
    midnight = datetime.combine(here.date(), time(), tzinfo=CHINA) + timedelta(days=1)
    return starts, datetime.combine(here.date(), later[0], tzinfo=CHINA) if later else midnight


def _clocks(times: Iterable[str]) -> list[time]:
    return [time.fromisoformat(text) for text in sorted(times)]
