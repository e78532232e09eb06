"""The use case: one move, one transaction, one record."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.cases import events, rules
from huakai.cases.definitions import Flow, Move
from huakai.cases.models import Assignment, Case, Consultation, Note, Quantity
from huakai.cases.queries import catalogue, facts
from huakai.cases.services import answers, climbing, standing, timing
from huakai.cases.services.moving import ends, offers, units
from huakai.cases.services.moving.step import Step
from huakai.cases.types import Answer, CaseRef, Effect, MoveInput, Status
from huakai.kernel.errors import N_, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs
from huakai.registry.types import SYSTEM, Actor

EVENT_OF = {
    Effect.OFFER: events.OFFERED,
    Effect.CLAIM: events.ACCEPTED,
    Effect.ACCEPT: events.ACCEPTED,
    Effect.DECLINE: events.DECLINED,
    Effect.EXPIRE: events.EXPIRED,
    Effect.WITHDRAW: events.WITHDRAWN,
    Effect.HAND_BACK: events.HANDED_BACK,
    Effect.ASSIGN: events.ASSIGNED,
    Effect.TRANSFER: events.ASSIGNED,
    Effect.RETURN: events.RETURNED,
    Effect.ANSWER: events.ANSWERED,
    Effect.FEEDBACK: events.FED_BACK,
    Effect.FINISH: events.CLOSED,
    Effect.CHECK_OK: events.CLOSED,
    Effect.CHECK_FAIL: events.CHECK_FAILED,
    Effect.REPORT: events.REPORTED,
    Effect.CO_ASSIGN: events.PARTS_GIVEN,
    Effect.PART_ACCEPT: events.PART_ACCEPTED,
    Effect.PART_DONE: events.PART_DONE,
    Effect.PART_RETURN: events.PART_RETURNED,
    Effect.PARK: events.PARKED,
    Effect.REVIEW: events.REVIEWED,
    Effect.CANCEL: events.CANCELLED,
}
"""What the record calls a move; any other is plainly moved."""


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
    key = _key(client_key, by)
    if key and key == case.last_move_key:
        return CaseRef(case.id, case.number, case.stage, case.due_at, created=False)
    step = _step(case, move, given, by, now)
    before = {"stage": case.stage}
    _EFFECTS.get(step.move.effect, _nothing)(step)
    _keep_given(step)
    _enter(step)
    case.last_move_key = key
    _save(step)
    audit.record(_fact(step, before))
    return CaseRef(case.id, case.number, case.stage, case.due_at, created=True)


def _key(client_key: str, by: Actor) -> str:
    """As it is kept: two people may choose the same key, and neither may be told that the other's move was theirs."""
    return hashlib.sha256(f"{by.person_id}:{client_key}".encode()).hexdigest() if client_key else ""


def _step(case: Case, move: str, given: MoveInput, by: Actor, now: datetime) -> Step:
    """Facts, the rules' answer, and what is missing."""
    view = packs.edition(case.edition_id)
    flow = view.get("cases", case.flow)
    assert isinstance(flow, Flow)
    if case.status == Status.MERGED:
        raise RuleBroken("merged", N_("这件事已并入另一件一起办理，请到那一件里操作"))
    chain = list(Assignment.objects.filter(case=case).order_by("offered_at"))
    state = facts.facts_of(case, chain, by)
    if not standing.exists_for(case, chain, by, state.who):
        raise NotFound("case_unknown", N_("没有找到这张单子"))
    chosen = rules.chosen_move(flow, state, move)
    if case.paused_since is not None and not _while_paused(chosen, case):
        raise RuleBroken("paused", N_("这件事的时限正在暂停，请先恢复计时再办理"))
    service = catalogue.menu_of(view).services.get(case.service)
    if "consulted" in rules.checks_of(chosen):
        state = rules.with_consultations(state, Consultation.objects.filter(case=case).count())
    problem = rules.missing(
        chosen.needs, given, max_minutes=service.max_minutes if service else None, facts=state, flow=flow
    )
    if problem is not None:
        raise problem
    return Step(case, flow, chosen, given, chain, by, now, timing.moment(case, now), service)


PART_MOVES = frozenset({Effect.PART_ACCEPT, Effect.PART_DONE, Effect.PART_RETURN})


def _while_paused(move: Move, case: Case) -> bool:
    """Moves that do not touch the clocks that stand still, and the end of it all."""
    return move.effect is Effect.CANCEL or (move.effect in PART_MOVES and move.to == case.stage)


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


