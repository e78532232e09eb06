"""The proposal of a case and the replay of last month, from the database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from huakai.cases import queries as cases
from huakai.cases.definitions.routing import PowerBook
from huakai.cases.models import Case
from huakai.cases.queries import catalogue
from huakai.cases.queries import routing as tables
from huakai.cases.queries.routing import Asked
from huakai.kernel.errors import NotAllowed, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs
from huakai.packs.types import EditionView
from huakai.registry import queries as registry
from huakai.registry.models import AreaShape, Unit
from huakai.registry.types import Actor
from tests import cast as people
from tests.factories.cases import open_one
from tests.factories.routing import HEAD, LISTS, file_of, table
from tests.factories.shapes import square

Who = Callable[[str], Actor]


@pytest.fixture
def ruled(shizhong: EditionView, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`ruled({...}, …)`: the place's table is this one."""

    def set_to(*rules: dict[str, Any], lists: dict[str, Any] | None = None) -> None:
        menu = replace(catalogue.menu_of(shizhong), table=table(*rules, lists=lists))
        monkeypatch.setitem(catalogue._menus, shizhong.id, menu)

    return set_to


def _demand(actor: Who, now: datetime, key: str = "d1", **more: Any) -> Case:
    fields = {"category": "road", "service": "", "title": "路灯不亮", **more}
    return Case.objects.get(pk=open_one(actor("resident"), now, key, **fields))


def test_a_demand_is_proposed_to_the_department_of_its_category(actor: Who, now: datetime) -> None:
    found = cases.proposal(_demand(actor, now))
    assert (found.unit_code, found.number) == (people.OTHER_DEPARTMENT, 10)
    card = cases.card(actor("centre_staff"), Case.objects.get().pk, now=now)
    assert card.lead_unit_code == people.OTHER_DEPARTMENT


def test_where_the_department_is_not_in_the_tree_the_street_takes_it(actor: Who, now: datetime) -> None:
    found = cases.proposal(_demand(actor, now, category="education"))
    assert (found.unit_code, found.number, found.missed) == (people.STREET, None, 18)
    Unit.objects.filter(code=people.OTHER_DEPARTMENT).update(ends_on=now.date())
    road = _demand(actor, now, "d2")
    assert cases.proposal(road, on=now.date() - timedelta(days=1)).number == 10
    assert cases.proposal(road).missed == 10


def test_an_order_for_volunteers_is_proposed_to_no_unit(actor: Who, now: datetime) -> None:
    case_id = open_one(actor("resident"), now)
    assert cases.card(actor("centre_staff"), case_id, now=now).lead_unit_code == ""


