"""The ranking: hard rules first, then a cost in points made of plain terms. Pure and order-independent."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from huakai.kernel.errors import N_
from huakai.kernel.geo import distance_m
from huakai.matching.definitions import Weights
from huakai.matching.problem import Candidate, Order
from huakai.matching.types import Reason


@dataclass(frozen=True)
class Ranked:
    """A candidate with its cost and the reasons in the order they weigh."""

    candidate: Candidate
    cost: int
    distance: int | None
    reasons: tuple[Reason, ...]


def is_possible(order: Order, one: Candidate, weights: Weights) -> bool:
    """Hard rules: has the skill, was not asked before, has capacity left, lives near enough."""
    return _is_able(order, one) and _is_near(_metres(order, one), weights)


def _is_able(order: Order, one: Candidate) -> bool:
    if one.id in order.asked or one.free <= 0:
        return False
    return not order.skill or order.skill in one.skills


def _is_near(metres: int | None, weights: Weights) -> bool:
    return metres is None or metres <= weights.max_km * 1000


def ranked(order: Order, candidates: Iterable[Candidate], weights: Weights) -> tuple[Ranked, ...]:
    """The shortlist, best first. Ties break by month's load, then id, so input order never matters."""
    able = [(one, _metres(order, one)) for one in candidates if _is_able(order, one)]
    costs = [
        (_cost(order, one, metres, weights), one.month, str(one.id), one, metres)
        for one, metres in able
        if _is_near(metres, weights)
    ]
    best = heapq.nsmallest(weights.shortlist, costs, key=itemgetter(0, 1, 2))
    return tuple(_line(order, one, cost, metres) for cost, _month, _id, one, metres in best)


def why_nobody(order: Order, candidates: Iterable[Candidate], weights: Weights) -> str:
    """The first hard rule that leaves nobody, as a sentence."""
    left = [c for c in candidates if not order.skill or order.skill in c.skills]
    if not left:
        return N_("附近没有登记这项技能的志愿者或队伍")
    left = [c for c in left if c.id not in order.asked]
    if not left:
        return N_("有这项技能的都已经问过了")
    left = [c for c in left if c.free > 0]
    if not left:
        return N_("有这项技能的近期都已排满")
    return N_("有这项技能的都超出最远距离{km}公里") if weights.max_km else ""


def _cost(order: Order, one: Candidate, metres: int | None, weights: Weights) -> int:
    """Cost = distance + load + area + known face, each in whole points."""
    cost = (metres or 0) * weights.per_km // 1000
    cost += one.today * weights.per_order_today + one.month * weights.per_order_month
    cost += 0 if order.area_code.startswith(one.area_code) else weights.outside_area
    return cost + (weights.served_before if one.id in order.known_faces else 0)


def _line(order: Order, one: Candidate, cost: int, metres: int | None) -> Ranked:
    """Reasons are put in words for the few that are shown."""
    inside = order.area_code.startswith(one.area_code)
    reasons = _reasons(one, metres, inside=inside, known=one.id in order.known_faces)
    return Ranked(one, cost, metres, tuple(reasons))


def _reasons(one: Candidate, metres: int | None, *, inside: bool, known: bool) -> Iterable[Reason]:
    if known:
        yield Reason(N_("以前为这位群众服务过"), {})
    if metres is not None:
        yield Reason(N_("相距{km}公里"), {"km": f"{metres / 1000:.1f}"})
    elif inside:
        yield Reason(N_("就在本区域"), {})
    yield Reason(N_("还能接{free}单"), {"free": one.free})
    if one.month:
        yield Reason(N_("近30天接过{month}单"), {"month": one.month})
    else:
        yield Reason(N_("近30天还没接过单"), {})


def _metres(order: Order, one: Candidate) -> int | None:
    if order.point is None or one.point is None:
        return None
    return round(distance_m(order.point, one.point))
