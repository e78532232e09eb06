"""What a person wrote into a cell: a number, a reason for having none, or nothing."""

from decimal import Decimal, InvalidOperation

from huakai.evaluation.types import Absence, Reading
from huakai.kernel.errors import N_, RuleBroken

DECIMALS = 10
WORDS = {
    "未报": Absence.MISSING,
    "缺报": Absence.MISSING,
    "迟报": Absence.LATE,
    "不适用": Absence.NOT_APPLICABLE,
    "不参评": Absence.NOT_APPLICABLE,
}
PRINTED = {Absence.MISSING: N_("未报"), Absence.LATE: N_("迟报"), Absence.NOT_APPLICABLE: N_("不适用")}
YES = {"是", "有", "√", "✓"}
LIMIT = Decimal(10) ** 15


def reading_of(raw: object) -> Reading | None:
    """The reading a cell states, None for an empty cell. A spreadsheet's binary noise past 15 digits is dropped."""
    if isinstance(raw, bool):
        return Reading(Decimal(int(raw)))
    if isinstance(raw, int | float):
        return Reading(_fits(Decimal(f"{raw:.15g}"), raw))
    text = _narrow(str(raw or ""))
    if not text:
        return None
    if text in WORDS:
        return Reading(absence=WORDS[text])
    if text in YES:
        return Reading(Decimal(1))
    try:
        return Reading(_fits(Decimal(text.removesuffix("%").replace(",", "")), raw))
    except InvalidOperation:
        raise _not_a_number(raw) from None


def _fits(value: Decimal, raw: object) -> Decimal:
    if not value.is_finite():
        raise _not_a_number(raw)
    if abs(value) >= LIMIT:
        raise RuleBroken("number_too_large", N_("“{raw}”超出了可以填报的范围"), field="value", raw=raw)
    step = Decimal(1).scaleb(-DECIMALS)
    rounded = value.quantize(step) if value.as_tuple().exponent < -DECIMALS else value  # type: ignore[operator]
    return rounded.normalize() if rounded else Decimal(0)


def _not_a_number(raw: object) -> RuleBroken:
    message = N_("“{raw}”不是数字；没有数据请填“未报”“迟报”或“不适用”")
    return RuleBroken("not_a_number", message, field="value", raw=raw)


def _narrow(text: str) -> str:
    """Full-width digits and signs as half-width ones, without blanks."""
    table = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: None, 0x2212: "-", 0x20: None}
    return text.strip().translate(table)
