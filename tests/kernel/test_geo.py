"""Distances on the globe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huakai.kernel.geo import Point, distance_m

points = st.builds(Point, st.floats(-180, 180), st.floats(-90, 90))


def test_one_degree_of_latitude_is_111_km() -> None:
    assert distance_m(Point(117.5, 34.0), Point(117.5, 35.0)) == pytest.approx(111_195, abs=1)


def test_antipodes_do_not_break_the_root() -> None:
    assert distance_m(Point(0, 0), Point(180, 0)) == pytest.approx(20_015_115, abs=2)


@given(points, points)
def test_distance_is_symmetric_and_zero_only_at_home(a: Point, b: Point) -> None:
    assert distance_m(a, b) == pytest.approx(distance_m(b, a))
    assert distance_m(a, a) == 0
