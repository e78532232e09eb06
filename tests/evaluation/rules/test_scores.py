"""Scores: exact decimals, declared precision, three kinds of absence, weights that move."""

from decimal import Decimal

import pytest

from huakai.evaluation.definitions import Component, Direct, Direction, Ranking, WeightedAverage
from huakai.evaluation.rules import scores
from huakai.evaluation.types import Absence, Reading

MORE = Direction(better="more")


@pytest.mark.parametrize(
    ("value", "decimals", "rounding", "expected"),
    [
        ("0.05", 1, "half_up", "0.1"),
        ("0.05", 1, "half_even", "0.0"),
        ("-0.05", 1, "half_up", "-0.1"),
        ("0.09", 1, "down", "0.0"),
        ("-0.04", 1, "half_up", "0.0"),
        ("12", 2, "half_up", "12.00"),
    ],
)
def test_a_value_is_rounded_as_the_board_declares(value: str, decimals: int, rounding, expected: str) -> None:  # type: ignore[no-untyped-def]
    assert str(scores.quantised(Decimal(value), decimals, rounding)) == expected


@pytest.mark.parametrize(
    ("direction", "better", "worse"),
    [
        (MORE, "2", "1"),
        (Direction(better="less"), "1", "2"),
        (Direction(better="target", target=Decimal(10)), "9", "12"),
    ],
)
def test_goodness_follows_the_direction(direction: Direction, better: str, worse: str) -> None:
    assert scores.goodness(Decimal(better), direction) > scores.goodness(Decimal(worse), direction)


def _average(min_weight: str = "1") -> Ranking:
    parts = [("a", "0.4"), ("b", "0.6")]
    components = tuple(
        Component(code=c, title=c, title_en=c, measure="分", weight=Decimal(w)) for c, w in parts
    )
    method = WeightedAverage(
        method="weighted_average",
        direction=MORE,
        measure="分",
        decimals=2,
        components=components,
        min_weight=Decimal(min_weight),
    )
    return Ranking(method=method, groups=("town",))


@pytest.mark.parametrize(
    ("min_weight", "a", "b", "score", "absence", "undecided"),
    [
        ("1", Reading(Decimal(10)), Reading(Decimal(20)), "16.00", None, False),
        ("1", Reading(Decimal(10)), Reading(absence=Absence.LATE), None, Absence.LATE, False),
        ("1", Reading(Decimal(10)), None, None, Absence.MISSING, True),
        (
            "1",
            Reading(absence=Absence.NOT_APPLICABLE),
            Reading(Decimal(20)),
            None,
            Absence.NOT_APPLICABLE,
            False,
        ),
        ("0.6", Reading(absence=Absence.NOT_APPLICABLE), Reading(Decimal(20)), "20.00", None, False),
        (
            "0.6",
            Reading(Decimal(10)),
            Reading(absence=Absence.NOT_APPLICABLE),
            None,
            Absence.NOT_APPLICABLE,
            False,
        ),
    ],
)
def test_weighted_average(  # type: ignore[no-untyped-def]
    min_weight, a, b, score, absence, undecided
) -> None:
    found = scores.score_of(_average(min_weight), {"a": a, "b": b}.get, group="town")
    assert found.value == (None if score is None else Decimal(score))
    assert (found.absence, found.undecided) == (absence, undecided)


@pytest.mark.parametrize(
    ("value", "points"), [("0", "0"), ("5", "50"), ("10", "100"), ("12", "100"), ("-1", "0")]
)
def test_points_lie_between_the_goalposts(value: str, points: str) -> None:
    component = Component(
        code="a", title="a", title_en="a", measure="次", weight=Decimal(1), worst=Decimal(0), best=Decimal(10)
    )
    assert scores.points_of(component, Decimal(value)) == Decimal(points)


def test_less_is_better_between_turned_goalposts() -> None:
    component = Component(
        code="a", title="a", title_en="a", measure="天", weight=Decimal(1), worst=Decimal(10), best=Decimal(0)
    )
    assert scores.points_of(component, Decimal(2)) == Decimal(80)


def test_binary_noise_does_not_break_a_tie() -> None:
    ranking = Ranking(
        method=Direct(method="direct", direction=MORE, measure="%", decimals=1), groups=("town",)
    )
    noisy = scores.score_of(ranking, {"": Reading(Decimal("5.1000000000000005"))}.get, group="town")
    assert noisy.value == Decimal("5.1")
