"""Which unit a point lies in: the smallest one, on the day, always the same on an edge."""

from datetime import date, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from huakai.kernel.ids import new_id
from huakai.registry import queries
from huakai.registry.models import AreaShape, Unit
from huakai.registry.queries import shapes
from tests import cast as people
from tests.factories.shapes import square

DAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def afresh() -> None:
    queries.forget_shapes()


def _draw(code: str, geometry: dict[str, Any], now: datetime, **period: Any) -> None:
    fields = {"starts_on": date(2020, 1, 1), "changed_at": now} | period
    AreaShape.objects.create(id=new_id(now), unit=Unit.objects.get(code=code), geometry=geometry, **fields)


@pytest.mark.usefixtures("cast")
def test_the_smallest_unit_holds_the_point_and_kinds_narrow_it(now: datetime) -> None:
    _draw(people.DISTRICT, square(117.4, 34.7, 0.3), now)
    _draw(people.STREET, square(117.50, 34.80, 0.04), now)
    _draw(people.COMMUNITY, square(117.51, 34.81), now)
    assert queries.code_at(117.515, 34.815, DAY) == people.COMMUNITY
    assert queries.code_at(117.515, 34.815, DAY, ("street", "town")) == people.STREET
    assert queries.code_at(117.535, 34.835, DAY) == people.STREET
    assert queries.code_at(117.69, 34.99, DAY) == people.DISTRICT
    assert queries.unit_at(116.0, 34.0, DAY) is None
    assert queries.unit_at(float("nan"), 34.0, DAY) is None
    found = queries.unit_at(117.515, 34.815, DAY)
    assert found is not None
    assert found.name == "十电社区"


@pytest.mark.usefixtures("cast")
def test_a_point_on_the_common_edge_belongs_to_the_smallest_code(now: datetime) -> None:
    _draw(people.DISTRICT, square(117.4, 34.7, 0.3), now)
    _draw("370402002002", square(117.51, 34.80, 0.005), now)  # the smaller one has the greater code
    _draw(people.COMMUNITY, square(117.50, 34.80), now)
    assert queries.code_at(117.51, 34.803, DAY) == people.COMMUNITY
    assert queries.code_at(117.5101, 34.803, DAY) == "370402002002"


@pytest.mark.usefixtures("cast")
def test_outlines_end_with_their_period_and_with_their_unit(now: datetime) -> None:
    _draw(people.COMMUNITY, square(117.50, 34.80), now, ends_on=date(2026, 3, 10))
    assert queries.code_at(117.505, 34.805, date(2026, 3, 9)) == people.COMMUNITY
    assert queries.code_at(117.505, 34.805, DAY) == ""
    _draw(people.OTHER_COMMUNITY, square(117.60, 34.80), now)
    Unit.objects.filter(code=people.OTHER_COMMUNITY).update(ends_on=date(2026, 1, 1))
    queries.forget_shapes()
    assert queries.code_at(117.605, 34.805, DAY) == ""
    assert queries.code_at(117.605, 34.805, date(2025, 12, 31)) == people.OTHER_COMMUNITY


@pytest.mark.usefixtures("cast")
def test_outlines_are_kept_and_read_again_only_when_the_table_changed(
    now: datetime, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapes, "RECHECK_SECONDS", 600.0)
    _draw(people.COMMUNITY, square(117.50, 34.80), now)
    with django_assert_num_queries(2):
        queries.code_at(117.505, 34.805, DAY)
    with django_assert_num_queries(0):
        queries.code_at(117.505, 34.805, DAY)
    monkeypatch.setattr(shapes, "RECHECK_SECONDS", 0.0)
    with django_assert_num_queries(1):
        queries.code_at(117.505, 34.805, DAY)
    _draw(people.OTHER_COMMUNITY, square(117.60, 34.80), now)
    with django_assert_num_queries(2):
        assert queries.code_at(117.605, 34.805, DAY) == people.OTHER_COMMUNITY
