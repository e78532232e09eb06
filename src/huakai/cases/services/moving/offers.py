"""Effects on offers to volunteers and teams: offer, claim, accept, decline, lapse, withdraw, hand back."""

from uuid import UUID

from huakai.cases.queries import facts
from huakai.cases.services.moving.step import Step
from huakai.cases.types import Answer, Taker, TakerKind
from huakai.kernel.errors import N_, RuleBroken
from huakai.registry import queries as registry

GONE = N_("这张单子已经被别人接走，或邀请已过期")


def offer(step: Step) -> None:
    """Ask a person or a team, with a lease."""
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
    if not _known(taker):
        raise RuleBroken("taker_unknown", N_("没有找到这位承接人，请从列表里选"), field="taker")
    step.assign(taker.kind, taker.id, Answer.OFFERED, step.due(offers.answer_within))
    step.case.assigned_at = step.case.assigned_at or step.now
    step.payload |= {"taker_kind": taker.kind.value, "taker": str(taker.id)}


def _known(taker: Taker) -> bool:
    """Is it a registered volunteer, somebody with a role (a mediator), or a team? Units are assigned instead."""
    if taker.kind is TakerKind.PERSON:
        return registry.volunteer_card(taker.id) is not None or bool(registry.appointments_of(taker.id))
    return taker.kind is TakerKind.TEAM and registry.team_card(taker.id) is not None


def claim(step: Step) -> None:
    """Take it from the open list."""
    person = step.by.person_id
    if step.flow.offers is None or not step.flow.offers.claim or person is None:
        raise RuleBroken("no_claim", N_("这类单子由平台派单，不能自己接"))
    if person == step.case.requester_id:
        raise RuleBroken("own_order", N_("不能接自己点的单"))
    card = registry.volunteer_card(person)
    if card is None or (step.service is not None and step.service.skill not in card.skills):
        raise RuleBroken("skill_missing", N_("这项服务需要相应技能，请先在“我的”里登记技能"))
    step.assign(TakerKind.PERSON, person, Answer.ACCEPTED)
    step.case.assigned_at = step.case.assigned_at or step.now
    _take(step, TakerKind.PERSON, person)


def accept(step: Step) -> None:
    """The first acceptance wins; the other offers are taken back."""
    mine = facts.offer_of(step.open_offers(), step.by)
    if mine is None:
        raise RuleBroken("offer_gone", GONE)
    for other in step.open_offers():
        if other is not mine:
            step.settle(other, Answer.WITHDRAWN)
    step.settle(mine, Answer.ACCEPTED)
    taker_id = mine.person_id or mine.team_id
    assert taker_id is not None
    _take(step, TakerKind(mine.kind), taker_id)


def _take(step: Step, kind: TakerKind, taker_id: UUID) -> None:
    case = step.case
    case.taker_person_id = taker_id if kind is TakerKind.PERSON else None
    case.taker_team_id = taker_id if kind is TakerKind.TEAM else None
    case.accepted_at = step.now
    step.answered()
    step.payload |= {"taker_kind": kind.value, "taker": str(taker_id)}


def decline(step: Step) -> None:
    """Say no, with the reason."""
    mine = facts.offer_of(step.open_offers(), step.by)
    if mine is None:
        raise RuleBroken("offer_gone", GONE)
    step.settle(mine, Answer.DECLINED, step.given.reason)


def expire(step: Step) -> None:
    """Let offers lapse whose term is over."""
    late = [o for o in step.open_offers() if o.lease_until is not None and o.lease_until <= step.now]
    if not late:
        raise RuleBroken("not_late", N_("邀请还没有过期"))
    for each in late:
        step.settle(each, Answer.EXPIRED)


def withdraw(step: Step) -> None:
    """Take the offers back."""
    for each in step.open_offers():
        step.settle(each, Answer.WITHDRAWN, step.given.reason)


def hand_back(step: Step) -> None:
    """The taker returns it; it is offered on."""
    for taken in (o for o in step.standing() if o.state == Answer.ACCEPTED):
        step.settle(taken, Answer.DECLINED, step.given.reason)
    step.case.taker_person_id = step.case.taker_team_id = None
