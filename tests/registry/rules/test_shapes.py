"""Outlines as pure geometry."""

from datetime import date

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from huakai.kernel.geo import Point, distance_m, shifted
from huakai.registry.rules import shapes
from huakai.registry.rules.shapes import Outlined, Outlines
from tests.factories.shapes import square

SINCE, DAY = date(2020, 1, 1), date(2026, 3, 10)
STEP = 0.25
GRID = Outlines(
    [
        Outlined(f"3704{x}{y}", "village", shape(square(117 + x * STEP, 34 + y * STEP, STEP)), SINCE)
        for x in range(4)
        for y in range(4)
    ]
)


@given(st.floats(117, 118), st.floats(34, 35))
def test_every_point_of_a_tiled_land_has_exactly_one_unit(lon: float, lat: float) -> None:
    code = GRID.code_at(Point(lon, lat), DAY)
    x, y = int(code[4]), int(code[5])
    assert x * STEP <= lon - 117 <= (x + 1) * STEP
    assert y * STEP <= lat - 34 <= (y + 1) * STEP
    if lon in (117.25, 117.5, 117.75):
        assert (x + 1) * STEP == lon - 117  # the smaller code


def test_heights_are_left_out_and_the_same_outline_is_the_same_text() -> None:
    flat = square(117.5, 34.8)
    high = {"type": "Polygon", "coordinates": [[[x, y, 80.0] for x, y in flat["coordinates"][0]]]}
    stored = shapes.geojson_of(shapes.outline_of(high))
    assert stored == shapes.geojson_of(shapes.outline_of(flat))
    assert stored == shapes.geojson_of(shapes.outline_of(stored))


@pytest.mark.parametrize("place", [(117.5, 34.8), (113.3, 40.1), (104.0, 30.6)])
def test_a_shifted_outline_comes_back_to_within_some_metres(place: tuple[float, float]) -> None:
    there = shifted(Point(*place))
    back = shapes.unshifted(shape(square(there.lon, there.lat)))
    west, south = shapely.bounds(back)[:2]
    assert distance_m(Point(west, south), Point(*place)) < 5
