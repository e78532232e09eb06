"""The ranking, by table and by property."""

import random
from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from huakai.kernel.geo import Point
from huakai.matching import rules
from huakai.matching.definitions import Weights
from huakai.matching.problem import Candidate, Order

WEIGHTS = Weights(
    schema_version=1,
    code="weights",
    title="排序",
    title_en="Order",
    per_km=10,
    per_order_today=15,
    per_order_month=3,
    outside_area=40,
    served_before=-12,
    max_km=30,
    shortlist=5,
)
HOME = Point(117.55, 34.86)
ORDER = Order("repair", "370402002001", HOME, frozenset(), frozenset())


def one(number: int, **changes: object) -> Candidate:
    base = Candidate(
        "person", UUID(int=number), f"{number}号", frozenset({"repair"}), "370402002001", HOME, 3, 0, 0
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def ids(order: Order, *candidates: Candidate) -> list[int]:
    return [line.candidate.id.int for line in rules.ranked(order, candidates, WEIGHTS)]


def test_hard_rules_leave_out_who_cannot() -> None:
    far = Point(118.2, 34.86)
    others = (one(1, skills=frozenset({"law"})), one(2, free=0), one(3, point=far), one(4))
    assert ids(ORDER, *others) == [4]
    assert ids(replace(ORDER, asked=frozenset({UUID(int=4)})), *others) == []


def test_nearer_less_loaded_and_known_faces_come_first() -> None:
    near, away = one(1), one(2, point=Point(117.58, 34.86))
    assert ids(ORDER, away, near) == [1, 2]
    assert ids(ORDER, one(1, month=4, today=1), one(2)) == [2, 1]
    known = replace(ORDER, known_faces=frozenset({UUID(int=2)}))
    assert ids(known, near, one(2)) == [2, 1]
    assert ids(ORDER, one(1, area_code="370402004001"), one(2)) == [2, 1]


def test_the_worked_example_of_the_algorithm_page() -> None:
    away = one(1, point=Point(117.56, 34.86), today=1, month=2, area_code="370402004")
    (line,) = rules.ranked(ORDER, [away], WEIGHTS)
    assert (line.distance, line.cost) == (912, 9 + 15 + 6 + 40)
    assert [r.message for r in line.reasons] == ["相距{km}公里", "还能接{free}单", "近30天接过{month}单"]


def test_nobody_is_explained() -> None:
    cases = {
        "没有登记": [one(1, skills=frozenset())],
        "都已经问过": [one(9)],
        "排满": [one(2, free=0)],
        "最远距离": [one(3, point=Point(119.0, 34.0))],
    }
    asked = replace(ORDER, asked=frozenset({UUID(int=9)}))
    for words, candidates in cases.items():
        assert words in rules.why_nobody(asked, candidates, WEIGHTS)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=12), st.randoms())
def test_the_order_of_the_input_never_matters(loads: list[tuple[int, int]], chance: random.Random) -> None:
    candidates = [one(n + 1, month=month, today=today) for n, (month, today) in enumerate(loads)]
    shuffled = candidates.copy()
    chance.shuffle(shuffled)
    assert ids(ORDER, *candidates) == ids(ORDER, *shuffled)