def _keep_given(step: Step) -> None:
    """What the move hands in beside its effect: outcome, answers, a promised date."""
    case, given = step.case, step.given
    if given.outcome:
        word = step.flow.outcome(given.outcome)
        assert word is not None  # the rules have looked
        case.outcome, case.solved = word.code, word.solved
        step.payload["outcome"] = word.code
    if given.answers:
        answers.keep(case, rules.form_fields(step.flow), given.answers)
    if given.due_at is not None and "has_due" in rules.checks_of(step.move):
        if given.due_at <= step.at:
            raise RuleBroken("due_past", N_("承诺办好的日期要在今天以后"), field="due_at")
        step.lines += timing.promised_lines(case, given.due_at, step.at)
    if given.quantities:
        step.payload["quantities"] = [quantity.code for quantity in given.quantities]


def _enter(step: Step) -> None:
    """Go to the next stage and start its clocks."""
    case, now = step.case, step.now
    target = rules.target_stage(step.move, other_offers=len(step.open_offers()))
    if target is not None and (target != case.stage or step.move.effect is Effect.TRANSFER):
        leaving, case.stage, case.stage_since = case.stage, target, now
        stage = step.flow.stage(target)
        calendar = timing.calendar_of(case)[1]
        step.lines += timing.stage_lines(case, step.flow, calendar, step.at, leaving=leaving)
        case.status = stage.status
        if stage.status != "parked":
            case.review_at = None
        if stage.status in (Status.CLOSED, Status.CANCELLED):
            ends.settle_all(step)
            case.closed_at = now
            step.lines += timing.ended_lines(case, step.at)
            standing.requests_over(case, now)
    climbing.plan(case, step.flow, now)


def _save(step: Step) -> None:
    for assignment in step.settled:
        assignment.save(update_fields=["state", "answered_at", "reason", "accepted_at", "result"])
    if step.made:
        Assignment.objects.bulk_create(step.made)
    words = step.given.result.strip() or step.given.reason.strip()
    if words:
        note = Note(id=new_id(step.now), case=step.case, move=step.move.code, text=words[:2000], at=step.now)
        note.author = step.by.person_id
        note.save(force_insert=True)
        step.payload["note"] = str(note.id)
    _save_quantities(step)
    step.case.save()
    timing.write(step.case.id, step.lines, timing.calendar_of(step.case)[0], step.by.person_id)


def _save_quantities(step: Step) -> None:
    for quantity in step.given.quantities:
        measure = rules.measure_of(step.flow, quantity.code)
        now_so = {"amount": quantity.amount, "mark": quantity.mark, "measure": measure, "at": step.now}
        Quantity.objects.update_or_create(
            case=step.case,
            code=quantity.code,
            defaults=now_so,
            create_defaults=now_so | {"id": new_id(step.now)},
        )


def _fact(step: Step, before: dict[str, Any]) -> Fact:
    return Fact(
        name=_name(step),
        subject=Subject("case", str(step.case.id)),
        at=step.now,
        actor_id=step.by.person_id,
        before=before,
        after={"stage": step.case.stage, "move": step.move.code, **step.payload},
        edition_id=step.case.edition_id,
        area_code=step.case.area_code,
        request_id=step.by.request_id,
    )


def _name(step: Step) -> str:
    """Closed is what has closed: a finish that leads on to a watch is a move."""
    name = EVENT_OF.get(step.move.effect, events.MOVED)
    return events.MOVED if name == events.CLOSED and step.case.status != Status.CLOSED else name


def _nothing(step: Step) -> None:
    """A move that only changes the stage."""


_EFFECTS: dict[Effect, Callable[[Step], None]] = {
    Effect.OFFER: offers.offer,
    Effect.CLAIM: offers.claim,
    Effect.ACCEPT: offers.accept,
    Effect.DECLINE: offers.decline,
    Effect.EXPIRE: offers.expire,
    Effect.WITHDRAW: offers.withdraw,
    Effect.HAND_BACK: offers.hand_back,
    Effect.ASSIGN: units.assign,
    Effect.TRANSFER: units.transfer,
    Effect.RETURN: units.give_back,
    Effect.ANSWER: units.answer,
    Effect.FEEDBACK: units.feedback,
    Effect.CO_ASSIGN: units.co_assign,
    Effect.PART_ACCEPT: units.part_accept,
    Effect.PART_DONE: units.part_done,
    Effect.PART_RETURN: units.part_return,
    Effect.REPORT: ends.report,
    Effect.FINISH: ends.finish,
    Effect.CHECK_OK: ends.check_ok,
    Effect.CHECK_FAIL: ends.check_fail,
    Effect.PARK: ends.park,
    Effect.REVIEW: ends.review,
    Effect.CANCEL: ends.cancel,
}
