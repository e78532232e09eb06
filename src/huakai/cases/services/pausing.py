"""Clocks stand still or deadlines move: one asks with a reason, another allows it, within the flow's caps."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from huakai.cases import events, rules
from huakai.cases.definitions import Extension, Flow, Pause, SpanDef
from huakai.cases.models import Case, ClockRequest
from huakai.cases.queries import clocks
from huakai.cases.services import standing, timing
from huakai.cases.types import Status
from huakai.kernel.errors import N_, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.registry.types import SYSTEM, Actor

PAUSE, EXTEND = "pause", "extend"


@transaction.atomic
def ask_pause(*, case_id: UUID, reason: str, by: Actor, now: datetime) -> UUID:
    """Ask to let the clocks stand still; they run on until somebody allows it."""
    case = _open(case_id)
    rule = _pause_rule(standing.flow_of(case))
    standing.only(case, by, *rule.ask)
    if case.paused_since is not None:
        raise RuleBroken("paused", N_("时限已经在暂停"))
    return _asked(case, PAUSE, None, reason, by, now)


@transaction.atomic
def ask_extension(*, case_id: UUID, span: SpanDef, reason: str, by: Actor, now: datetime) -> UUID:
    """Ask to move the deadline of the stage by `span`, at most so far and so often as the flow says."""
    case = _open(case_id)
    rule = _extension_rule(standing.flow_of(case))
    standing.only(case, by, *rule.ask)
    allowed = ClockRequest.objects.filter(case=case, kind=EXTEND, state="allowed").count()
    if allowed >= rule.times:
        raise RuleBroken("extended_enough", N_("已经延期{times}次，不能再延期"), times=rule.times)
    if span.unit != rule.cap.unit or span.amount > rule.cap.amount:
        raise RuleBroken(
            "too_far", N_("每次最多延期{amount}，请核对"), field="amount", amount=str(rule.cap.amount)
        )
    if case.due_at is None:
        raise RuleBroken("no_deadline", N_("现在这一步没有时限，不用延期"))
    return _asked(case, EXTEND, span, reason, by, now)


def _asked(case: Case, kind: str, span: SpanDef | None, reason: str, by: Actor, now: datetime) -> UUID:
    if by.person_id is None or not reason.strip():
        raise RuleBroken("reason_missing", N_("请写明原因"), field="reason")
    made = ClockRequest(
        id=new_id(now),
        case=case,
        kind=kind,
        amount=span.amount if span else None,
        unit=span.unit if span else "",
        reason=reason.strip()[:300],
        asked_by=by.person_id,
        asked_at=now,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as taken:
        raise RuleBroken("asked_already", N_("已经有一条申请在等批复")) from taken
    event = events.PAUSE_ASKED if kind == PAUSE else events.EXTENSION_ASKED
    standing.record(case, event, by, now, request=str(made.id))
    return made.id


@transaction.atomic
def decide_request(*, request_id: UUID, allow: bool, decision: str, by: Actor, now: datetime) -> None:
    """Allow or refuse; never one's own request. An allowed pause begins now, an allowed extension counts at once."""
    known = ClockRequest.objects.filter(pk=request_id).values_list("case_id", flat=True).first()
    if known is None:
        raise NotFound("request_unknown", N_("没有找到这条申请"))
    case = standing.locked(known)
    made = ClockRequest.objects.select_for_update().get(pk=request_id)
    flow = standing.flow_of(case)
    rule = _pause_rule(flow) if made.kind == PAUSE else _extension_rule(flow)
    standing.only(case, by, *rule.allow)
    if made.state != "asked":
        raise RuleBroken("decided_already", N_("这条申请已经批复过了"))
    if made.asked_by == by.person_id:
        raise RuleBroken("own_request", N_("自己的申请要由别人批复"))
    made.state, made.decided_by, made.decided_at = ("allowed" if allow else "refused"), by.person_id, now
    made.decision = decision.strip()[:300]
    made.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    if not allow:
        standing.record(case, events.REQUEST_REFUSED, by, now, request=str(made.id))
    elif case.status != Status.OPEN:
        raise RuleBroken("not_open", N_("这件事已经不在办理中"))
    elif made.kind == PAUSE:
        _pause(case, made, _pause_rule(flow), by, now)
    else:
        _extend(case, made, by, now)


