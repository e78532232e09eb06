"""A closed case opens again: somebody is unhappy, or the telephone call said it is not solved."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huakai.cases import events
from huakai.cases.definitions import Rating as RatingDef
from huakai.cases.models import Case
from huakai.cases.services import standing, timing
from huakai.cases.types import CaseRef, Status, Who
from huakai.kernel.errors import N_, RuleBroken
from huakai.registry.types import Actor

MOST = 3
"""So often a case opens again; after that a person has to take it up as a new one."""


@transaction.atomic
def reopen_case(*, case_id: UUID, reason: str, by: Actor, now: datetime) -> CaseRef:
    """Open a closed case again at the check of its flow: by the one who ordered, the dispatcher or a supervisor."""
    case = standing.locked(case_id)
    standing.only(case, by, Who.REQUESTER, Who.OPENER, Who.DISPATCHER, Who.SUPERVISOR)
    if not reason.strip():
        raise RuleBroken("reason_missing", N_("请写明原因"), field="reason")
    rule = standing.flow_of(case).rating
    if rule is None or not rule.recheck:
        raise RuleBroken("no_reopening", N_("这类单子办结后不能重新打开，请新点一单"))
    if case.status != Status.CLOSED:
        raise RuleBroken("not_closed", N_("办结以后才能重新打开"))
    reopen_for_check(case, rule, by, now)
    return CaseRef(case.id, case.number, case.stage, case.due_at, created=True)


def reopen_for_check(case: Case, rule: RatingDef, by: Actor, now: datetime) -> None:
    """Stand the case at the check again, with a deadline of its own. The case is under lock already."""
    if case.reopened >= MOST:
        return
    flow = standing.flow_of(case)
    case.status, case.closed_at, case.stage, case.stage_since = Status.OPEN, None, rule.recheck, now
    case.stars, case.reopened, case.solved = None, case.reopened + 1, False
    lines = timing.reopened_lines(case, flow, timing.calendar_of(case)[1], now)
    case.next_act_at = now if flow.ladder else None
    case.save()
    timing.write(case.id, lines, timing.calendar_of(case)[0], by.person_id)
    standing.record(case, events.REOPENED, by, now, times=case.reopened, stage=case.stage)
