"""The ranking: hard rules first, then a cost in points made of plain terms. Pure and order-independent."""

from collections.abc import Iterable
from dataclasses import dataclass

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
    if one.id in order.asked or one.free <= 0:
        return False
    if order.skill and order.skill not in one.skills:
        return False
    metres = _metres(order, one)
    return metres is None or metres <= weights.max_km * 1000


def ranked(order: Order, candidates: Iterable[Candidate], weights: Weights) -> tuple[Ranked, ...]:
    """The shortlist, best first. Ties break by month's load, then id, so input order never matters."""
    lines = [_line(order, one, weights) for one in candidates if is_possible(order, one, weights)]
    lines.sort(key=lambda line: (line.cost, line.candidate.month, str(line.candidate.id)))
    return tuple(lines[: weights.shortlist])


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


def _line(order: Order, one: Candidate, weights: Weights) -> Ranked:
    """Cost = distance + load + area + known face, each in whole points."""
    metres = _metres(order, one)
    inside = order.area_code.startswith(one.area_code)
    known = one.id in order.known_faces
    cost = (metres or 0) * weights.per_km // 1000
    cost += one.today * weights.per_order_today + one.month * weights.per_order_month
    cost += 0 if inside else weights.outside_area
    cost += weights.served_before if known else 0
    return Ranked(one, cost, metres, tuple(_reasons(one, metres, inside=inside, known=known)))


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
