"""Moving a case: lock, gather facts, ask the rules, apply the effect, record."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.cases import events, rules
from huakai.cases.definitions import Flow, Move, Service
from huakai.cases.models import Assignment, Case, Note
from huakai.cases.queries import catalogue, facts
from huakai.cases.types import Answer, CaseRef, Effect, MoveInput, Served, Status, TakerKind
from huakai.kernel.errors import N_, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.ledger import services as ledger
from huakai.ledger.types import Credit, Owner, OwnerKind
from huakai.packs import queries as packs
from huakai.registry import queries as registry
from huakai.registry.types import SYSTEM, Actor

EVENT_OF = {
    Effect.NONE: events.MOVED,
    Effect.OFFER: events.OFFERED,
    Effect.CLAIM: events.ACCEPTED,
    Effect.ACCEPT: events.ACCEPTED,
    Effect.DECLINE: events.DECLINED,
    Effect.EXPIRE: events.EXPIRED,
    Effect.WITHDRAW: events.WITHDRAWN,
    Effect.HAND_BACK: events.HANDED_BACK,
    Effect.ASSIGN: events.ASSIGNED,
    Effect.RETURN: events.RETURNED,
    Effect.ANSWER: events.ANSWERED,
    Effect.FINISH: events.CLOSED,
    Effect.CANCEL: events.CANCELLED,
}


@dataclass
class _Step:
    """One move being made: everything the effects read and write."""

    case: Case
    flow: Flow
    move: Move
    given: MoveInput
    offers: list[Assignment]
    by: Actor
    now: datetime
    service: Service | None = None
    taken: Assignment | None = None
    settled: list[Assignment] = field(default_factory=list)
    payload: dict[str, Any] = field(default_factory=dict)

    def settle(self, assignment: Assignment, state: Answer, reason: str = "") -> None:
        """Give an assignment its answer; saved with the move."""
        assignment.state, assignment.answered_at, assignment.reason = state, self.now, reason[:300]
        self.settled.append(assignment)

    def open_offers(self) -> list[Assignment]:
        return [o for o in self.offers if o.state == Answer.OFFERED]


@transaction.atomic
def move_case(
    *, case_id: UUID, move: str, given: MoveInput, by: Actor, now: datetime, client_key: str = ""
) -> CaseRef:
    """Make one move of the case's own edition. The same `client_key` again changes nothing.

    RuleBroken says in words why not: wrong stage, wrong person, something missing.
    """
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotFound("case_unknown", N_("没有找到这张单子"))
    if client_key and client_key == case.last_move_key:
        return CaseRef(case.id, case.number, case.stage, case.due_at, created=False)
    view = packs.edition(case.edition_id)
    flow = view.get("cases", case.flow)
    assert isinstance(flow, Flow)
    offers = list(Assignment.objects.filter(case=case).order_by("offered_at"))
    state = facts.facts_of(case, offers, by)
    chosen = rules.chosen_move(flow, state, move)
    service = catalogue.menu_of(view).services.get(case.service)
    problem = rules.missing(chosen.needs, given, max_minutes=service.max_minutes if service else None)
    if problem is not None:
        raise problem
    step = _Step(case, flow, chosen, given, offers, by, now, service)
    before = {"stage": case.stage}
    _EFFECTS[chosen.effect](step)
    _enter(step)
    case.last_move_key = client_key
    _save(step)
    audit.record(_fact(step, before))
    return CaseRef(case.id, case.number, case.stage, case.due_at, created=True)


def expire_offers(*, now: datetime, limit: int = 200) -> int:
    """Let offers lapse whose term is over, so that the case can be offered on; returns how many cases moved."""
    late = Assignment.objects.filter(state=Answer.OFFERED, lease_until__lte=now, case__status=Status.OPEN)
    moved = 0
    for case_id in dict.fromkeys(late.order_by("lease_until").values_list("case_id", flat=True)[:limit]):
        try:
            move_case(case_id=case_id, move="expire", given=MoveInput(), by=SYSTEM, now=now)
            moved += 1
        except RuleBroken:  # answered between the look and the lock: nothing to lapse
            continue
    return moved


def _enter(step: _Step) -> None:
    """Go to the next stage and start its clock."""
    target = rules.target_stage(step.move, other_offers=len(step.open_offers()))
    if target is None or target == step.case.stage:
        return
    stage = step.flow.stage(target)
    case = step.case
    case.stage, case.stage_since = target, step.now
    due = None
    if stage.clock is not None:
        due = rules.due_at(stage.clock, step.now, packs.work_calendar(packs.edition(case.edition_id)))
    case.due_at, case.due_estimated = (due.at, due.estimated) if due else (None, False)
    if stage.status != Status.OPEN.value:
        case.status, case.closed_at = stage.status, step.now


def _save(step: _Step) -> None:
    for assignment in step.settled:
        assignment.save(update_fields=["state", "answered_at", "reason"])
    if step.taken is not None:
        step.taken.save(force_insert=True)
    words = step.given.result.strip() or step.given.reason.strip()
    if words:
        note = Note(id=new_id(step.now), case=step.case, move=step.move.code, text=words[:2000], at=step.now)
        note.author = step.by.person_id
        note.save(force_insert=True)
        step.payload["note"] = str(note.id)
    step.case.save()


def _fact(step: _Step, before: dict[str, Any]) -> Fact:
    return Fact(
        name=EVENT_OF[step.move.effect],
        subject=Subject("case", str(step.case.id)),
        at=step.now,
        actor_id=step.by.person_id,
        before=before,
        after={"stage": step.case.stage, "move": step.move.code, **step.payload},
        edition_id=step.case.edition_id,
        area_code=step.case.area_code,
        request_id=step.by.request_id,
    )


def _none(step: _Step) -> None:
    """A move that only changes the stage."""


def _offer(step: _Step) -> None:
    taker, offers = step.given.taker, step.flow.offers
    if taker is None or offers is None or taker.kind not in offers.takers:
        raise RuleBroken("taker_kind", N_("这类单子不能派给这样的承接人"), field="taker")
    limit = 3 if step.case.urgent else offers.parallel
    if len(step.open_offers()) >= limit:
        raise RuleBroken("offered_already", N_("已经派出，正在等对方接单；可先收回再派"))
    column = f"{taker.kind}_id"
    if any(getattr(o, column) == taker.id for o in step.offers if o.state != Answer.WITHDRAWN):
        raise RuleBroken("asked_already", N_("已经问过这位了，请换一位"), field="taker")
    if taker.kind is TakerKind.PERSON and taker.id == step.case.requester_id:
        raise RuleBroken("own_order", N_("不能派给点单人自己"), field="taker")
    calendar = packs.work_calendar(packs.edition(step.case.edition_id))
    lease = rules.due_at(offers.answer_within, step.now, calendar).at
    step.taken = _assignment(step, taker.kind, taker.id, Answer.OFFERED, lease)
    step.payload |= {"taker_kind": taker.kind.value, "taker": str(taker.id)}


def _claim(step: _Step) -> None:
    person = step.by.person_id
    if step.flow.offers is None or not step.flow.offers.claim or person is None:
        raise RuleBroken("no_claim", N_("这类单子由平台派单，不能自己接"))
    if person == step.case.requester_id:
        raise RuleBroken("own_order", N_("不能接自己点的单"))
    card = registry.volunteer_card(person)
    if card is None or (step.service is not None and step.service.skill not in card.skills):
        raise RuleBroken("skill_missing", N_("这项服务需要相应技能，请先在“我的”里登记技能"))
    step.taken = _assignment(step, TakerKind.PERSON, person, Answer.ACCEPTED, None)
    _take(step, TakerKind.PERSON, person)


def _accept(step: _Step) -> None:
    mine = facts.offer_of(step.open_offers(), step.by)
    if mine is None:
        raise RuleBroken("offer_gone", N_("这张单子已经被别人接走，或邀请已过期"))
    for other in step.open_offers():
        if other is not mine:
            step.settle(other, Answer.WITHDRAWN)
    step.settle(mine, Answer.ACCEPTED)
    taker_id = mine.person_id or mine.team_id
    assert taker_id is not None
    _take(step, TakerKind(mine.kind), taker_id)


def _take(step: _Step, kind: TakerKind, taker_id: UUID) -> None:
    case = step.case
    case.taker_person_id = taker_id if kind is TakerKind.PERSON else None
    case.taker_team_id = taker_id if kind is TakerKind.TEAM else None
    case.first_answer_at = case.first_answer_at or step.now
    step.payload |= {"taker_kind": kind.value, "taker": str(taker_id)}


def _decline(step: _Step) -> None:
    mine = facts.offer_of(step.open_offers(), step.by)
    if mine is None:
        raise RuleBroken("offer_gone", N_("这张单子已经被别人接走，或邀请已过期"))
    step.settle(mine, Answer.DECLINED, step.given.reason)


def _expire(step: _Step) -> None:
    late = [o for o in step.open_offers() if o.lease_until is not None and o.lease_until <= step.now]
    if not late:
        raise RuleBroken("not_late", N_("邀请还没有过期"))
    for offer in late:
        step.settle(offer, Answer.EXPIRED)


def _withdraw(step: _Step) -> None:
    for offer in step.open_offers():
        step.settle(offer, Answer.WITHDRAWN, step.given.reason)


def _hand_back(step: _Step) -> None:
    for taken in (o for o in step.offers if o.state == Answer.ACCEPTED):
        step.settle(taken, Answer.DECLINED, step.given.reason)
    step.case.taker_person_id = step.case.taker_team_id = None


def _assign(step: _Step) -> None:
    unit = registry.unit_by_code(step.given.unit_code)
    if unit is None:
        raise RuleBroken("unit_unknown", N_("没有这个单位，请从列表里选"), field="unit")
    step.case.lead_unit_id, step.case.lead_unit_code = unit.id, unit.code
    step.taken = _assignment(step, TakerKind.UNIT, unit.id, Answer.OFFERED, None)
    step.payload["unit"] = unit.code


def _return(step: _Step) -> None:
    for assignment in step.offers:
        if assignment.state in (Answer.OFFERED, Answer.ACCEPTED):
            step.settle(assignment, Answer.DECLINED, step.given.reason)
    step.case.lead_unit_id, step.case.lead_unit_code = None, ""


def _answer(step: _Step) -> None:
    step.case.first_answer_at = step.case.first_answer_at or step.now
    if step.move.to != step.case.stage:
        for assignment in step.open_offers():
            step.settle(assignment, Answer.ACCEPTED)


def _finish(step: _Step) -> None:
    case, given = step.case, step.given
    case.result_text = given.result.strip()
    case.first_answer_at = case.first_answer_at or step.now
    for assignment in step.offers:
        if assignment.state == Answer.ACCEPTED:
            step.settle(assignment, Answer.DONE)
    served = _served(step)
    if not served or step.flow.credit is None:
        return
    case.minutes_served = sum(s.minutes for s in served)
    deed = ledger.Deed(
        tariff_item=step.flow.credit,
        subject=Subject("case", str(case.id)),
        title=case.title,
        edition_id=case.edition_id,
        area_code=case.area_code,
    )
    credits = [Credit(Owner(OwnerKind.PERSON, s.person_id), s.minutes) for s in served]
    ledger.post(deed=deed, credits=credits, by=step.by, now=step.now)
    step.payload["minutes"] = case.minutes_served


def _served(step: _Step) -> list[Served]:
    """Who is credited: the named participants (of the accepting team), else the one who took it."""
    case, given = step.case, step.given
    if given.served:
        allowed = (
            registry.members_of(case.taker_team_id, on=step.now)
            if case.taker_team_id
            else {case.taker_person_id}
        )
        if any(s.person_id not in allowed for s in given.served):
            raise RuleBroken("not_a_member", N_("参加人员里有人不在承接队伍中"), field="served")
        return [Served(s.person_id, rules.minutes_credited(s.minutes, step.service)) for s in given.served]
    person = case.taker_person_id or (registry.leader_of(case.taker_team_id) if case.taker_team_id else None)
    if person is None or not given.minutes:
        return []
    return [Served(person, rules.minutes_credited(given.minutes, step.service))]


def _cancel(step: _Step) -> None:
    for assignment in step.offers:
        if assignment.state in (Answer.OFFERED, Answer.ACCEPTED):
            step.settle(assignment, Answer.WITHDRAWN, step.given.reason)
    step.case.result_text = step.given.reason.strip()


def _assignment(
    step: _Step, kind: TakerKind, taker_id: UUID, state: Answer, lease: datetime | None
) -> Assignment:
    made = Assignment(id=new_id(step.now), case=step.case, kind=kind, state=state, offered_at=step.now)
    setattr(made, f"{kind}_id", taker_id)
    made.lease_until = lease
    made.answered_at = None if state is Answer.OFFERED else step.now
    made.offered_by = step.by.person_id
    return made


_EFFECTS: dict[Effect, Callable[[_Step], None]] = {
    Effect.NONE: _none,
    Effect.OFFER: _offer,
    Effect.CLAIM: _claim,
    Effect.ACCEPT: _accept,
    Effect.DECLINE: _decline,
    Effect.EXPIRE: _expire,
    Effect.WITHDRAW: _withdraw,
    Effect.HAND_BACK: _hand_back,
    Effect.ASSIGN: _assign,
    Effect.RETURN: _return,
    Effect.ANSWER: _answer,
    Effect.FINISH: _finish,
    Effect.CANCEL: _cancel,
}
