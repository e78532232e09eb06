"""Distances on the globe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huakai.kernel.geo import Point, distance_m, in_china, shifted

points = st.builds(Point, st.floats(-180, 180), st.floats(-90, 90))


def test_one_degree_of_latitude_is_111_km() -> None:
    assert distance_m(Point(117.5, 34.0), Point(117.5, 35.0)) == pytest.approx(111_195, abs=1)


def test_antipodes_do_not_break_the_root() -> None:
    assert distance_m(Point(0, 0), Point(180, 0)) == pytest.approx(20_015_115, abs=2)


@given(points, points)
def test_distance_is_symmetric_and_zero_only_at_home(a: Point, b: Point) -> None:
    assert distance_m(a, b) == pytest.approx(distance_m(b, a))
    assert distance_m(a, a) == 0


def test_the_shift_of_chinese_maps_is_the_published_one() -> None:
    # Pairs as other converters give them for Shanghai, Shenzhen, Beijing; they differ by some metres, the shift is 500
    known = [
        ((121.487899, 31.1774276), (121.4924041, 31.1753283)),
        ((113.952533, 22.543847), (113.9573985, 22.5407944)),
        ((116.391349, 39.911954), (116.3975942, 39.9133544)),
    ]
    for wgs, gcj in known:
        assert distance_m(shifted(Point(*wgs)), Point(*gcj)) < 15
        assert distance_m(Point(*wgs), Point(*gcj)) > 400


def test_the_country_is_a_box_of_degrees() -> None:
    assert in_china(Point(117.56, 34.86))
    assert not in_china(Point(34.86, 117.56))
    assert not in_china(Point(2.35, 48.86))
