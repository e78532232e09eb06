"""From reported values to a score at the declared precision. Exact decimals throughout."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext

from huakai.evaluation.definitions import (
    Component,
    Direct,
    Direction,
    NamedList,
    NoneClaimed,
    Ranking,
    Rounding,
    WeightedAverage,
)
from huakai.evaluation.types import Absence, Input, Reading

NAMED = "named"
CLAIMS = "claims"
VALUE = ""
MODES: dict[Rounding, str] = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
WIDE = Context(prec=60)
"""Enough digits that weighing never rounds before the declared rounding does."""

Read = Callable[[str], Reading | None]
"""The reading of a component of the unit at hand."""


@dataclass(frozen=True)
class Column:
    """A column the office fills in for a part."""

    component: str
    title: str
    title_en: str
    measure: str


@dataclass(frozen=True)
class Score:
    """The score of one unit in one part, and what it was made of."""

    value: Decimal | None
    absence: Absence | None
    inputs: tuple[Input, ...]
    undecided: bool = False
    named: Decimal = Decimal(0)


def columns_of(ranking: Ranking) -> tuple[Column, ...]:
    """What has to be reported for this part, in column order."""
    match ranking.method:
        case Direct() as method:
            return (Column(VALUE, "", "", method.measure),)
        case WeightedAverage() as method:
            return tuple(Column(c.code, c.title, c.title_en, c.measure) for c in method.components)
        case NamedList() as method:
            named = Column(NAMED, "列入名单", "Named", method.measure)
            if method.claims is None:
                return (named,)
            return (named, Column(CLAIMS, method.claims, method.claims_en or method.claims, method.measure))


def is_expected(ranking: Ranking, component: str, group: str) -> bool:
    """Must a unit of this group report the component? A blank name is no omission: it is not on the list."""
    if component == NAMED:
        return False
    if component == CLAIMS:
        return isinstance(ranking.yellow, NoneClaimed) and group in ranking.yellow.groups
    return True


def quantised(value: Decimal, decimals: int, rounding: Rounding) -> Decimal:
    """`value` at `decimals`; what is compared is what is printed."""
    result = value.quantize(Decimal(1).scaleb(-decimals), rounding=MODES[rounding], context=WIDE)
    return result if result else abs(result)


def goodness(score: Decimal, direction: Direction) -> Decimal:
    """A number that grows as the unit does better."""
    match direction.better:
        case "more":
            return score
        case "less":
            return -score
        case "target":
            assert direction.target is not None
            return -abs(score - direction.target)


def score_of(ranking: Ranking, read: Read, *, group: str) -> Score:
    """The score of one unit, or why it has none."""
    match ranking.method:
        case Direct() as method:
            return _direct(method, read)
        case WeightedAverage() as method:
            return _weighted(method, read)
        case NamedList() as method:
            return _named(method, read, wants_claims=is_expected(ranking, CLAIMS, group))


def _input(column: Column, reading: Reading | None, weight: Decimal | None, points: Decimal | None) -> Input:
    reading = reading or Reading()
    return Input(
        column.component,
        column.title,
        column.title_en,
        column.measure,
        reading.value,
        reading.absence,
        weight,
        points,
        reading.source,
    )


def _direct(method: Direct, read: Read) -> Score:
    reading = read(VALUE)
    shown = (_input(Column(VALUE, "", "", method.measure), reading, None, None),)
    if reading is None or reading.value is None:
        absence = reading.absence if reading else None
        return Score(None, absence or Absence.MISSING, shown, undecided=absence is None)
    return Score(quantised(reading.value, method.decimals, method.rounding), None, shown)


def points_of(component: Component, value: Decimal) -> Decimal:
    """Points of a value between the goalposts, clipped to 0..100; the value itself without goalposts."""
    if component.worst is None or component.best is None:
        return value
    with localcontext(WIDE):
        share = (value - component.worst) * 100 / (component.best - component.worst)
    return min(max(share, Decimal(0)), Decimal(100))


def _weighted(method: WeightedAverage, read: Read) -> Score:
    total = applied = Decimal(0)
    inputs: list[Input] = []
    worst: Absence | None = None
    undecided = False
    with localcontext(WIDE):
        for component in method.components:
            reading = read(component.code)
            column = Column(component.code, component.title, component.title_en, component.measure)
            points = None
            if reading is not None and reading.value is not None:
                points = points_of(component, reading.value)
                total += component.weight * points
                applied += component.weight
            elif reading is None or reading.absence is None:
                undecided, worst = True, worst or Absence.MISSING
            elif reading.absence != Absence.NOT_APPLICABLE:
                worst = worst or reading.absence
            inputs.append(_input(column, reading, component.weight, points))
        if worst is None and applied >= method.min_weight:
            value = quantised(total / applied, method.decimals, method.rounding)
            return Score(value, None, tuple(inputs))
    return Score(None, worst or Absence.NOT_APPLICABLE, tuple(inputs), undecided=undecided)


def _named(method: NamedList, read: Read, *, wants_claims: bool) -> Score:
    reading = read(NAMED)
    times = reading.value if reading is not None and reading.value is not None else Decimal(0)
    inputs = [_input(Column(NAMED, "列入名单", "Named", method.measure), reading, None, None)]
    if not wants_claims:
        return Score(times, None, tuple(inputs), named=times)
    claims = read(CLAIMS)
    title, title_en = method.claims or "", method.claims_en or method.claims or ""
    inputs.append(_input(Column(CLAIMS, title, title_en, method.measure), claims, None, None))
    if claims is None or claims.value is None:
        absence = claims.absence if claims else None
        lost = absence or Absence.MISSING
        return Score(None, lost, tuple(inputs), undecided=absence is None, named=times)
    return Score(claims.value, None, tuple(inputs), named=times)
