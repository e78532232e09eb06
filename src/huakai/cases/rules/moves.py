"""What is open, what is missing, where a move leads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from huakai.cases.definitions import (
    AllOf,
    AnyOf,
    Consulted,
    FieldIs,
    Flow,
    HasDue,
    HasFields,
    HasMinutes,
    HasOutcome,
    HasQuantity,
    HasReason,
    HasResult,
    HasReview,
    HasTaker,
    HasUnit,
    HasUnits,
    MinPhotos,
    Move,
    Need,
    OtherPerson,
    PartsDone,
    QuantityDef,
)
from huakai.cases.rules.answers import field_problem
from huakai.cases.types import CaseFacts, Effect, MoveInput, Quantity
from huakai.kernel.errors import N_, RuleBroken

ASKS = {"has_result": "result", "has_reason": "reason", "has_minutes": "minutes", "min_photos": "photos"}
ASKS |= {"has_unit": "unit", "has_taker": "taker", "has_outcome": "outcome", "has_quantity": "quantities"}
ASKS |= {"has_fields": "answers", "field_is": "answers", "has_review": "review_at", "has_due": "due_at"}
ASKS |= {"has_units": "units"}


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


def missing(
    needs: Iterable[Need], given: MoveInput, *, max_minutes: int | None, facts: CaseFacts, flow: Flow
) -> RuleBroken | None:
    """The first unmet need as a sentence beside its field; None when everything is there."""
    look = _Look(given, max_minutes, facts, flow)
    for need in needs:
        problem = _unmet(need, look)
        if problem is not None:
            return problem
    return _unknown_words(look)


@dataclass(frozen=True)
class _Look:
    """What a need is held against."""

    given: MoveInput
    cap: int | None
    facts: CaseFacts
    flow: Flow


def _unmet(need: Need, look: _Look) -> RuleBroken | None:
    match need:
        case AllOf(of=parts):
            return next((problem for part in parts if (problem := _unmet(part, look))), None)
        case AnyOf(of=parts):
            problems = [_unmet(part, look) for part in parts]
            return None if None in problems else problems[0]
        case HasMinutes():
            return _minutes_problem(look.given, look.cap)
        case HasResult() | HasReason() | HasUnit() | HasTaker() | MinPhotos() | HasReview() | HasDue():
            return _absent(need, look.given)
        case HasOutcome() | HasQuantity() | HasFields() | FieldIs() | HasUnits():
            return _unsaid(need, look)
        case PartsDone() | OtherPerson() | Consulted():
            return _not_yet(need, look.facts)


def _absent(
    need: HasResult | HasReason | HasUnit | HasTaker | MinPhotos | HasReview | HasDue, given: MoveInput
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
        case HasReview() if given.review_at is None:
            return RuleBroken("review_missing", N_("请写下次研究的日期"), field="review_at")
        case HasDue() if given.due_at is None:
            return RuleBroken("due_missing", N_("请写承诺办好的日期"), field="due_at")
        case _:
            return None


def _unsaid(
    need: HasOutcome | HasQuantity | HasFields | FieldIs | HasUnits, look: _Look
) -> RuleBroken | None:
    given = look.given
    match need:
        case HasOutcome(of=allowed):
            words = allowed or tuple(outcome.code for outcome in look.flow.outcomes)
            if given.outcome not in words:
                return RuleBroken("outcome_missing", N_("请选择办理结论"), field="outcome")
        case HasQuantity(code=code):
            if not any(quantity.code == code for quantity in given.quantities):
                return _quantity_missing(look.flow, code)
        case HasFields(fields=codes):
            return field_problem([f for f in look.flow.form if f.code in codes], given.answers)
        case FieldIs(field=code, value=value, says=says):
            if (given.answers.get(code) or look.facts.answers.get(code)) != value:
                return RuleBroken("field_is_not", says, field=f"answer_{code}")
        case HasUnits(count=count):
            if len(set(given.unit_codes)) < count:
                return RuleBroken(
                    "units_missing", N_("请选择至少{count}个协办单位"), field="units", count=count
                )
    return None


def _quantity_missing(flow: Flow, code: str) -> RuleBroken:
    title = next((q.title for q in flow.quantities if q.code == code), code)
    return RuleBroken("quantity_missing", N_("请填写{what}"), field=f"quantity_{code}", what=title)


def _not_yet(need: PartsDone | OtherPerson | Consulted, facts: CaseFacts) -> RuleBroken | None:
    match need:
        case PartsDone() if facts.open_parts:
            message = N_("还有{count}个协办单位没有办完，不能办结")
            return RuleBroken("parts_open", message, count=facts.open_parts)
        case OtherPerson() if facts.is_worker:
            return RuleBroken("own_work", N_("自己办的事要由别人来核验办结"))
        case Consulted() if not facts.consultations:
            return RuleBroken("not_consulted", N_("请先登记会商记录"))
        case _:
            return None


def _unknown_words(look: _Look) -> RuleBroken | None:
    """What is handed in without being asked must still be words of the flow."""
    given, flow = look.given, look.flow
    if given.outcome and flow.outcome(given.outcome) is None:
        return RuleBroken("outcome_unknown", N_("没有这个结论，请从列表里选"), field="outcome")
    known = {quantity.code: quantity for quantity in flow.quantities}
    for quantity in given.quantities:
        if quantity.code not in known:
            return RuleBroken("quantity_unknown", N_("这类事项没有这个数量"), field="quantities")
        if not _fits_quantity(known[quantity.code], quantity):
            message = N_("{what}要大于0，最多{decimals}位小数")
            return RuleBroken(
                "quantity_wrong",
                message,
                field=f"quantity_{quantity.code}",
                what=known[quantity.code].title,
                decimals=known[quantity.code].decimals,
            )
    return field_problem([f for f in flow.form if f.code in given.answers], given.answers)


def _fits_quantity(kind: QuantityDef, given: Quantity) -> bool:
    exponent = given.amount.as_tuple().exponent
    return (
        given.amount.is_finite()
        and 0 < given.amount < 10**14
        and isinstance(exponent, int)
        and -exponent <= kind.decimals
        and given.mark in {"", "余", "近", "约"}
    )


def _minutes_problem(given: MoveInput, cap: int | None) -> RuleBroken | None:
    if given.minutes is None or given.minutes <= 0:
        return RuleBroken("minutes_missing", N_("请填写服务了多少分钟"), field="minutes")
    if cap is not None and given.minutes > cap:
        return RuleBroken("minutes_too_many", N_("这项服务最多记{cap}分钟，请核对"), field="minutes", cap=cap)
    return None


def asks_of(move: Move) -> tuple[str, ...]:
    """Names of the inputs a move asks for, for the form."""
    return tuple(dict.fromkeys(ASKS[check] for check in checks_of(move) if check in ASKS))


def checks_of(move: Move) -> tuple[str, ...]:
    """The checks a move's needs name, however deep they lie in `any` and `all`."""
    return tuple(_checks(move.needs))


def _checks(needs: Iterable[Need]) -> Iterator[str]:
    for need in needs:
        if isinstance(need, AllOf | AnyOf):
            yield from _checks(need.of)
        else:
            yield need.check


def target_stage(move: Move, *, other_offers: int) -> str | None:
    """The stage after a move; None to stay, when a refused or lapsed offer leaves other offers standing."""
    lapsing = move.effect in {Effect.DECLINE, Effect.EXPIRE, Effect.WITHDRAW}
    return None if lapsing and other_offers > 0 else move.to


def with_consultations(facts: CaseFacts, count: int) -> CaseFacts:
    """The facts with how many consultations stand on the case (asked for only when a need wants it)."""
    return replace(facts, consultations=count)


def measure_of(flow: Flow, code: str) -> str:
    """The measure word of a quantity: 盏, 平方米."""
    return next(quantity.measure for quantity in flow.quantities if quantity.code == code)
