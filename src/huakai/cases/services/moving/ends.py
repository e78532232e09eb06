"""Effects at the end of the work: report, check, finish, park, cancel."""

from huakai.audit.types import Subject
from huakai.cases import rules
from huakai.cases.queries import facts
from huakai.cases.services.moving.step import Step
from huakai.cases.types import Answer, Served, TakerKind
from huakai.kernel.errors import N_, RuleBroken
from huakai.ledger import services as ledger
from huakai.ledger.types import Credit, Owner, OwnerKind
from huakai.registry import queries as registry

PARTS_OPEN = N_("还有协办单位没有办完或退回，请先处理协办部分")


def report(step: Step) -> None:
    """Hand in the result for checking: 办结 is another's to say."""
    step.case.result_text = step.given.result.strip() or step.case.result_text
    step.case.worked_by = step.by.person_id
    step.answered()


def check_fail(step: Step) -> None:
    """复查 does not hold: back to work, and counted."""
    step.case.failed_checks += 1
    step.payload["failed_checks"] = step.case.failed_checks


def finish(step: Step) -> None:
    """The end with a result; what was served is credited once. Where a check follows, another signs it off."""
    step.case.result_text = step.given.result.strip() or step.case.result_text
    step.answered()
    if step.flow.stage(step.move.to).status == "closed":
        _credit(step)
    else:
        step.case.worked_by = step.by.person_id


def check_ok(step: Step) -> None:
    """复查 holds: the case closes with the result that was handed in, or goes on to the next check."""
    step.case.result_text = step.given.result.strip() or step.case.result_text
    step.answered()
    if step.flow.stage(step.move.to).status == "closed":
        _credit(step)


def settle_all(step: Step) -> None:
    """Whatever ends a case: parts that stand must be settled first, and every assignment gets its answer."""
    if any(o.is_part and o.state in facts.STANDING for o in step.offers):
        raise RuleBroken("parts_open", PARTS_OPEN)
    closed = step.flow.stage(step.move.to).status == "closed"
    for assignment in step.standing():
        # a unit that closes what it never formally accepted has done it all the same
        done = closed and (assignment.state == Answer.ACCEPTED or assignment.kind == TakerKind.UNIT)
        reason = "" if done else step.given.reason
        step.settle(assignment, Answer.DONE if done else Answer.WITHDRAWN, reason)


def _credit(step: Step) -> None:
    """Once a case, even when it was opened again and closed a second time."""
    case = step.case
    served = _served(step)
    if not served or step.flow.credit is None or case.minutes_served is not None:
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


def _served(step: Step) -> list[Served]:
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


def cancel(step: Step) -> None:
    """Taken back by whoever may; nothing ends silently (settle_all)."""
    step.case.result_text = step.given.reason.strip()


def park(step: Step) -> None:
    """Cannot be solved now: into the ledger (台账) until the next review (row JN-09)."""
    at = step.given.review_at
    if at is None or at <= step.now:
        raise RuleBroken("review_past", N_("下次研究的日期要在今天以后"), field="review_at")
    step.case.review_at = at
    step.payload["review_at"] = at.isoformat()


def review(step: Step) -> None:
    """Taken up again."""
    step.case.review_at = None
