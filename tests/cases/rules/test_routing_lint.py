"""Gaps and conflicts of a routing table, found and not invented."""

from typing import Any

import pytest
from hypothesis import given

from huakai.cases.definitions.catalogue import Category
from huakai.cases.rules import routing
from huakai.cases.rules.routing_lint import Area, conflicts, gaps
from tests.cases.rules.test_routing import some_facts, some_rules, unhurried
from tests.factories.routing import KINDS, LISTS, table

D1, D2 = {"unit": "370402D01"}, {"unit": "370402D02"}
AREAS = [Area("370402002001", KINDS), Area("370402004001", {"district": "370402"})]


def _category(code: str) -> Category:
    return Category(code=code, title=code, title_en=code, kind="demand", flow="demand")


def _gaps(*rules: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    found = gaps(table(*rules), [_category("road")], AREAS, ["resident", "enterprise"])
    return [(g.category, g.area_code, g.caller, g.sometimes) for g in found]


@pytest.mark.parametrize(
    "rules",
    [
        [{"to": D1}],
        [{"category": "road", "to": D1}],
        [{"flow": "demand", "to": D1}],
        [{"caller": "resident", "to": D1}, {"caller": "enterprise", "to": D2}],
        [{"area": "370402002", "to": D1}, {"area": "370402004", "to": D2}],
        [
            {"starts_at": "08:00", "ends_at": "18:00", "to": D1},
            {"starts_at": "18:00", "ends_at": "08:00", "to": D2},
        ],
        [{"weekday": [1, 2, 3, 4, 5], "to": D1}, {"weekday": [6, 7], "to": D2}],
    ],
)
def test_a_table_that_covers_everything_has_no_gap(rules: list[dict[str, Any]]) -> None:
    assert _gaps(*({"number": n, **rule} for n, rule in enumerate(rules, start=1))) == []


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ({"category": "water"}, {("370402002001", "resident", False), ("370402004001", "enterprise", False)}),
        ({"caller": "resident"}, {("370402002001", "enterprise", False)}),
        ({"area": "370402002"}, {("370402004001", "resident", False)}),
        ({"weekday": [1]}, {("370402002001", "resident", True)}),
        ({"starts_at": "08:00"}, {("370402002001", "resident", True)}),
        ({"answers": {"a": "b"}}, {("370402002001", "resident", False)}),
        ({"power": True}, {("370402002001", "resident", False)}),
        ({"service": "haircut"}, {("370402002001", "resident", False)}),
        ({"to": {"level": "street"}}, {("370402004001", "resident", False)}),
    ],
)
def test_what_only_the_fallback_catches_is_a_gap(rule: dict[str, Any], left: set[Any]) -> None:
    found = {
        (area, caller, sometimes) for _, area, caller, sometimes in _gaps({"number": 1, "to": D1, **rule})
    }
    assert left <= found


def _conflicts(*rules: dict[str, Any]) -> list[tuple[str, int, tuple[int, ...]]]:
    numbered = ({"number": n, "to": D1, **rule} for n, rule in enumerate(rules, start=1))
    return [(c.kind, c.number, c.earlier) for c in conflicts(table(*numbered, lists=LISTS))]


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([{"category": "road"}, {"category": "water"}], []),
        ([{"category": "road"}, {}], []),  # an exception before the general rule
        ([{}, {"category": "road"}], [("never", 2, (1,))]),
        ([{"category": ["road", "water"]}, {"category": "road", "caller": "resident"}], [("never", 2, (1,))]),
        (
            [{"category": "road"}, {"category": "water"}, {"category": ["road", "water"]}],
            [("never", 3, (1, 2))],
        ),
        ([{"area": "370402"}, {"area": ["370402002", "370402004"]}], [("never", 2, (1,))]),
        ([{"power": True}, {"power": "penalty"}], [("never", 2, (1,))]),
        ([{"starts_at": "08:00"}, {"starts_at": "09:00", "ends_at": "10:00"}], [("never", 2, (1,))]),
        ([{"answers": {"a": ["b", "c"]}}, {"answers": {"a": "b", "d": "e"}}], [("never", 2, (1,))]),
        ([{"category": "road"}, {"caller": "resident", "to": D2}], [("overlap", 2, (1,))]),
        ([{"category": "road"}, {"caller": "resident"}], []),  # the same unit either way
        ([{"category": "road", "prevails": True}, {"caller": "resident", "to": D2}], []),
        ([{"weekday": [1, 2]}, {"weekday": [2, 3], "to": D2}], [("overlap", 2, (1,))]),
        ([{"weekday": [1, 2]}, {"weekday": [3], "to": D2}], []),
        ([{"power": "penalty"}, {"power": "approval", "to": D2}], []),
        ([{"power": True}, {"power": False, "to": D2}], []),
        ([{"area": "370402002"}, {"area": "370402004", "to": D2}], []),
    ],
)
def test_rules_that_never_fire_and_pairs_that_contradict_are_named(
    rules: list[dict[str, Any]], found: list[Any]
) -> None:
    assert _conflicts(*rules) == found


@unhurried
@given(some_rules, some_facts)
def test_a_rule_said_never_to_fire_never_fires(rules: list[dict[str, Any]], case: routing.RouteFacts) -> None:
    whole = table(*rules)
    never = {c.number for c in conflicts(whole) if c.kind == "never"}
    found = routing.route(whole, case)
    assert (found.number or found.missed) not in never


@unhurried
@given(some_rules, some_facts)
def test_a_combination_without_a_gap_is_always_caught(
    rules: list[dict[str, Any]], case: routing.RouteFacts
) -> None:
    whole = table(*rules)
    area = Area(case.area_code, case.area_kinds)
    left = gaps(whole, [_category(case.category)] if case.category else [], [area], [case.caller])
    found = routing.route(whole, case)
    if case.category and not left and found.missed is None:
        assert found.number is not None