def test_a_proposal_takes_one_query(
    actor: Who, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = _demand(actor, now)
    with django_assert_num_queries(1):
        cases.proposal(case)


def test_a_yard_nobody_is_in_charge_of_goes_to_its_community(
    actor: Who, now: datetime, ruled: Callable[..., None]
) -> None:
    ruled({"number": 7, "place_kind": "yard", "to": {"level": "community"}})
    asked = Asked(people.COMMUNITY, now, category="road", answers={"place_kind": "yard"})
    assert cases.proposal_for(actor("centre_staff"), asked).unit_code == people.COMMUNITY
    anywhere = Asked(people.COMMUNITY, now, category="road")
    found = cases.proposal_for(actor("centre_staff"), anywhere)
    assert (found.unit_code, found.number) == (people.STREET, None)


def test_delegated_powers_go_to_the_town_of_the_case_and_unlisted_items_to_the_street(
    actor: Who, now: datetime, ruled: Callable[..., None]
) -> None:
    ruled(
        {"number": 1, "power": True, "to": {"owner_of": "power"}, "prevails": True},
        {"number": 2, "item": True, "to": {"owner_of": "item"}, "prevails": True},
        {"number": 3, "item": False, "to": {"level": ["town", "street"]}, "prevails": True},
        {"number": 10, "category": "road", "to": {"unit": people.DEPARTMENT}},
        lists=LISTS,
    )

    def unit(area: str, **answers: str) -> str:
        asked = Asked(area, now, category="road", answers=answers)
        return cases.proposal_for(actor("centre_staff"), asked).unit_code

    assert unit(people.COMMUNITY, power="cf001") == people.STREET
    assert unit(people.OTHER_COMMUNITY, power="cf001") == people.OTHER_DEPARTMENT  # from April on
    assert unit(people.COMMUNITY, power="sp001") == people.DEPARTMENT
    assert unit(people.COMMUNITY, item="gd01") == people.OTHER_DEPARTMENT
    assert unit(people.COMMUNITY, item="odd") == people.STREET
    assert unit(people.COMMUNITY) == people.DEPARTMENT


def test_coordinates_find_the_community_of_a_case_with_a_coarse_area(
    actor: Who, now: datetime, ruled: Callable[..., None]
) -> None:
    registry.forget_shapes()
    for code, west in ((people.COMMUNITY, 117.5), (people.OTHER_COMMUNITY, 117.6)):
        AreaShape.objects.create(
            id=new_id(now),
            unit=Unit.objects.get(code=code),
            geometry=square(west, 34.8),
            starts_on=date(2020, 1, 1),
            changed_at=now,
        )
    ruled({"number": 1, "to": {"level": "community"}})

    def unit(area: str, lon: float | None) -> str:
        asked = Asked(area, now, category="road", lon=lon, lat=34.805 if lon else None)
        return cases.proposal_for(actor("centre_staff"), asked).unit_code

    assert unit(people.DISTRICT, 117.505) == people.COMMUNITY
    assert unit(people.DISTRICT, 117.605) == people.OTHER_COMMUNITY
    assert unit(people.STREET, 117.605) == people.STREET  # the point is not in the street that was named
    assert unit(people.STREET, None) == people.STREET
    registry.forget_shapes()


def test_one_asks_only_about_areas_one_sees(actor: Who, now: datetime) -> None:
    asked = Asked(people.OTHER_COMMUNITY, now)
    assert cases.proposal_for(actor("neighbour_staff"), asked).unit_code == people.OTHER_STREET
    for role in ("street_staff", "resident", "stranger"):
        with pytest.raises(NotAllowed):
            cases.proposal_for(actor(role), asked)
    with pytest.raises(NotFound):
        cases.proposal_for(actor("centre_staff"), Asked("370402099", now))


def _changed() -> str:
    rules = ({"number": 10, "category": ["road", "water"], "to": {"unit": people.DEPARTMENT}},)
    return yaml.safe_dump(file_of(*rules), allow_unicode=True)


def test_a_replay_counts_by_pair_of_units_and_writes_nothing(actor: Who, now: datetime) -> None:
    roads = [_demand(actor, now - timedelta(days=n), f"r{n}") for n in range(1, 4)]
    _demand(actor, now - timedelta(days=1), "old", category="water")
    _demand(actor, now - timedelta(days=40), "older")
    open_one(actor("resident"), now - timedelta(days=1), "order")
    found = tables.replay(actor("centre_staff"), text=_changed(), now=now)
    assert found.total == 4
    assert [(m.before, m.after, m.count) for m in found.moved] == [
        (people.OTHER_DEPARTMENT, people.DEPARTMENT, 3),
        (people.STREET, people.DEPARTMENT, 1),
    ]
    assert set(found.moved[0].examples) == {str(case.number) for case in roads}
    assert tables.replay(actor("neighbour_staff"), text=_changed(), now=now).total == 0
    assert tables.replay(actor("street_staff"), text=_changed(), now=now).total == 4
    assert {c.lead_unit_code for c in Case.objects.all()} == {""}


def test_a_replay_takes_as_many_queries_for_one_case_as_for_twenty(actor: Who, now: datetime) -> None:
    by = actor("centre_staff")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            tables.replay(by, text=_changed(), now=now)
        return len(seen)

    _demand(actor, now - timedelta(days=1), "first", lon=117.5, lat=34.8)
    few = queries()
    for n in range(20):
        _demand(actor, now - timedelta(days=1), f"n{n}", lon=117.5, lat=34.8)
    assert queries() <= few <= 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "不是正确的 YAML"),
        ("a: &x 1\nb: *x", "不允许使用别名"),
        ("- 1", "文件必须是键值对"),
        ("schema_version: 1", "缺少此项"),
        (
            yaml.safe_dump(file_of({"number": 1, "category": "moon", "to": {"level": "street"}})),
            "没有类别moon",
        ),
        (yaml.safe_dump(file_of(code="second")), "兜底（otherwise）要有且只能有一处，现在有 2 处"),
    ],
)
def test_a_changed_table_with_mistakes_is_refused_by_line(
    actor: Who, now: datetime, text: str, said: str
) -> None:
    with pytest.raises(tables.TableWrong) as refused:
        tables.replay(actor("centre_staff"), text=text, now=now)
    assert isinstance(refused.value, RuleBroken)
    words = [p.message.format(**p.params) for p in refused.value.problems]
    assert any(said in each for each in words)


def test_the_lint_of_the_place_names_units_that_are_not_there(shizhong: EditionView, now: datetime) -> None:
    found = tables.lint("shizhong", on=now.date())
    assert (found.gaps, found.conflicts) == ((), ())
    assert found.missing["370402D10"] == (18,)
    assert people.DEPARTMENT not in found.missing


def test_the_list_of_powers_is_counted_by_kind_and_by_town(
    shizhong: EditionView, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = PowerBook.model_validate({**HEAD, "code": "lists", **LISTS})
    view = replace(shizhong, models={**shizhong.models, ("powers", "lists"): book})
    monkeypatch.setattr(packs, "current", lambda code: view)
    march, april = date(2026, 3, 10), date(2026, 4, 1)
    whole = tables.power_list("shizhong", on=march)
    assert [(c.code, c.listed, c.delegated) for c in whole.counts] == [("penalty", 1, 1), ("approval", 1, 0)]
    assert [line.towns for line in whole.lines] == [(people.STREET,), ()]
    assert whole.towns == (people.STREET, people.OTHER_STREET)
    assert tables.power_list("shizhong", town=people.OTHER_STREET, on=march).lines == ()
    later = tables.power_list("shizhong", town=people.OTHER_STREET, on=april)
    assert [(line.code, line.since) for line in later.lines] == [("cf001", april)]
