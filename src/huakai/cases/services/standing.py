"""A case under lock, who may, and the fact about it: what every write beside the moves begins and ends with."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.cases.definitions import ANSWER, FINISH, STAGE, Flow
from huakai.cases.models import Assignment, Case, ClockRequest
from huakai.cases.queries import clocks, facts
from huakai.cases.queries.rows import sees
from huakai.cases.services import climbing, timing
from huakai.cases.types import Status, Who
from huakai.kernel.errors import N_, NotAllowed, NotFound
from huakai.packs import queries as packs
from huakai.registry.types import Actor


def locked(case_id: UUID) -> Case:
    """The case, held until the transaction ends; NotFound when there is none."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotFound("case_unknown", N_("没有找到这张单子"))
    return case


def flow_of(case: Case) -> Flow:
    """The flow of the edition the case runs under."""
    flow = packs.edition(case.edition_id).get("cases", case.flow)
    assert isinstance(flow, Flow)
    return flow


def hats(case: Case, by: Actor) -> frozenset[Who]:
    """How the actor stands to the case; NotFound for whom it does not exist."""
    chain = list(Assignment.objects.filter(case=case))
    worn = facts.facts_of(case, chain, by).who
    if not exists_for(case, chain, by, worn):
        raise NotFound("case_unknown", N_("没有找到这张单子"))
    return worn


def exists_for(case: Case, chain: Iterable[Assignment], by: Actor, worn: frozenset[Who]) -> bool:
    """May the actor know of the case? Who neither sees it nor has to do with it is told that there is none."""
    return (
        bool(worn - {Who.VOLUNTEER})
        or (Who.VOLUNTEER in worn and not case.restricted)
        or sees(by, case, chain)
    )


def only(case: Case, by: Actor, *allowed: Who) -> None:
    """Refuse whoever wears none of these hats; a case one cannot see does not exist for one."""
    if not hats(case, by) & set(allowed):
        raise NotAllowed("not_allowed", N_("您的岗位不能做这一步，请联系派单员或督查人员"))


def record(case: Case, name: str, by: Actor, now: datetime, **after: Any) -> None:
    """The fact in the case's own chain."""
    audit.record(
        Fact(
            name=name,
            subject=Subject("case", str(case.id)),
            at=now,
            actor_id=by.person_id,
            after=after,
            edition_id=case.edition_id,
            area_code=case.area_code,
            request_id=by.request_id,
        )
    )


def first_answer(case: Case, by: Actor, now: datetime) -> None:
    """Count the first answer, once, and stop its clock. What is over by now was never answered."""
    if case.first_answer_at is None and case.status in (Status.OPEN, Status.PARKED):
        case.first_answer_at = now
        case.save(update_fields=["first_answer_at"])
        line = timing.answered_line(case, timing.moment(case, now))
        timing.write(case.id, [line], timing.calendar_of(case)[0], by.person_id)


def requests_over(case: Case, now: datetime) -> None:
    """With the case its pause ends, and what is asked about its clocks; each keeps its line."""
    case.paused_since = None
    mine = ClockRequest.objects.filter(case=case)
    mine.filter(kind="pause", state="allowed").update(state="over", over_at=now)
    mine.filter(state="asked").update(state="over", over_at=now, decided_at=now)


def read_back(case: Case, now: datetime) -> None:
    """The deadlines on the case, from the ledger."""
    flow = flow_of(case)
    feedback = {clock.code for clock in flow.clocks if clock.kind == "feedback"}
    for state in clocks.running(clocks.ledger(case.id), now=now):
        if state.clock == STAGE:
            case.due_at, case.due_estimated = state.due_at, state.estimated
        elif state.clock == ANSWER:
            case.answer_due_at = state.due_at
        elif state.clock == FINISH:
            case.finish_due_at = state.due_at
        elif state.clock in feedback:
            case.feedback_due_at = state.due_at
    climbing.plan(case, flow, now)
    fields = ["due_at", "due_estimated", "answer_due_at", "finish_due_at", "feedback_due_at"]
    case.save(update_fields=[*fields, "paused_since", "next_act_at"])