def _pause(case: Case, made: ClockRequest, rule: Pause, by: Actor, now: datetime) -> None:
    _, calendar = timing.calendar_of(case)
    ledger = clocks.ledger(case.id)
    running = clocks.running(ledger, now=now)
    cap = rules.span_of(rule.cap)
    for state in running:
        if not rules.pause_allowed(
            ledger, clock=state.clock, run=state.run, cap=cap, calendar=calendar, now=now
        ):
            raise RuleBroken("paused_enough", N_("暂停的时间已经用完，不能再暂停"))
    case.paused_since = now
    case.next_act_at = None
    timing.write(
        case.id,
        [timing.Line(s.clock, "pause", now, s.run, reason=made.reason) for s in running],
        timing.calendar_of(case)[0],
        by.person_id,
    )
    case.save(update_fields=["paused_since", "next_act_at"])
    standing.record(case, events.PAUSED, by, now, request=str(made.id))


def _extend(case: Case, made: ClockRequest, by: Actor, now: datetime) -> None:
    assert made.amount is not None
    span = SpanDef.model_validate({"amount": made.amount, "unit": made.unit})
    edition, _ = timing.calendar_of(case)
    line = timing.Line("stage", "extend", now, case.clock_runs.get("stage", 1), span, reason=made.reason)
    timing.write(case.id, [line], edition, by.person_id)
    standing.read_back(case, now)
    standing.record(case, events.EXTENDED, by, now, request=str(made.id))


@transaction.atomic
def resume(*, case_id: UUID, by: Actor, now: datetime) -> None:
    """Let the clocks go on with what was left. Whoever may ask or allow may also end it; so does the platform."""
    case = standing.locked(case_id)
    rule = _pause_rule(standing.flow_of(case))
    if by.person_id is not None:
        standing.only(case, by, *rule.ask, *rule.allow)
    if case.paused_since is None:
        raise RuleBroken("not_paused", N_("时限没有暂停"))
    edition, _ = timing.calendar_of(case)
    lines = [
        timing.Line(state.clock, "resume", now, state.run)
        for state in clocks.running(clocks.ledger(case.id), now=now)
        if state.paused_since is not None
    ]
    case.paused_since = None
    timing.write(case.id, lines, edition, by.person_id)
    standing.read_back(case, now)
    ClockRequest.objects.filter(case=case, kind=PAUSE, state="allowed").update(state="over", over_at=now)
    standing.record(case, events.RESUMED, by, now)


def resume_exhausted(*, now: datetime, limit: int = 500) -> int:
    """End pauses whose cap is used up; returns how many."""
    ended = 0
    paused = Case.objects.filter(paused_since__isnull=False, status=Status.OPEN).order_by("paused_since")
    for case in paused[:limit]:
        rule = standing.flow_of(case).pause
        ends = _pause_ends(case, rule, now) if rule else now
        if ends is not None and ends <= now:
            resume(case_id=case.id, by=SYSTEM, now=now)
            ended += 1
    return ended


def _pause_ends(case: Case, rule: Pause, now: datetime) -> datetime | None:
    _, calendar = timing.calendar_of(case)
    ledger = clocks.ledger(case.id)
    cap = rules.span_of(rule.cap)
    ends = [
        rules.pause_ends_at(ledger, clock=s.clock, run=s.run, cap=cap, calendar=calendar, now=now)
        for s in clocks.running(ledger, now=now)
    ]
    return min((end for end in ends if end is not None), default=None)


def _open(case_id: UUID) -> Case:
    case = standing.locked(case_id)
    if case.status != Status.OPEN:
        raise RuleBroken("not_open", N_("这件事已经不在办理中"))
    return case


def _pause_rule(flow: Flow) -> Pause:
    if flow.pause is None:
        raise RuleBroken("no_pause", N_("这类事项不能暂停时限"))
    return flow.pause


def _extension_rule(flow: Flow) -> Extension:
    if flow.extension is None:
        raise RuleBroken("no_extension", N_("这类事项不能延期"))
    return flow.extension
