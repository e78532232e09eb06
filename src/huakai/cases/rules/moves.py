"""What is open, what is missing, where a move leads."""

from collections.abc import Iterable

from huakai.cases.definitions import (
    AllOf,
    AnyOf,
    Flow,
    HasMinutes,
    HasReason,
    HasResult,
    HasTaker,
    HasUnit,
    MinPhotos,
    Move,
    Need,
)
from huakai.cases.types import CaseFacts, Effect, MoveInput
from huakai.kernel.errors import N_, RuleBroken

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


def target_stage(move: Move, *, other_offers: int) -> str | None:
    """The stage after a move; None to stay, when a refused or lapsed offer leaves other offers standing."""
    lapsing = move.effect in {Effect.DECLINE, Effect.EXPIRE, Effect.WITHDRAW}
    return None if lapsing and other_offers > 0 else move.to
